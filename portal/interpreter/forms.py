"""The code that an interpreter types, and what the coach ticks before making one."""

from collections.abc import Iterable
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms.fields.core import Field
from wtforms.validators import StopValidation

from portal.identity.signin import rules, words
from portal.identity.signin.forms import CODE, LONGEST_TYPED, Bare
from portal.plan.talk_queries import TalkItem
from portal.web.forms import Form, Several


class InterpreterCodeForm(Form):
    """The code from the coach. `digits` holds it once the form is valid."""

    code = Bare(
        _l("Koden från coachen"),
        hint=_l("8 siffror, till exempel 1234 5678."),
        attributes={**CODE, "autocomplete": "off"},
    )
    digits = ""

    def validate_code(self, field: Field) -> None:
        """Read the digits."""
        try:
            self.digits = rules.digits((field.data or "")[:LONGEST_TYPED], rules.CODE_DIGITS)
        except rules.CodeError as wrong:
            raise StopValidation(str(words.CODE_PROBLEMS[wrong.code])) from None

    def reject(self, why: str) -> None:
        """Say why the code lets nobody in."""
        self.code.errors = [why]


class ShownForm(Form):
    """What of the plan the interpreter reads at this meeting: everything that is ticked."""

    shown = Several(_l("Det här ser tolken av planen"))

    def offer(self, items: Iterable[TalkItem], before: frozenset[UUID] | None = None) -> None:
        """Fill in the plan's texts; ticked is what is shown by the code there is, all where there is none."""
        known = tuple(items)
        self.shown.choices = [(str(item.id), item.text) for item in known]
        if not self.is_submitted():
            self.shown.data = [str(item.id) for item in known if before is None or item.id in before]

    @property
    def ticked(self) -> list[UUID]:
        """What was ticked, of what was offered."""
        return [UUID(one) for one in self.shown.data or ()]
