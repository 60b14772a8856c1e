"""A week of hours as plain rows of text boxes, exceptions, and a coach's own terms."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.availability.models import WeeklyHours
from portal.availability.rules import Departure, Interval, WeekHours, instant, overlapping, read_time
from portal.web.forms import Choices, Day, Form, Number, Text, Time

ROWS_MOST = 12
"""Intervals a day that a submitted week may hold: more is not a week that somebody typed."""
TYPED_MOST = 40
"""Characters of a typed time that are given back."""

_NAME = re.compile(r"(start|end)-([0-6])-([0-9]{1,2})")


@dataclass
class HoursRow:
    """One interval as it was typed, with what is wrong with it ("" when nothing is)."""

    start: str = ""
    end: str = ""
    error: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing was typed: the row is not there."""
        return not self.start.strip() and not self.end.strip()

    def read(self) -> Interval | None:
        """The interval; None, with `error` set, for anything that is none."""
        start, end = read_time(self.start), read_time(self.end)
        if start is None or end is None:
            self.error = _("Skriv båda tiderna så här: 9.00 och 12.00.")
            return None
        if end <= start:
            self.error = _("Sluttiden måste vara efter starttiden.")
            return None
        return Interval(start, end)


@dataclass
class WeekForm:
    """The week as typed: rows by weekday, Monday first."""

    days: list[list[HoursRow]] = field(default_factory=lambda: [[] for _day in range(7)])

    @classmethod
    def stored(cls, week: Iterable[WeeklyHours]) -> "WeekForm":
        """The week as it stands, with an empty row on days that have none."""
        form = cls()
        for row in week:
            form.days[row.weekday].append(HoursRow(f"{row.starts:%H.%M}", f"{row.ends:%H.%M}"))
        return form._with_rows()

    @classmethod
    def typed(cls, values: Mapping[str, str]) -> "WeekForm":
        """The week as it was sent; names that are none of ours are passed over."""
        form = cls()
        found: dict[tuple[int, int], HoursRow] = {}
        for name, value in values.items():
            if (match := _NAME.fullmatch(name)) and int(match[3]) < ROWS_MOST:
                row = found.setdefault((int(match[2]), int(match[3])), HoursRow())
                setattr(row, match[1], value.replace("\x00", "")[:TYPED_MOST])
        for (day, _number), row in sorted(found.items(), key=lambda item: item[0]):
            form.days[day].append(row)
        return form

    def add_row(self, day: str) -> "WeekForm":
        """One more empty row on a weekday ("0" is Monday)."""
        if day.isascii() and day.isdigit() and int(day) < 7 and len(self.days[int(day)]) < ROWS_MOST:
            self.days[int(day)].append(HoursRow())
        return self._with_rows()

    def read(self) -> list[WeekHours] | None:
        """The week; None, with errors on its rows, when something must be mended."""
        week: list[WeekHours] = []
        for weekday, rows in enumerate(self.days):
            kept = [(row, row.read()) for row in rows if not row.empty]
            whole = [(row, interval) for row, interval in kept if interval is not None]
            for one, two in overlapping([interval for _row, interval in whole]):
                for row, interval in whole:
                    if interval in (one, two):
                        row.error = _("De här tiderna går in i varandra.")
            week += [WeekHours(weekday, interval) for _row, interval in whole]
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
    """A coach's own length of meeting, usual place and video link."""

    minutes = Number(
        _l("Längd på ett möte, i minuter"), min=10, max=480, required=False, hint=_l("Tomt: som alla andra.")
    )
    place = Text(_l("Din vanliga plats"), required=False, hint=_l("Till exempel Storgatan 1, våning 2."))
    video = Text(_l("Din länk för videomöten"), required=False, max=500)
