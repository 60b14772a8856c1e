"""Telling participants by SMS what staff did with a meeting, unless it leaves no trace (S33)."""

from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from portal.booking.models import Appointment
from portal.messaging.models import OutboxMessage
from portal.notices import service as notices
from portal.notices.rules import Held

Told = Literal["booked", "moved", "moved_more", "changed", "cancelled", "cancelled_more"]


def tell(
    session: Session, meeting: Appointment, kind: Told, now: datetime, *, from_: datetime | None = None
) -> OutboxMessage | None:
    """One neutral message about one meeting, in place of what still waits about it; `from_` then, else now.

    Of several meetings each has its own: it names its time, and is dropped when that meeting changes again.
    None where no message leaves: there is no trace of the meeting, nothing may be sent, or somebody rings.
    """
    if not meeting.in_portal:
        return None
    return notices.meeting_changed(
        session,
        person_id=meeting.person_id,
        appointment_id=meeting.id,
        revision=meeting.revision,
        kind=kind,
        starts_at=meeting.starts_at,
        now=now,
        not_before=from_,
        held=Held(meeting.mode, meeting.place, meeting.coach_id),
    )
