"""ORS and SRS typed from paper, as a coach would."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.feedback import record_service
from portal.feedback.record_service import Paper
from portal.web.asker import Asker


def typed(
    session: Session,
    coach: Asker,
    person_id: uuid.UUID,
    values: tuple[int | None, ...],
    at: datetime,
    *,
    scale: str = "ors",
    now: datetime | None = None,
    about: uuid.UUID | None = None,
) -> uuid.UUID:
    """Four numbers in tenths of one moment, typed then; gives the check-in."""
    paper = Paper(person_id, scale, values, about or uuid.uuid4(), at)
    return record_service.record(session, coach, paper, now or at)


def paper(session: Session, participant: Asker, coach: Asker, now: datetime) -> dict[str, object]:
    """Two ORS of a participant, the last of them corrected; and one typed a moment ago."""
    first = typed(session, coach, participant.person_id, (50, 60, 40, 70), now - timedelta(days=14))
    record_service.correct(
        session, coach, participant.person_id, first, (50, 60, 45, 70), reason="Skrev fel", now=now
    )
    last = typed(session, coach, participant.person_id, (40, 50, 30, 40), now - timedelta(minutes=1), now=now)
    return {"paper": last}
