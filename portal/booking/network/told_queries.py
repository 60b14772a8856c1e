"""Whether what waits to be told to a party is true still. For the worker."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.booking import rules as meetings
from portal.booking.models import Appointment
from portal.booking.network.models import MeetingParty
from portal.messaging.models import OutboxMessage
from portal.notices.invitation_rules import CANCELLED


def stands(session: Session, message: OutboxMessage, now: datetime) -> bool:
    """Whether a message to a party says how the meeting stands, and the party is still to hear it."""
    row = session.execute(
        select(MeetingParty, Appointment)
        .join(Appointment, Appointment.id == MeetingParty.appointment_id)
        .where(MeetingParty.id == message.subject)
    ).one_or_none()
    if row is None:
        return False
    party, meeting = row[0], row[1]
    if meeting.revision != message.revision or meeting.starts_at <= now:
        return False
    off = meeting.state != meetings.BOOKED or party.removed_at is not None
    return off == (message.kind == CANCELLED)
