"""A week of hours as plain rows of text boxes, exceptions, and a coach's own terms."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from itertools import combinations
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from portal.availability.models import WeeklyHours
from portal.availability.rules import Departure, Interval, WeekHours, instant
from portal.availability.typed_rules import read_day, read_time
from portal.organisation.rules import MODES
from portal.web.forms import TEXT_MAX, Choices, Day, Form, Number, Text, Time
from portal.web.signs import one_line, without_controls

ROWS_MOST = 12
"""Intervals a day that a submitted week may hold: more is not a week that somebody typed."""
TYPED_MOST = 40
"""Characters of a typed time or date that are given back."""

_BOXES = "|".join(("start", "end", "first", "last", "place", "room", *MODES))
_NAME = re.compile(rf"({_BOXES})-([0-6])-([0-9]{{1,2}})")


@dataclass
class HoursRow:
    """One interval as it was typed, with what is wrong with it ("" when nothing is).

    `first` and `last` are the days between which it holds, "" for no bound; no `modes` are all; `room` is the
    id of one, "" for none.
    """

    start: str = ""
    end: str = ""
    first: str = ""
    last: str = ""
    place: str = ""
    modes: list[str] = field(default_factory=list)
    error: str = ""
    room: str = ""

    @classmethod
    def stored(cls, row: WeeklyHours) -> "HoursRow":
        """The row as it stands."""
        first, last = (day.isoformat() if day else "" for day in (row.first_day, row.last_day))
        found = cls(f"{row.starts:%H.%M}", f"{row.ends:%H.%M}", first, last, row.place, list(row.modes))
        found.room = str(row.room_id or "")
        return found

    def type(self, name: str, value: str) -> None:
        """What was sent in one of its boxes."""
        if name in MODES:
            self.modes.append(name)
        elif name == "place":
            self.place = one_line(without_controls(value))
        else:
            setattr(self, name, value.replace("\x00", "")[:TYPED_MOST])

    @property
    def empty(self) -> bool:
        """Whether no time was typed: the row is not there."""
        return not self.start.strip() and not self.end.strip()

    @property
    def more(self) -> bool:
        """Whether the row is other than one of a plain week."""
        return bool(self.first or self.last or self.place or self.modes or self.room)

    def read(self, weekday: int, today: date, rooms: Collection[str] = ()) -> WeekHours | None:
        """The hours, in one of these rooms or in none; None, with `error` set, for anything that is none."""
        start, end = read_time(self.start), read_time(self.end)
        self.error = _wrong_times(start, end) or self._wrong_more(today) or self._wrong_room(rooms)
        if self.error or start is None or end is None:
            return None
        first, last = read_day(self.first), read_day(self.last)
        room = UUID(self.room) if self.room else None
        return WeekHours(weekday, Interval(start, end), first, last, tuple(self.modes), self.place, room)

    def _wrong_room(self, rooms: Collection[str]) -> str:
        if not self.room:
            return ""
        if self.room not in rooms:
            return _("Rummet används inte längre. Välj ett annat.")
        return _("Välj ett rum, eller skriv en plats. Inte båda.") if self.place else ""

    def _wrong_more(self, today: date) -> str:
        first, last = read_day(self.first), read_day(self.last)
        if (self.first.strip() and first is None) or (self.last.strip() and last is None):
            return _("Det datumet finns inte. Skriv så här: 2026-11-24.")
        if last and first and last < first:
            return _("Sista dagen måste vara efter den första.")
        if last and last < today:
            return _("De dagarna har redan varit.")
        if len(self.place) > TEXT_MAX:
            return _(
                "Texten är för lång. Skriv högst %(longest)s tecken. Nu är det %(length)s.",
                longest=TEXT_MAX,
                length=len(self.place),
            )
        return ""


def _wrong_times(start: time | None, end: time | None) -> str:
    if start is None or end is None:
        return _("Skriv båda tiderna så här: 9.00 och 12.00.")
    return _("Sluttiden måste vara efter starttiden.") if end <= start else ""


@dataclass
class WeekForm:
    """The week as typed: rows by weekday, Monday first."""

    days: list[list[HoursRow]] = field(default_factory=lambda: [[] for _day in range(7)])

    @classmethod
    def stored(cls, week: Iterable[WeeklyHours]) -> "WeekForm":
        """The week as it stands, with an empty row on days that have none."""
        form = cls()
        for row in week:
            form.days[row.weekday].append(HoursRow.stored(row))
        return form._with_rows()

    @classmethod
    def typed(cls, values: Mapping[str, str]) -> "WeekForm":
        """The week as it was sent; names that are none of ours are passed over."""
        form = cls()
        found: dict[tuple[int, int], HoursRow] = {}
        for name, value in values.items():
            if (match := _NAME.fullmatch(name)) and int(match[3]) < ROWS_MOST:
                found.setdefault((int(match[2]), int(match[3])), HoursRow()).type(match[1], value)
        for (day, _number), row in sorted(found.items(), key=lambda item: item[0]):
            form.days[day].append(row)
        return form

    def add_row(self, day: str) -> "WeekForm":
        """One more empty row on a weekday ("0" is Monday)."""
        if day.isascii() and day.isdigit() and int(day) < 7 and len(self.days[int(day)]) < ROWS_MOST:
            self.days[int(day)].append(HoursRow())
        return self._with_rows()

    def read(self, today: date, rooms: Collection[str] = ()) -> list[WeekHours] | None:
        """The week; None, with errors on its rows, when something must be mended."""
        week: list[WeekHours] = []
        for weekday, rows in enumerate(self.days):
            read = [(row, row.read(weekday, today, rooms)) for row in rows if not row.empty]
            whole = [(row, hours) for row, hours in read if hours is not None]
            for (one, its), (two, others) in combinations(whole, 2):
                if its.meets(others):
                    one.error = two.error = _("De här tiderna går in i varandra.")
            week += [hours for _row, hours in whole]
        if self.wrong:
            self._with_rows()
            return None
        return week

    @property
    def wrong(self) -> list[tuple[str, str]]:
        """What must be mended: (id of the box, sentence)."""
        return [
            (f"start-{weekday}-{number}", row.error)
            for weekday, rows in enumerate(self.days)
            for number, row in enumerate(rows)
            if row.error
        ]

    def offered(self, modes: Sequence[str]) -> list[str]:
        """The ways to meet that a row can be for: the house's, and what a row is for already."""
        kept = {mode for rows in self.days for row in rows for mode in row.modes}
        return [mode for mode in MODES if mode in modes or mode in kept]

    def _with_rows(self) -> "WeekForm":
        for rows in self.days:
            if not rows:
                rows.append(HoursRow())
        return self


class ExceptionForm(Form):
    """Days that are closed, or that have other hours."""

    first = Day(_l("Första dagen"))
    last = Day(_l("Sista dagen"), required=False, hint=_l("Tomt om det bara är en dag."))
    kind = Choices(
        _l("Vad gäller då?"),
        choices=[("closed", _l("Inga möten")), ("other", _l("Andra tider"))],
        default="closed",
    )
    start = Time(_l("Från"), required=False)
    end = Time(_l("Till"), required=False)

    def departure(self, today: date, zone: ZoneInfo) -> Departure | None:
        """The days and their hours; None with a sentence beside the field."""
        if not self.validate_on_submit() or self.first.data is None:
            return None
        first, last = self.first.data, self.last.data or self.first.data
        if last < first:
            self.last.errors = [_("Sista dagen måste vara efter den första.")]
        elif last < today:
            self.last.errors = [_("De dagarna har redan varit.")]
        other = self._hours(first, last, zone) if self.kind.data == "other" else None
        return None if self.errors else Departure(first, last, other)

    def _hours(self, first: date, last: date, zone: ZoneInfo) -> Interval | None:
        start, end = self.start.data, self.end.data
        if start is None or end is None:
            self.start.errors = [_("Skriv från när och till när.")]
            return None
        if end <= start:
            self.end.errors = [_("Sluttiden måste vara efter starttiden.")]
            return None
        if first == last and self._in_gap(first, (start, end), zone):
            self.start.errors = [_("Den tiden finns inte den dagen, för klockan ställs om.")]
            return None
        return Interval(start, end)

    @staticmethod
    def _in_gap(day: date, times: Sequence[time], zone: ZoneInfo) -> bool:
        return any(instant(day, at, zone) is None for at in times)


class TermsForm(Form):
    """A coach's own length of meeting, lunch, most on a day, usual place and video link."""

    minutes = Number(
        _l("Längd på ett möte, i minuter"), min=10, max=480, required=False, hint=_l("Tomt: som alla andra.")
    )
    lunch_start = Time(_l("Lunch från"), required=False, hint=_l("Då kan ingen boka dig. Tomt: ingen lunch."))
    lunch_end = Time(_l("Lunch till"), required=False)
    most = Number(
        _l("Högst så många möten på en dag"),
        min=0,
        max=20,
        required=False,
        hint=_l("Tomt: som alla andra. 0: ingen gräns."),
    )
    place = Text(_l("Din vanliga plats"), required=False, hint=_l("Till exempel Storgatan 1, våning 2."))
    video = Text(_l("Din länk för videomöten"), required=False, max=500)

    def validate_lunch_end(self, end: Time) -> None:
        """Lunch has both times, in order, or none."""
        start = self.lunch_start
        if not start.errors and not end.errors and (start.data is None) != (end.data is None):
            raise ValidationError(_("Skriv från när och till när."))
        if start.data and end.data and end.data <= start.data:
            raise ValidationError(_("Sluttiden måste vara efter starttiden."))

    @property
    def lunch(self) -> Interval | None:
        """When nobody is met. Only after `validate`."""
        start, end = self.lunch_start.data, self.lunch_end.data
        return Interval(start, end) if start and end else None
