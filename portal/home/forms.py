"""What a participant chooses about how they are reached."""

from flask_babel import lazy_gettext as _l

from portal.notices import rules
from portal.notices.forms import OfferedWays, Timings
from portal.notices.rules import Detail
from portal.web.forms import Choices, Form, Hidden, Tick

WAYS = {
    rules.SMS: _l("Med SMS"),
    rules.EMAIL: _l("Med e-post"),
    rules.VOICE: _l("En röst ringer mig och säger tiden"),
    rules.CALL: _l("Min coach ringer mig"),
}


class WayForm(OfferedWays):
    """SMS, e-mail and a voice on the phone where they are offered, or a call by the coach."""

    words = WAYS
    way = Choices(_l("Hur vill du få veta om dina möten?"))


class TimingForm(Timings):
    """When to be reminded of meetings; what can be chosen is set before it is read."""

    timing = Choices(_l("När vill du bli påmind?"))


class DetailForm(Form):
    """What an SMS may say beside the time. It changes nothing: the text is shown first."""

    place = Tick(_l("Platsen"))
    coach = Tick(_l("Min coachs förnamn"))

    @property
    def detail(self) -> Detail:
        """What was ticked."""
        return Detail(bool(self.place.data), bool(self.coach.data))


class SeenDetailForm(DetailForm):
    """The same, with the mark of the text that was shown."""

    seen = Hidden()
