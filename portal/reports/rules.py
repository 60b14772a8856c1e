"""Counting: periods that do not slide, and tables of how many of each kind. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

from portal.days import half_year
from portal.identity.people.case_rules import Case

WHOLE = "all"
CUTS = ("gender", "born", "municipality", "referrer", "intake", "half_year")
"""What a table may be split by. Fixed, so that no choice of days or groups isolates somebody (S41)."""
OUTER_CUTS = tuple(cut for cut in CUTS if cut != "half_year")
"""Those for others than the team: who began in a half-year ends in a later one, which is not over."""
GENDERS = ("woman", "man")
"""The genders that always have a row; the others have one when somebody is counted in it."""


@dataclass(frozen=True)
class Period:
    """A half-year, a year, or all of it. `first` and `last` are inside; None: without that end."""

    code: str
    first: date | None = None
    last: date | None = None

    def holds(self, day: date | None) -> bool:
        """Whether a day lies inside; no day at all lies only in the whole."""
        if day is None:
            return self.code == WHOLE
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


def period(code: str) -> Period:
    """The period of a code: "2026-1", "2026" or "all". Raises ValueError."""
    if code == WHOLE:
        return Period(WHOLE)
    year, _, half = code.partition("-")
    if not (year.isascii() and year.isdigit() and len(year) == 4) or half not in ("", "1", "2"):
        raise ValueError("no such period")
    if not half:
        if "-" in code:
            raise ValueError("no such period")
        return Period(code, date(int(year), 1, 1), date(int(year), 12, 31))
    first, next_first = (1, 7) if half == "1" else (7, 13)
    end = date(int(year) + next_first // 13, next_first % 12, 1) - timedelta(days=1)
    return Period(code, date(int(year), first, 1), end)


def periods(today: date, earliest: date | None) -> tuple[Period, ...]:
    """What can be chosen: the half-years back to the earliest day, the newest first; then years; then all."""
    oldest = min(earliest or today, today).year
    years = range(today.year, oldest - 1, -1)
    halves = chain.from_iterable((f"{year}-2", f"{year}-1") for year in years)
    kept = [code for code in halves if code <= half_year(today)]
    return tuple(period(code) for code in (*kept, *map(str, years), WHOLE))


def finished(today: date, earliest: date | None) -> tuple[Period, ...]:
    """What others than the team can choose: the half-years that are over, the newest first.

    No two of them overlap and none grows: the difference of two reports is nobody (S41).
    """
    newest = period(half_year(today)).first
    assert newest
    before = newest - timedelta(days=1)
    found = periods(before, min(earliest or before, before))
    return tuple(one for one in found if one.code != WHOLE and "-" in one.code)


def key_of(cut: str) -> Callable[[Case], str]:
    """What a case is split by: a code, "" where nobody has told."""
    keys: dict[str, Callable[[Case], str]] = {
        "gender": lambda case: case.gender,
        "born": lambda case: {True: "inside", False: "outside", None: ""}[case.born_in_sweden],
        "municipality": lambda case: case.municipality,
        "referrer": lambda case: case.referrer,
        "intake": lambda case: str(case.intake) if case.intake else "",
        "half_year": lambda case: half_year(day) if (day := case.closed_on or case.begins) else "",
    }
    return keys[cut]


def stay_on(cases: Iterable[Case], day: date) -> Case | None:
    """The enrolment of one person that a day lies in, from application to closing; the latest of several."""
    holding = [
        case for case in cases if _since(case) <= day and (case.closed_on is None or day <= case.closed_on)
    ]
    return max(holding, key=_since, default=None)


def _since(case: Case) -> date:
    return case.applied_on or case.started_on or date.min


@dataclass(frozen=True)
class Grid:
    """How many of each row and column. `counts` is row by row."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]

    @property
    def row_totals(self) -> tuple[int, ...]:
        """The sum of each row."""
        return tuple(sum(row) for row in self.counts)

    @property
    def column_totals(self) -> tuple[int, ...]:
        """The sum of each column."""
        return tuple(sum(row[place] for row in self.counts) for place in range(len(self.columns)))

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.row_totals)


def cross(
    cases: Iterable[Case],
    row_of: Callable[[Case], str],
    column_of: Callable[[Case], str],
    *,
    rows: Sequence[str],
    columns: Sequence[str],
) -> Grid:
    """Count the cases. `rows` and `columns` are shown even when empty; what else occurs comes after them."""
    found = Counter((row_of(case), column_of(case)) for case in cases)
    shown_rows = tuple(_with_rest(rows, (row for row, _column in found)))
    shown_columns = tuple(_with_rest(columns, (column for _row, column in found)))
    return Grid(
        shown_rows,
        shown_columns,
        tuple(tuple(found[row, column] for column in shown_columns) for row in shown_rows),
    )


def _with_rest(first: Sequence[str], occurring: Iterable[str]) -> Iterator[str]:
    """The keys in their order, then those that occur beside them, what nobody has told last."""
    rest = set(occurring) - set(first)
    yield from first
    yield from sorted(rest, key=lambda key: (key in ("", "not_told"), key.zfill(8)))
