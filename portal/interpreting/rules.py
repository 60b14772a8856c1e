"""When an interpreter may read what a meeting needs (S8). Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

BEFORE, AFTER = timedelta(hours=24), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Talk:
    """A meeting as this room knows it: what it is called elsewhere, whose it is, and when."""

    meeting_id: UUID
    person_id: UUID
    starts_at: datetime
    ends_at: datetime

    @property
    def opens_at(self) -> datetime:
        """From when an interpreter may read."""
        return self.starts_at - BEFORE

    @property
    def closes_at(self) -> datetime:
        """From when an interpreter may read no longer."""
        return self.ends_at + AFTER

    def is_early(self, now: datetime) -> bool:
        """Whether it is too long before the meeting."""
        return now < self.opens_at

    def is_over(self, now: datetime) -> bool:
        """Whether it is too long after the meeting."""
        return now >= self.closes_at
