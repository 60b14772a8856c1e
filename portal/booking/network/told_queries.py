"""Whether what waits to be told to a party is true still. For the worker."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from portal.booking import rules as meetings
from portal.booking.models import Appointment
from portal.booking.network.models import MeetingParty
from portal.identity.models import Person
from portal.messaging.models import OutboxMessage
from portal.notices.invitation_rules import CANCELLED

# Made once: an alias anew for each question costs more than the question.
COLLEAGUE = aliased(Person)


def stands(session: Session, message: OutboxMessage, now: datetime) -> bool:
    """Whether a message to a party says how the meeting stands, and the party is still to hear it."""
    row = session.execute(
        select(MeetingParty, Appointment, COLLEAGUE.disabled_at)
        .join(Appointment, Appointment.id == MeetingParty.appointment_id)
        .join(Person, Person.id == Appointment.person_id)
        .outerjoin(COLLEAGUE, COLLEAGUE.id == MeetingParty.person_id)
        .where(MeetingParty.id == message.subject, Person.protected.is_(False))
    ).one_or_none()
    if row is None or row[2] is not None or row[1].starts_at <= now:
        return False
    party, meeting = row[0], row[1]
    if party.removed_at is not None:
        # They need not come, whatever becomes of the meeting.
        return message.kind == CANCELLED
    off = meeting.state != meetings.BOOKED
    return meeting.revision == message.revision and off == (message.kind == CANCELLED)
