"""What others learn about meetings: plain facts, already cut to what the asker may see."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from portal.availability.queries import Keeper
from portal.availability.rules import Span


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting as the asker may see it: behind the first door `coach` and `place` are ""."""

    id: uuid.UUID
    person_id: uuid.UUID
    starts_at: datetime
    ends_at: datetime
    mode: str
    state: str
    attendance: str
    confirmed: bool
    by_participant: bool
    in_portal: bool
    uid: uuid.UUID
    revision: int
    changed_at: datetime
    person: str = ""
    coach: str = ""
    place: str = ""
    cancel_reason: str = ""
    can_change: bool = False
    can_confirm: bool = False
    can_restore: bool = False
    can_note: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """A booked meeting that starts soon, for a reminder. `settled_at`: when it got this time and place."""

    id: uuid.UUID
    organisation_id: uuid.UUID
    person_id: uuid.UUID
    starts_at: datetime
    revision: int
    booked_at: datetime
    settled_at: datetime


@dataclass(frozen=True, slots=True)
class Occasion:
    """The time of a meeting and whose it is: what a check-in needs to know."""

    id: uuid.UUID
    person_id: uuid.UUID
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Missed:
    """A meeting to which the participant did not come."""

    id: uuid.UUID
    person_id: uuid.UUID
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class WithoutNext:
    """A participant with no meeting ahead; `days` since the two last met, None if they never did."""

    person_id: uuid.UUID
    last_met_at: datetime | None
    days: int | None


@dataclass(frozen=True, slots=True)
class OwnMeetings:
    """A participant's meetings: those ahead, soonest first, and the last few that are over."""

    ahead: tuple[Meeting, ...]
    past: tuple[Meeting, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be booked: the times, the first ones to show, and how one can meet."""

    held: Keeper
    times: tuple[Span, ...]
    first: tuple[Span, ...]
    modes: tuple[str, ...]
