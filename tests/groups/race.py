"""One contender in a race for a seat."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.groups import seat_service
from portal.groups.models import Group
from portal.web.asker import Asker

JOIN, ACCEPT, EXPIRE = "join", "accept", "expire"


@dataclass(frozen=True)
class Try:
    """What one process does when the barrier falls; without an asker it is the worker."""

    what: str
    group_id: uuid.UUID
    now: datetime
    asker: Asker | None = None

    def look(self, session: Session) -> object:
        """The groups."""
        return session.scalars(select(Group.id)).all()

    def run(self, session: Session) -> str:
        """How the seat stands afterwards; of the worker how many offers it took back."""
        if self.asker is None:
            return str(seat_service.round_of(session, self.now))
        act = seat_service.join if self.what == JOIN else seat_service.accept
        return act(session, self.asker, self.group_id, self.now).state
