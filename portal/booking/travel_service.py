"""Saying when one can be there and must leave. Nothing here commits."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.booking.models import OwnTravel
from portal.booking.travel_rules import Travel, to_json
from portal.identity.scope import participant
from portal.identity.service import lock_people
from portal.journal.service import note
from portal.web.asker import Asker


def set_travel(session: Session, asker: Asker, person_id: uuid.UUID, travel: Travel, now: datetime) -> None:
    """A participant's times are these: they say so themselves, or staff for them. Raises NoResultFound."""
    if person_id != asker.person_id:
        participant(session, asker, person_id, what="meetings")
    lock_people(session, (person_id,))
    row = session.scalars(select(OwnTravel).where(OwnTravel.person_id == person_id)).one_or_none()
    if row is None:
        row = OwnTravel(person_id=person_id)
        session.add(row)
    row.windows, row.energy, row.changed_at = to_json(travel), travel.energy, now
    session.flush()
    note(session, asker, action="change", kind="meetings", subject=person_id)
