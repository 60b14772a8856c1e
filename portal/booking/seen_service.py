"""Saying that one has seen what a participant did to a meeting. Nothing here commits."""

import uuid
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.booking import time_service
from portal.booking.models import MeetingChange
from portal.web.asker import Asker


def saw(session: Session, asker: Asker, meeting_id: uuid.UUID, revision: int, now: datetime) -> None:
    """The coach, or whoever stands in, has seen what the participant did up to a revision; twice is once.

    What the participant does after it is told anew. Raises NoResultFound for anybody else.
    """
    meeting = time_service.locked(session, asker, meeting_id)
    if meeting.coach_id not in {asker.person_id, *asker.stands_in_for}:
        raise NoResultFound
    session.execute(
        update(MeetingChange)
        .where(
            MeetingChange.appointment_id == meeting.id,
            MeetingChange.made_by == meeting.person_id,
            MeetingChange.revision <= revision,
            MeetingChange.seen_at.is_(None),
        )
        .values(seen_at=now)
    )
    time_service.note_change(session, asker, meeting)
