"""What somebody from outside fills in about the meeting that they are asked to."""

import re

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.booking.network import rules
from portal.web.forms import Choices, Form, Hidden, LongText


class AnswerForm(Form):
    """Whether somebody who is invited comes, and a word to it; it carries the revision that it is about."""

    revision = Hidden()

    answer = Choices(
        _l("Kommer du?"),
        choices=[(rules.COMES, _l("Ja, jag kommer")), (rules.CANNOT, _l("Nej, jag kan inte"))],
    )
    words = LongText(
        _l("Vill du säga något mer?"),
        required=False,
        max=rules.WORDS_MAX,
        hint=_l("Till exempel när du kan i stället. Skriv inget om deltagaren."),
    )

    @property
    def seen(self) -> int | None:
        """The revision that the page showed; None where it is not known."""
        text = self.revision.data or ""
        return int(text) if re.fullmatch("[0-9]{1,9}", text) else None

    def overtaken(self, revision: int) -> None:
        """The meeting stands otherwise by now: what was said is not kept, and can be said of this one."""
        self.form_errors = [_("Mötet har ändrats medan du svarade. Läs tiden igen, och svara en gång till.")]
        self.revision.data = str(revision)
