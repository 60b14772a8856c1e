"""How staff say how they know who it is, and how a participant is told."""

from flask_babel import lazy_gettext as _l

from portal.identity.people import words
from portal.notices import rules
from portal.notices.forms import OfferedWays, Timings
from portal.web.forms import Choices, Form

WAYS = {
    rules.SMS: _l("SMS"),
    rules.EMAIL: _l("E-post"),
    rules.VOICE: _l("En röst ringer upp och säger tiden"),
    rules.CALL: _l("Du ringer"),
}


class WayForm(OfferedWays):
    """SMS, e-mail and a voice on the phone where they are offered, or a call."""

    words = WAYS
    way = Choices(_l("Så vill personen få veta om sina möten"))


class TimingForm(Timings):
    """When the person is reminded of meetings; what can be chosen is set before it is read."""

    timing = Choices(_l("När personen blir påmind"))


class NumberStandsForm(Form):
    """The number is still theirs, and how we know it (S36)."""

    confirmed = Choices(_l("Hur vet du att numret är rätt?"), choices=list(words.CONFIRMED.items()))


class HereForm(Form):
    """The person sits here; a box that must be ticked."""

    here = Choices(_l("Var är personen?"), choices=[("here", _l("Personen sitter här hos mig"))])
