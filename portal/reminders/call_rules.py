"""A call that a coach makes instead of an SMS or a voice: what names it, and what it says. Pure."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from portal.notices import rules as kinds

REMIND = "remind"
"""What a call says that no news of a meeting has caused."""
WRITTEN, SOMETHING_NEW = "written", kinds.SOMETHING_NEW
"""Staff have written to somebody; something else is new to them."""
NEWS = (WRITTEN, SOMETHING_NEW)
SEAT = kinds.SEAT
"""A seat in a group is offered."""


@dataclass(frozen=True)
class Call:
    """One call: since when, and what to say (a kind of news of a meeting, REMIND, SEAT, or one of NEWS).

    `subject` and `revision` name the meeting as it stands; of NEWS, the person and the day that it came on,
    and there is no `starts_at`; of SEAT, the seat and which offer of it, and `starts_at` is until when it
    can be answered. `tried`: the message with which a voice rang up before, and reached nobody;
    None where none did.
    """

    person_id: uuid.UUID
    subject: uuid.UUID
    revision: int
    says: str
    starts_at: datetime | None
    at: datetime
    phone: str
    tried: uuid.UUID | None = None

    @property
    def key(self) -> str:
        """Names the call: what was handled stays so until the meeting changes, more is new, or a voice fails
        again."""
        # Whether staff have written is said, and no other call.
        says = SOMETHING_NEW if self.says in NEWS else self.says
        key = f"call:{self.subject}:{self.revision}:{says}"
        return f"{key}:{self.tried}" if self.tried else key


def in_order(found: Iterable[Call]) -> tuple[Call, ...]:
    """The oldest first."""
    return tuple(sorted(found, key=lambda call: (call.at, call.key)))
