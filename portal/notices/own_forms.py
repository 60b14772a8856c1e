"""The form of what staff choose an own message by."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.web.forms import Form, Text

LONGEST_TITLE = 60


class TitleForm(Form):
    """What an own message is called. Its receivers never see it."""

    title = Text(
        _l("Vad texten heter"),
        max=LONGEST_TITLE,
        hint=_l("Så hittar personalen den, till exempel Öppet hus. Deltagarna ser inte namnet."),
    )

    def taken(self) -> None:
        """Say beside the field that another one is called so."""
        self.title.errors = [_("En annan text heter så. Välj ett annat namn.")]
