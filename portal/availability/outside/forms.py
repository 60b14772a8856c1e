"""The address of a calendar elsewhere, as it is copied from there."""

from flask_babel import lazy_gettext as _l

from portal.availability.outside.address_rules import LONGEST
from portal.web.forms import Form, Text


class CalendarForm(Form):
    """One address."""

    address = Text(
        _l("Kalenderns adress"),
        max=LONGEST,
        hint=_l("I Outlook heter den ICS-länk. I Google heter den hemlig adress i iCal-format."),
    )
