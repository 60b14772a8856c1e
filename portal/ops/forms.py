"""The form with which an admin sends a test message, and the one of a made-up phone."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from portal.web.forms import Form, Phone, Text


class TrialForm(Form):
    """A number of one's own; the view reads it, by the organisation's rule for foreign numbers (S14)."""

    phone = Phone(_l("Ditt eget mobilnummer"))


class AnswerForm(Form):
    """An SMS from a phone of the demo."""

    number = HiddenField()
    words = Text(_l("Svara"))

    @classmethod
    def of(cls, number: str) -> "AnswerForm":
        """An empty one for this phone: one of several on the page."""
        form = cls(formdata=None, data={"number": number})
        form.words.id = f"words-{number.lstrip('+')}"
        return form
