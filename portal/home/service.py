"""What a participant does from the first page that touches more than one room."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from portal.booking import queries as booking
from portal.feedback import service as feedback
from portal.feedback.asking_queries import opened_for, sent_about
from portal.feedback.rules import window
from portal.instruments.rules import When
from portal.languages import Language
from portal.organisation.queries import rules_of
from portal.web.asker import Asker


def begin_about(
    session: Session, asker: Asker, meeting_id: uuid.UUID, when: When, language: Language, now: datetime
) -> uuid.UUID:
    """The id of the check-in before or after one of the asker's meetings, made if it has not been begun.

    What was begun is gone on with, whatever the organisation has chosen since. Raises NoResultFound for a
    meeting that is not theirs, NotOpenYet and Closed outside its window, and Closed where paper is used.
    """
    meeting = booking.occasion(session, asker, meeting_id)
    rules = rules_of(session, asker)
    instrument = opened_for(session, asker, meeting.id, now).asked(meeting.id, when, rules)
    if instrument is None:
        sent = sent_about(session, asker, meeting.id, when)
        if sent is None:
            raise feedback.Closed
        return sent
    opens = window(when, meeting.starts_at, meeting.ends_at, rules)
    return feedback.begin(
        session,
        asker,
        reference=meeting.id,
        instrument=instrument,
        opens_at=opens.opens_at,
        closes_at=opens.closes_at,
        language=language.code,
        direction=language.dir,
        now=now,
    ).id
