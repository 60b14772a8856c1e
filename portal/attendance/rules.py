"""What can come of a meeting for its participant, and how long it lasted. Instants are in UTC."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

UNKNOWN, CAME, LATE, SENT_WORD, ABSENT = STATES = ("none", "came", "late", "sent_word", "absent")
"""Nobody has noted it; came; came late; did not come and had said so; did not come."""
MET = (CAME, LATE)
NOT_MET = (SENT_WORD, ABSENT)

SLIP = timedelta(minutes=10)
"""For how long whoever noted something may note something else without leaving a correction."""
FIRST_DOOR, SECOND_DOOR, PAPER = METHODS = ("code", "pin", "paper")
"""How somebody signs: on their own phone by a code, by code and PIN, or on paper, which staff note."""
SIGNED_FOR = timedelta(days=62)
"""For how long one can sign: until the end of the month after, in which the sheet of a month is made."""


@dataclass(frozen=True, slots=True)
class Noted:
    """What stands, or stood, of somebody's attendance: the state, and the actual times if they are known."""

    state: str
    met_from: datetime | None = None
    met_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Corrected:
    """One correction: what stood before, what it became, when, by whom (the whole name), and why ("")."""

    was: Noted
    becomes: str
    at: datetime
    by: str
    why: str


def coarse(state: str) -> tuple[str, str]:
    """A state as it is counted, `came` or `absent`, and what is added to it: `late`, `sent_word` or ""."""
    return {LATE: (CAME, LATE), SENT_WORD: (ABSENT, SENT_WORD)}.get(state, (state, ""))


def is_correction(
    before: str, noted_at: datetime | None, now: datetime, *, same_person: bool, signed: bool
) -> bool:
    """Whether another note leaves the old value behind: not in place of none, nor of an own slip just made.

    What the participant has signed already is never changed without a trace.
    """
    if before == UNKNOWN or noted_at is None:
        return False
    return signed or not same_person or now > noted_at + SLIP


def signing_open(state: str, starts_at: datetime, now: datetime) -> bool:
    """Whether "I was here" can be signed: once it has begun, unless staff have noted that nobody came."""
    return state not in NOT_MET and starts_at <= now <= starts_at + SIGNED_FOR


def is_late_signing(ends_at: datetime, signed_at: datetime, zone: ZoneInfo) -> bool:
    """Whether somebody signed on a later day than that of the meeting, in local time."""
    return signed_at.astimezone(zone).date() > ends_at.astimezone(zone).date()


@dataclass(frozen=True, slots=True)
class Signing:
    """How a signature stands: given on a later day than that of the meeting, or to be given now."""

    late: bool
    is_open: bool


def signing(
    state: str,
    span: tuple[datetime, datetime],
    signed_at: datetime | None,
    zone: ZoneInfo,
    now: datetime,
    *,
    asked: bool,
) -> Signing:
    """Of a meeting from the first to the last moment of `span`; `asked`: the house wants signatures of it."""
    if signed_at is not None:
        return Signing(is_late_signing(span[1], signed_at, zone), False)
    return Signing(False, asked and signing_open(state, span[0], now))


def unsign_open(signed_at: datetime | None, now: datetime) -> bool:
    """Whether the participant may take the own signature back: a slip of the finger."""
    return signed_at is not None and now <= signed_at + SLIP


def span_is_likely(starts_at: datetime, ends_at: datetime, met_from: datetime, met_until: datetime) -> bool:
    """Whether actual times can be those of this meeting: in order, and within four hours of the plan."""
    slack = timedelta(hours=4)
    return starts_at - slack <= met_from < met_until <= ends_at + slack


def minutes_met(
    state: str,
    starts_at: datetime,
    ends_at: datetime,
    met_from: datetime | None = None,
    met_until: datetime | None = None,
) -> int:
    """How many whole minutes somebody took part: the actual times, where none stand the planned; else 0."""
    if state not in MET:
        return 0
    return int(((met_until or ends_at) - (met_from or starts_at)) / timedelta(minutes=1))


def month_of(text: str) -> date | None:
    """The first day of a month from 2000 to 2999 that an address names as `2026-11`; None for any other."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    # Beyond these the month before or after could lead out of the calendar.
    return found if 2000 <= found.year <= 2999 else None


def next_month(first: date) -> date:
    """The first day of the month after."""
    return (first + timedelta(days=31)).replace(day=1)


def month_before(first: date) -> date:
    """The first day of the month before."""
    return (first - timedelta(days=1)).replace(day=1)
