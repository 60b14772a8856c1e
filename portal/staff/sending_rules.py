"""Who is in a list of people to write to: filters, and what each choice means. Pure."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

NO_MEETING = "none"
WITHIN_DAYS = ("1", "3", "7", "14")
MEETINGS = (NO_MEETING, *WITHIN_DAYS)
"""No meeting booked, or one within so many days."""
INSIDE, OUTSIDE = "in", "out"
PORTAL = (INSIDE, OUTSIDE)
"""Whether somebody has chosen a PIN, and so has been in the portal."""


@dataclass(frozen=True)
class Filter:
    """Which of the asker's participants are listed; "" and None: whatever it is."""

    language: str = ""
    team_id: uuid.UUID | None = None
    programme_id: uuid.UUID | None = None
    coach_id: uuid.UUID | None = None
    portal: str = ""
    meeting: str = ""


@dataclass(frozen=True)
class Candidate:
    """Somebody who can be chosen. `next_at`: their next meeting."""

    person_id: uuid.UUID
    name: str
    language: str
    next_at: datetime | None


def meeting_fits(chosen: str, next_at: datetime | None, now: datetime) -> bool:
    """Whether somebody whose next meeting is then is listed under this choice of `MEETINGS`, or ""."""
    if chosen == NO_MEETING:
        return next_at is None
    return not chosen or (next_at is not None and next_at <= now + timedelta(days=int(chosen)))


def listed(people: Iterable[Candidate], chosen: Filter, now: datetime) -> tuple[Candidate, ...]:
    """Those whose meetings are as asked for."""
    return tuple(one for one in people if meeting_fits(chosen.meeting, one.next_at, now))
