"""What somebody from outside fills in about the meeting that they are asked to."""

from flask_babel import lazy_gettext as _l

from portal.booking.network import rules
from portal.web.forms import Choices, Form, LongText


class AnswerForm(Form):
    """Whether somebody who is invited comes, and a word to it."""

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
