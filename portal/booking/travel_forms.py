"""When one can be there and must leave, as it was typed."""

from collections.abc import Iterator
from datetime import time

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field

from portal.availability.words import WEEKDAYS as NAMES
from portal.booking.travel_rules import AFTERNOON, EVERY_DAY, MORNING, WEEKDAYS, Travel, Window
from portal.web.forms import Choices, Form, Time

THERE = _l("Framme tidigast")
LEAVE = _l("Måste gå senast")
DAYS = (EVERY_DAY, *(str(number) for number in WEEKDAYS))


class TravelForm(Form):
    """A window for every day, one for each weekday that differs, and when one has most energy."""

    energy = Choices(
        _l("När orkar du mest?"),
        choices=[
            ("", _l("Lika hela dagen")),
            (MORNING, _l("På förmiddagen")),
            (AFTERNOON, _l("På eftermiddagen")),
        ],
        required=False,
        default="",
    )

    @classmethod
    def of(cls, travel: Travel) -> "TravelForm":
        """The form with what holds now."""
        form = cls(formdata=None, data={"energy": travel.energy})
        for day, window in travel.windows.items():
            if day in DAYS:
                form[f"there_{day}"].data, form[f"leave_{day}"].data = window.there, window.leave
        return form

    def rows(self) -> Iterator[tuple[str, str, Field, Field]]:
        """Each day's code, name and two fields, every day first."""
        for day in DAYS:
            name = _("Alla dagar") if day == EVERY_DAY else str(NAMES[int(day)])
            yield day, name, self[f"there_{day}"], self[f"leave_{day}"]

    @property
    def differs(self) -> bool:
        """Whether any weekday has a window of its own, or something to mend in it."""
        return any(
            field.data is not None or field.errors
            for day, _name, *fields in self.rows()
            if day != EVERY_DAY
            for field in fields
        )

    def travel(self) -> Travel | None:
        """What was said; None with a sentence beside the field."""
        valid = self.validate_on_submit()
        windows: dict[str, Window] = {}
        for day, _name, there, leave in self.rows():
            if _backwards(there.data, leave.data):
                leave.errors = [_("Den här tiden måste vara senare än den första.")]
                valid = False
            windows[day] = Window(there.data, leave.data)
        if not valid:
            return None
        return Travel({day: window for day, window in windows.items() if window}, self.energy.data or "")


def _backwards(there: time | None, leave: time | None) -> bool:
    return there is not None and leave is not None and leave <= there


for _day in DAYS:
    setattr(TravelForm, f"there_{_day}", Time(THERE, required=False))
    setattr(TravelForm, f"leave_{_day}", Time(LEAVE, required=False))
