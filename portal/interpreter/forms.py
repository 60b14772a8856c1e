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

    def offer(self, items: Iterable[TalkItem], left_out: frozenset[UUID]) -> None:
        """Fill in the plan's texts; all are ticked but those that were left out before."""
        known = tuple(items)
        self.shown.choices = [(str(item.id), item.text) for item in known]
        if not self.is_submitted():
            self.shown.data = [str(item.id) for item in known if item.id not in left_out]

    def left_out(self, items: Iterable[TalkItem]) -> list[UUID]:
        """What was not ticked of these."""
        ticked = set(self.shown.data or ())
        return [item.id for item in items if str(item.id) not in ticked]
