"""When a participant can be there and must leave."""

import uuid
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.booking.models import OwnTravel
from portal.booking.travel_rules import ANY_TIME, Travel


def travel_of(session: Session, person_id: uuid.UUID) -> Travel:
    """One participant's; ANY_TIME where they have said nothing. The caller has checked the person."""
    return travels_of(session, (person_id,)).get(person_id, ANY_TIME)


def travels_of(session: Session, person_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Travel]:
    """Those of several who have said something; one query. The caller has checked the people."""
    rows = session.scalars(select(OwnTravel).where(OwnTravel.person_id.in_(person_ids)))
    return {row.person_id: row.as_travel for row in rows}
