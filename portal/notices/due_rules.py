"""What a message about something with a time needs to know, whichever room the time is of. Pure."""

import uuid
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Due:
    """A booked meeting that starts soon, for a reminder. `settled_at`: when it got this time and place.

    `timing`: when its person wants to be reminded (of `reminder_rules.TIMINGS`), chosen at `timing_at`.
    `earliest_hour`, `latest_hour`: between which its person wants to be written to, None as the house has it.
    """

    id: uuid.UUID
    organisation_id: uuid.UUID
    person_id: uuid.UUID
    starts_at: datetime
    revision: int
    settled_at: datetime
    timing: str
    timing_at: datetime | None
    earliest_hour: int | None
    latest_hour: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a meeting stands: its revision, whether it is cancelled and its person still enrolled."""

    revision: int
    cancelled: bool
    enrolled: bool
