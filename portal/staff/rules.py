"""Who needs attention, in which order, and for how long a handled cause stays away.

A cause has a key that names the very event (a check-in, a meeting, a question). What was handled is
handled by key: only a new event brings the person back.
"""

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

DOWN, HELP, QUESTION = "down", "help", "question"
MISSED, SMS, NO_MEETING = "missed", "sms", "no_meeting"
CALL, NUMBER = "call", "number"
"""Somebody who is rung up instead of an SMS; a number that has been silent for too long."""
MESSAGE = "message"
"""A participant has written, or wants to be rung up, and has no answer."""
SCALE, STILL, UNASKED = "scale", "still", "unasked"
"""ORS or SRS down or low; ORS without change; SRS missing twice in a row."""
FOLLOW_UP = "follow_up"
"""Somebody who has left is to be asked how it goes."""
URGENCY = (
    *(DOWN, SCALE, HELP, MESSAGE, QUESTION, CALL, MISSED, STILL, UNASKED, SMS, NUMBER, NO_MEETING),
    FOLLOW_UP,
)
"""The most urgent first: feedback helps most for those who are off track (d = 0.29 against 0.14 overall)."""

ANSWERS, PLAN, WRITTEN = "answers", "plan", "conversation"
READ_OF = {
    DOWN: ANSWERS,
    SCALE: ANSWERS,
    STILL: ANSWERS,
    HELP: PLAN,
    QUESTION: PLAN,
    MESSAGE: WRITTEN,
    FOLLOW_UP: FOLLOW_UP,
}
"""What of a person's is read with a cause, as the journal names it."""

CALLED, BOOKED, NOT_NEEDED, LATER = "called", "booked", "not_needed", "later"
OUTCOMES = (CALLED, BOOKED, NOT_NEEDED, LATER)
MORNING_HOUR = 7


@dataclass(frozen=True)
class Cause:
    """One reason to think of somebody. `facts` are what its sentence is made of.

    `rank`: the place within its kind, the worst first. `late`: an answer was promised for an earlier day.
    `wish`: they have asked to be rung up.
    """

    person_id: uuid.UUID
    kind: str
    key: str
    at: datetime
    facts: Mapping[str, object] = field(default_factory=dict)
    rank: int = 0
    late: bool = False
    wish: bool = False


@dataclass(frozen=True)
class Mark:
    """What was recorded about a cause: how it was handled, and until when it was put off."""

    outcome: str
    until: datetime | None = None
    note: str = ""


@dataclass(frozen=True)
class Need:
    """One person on the list: the most urgent cause leads, the others follow."""

    person_id: uuid.UUID
    causes: tuple[Cause, ...]
    note: str = ""

    @property
    def first(self) -> Cause:
        """The cause that the row's sentence tells."""
        return self.causes[0]

    @property
    def late(self) -> bool:
        """Whether they were promised an answer for an earlier day, about whatever it is."""
        return any(cause.late for cause in self.causes)


ASKS = frozenset({HELP, MESSAGE})
"""What is answered where it was asked: while it is open there, nothing that was recorded here ends it."""


def still_open(cause: Cause, marks: Mapping[str, Mark], now: datetime) -> bool:
    """Whether nobody has handled this very cause, or the time it was put off to has come."""
    mark = marks.get(cause.key)
    if mark is None or (cause.kind in ASKS and mark.outcome != LATER):
        return True
    return mark.outcome == LATER and mark.until is not None and mark.until <= now


def needs(causes: Iterable[Cause], marks: Mapping[str, Mark], now: datetime) -> tuple[Need, ...]:
    """One row a person, the most urgent first; of what is as bad, whoever has waited longest."""
    people: dict[uuid.UUID, list[Cause]] = {}
    for cause in causes:
        if still_open(cause, marks, now):
            people.setdefault(cause.person_id, []).append(cause)
    rows = []
    for person_id, theirs in people.items():
        theirs.sort(key=_order)
        notes = [marks[cause.key].note for cause in theirs if cause.key in marks]
        rows.append(Need(person_id, tuple(theirs), next(filter(None, notes), "")))
    return tuple(sorted(rows, key=lambda need: (*_order(need.first), need.person_id)))


def late(causes: Iterable[Cause]) -> int:
    """How many people have no answer in time, each once; what was put off waits still."""
    return len({cause.person_id for cause in causes if cause.late})


def to_ring(rows: Iterable[Need], callers: Collection[uuid.UUID]) -> int:
    """How many people are to be rung up: who asked for it, and who has a call, of those in `callers`."""
    return sum(
        any(cause.wish or (cause.kind == CALL and row.person_id in callers) for cause in row.causes)
        for row in rows
    )


def may_settle(key: str, outcome: str) -> bool:
    """Whether a cause is settled by a tap on the list.

    What somebody wants to talk about stands there until the talk itself is recorded, and who has left until
    it is written down what they do; both can be put off alone.
    """
    return outcome == LATER or not key.startswith((f"{QUESTION}:", f"{FOLLOW_UP}:"))


def _order(cause: Cause) -> tuple[int, int, datetime, str]:
    return URGENCY.index(cause.kind), cause.rank, cause.at, cause.key


def message_key(message_id: uuid.UUID) -> str:
    """Names the cause that a message is."""
    return f"{MESSAGE}:{message_id}"


def later(today: date, days: int) -> date:
    """The day that is `days` away, moved on to Monday from a Saturday or a Sunday."""
    day = today + timedelta(days=days)
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() > 4 else day
