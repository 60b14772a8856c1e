"""Who may do what with people, how names are compared, which dates make sense, what comes next."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Generic, TypeVar

Item = TypeVar("Item")
Other = TypeVar("Other")

# --- who may do what: the table of roles in docs/architecture.md --------------------------------

ACTS: dict[str, frozenset[str]] = {
    "enrol": frozenset({"coach", "lead", "admin"}),
    "change_facts": frozenset({"coach", "lead", "admin"}),
    "hand_over": frozenset({"lead", "admin"}),
    "change_number": frozenset({"admin"}),
    "disable": frozenset({"admin"}),
    "protect": frozenset({"admin"}),
    "manage_staff": frozenset({"admin"}),
}
TEAM_ROLES = ("coach", "lead")
HANDLER_ROLES = ("coach", "lead", "admin")
HOUSE_ROLES = ("admin", "translator", "user_auditor")


def may(roles: Iterable[str], act: str) -> bool:
    """Whether somebody with these roles may do `act`, a key of ACTS."""
    return bool(ACTS[act] & set(roles))


# --- numbers --------------------------------------------------------------------------------------

SILENT_AFTER = timedelta(days=90)
"""After so long without a sign of life a number may be another person's: no code goes to it (S36)."""


def is_silent(heard_at: datetime, now: datetime) -> bool:
    """Whether a number that last gave a sign of life then has been silent for too long."""
    return heard_at < now - SILENT_AFTER


# --- names and searching ------------------------------------------------------------------------

OPENED_AT_MOST = 500
"""How many sealed names a list opens; beyond it people are found by their exact name or number."""
PAGE_SIZE = 30
"""Rows a page: one coach's whole caseload, whose ceiling in one project was 30 participants."""
FEWEST_DIGITS = 3


def name_key(name: str) -> str:
    """A name as it is compared exactly: one spelling of each letter, no case, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def folded(text: str) -> str:
    """A text as it is searched: as `name_key`, without marks over or under letters ("Åsa" -> "asa")."""
    apart = unicodedata.normalize("NFKD", name_key(text))
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def short_name(name: str) -> str:
    """First name and initial, as staff lists show it: "Amina H."."""
    first, _, rest = name.partition(" ")
    return f"{first} {rest[0]}." if rest else first


def sort_key(name: str) -> str:
    """Where a name stands in a Swedish list: å, ä and ö after z, other marks passed over."""
    return folded(name_key(name).translate({ord("å"): "z{", ord("ä"): "z|", ord("ö"): "z}"}))


def digits(text: str) -> str:
    """The digits of a text, of any script, as western ones."""
    return "".join(
        str(unicodedata.decimal(sign)) for sign in text if unicodedata.decimal(sign, None) is not None
    )


def looks_like_number(query: str) -> bool:
    """Whether somebody searches for a phone number rather than a name."""
    return len(digits(query)) >= FEWEST_DIGITS and not any(sign.isalpha() for sign in query)


def matches(name: str, phone: str, query: str) -> bool:
    """Whether a search finds this person: words begin parts of the name, or digits are in the number.

    `phone` is E.164 or "". "070-12" finds "+467012…": the first zero, +46 and 0046 mean the same.
    """
    if looks_like_number(query):
        return _local(digits(query)) in digits(phone)
    parts = re.split(r"[\s-]+", folded(name))
    return all(any(part.startswith(word) for part in parts) for word in re.split(r"[\s-]+", folded(query)))


def _local(typed: str) -> str:
    """Digits as they stand in E.164 after the country's code, whatever way they began."""
    for start in ("0046", "0"):
        if typed.startswith(start) and len(typed) > len(start):
            return typed[len(start) :]
    return typed


@dataclass(frozen=True)
class Page(Generic[Item]):
    """One page of a list. `number` counts from 1 and lies within `pages`; `total` is over all pages."""

    items: tuple[Item, ...]
    number: int
    pages: int
    total: int

    def of(self, items: Iterable[Other]) -> "Page[Other]":
        """The same page of the same list with its rows made into others."""
        return Page(tuple(items), self.number, self.pages, self.total)


def bounds(total: int, number: int, size: int = PAGE_SIZE) -> tuple[int, int]:
    """(the page that is shown, the number of pages) when page `number` of a list of `total` is asked for."""
    pages = max(1, -(-total // size))
    return min(max(1, number), pages), pages


def page(items: Sequence[Item], number: int, size: int = PAGE_SIZE) -> Page[Item]:
    """The asked page of a whole list; one out of range gives the nearest."""
    shown, pages = bounds(len(items), number, size)
    return Page(tuple(items[(shown - 1) * size : shown * size]), shown, pages, len(items))


# --- states ------------------------------------------------------------------------------------

OPEN, PAUSED, CLOSED = "open", "paused", "closed"
STATES = (OPEN, PAUSED, CLOSED)


@dataclass(frozen=True)
class Span:
    """From a first to a last day, both inside; no last day yet is None."""

    starts_on: date
    ends_on: date | None

    def holds(self, day: date) -> bool:
        """Whether the day lies inside."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def meets(self, other: "Span") -> bool:
        """Whether the two share a day."""
        return self.starts_on <= (other.ends_on or date.max) and other.starts_on <= (self.ends_on or date.max)


def state(closed_on: date | None, pauses: Iterable[Span], today: date) -> str:
    """Where an enrolment is today: open, paused or closed."""
    if closed_on is not None:
        return CLOSED
    return PAUSED if any(pause.holds(today) for pause in pauses) else OPEN


# --- what comes next ----------------------------------------------------------------------------

BEFORE_A_MEETING = frozenset({"closed", "disabled", "no_coach", "paused", "paused_until"})
"""What is said even when a meeting is booked."""
EXTENSION_SOON = timedelta(days=60)


@dataclass(frozen=True)
class Standing:
    """What a list knows about one enrolment and its person when it says what comes next."""

    closed_on: date | None = None
    started_on: date | None = None
    first_meeting_on: date | None = None
    pauses: tuple[Span, ...] = ()
    extensions: tuple[Span, ...] = ()
    has_coach: bool = True
    has_phone: bool = True
    has_pin: bool = True
    disabled: bool = False


@dataclass(frozen=True)
class NextThing:
    """A code for words.NEXT, and the day it is about."""

    code: str
    day: date | None = None


def next_thing(about: Standing, today: date) -> NextThing:
    """The one thing that stands beside a person in a list: what is missing first, then what comes."""
    if about.closed_on:
        return NextThing("closed", about.closed_on)
    if about.disabled:
        return NextThing("disabled")
    if not about.has_coach:
        return NextThing("no_coach")
    if pause := next((span for span in about.pauses if span.holds(today)), None):
        return NextThing("paused_until" if pause.ends_on else "paused", pause.ends_on)
    return _coming(about, today)


def _coming(about: Standing, today: date) -> NextThing:
    if about.first_meeting_on and about.first_meeting_on >= today:
        return NextThing("first_meeting", about.first_meeting_on)
    if about.started_on and about.started_on > today:
        return NextThing("starts", about.started_on)
    if not about.has_phone:
        return NextThing("no_phone")
    if not about.has_pin:
        return NextThing("no_pin")
    if coming := sorted(span.starts_on for span in about.pauses if span.starts_on > today):
        return NextThing("pause_begins", coming[0])
    last = max((span.ends_on for span in about.extensions if span.ends_on), default=None)
    if last and today <= last <= today + EXTENSION_SOON:
        return NextThing("extension_ends", last)
    return NextThing("")


# --- dates that make sense ----------------------------------------------------------------------

EARLIEST = date(2000, 1, 1)
"""Older than any programme in the reports we have: a day before it is a slip of the finger."""
FURTHEST_AHEAD = timedelta(days=730)


@dataclass(frozen=True)
class Dates:
    """The days of one enrolment."""

    applied_on: date | None = None
    first_meeting_on: date | None = None
    started_on: date | None = None
    closed_on: date | None = None


def date_problems(dates: Dates, today: date) -> dict[str, str]:
    """What is wrong with which day: {field: code}; the codes have sentences in words.DATES."""
    found: dict[str, str] = {}
    for field, day in vars(dates).items():
        if day and not EARLIEST <= day <= today + FURTHEST_AHEAD:
            found[field] = "far_away"
    for field in ("applied_on", "closed_on"):
        day = getattr(dates, field)
        if day and day > today:
            found.setdefault(field, "not_yet")
    for field in ("first_meeting_on", "started_on"):
        day = getattr(dates, field)
        if day and dates.applied_on and day < dates.applied_on:
            found.setdefault(field, "before_application")
    first = dates.started_on or dates.applied_on
    if dates.closed_on and first and dates.closed_on < first:
        found.setdefault("closed_on", "before_start")
    return found


def period_problems(
    kind: str, span: Span, dates: Dates, others: Iterable[Span], today: date
) -> dict[str, str]:
    """What is wrong with a pause or an extension: {field: code}. `others` are of the same kind."""
    found: dict[str, str] = {}
    for field, day in vars(span).items():
        if day and not EARLIEST <= day <= today + FURTHEST_AHEAD:
            found[field] = "far_away"
    if span.ends_on and span.ends_on < span.starts_on:
        found.setdefault("ends_on", "before_first_day")
    if kind == "extension" and span.ends_on is None:
        found["ends_on"] = "needs_end"
    if dates.started_on and span.starts_on < dates.started_on:
        found.setdefault("starts_on", "before_start")
    if dates.closed_on and (span.ends_on is None or span.ends_on > dates.closed_on):
        found.setdefault("ends_on", "after_closure")
    if not found and any(span.meets(other) for other in others):
        found["starts_on"] = "overlaps"
    return found
