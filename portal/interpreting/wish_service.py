"""What a participant wishes of whoever interprets for them. Nothing here commits."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.identity.service import lock_people
from portal.interpreting.order_models import InterpreterWish
from portal.interpreting.order_queries import KIND
from portal.journal.service import note
from portal.web.asker import Asker


def set_wish(session: Session, asker: Asker, gender: str, dialect: str, now: datetime) -> InterpreterWish:
    """The asker's own wish becomes this; what is ordered already stays as it is."""
    lock_people(session, (asker.person_id,))
    own = select(InterpreterWish).where(InterpreterWish.person_id == asker.person_id)
    row = session.scalars(own).one_or_none()
    if row is None:
        row = InterpreterWish(person_id=asker.person_id)
        session.add(row)
    row.gender, row.dialect, row.changed_at = gender, dialect, now
    session.flush()
    note(session, asker, action="change", kind=KIND, subject=asker.person_id)
    return row
