"""An interpreter who was let in, for the guards and for tests."""

from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy.orm import Session

from portal.booking.models import Appointment
from portal.interpreter.views import GRANT
from portal.interpreting import service
from portal.interpreting.rules import Talk
from portal.plan import talk_queries
from portal.web.asker import Asker

__all__ = ["GRANT", "grant_token"]


def grant_token(
    session: Session, coach: Asker, meeting_id: object, now: datetime, language: str = "ar"
) -> str:
    """The token of an interpreter whom the coach has let in to this meeting, with all of the plan's texts."""
    meeting = session.get_one(Appointment, cast(UUID, meeting_id))
    talk = Talk(meeting.id, meeting.person_id, meeting.starts_at, meeting.ends_at)
    shown = [item.id for item in talk_queries.for_coach(session, coach, meeting.person_id, language, now)]
    code = service.let_in(session, coach, talk, language=language, shown=shown, now=now)
    return service.redeem(session, code, now)
