"""Who gets an own message and who does not, when it leaves, what it takes, and what is asked about first."""

import hashlib
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from portal.notices.rules import EMAIL, GRACE, SMS, Hours, Standing, refusal

MOST_UNASKED, MOST_UNASKED_ORE = 30, 10_000
"""Ours: more people than one coach is to have, or more than 100 kronor, are confirmed by typing how many."""
SWEDISH = "sv"

UNSAFE, CLOSED, SHUT_OUT, NO_NUMBER = "unsafe", "left", "shut out", "no number"
HAD, NO_TEXT, OUT_OF_HOURS = "had", "no text", "out of hours"
"""Why somebody does not get it, beside the codes of `rules.refusal`."""


@dataclass(frozen=True)
class Reader:
    """Somebody who was chosen. `closed`: they have left. `had`: they get the same that day already.

    `out_of_hours`: they want nothing more that day, once it can leave.
    """

    person_id: uuid.UUID
    language: str
    standing: Standing
    closed: bool = False
    had: bool = False
    out_of_hours: bool = False


@dataclass(frozen=True)
class Body:
    """What is said in one language, as it leaves, and how many parts it takes."""

    language: str
    text: str
    parts: int


@dataclass(frozen=True)
class Going:
    """Somebody who gets it, and how it is said to them; `by_mail`: as an e-mail, which is no SMS."""

    person_id: uuid.UUID
    body: Body
    by_mail: bool = False

    @property
    def channel(self) -> str:
        """By which channel it leaves."""
        return EMAIL if self.by_mail else SMS

    @property
    def parts(self) -> int:
        """The SMS that it is counted and paid as."""
        return 0 if self.by_mail else self.body.parts


@dataclass(frozen=True)
class LeftOut:
    """Somebody who does not get it, and why, as a code of `sending_words.WHY_NOT`."""

    person_id: uuid.UUID
    reason: str


@dataclass(frozen=True)
class Plan:
    """What would be done now. `version` is of the texts; it is of use until `expires_at`."""

    going: tuple[Going, ...]
    left_out: tuple[LeftOut, ...]
    version: int
    leaves_at: datetime
    expires_at: datetime
    ore_a_part: int

    def ways(self, language: str = "") -> Counter[str]:
        """How many get it by which channel; `language`: of those who get it in this one."""
        return Counter(one.channel for one in self.going if language in ("", one.body.language))

    @property
    def parts(self) -> int:
        """The parts of all of it."""
        return sum(one.parts for one in self.going)

    @property
    def ore(self) -> int:
        """What all of it costs, in öre."""
        return self.parts * self.ore_a_part

    @property
    def is_asked(self) -> bool:
        """Whether it is so much that the number is to be typed first."""
        return len(self.going) > MOST_UNASKED or self.ore > MOST_UNASKED_ORE

    @property
    def lacks_text(self) -> bool:
        """Whether somebody is left out for their language alone."""
        return any(one.reason == NO_TEXT for one in self.left_out)

    @property
    def digest(self) -> str:
        """What tells this plan from every other: who gets what, how, by which texts, which day; 16 digits."""
        said = sorted(f"{one.person_id} {one.body.language} {one.by_mail}" for one in self.going)
        # The moment moves while one reads; that it leaves another day is another thing.
        facts = [str(self.version), self.expires_at.isoformat(), *said]
        return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:16]


def plan(
    readers: Iterable[Reader],
    bodies: Mapping[str, Body],
    *,
    swedish_too: bool,
    version: int,
    leaves: tuple[datetime, datetime],
    ore_a_part: int,
) -> Plan:
    """What is done with these people; `leaves` is of `lifetime`.

    Whoever reads a language in which there is no text is left out, unless `swedish_too`.
    """
    going, left_out = [], []
    for one in readers:
        body = bodies.get(one.language) or (bodies.get(SWEDISH) if swedish_too else None)
        reason = why_not(one)
        if body and not reason:
            going.append(Going(one.person_id, body, one.standing.way == EMAIL))
        else:
            left_out.append(LeftOut(one.person_id, reason or NO_TEXT))
    return Plan(tuple(going), tuple(left_out), version, *leaves, ore_a_part)


def why_not(reader: Reader) -> str:
    """Why somebody gets no own message whatever it says, as a code; "" when they do."""
    known = reader.standing
    if known.unsafe:
        return UNSAFE
    if reader.closed:
        return CLOSED
    if known.disabled:
        return SHUT_OUT
    if not known.has_phone and known.way != EMAIL:
        return NO_NUMBER
    return refusal(known) or (HAD if reader.had else OUT_OF_HOURS if reader.out_of_hours else "")


def lifetime(now: datetime, hours: Hours) -> tuple[datetime, datetime]:
    """When what is sent now may begin to leave, and from when it is of no use any more: that same day's end.

    "Closed today" that arrives tomorrow is worse than none.
    """
    leaves_at = hours.open_from(now)
    day = leaves_at.astimezone(hours.zone).date()
    closes = datetime.combine(day, time(hours.latest), hours.zone).astimezone(UTC) + GRACE
    return leaves_at, closes


@dataclass(frozen=True)
class Day:
    """The day on which something leaves, as of `lifetime`, and the hours of the house."""

    leaves_at: datetime
    closes: datetime
    hours: Hours

    @property
    def begins(self) -> datetime:
        """When it begins."""
        zone = self.hours.zone
        return datetime.combine(self.leaves_at.astimezone(zone).date(), time(), zone).astimezone(UTC)

    def is_over(self, earliest: int | None, latest: int | None) -> bool:
        """Whether somebody with these hours of their own gets nothing more on it."""
        own = self.hours.narrowed(earliest, latest)
        return own.open_from(self.leaves_at, own.grace) >= self.closes


def minutes(takes: timedelta) -> int:
    """So long in whole minutes, at least one."""
    return max(1, -(-takes // timedelta(minutes=1)))
