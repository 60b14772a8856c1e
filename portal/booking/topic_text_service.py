"""What translators get of what a meeting is to be about. Nothing here commits."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.booking.models import Appointment
from portal.booking.network import agenda_service
from portal.booking.rules import BOOKED
from portal.booking.topic_models import MeetingTopic
from portal.booking.topic_rules import STAFF
from portal.wording import service as wording
from portal.wording.rules import SWEDISH

KIND = "topic"
"""What translators know such words as."""


def follow(session: Session, meeting: Appointment, row: MeetingTopic, now: datetime) -> None:
    """Let the words be known as they stand: of a meeting that stands, and where the other side reads them.

    What a participant writes in Swedish is read as it is, and so is what staff write in their language.
    """
    foreign = (row.side == STAFF) == (row.language == SWEDISH)
    wanted = foreign and meeting.state == BOOKED and meeting.in_portal
    whose = (meeting.organisation_id, meeting.person_id)
    text = wording.Text(whose, KIND, row.id, row.words, wanted=wanted, language=row.language)
    wording.follow(session, text, now)


def follow_all(session: Session, meeting: Appointment, now: datetime) -> None:
    """A meeting is cancelled, or stands again: so do the words about it."""
    for row in session.scalars(select(MeetingTopic).where(MeetingTopic.appointment_id == meeting.id)):
        if row.words:
            follow(session, meeting, row, now)
    agenda_service.follow(session, meeting, now)
