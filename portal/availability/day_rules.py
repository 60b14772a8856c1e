"""What becomes of a coach's hours on each holiday to come: said on their page, before anybody asks. Pure."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from portal import holidays
from portal.availability.rules import Calendar, Interval

CLOSED, SHORT, USUAL, OTHER = "closed", "short", "usual", "other"


@dataclass(frozen=True, slots=True)
class HolidayAhead:
    """A holiday, or the day before one, by its names, and what happens then.

    `happens` is CLOSED; SHORT: meetings end at `until`; USUAL; or OTHER: the coach has said `hours` for it.
    """

    day: date
    names: tuple[str, ...]
    happens: str
    until: time | None = None
    hours: tuple[Interval, ...] = ()


def holidays_ahead(calendar: Calendar, today: date, horizon_days: int) -> list[HolidayAhead]:
    """The holidays from today to the horizon's last day, and the days before them, in order."""
    found = holidays.between(today, today + timedelta(days=horizon_days))
    return [_ahead(calendar, day, holiday.names) for day, holiday in found.items()]


def _ahead(calendar: Calendar, day: date, names: tuple[str, ...]) -> HolidayAhead:
    hours = tuple(calendar.hours_on(day))
    if not hours:
        return HolidayAhead(day, names, CLOSED)
    if any(departure.covers(day) for departure in calendar.departures):
        return HolidayAhead(day, names, OTHER, hours=hours)
    until = calendar.closing.until(day)
    return HolidayAhead(day, names, USUAL if until is None else SHORT, until)
