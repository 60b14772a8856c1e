"""How staff say how they know who it is, and how a participant is told."""

from flask_babel import lazy_gettext as _l

from portal.identity.people import words
from portal.notices import rules
from portal.web.forms import Choices, Form

WAYS = {rules.SMS: _l("SMS"), rules.CALL: _l("Du ringer")}


class WayForm(Form):
    """SMS, or a call."""

    way = Choices(_l("Så vill personen få veta om sina möten"), choices=list(WAYS.items()))


class NumberStandsForm(Form):
    """The number is still theirs, and how we know it (S36)."""

    confirmed = Choices(_l("Hur vet du att numret är rätt?"), choices=list(words.CONFIRMED.items()))


class HereForm(Form):
    """The person sits here; a box that must be ticked."""

    here = Choices(_l("Var är personen?"), choices=[("here", _l("Personen sitter här hos mig"))])
