"""From a sheet to people with their enrolments, and everything that is wrong with it. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any, TypeVar

from portal.identity.importing import cell_rules as cells
from portal.identity.importing.cell_rules import Menu, Wrong
from portal.identity.importing.sheet_rules import COLUMNS, Problem, Sheet, SheetRow
from portal.identity.people.rules import Dates, date_problems, name_key

Value = TypeVar("Value")
DAYS = ("applied_on", "first_meeting_on", "started_on", "closed_on")
PLACES = {column.key: place for place, column in enumerate(COLUMNS)}
DATE_REASONS = {
    "far_away": "that year cannot be right",
    "not_yet": "that day has not been yet",
    "before_application": "the day is before the application",
    "before_start": "the day is before the start",
}
SAME_NUMBER = (
    "the same number as in line {line}. Two people cannot share a number. "
    "If it is one person who came back, give both rows the same word in the column Person"
)


@dataclass(frozen=True)
class House:
    """What may stand in the organisation's file. `lists` is {programme's id: {list: its words}}."""

    today: date
    foreign_numbers: bool = False
    languages: Menu = field(default_factory=Menu)
    programmes: Menu = field(default_factory=Menu)
    teams: Menu = field(default_factory=Menu)
    coaches: Mapping[str, Menu] = field(default_factory=dict)
    municipalities: Menu = field(default_factory=Menu)
    education: Menu = field(default_factory=Menu)
    lists: Mapping[str, Mapping[str, Menu]] = field(default_factory=dict)


@dataclass(frozen=True)
class Own:
    """What a row says of the person. `phone` is E.164 or ""; `age_band` is "" where nothing is said."""

    name: str
    phone: str
    language: str
    gender: str
    born_in_sweden: bool | None
    age_band: str
    municipality: str
    education: str


@dataclass(frozen=True)
class Course:
    """What a row says of one enrolment; ids as text, words as codes."""

    line: int
    programme: str
    team: str
    coach: str
    referrer: str
    intake: int | None
    dates: Dates
    outcome: str
    income_at_start: str
    income_at_closure: str

    @property
    def begins(self) -> date | None:
        """Its first known day."""
        return self.dates.started_on or self.dates.first_meeting_on or self.dates.applied_on


@dataclass(frozen=True)
class Newcomer:
    """One person of the file, with one enrolment or several; the present one stands last."""

    own: Own
    courses: tuple[Course, ...]

    @property
    def line(self) -> int:
        """Where the person stands first."""
        return min(course.line for course in self.courses)


@dataclass(frozen=True)
class Reading:
    """What a file says: its people, or what is wrong with it, in order of line and column."""

    people: tuple[Newcomer, ...]
    problems: tuple[Problem, ...]


class _Row:
    """Reads the cells of one row, and keeps what is wrong with them."""

    def __init__(self, row: SheetRow, heads: Mapping[str, str], house: House) -> None:
        self.row, self.heads, self.house = row, heads, house
        self.found: list[tuple[int, Problem]] = []

    def blame(self, key: str, reason: str) -> None:
        self.found.append((PLACES[key], Problem(self.row.line, self.heads.get(key, title(key)), reason)))

    def read(self, key: str, how: Callable[[str], Value], instead: Value) -> Value:
        try:
            return how(self.row.cells.get(key, ""))
        except Wrong as wrong:
            self.blame(key, str(wrong))
            return instead

    def only(self, key: str, menu: Menu) -> str:
        """The value of a column that may be left empty where there is only one thing to choose."""
        if not self.row.cells.get(key) and len(menu.told) == 1:
            return menu.find(menu.told[0])
        found = self.read(key, menu.find, "")
        if not self.row.cells.get(key):
            self.blame(key, f"missing. Valid: {menu.listed}")
        return found

    def own(self) -> Own:
        house = self.house
        return Own(
            name=self.read("name", cells.name, ""),
            phone=self.read("phone", lambda text: cells.phone(text, foreign=house.foreign_numbers), ""),
            language=self.read("language", house.languages.find, "") or "sv",
            gender=self.read("gender", cells.gender, "not_told"),
            born_in_sweden=self.read("born", cells.born, None),
            age_band=self.read("age", cells.age, ""),
            municipality=self.read("municipality", house.municipalities.find, ""),
            education=self.read("education", house.education.find, ""),
        )

    def course(self) -> Course:
        programme = self.only("programme", self.house.programmes)
        team = self.only("team", self.house.teams)
        words = self.house.lists.get(programme, {})
        course = Course(
            line=self.row.line,
            programme=programme,
            team=team,
            coach=self._coach(team),
            referrer=self._word("referrer", words.get("referrer")),
            intake=self.read("intake", cells.intake, None),
            dates=self._dates(),
            outcome=self._word("outcome", words.get("outcome")),
            income_at_start=self._word("income_at_start", words.get("income")),
            income_at_closure=self._word("income_at_closure", words.get("income")),
        )
        self._check_end(course)
        return course

    def _coach(self, team: str) -> str:
        if not team:
            return ""
        clash = "two have this name: write the e-mail address"
        menu = self.house.coaches.get(team, Menu())
        return self.read("coach", lambda text: menu.find(text, clash=clash), "")

    def _word(self, key: str, menu: Menu | None) -> str:
        """A word of the programme's list; of an unknown programme nothing can be said."""
        return self.read(key, menu.find, "") if menu else ""

    def _dates(self) -> Dates:
        before = len(self.found)
        dates = Dates(*(self.read(key, cells.day, None) for key in DAYS))
        if len(self.found) == before:
            for key, code in date_problems(dates, self.house.today).items():
                self.blame(key, DATE_REASONS[code])
        return dates

    def _check_end(self, course: Course) -> None:
        closed, given = self.row.cells.get("closed_on"), self.row.cells.get
        if closed and not given("outcome"):
            menu = self.house.lists.get(course.programme, {}).get("outcome", Menu())
            self.blame("outcome", f"missing for somebody who has ended. Valid: {menu.listed}")
        for key in ("outcome", "income_at_closure"):
            if given(key) and not closed:
                self.blame(key, "stands here, but the last day is missing")
        if not any(given(key) for key in DAYS):
            self.blame("applied_on", "at least one day is needed: application, first meeting or start")


def title(key: str) -> str:
    """What a column is called in a file that lacks it."""
    return COLUMNS[PLACES[key]].names[0]


def read(sheet: Sheet, house: House) -> Reading:
    """The people of a sheet, or all its problems. Nothing is left out of the list because of another."""
    found: list[tuple[int, Problem]] = [(-1, problem) for problem in sheet.problems]
    groups: dict[str, list[tuple[SheetRow, Own, Course]]] = defaultdict(list)
    for row in sheet.rows:
        reading = _Row(row, sheet.heads, house)
        own, course = reading.own(), reading.course()
        found += reading.found
        groups[row.cells.get("person") or f"\0{row.line}"].append((row, own, course))
    found += _differing(groups.values(), sheet.heads)
    found += _overlapping(groups.values(), sheet.heads)
    found += _doubled(groups.values(), sheet.heads)
    if found:
        ordered = sorted(found, key=lambda one: (one[1].line, one[0]))
        return Reading((), tuple(dict.fromkeys(problem for _place, problem in ordered)))
    people = (_newcomer(group) for group in groups.values())
    return Reading(tuple(people), ())


Group = list[tuple[SheetRow, Own, Course]]
OWN_KEYS = ("name", "phone", "language", "gender", "born", "age", "municipality", "education")


def _newcomer(group: Group) -> Newcomer:
    courses = [course for _row, _own, course in group]
    courses.sort(key=lambda course: (course.dates.closed_on or date.max, course.line))
    return Newcomer(Own(*(_told(group, place)[0] for place in range(len(OWN_KEYS)))), tuple(courses))


def _told(group: Group, place: int) -> tuple[Any, int]:
    """What the first row that says anything of this says, and its line."""
    saying = [one for one in group if one[0].cells.get(OWN_KEYS[place])] or group
    row, own, _course = saying[0]
    return tuple(vars(own).values())[place], row.line


def _blamed(heads: Mapping[str, str], line: int, key: str, reason: str) -> tuple[int, Problem]:
    return PLACES[key], Problem(line, heads.get(key, title(key)), reason)


def _differing(groups: Iterable[Group], heads: Mapping[str, str]) -> Iterator[tuple[int, Problem]]:
    """Rows of one person that say different things of them."""
    for group in groups:
        for place, key in enumerate(OWN_KEYS):
            known, line = _told(group, place)
            for row, own, _course in group:
                if row.cells.get(key) and tuple(vars(own).values())[place] != known:
                    reason = f"not the same as in line {line}, which is the same person"
                    yield _blamed(heads, row.line, key, reason)


def _overlapping(groups: Iterable[Group], heads: Mapping[str, str]) -> Iterator[tuple[int, Problem]]:
    """Enrolments of one person that go on at the same time."""
    for group in groups:
        courses = sorted((course for _r, _o, course in group), key=lambda one: one.begins or date.min)
        for former, later in pairwise(courses):
            ended = former.dates.closed_on
            if ended is None or (later.begins and ended > later.begins):
                reason = f"the same person as in line {former.line}, who has not ended there before this"
                yield _blamed(heads, later.line, "started_on", reason)


def _doubled(groups: Iterable[Group], heads: Mapping[str, str]) -> Iterator[tuple[int, Problem]]:
    """Different people with one number, and the same person with the same enrolment twice."""
    numbers: dict[str, int] = {}
    rows: dict[tuple[object, ...], int] = {}
    for group in groups:
        for row, own, course in group:
            mark = (name_key(own.name), own.phone, course.programme, course.dates)
            if own.name and (first := rows.setdefault(mark, row.line)) != row.line:
                yield _blamed(heads, row.line, "name", f"the same person and enrolment as in line {first}")
        for row, own, _course in group:
            if own.phone and (first := numbers.setdefault(own.phone, group[0][0].line)) != group[0][0].line:
                yield _blamed(heads, row.line, "phone", SAME_NUMBER.format(line=first))
