"""How staff say how they know who it is, and how a participant is told."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.identity.people import words
from portal.notices import rules
from portal.web.forms import Choices, Form

WAYS = {
    rules.SMS: _l("SMS"),
    rules.EMAIL: _l("E-post"),
    rules.VOICE: _l("En röst ringer upp och säger tiden"),
    rules.CALL: _l("Du ringer"),
}


class WayForm(Form):
    """SMS, e-mail and a voice on the phone where they are offered, or a call."""

    way = Choices(_l("Så vill personen få veta om sina möten"), choices=list(WAYS.items()))

    @classmethod
    def of(cls, way: str, offered: Iterable[str], *, sent: bool = False) -> "WayForm":
        """The form with the way of now, or as it was `sent`; of the ways that are offered."""
        form = cls() if sent else cls(formdata=None, data={"way": way})
        form.way.choices = [(one, words) for one, words in WAYS.items() if one in offered]
        return form


class TimingForm(Form):
    """When the person is reminded of meetings; what can be chosen is set before it is read."""

    timing = Choices(_l("När personen blir påmind"))

    @classmethod
    def among(cls, choices: list[tuple[str, str]], **given: Any) -> "TimingForm":
        """The form with these to choose among."""
        form = cls(**given)
        form.timing.choices = choices
        return form


class NumberStandsForm(Form):
    """The number is still theirs, and how we know it (S36)."""

    confirmed = Choices(_l("Hur vet du att numret är rätt?"), choices=list(words.CONFIRMED.items()))


class HereForm(Form):
    """The person sits here; a box that must be ticked."""

    here = Choices(_l("Var är personen?"), choices=[("here", _l("Personen sitter här hos mig"))])
