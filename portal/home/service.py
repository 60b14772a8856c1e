"""What a participant does from the first page that touches more than one room."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from portal.booking import queries as booking
from portal.feedback import service as feedback
from portal.feedback.models import CheckIn
from portal.feedback.rules import window
from portal.instruments.rules import When
from portal.languages import Language
from portal.organisation.queries import rules_of
from portal.web.asker import Asker


def begin_about(
    session: Session, asker: Asker, meeting_id: uuid.UUID, when: When, language: Language, now: datetime
) -> CheckIn:
    """The check-in before or after one of the asker's meetings, made now if it has not been begun.

    Raises NoResultFound for a meeting that is not theirs, NotOpenYet and Closed outside its window.
    """
    meeting = booking.occasion(session, asker, meeting_id)
    rules = rules_of(session, asker)
    opens = window(when, meeting.starts_at, meeting.ends_at, rules)
    return feedback.begin(
        session,
        asker,
        reference=meeting.id,
        instrument=when,
        opens_at=opens.opens_at,
        closes_at=opens.closes_at,
        language=language.code,
        direction=language.dir,
        now=now,
    )
