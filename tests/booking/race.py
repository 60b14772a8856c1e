"""One contender in a race for a time or a room."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.booking import queries, service
from portal.booking.time_service import Wish
from portal.web.asker import Asker


@dataclass(frozen=True)
class Try:
    """What one process does when the barrier falls: book, or (with `moving`) move a meeting.

    With `room` a coach books `person_id` into it.
    """

    asker: Asker
    starts_at: datetime
    key: uuid.UUID
    now: datetime
    moving: uuid.UUID | None = None
    room: uuid.UUID | None = None
    person_id: uuid.UUID | None = None

    def look(self, session: Session) -> object:
        """The times, as somebody sees them who chooses one."""
        if self.room is not None:
            return None
        return queries.offer(session, self.asker, self.now, self.moving)

    def run(self, session: Session) -> str:
        """The id of the meeting that holds the time afterwards."""
        if self.moving is not None:
            return str(service.move_own(session, self.asker, self.moving, self.starts_at, self.now).id)
        if self.room is not None and self.person_id is not None:
            wish = Wish(self.starts_at, "on_site", self.key, room=self.room)
            return str(service.book_for(session, self.asker, self.person_id, wish, self.now, anyway=True).id)
        wish = Wish(self.starts_at, "phone", self.key)
        return str(service.book_own(session, self.asker, wish, self.now).id)
