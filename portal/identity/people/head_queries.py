"""The head of a page about a participant's content, for whoever may read it."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from portal.identity import scope
from portal.identity.people.person_queries import Head, head
from portal.web.asker import Asker


def headed(session: Session, asker: Asker, person_id: uuid.UUID, now: datetime, *, what: str) -> Head:
    """The head of a page on which `what` of a participant is read. Raises NoResultFound outside the scope."""
    person = scope.participant(session, asker, person_id, what=what)
    return head(session, asker, person, now.astimezone(asker.zone).date(), content=True)
