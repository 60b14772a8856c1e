"""Telling participants by SMS what staff did with a meeting, unless it leaves no trace (S33)."""

from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from portal.booking.models import Appointment
from portal.notices import service as notices
from portal.notices.rules import Held

Told = Literal["booked", "moved", "moved_more", "changed", "cancelled"]


def tell(session: Session, meeting: Appointment, kind: Told, now: datetime) -> None:
    """One neutral message about one meeting, in place of what still waits about it.

    Of several meetings each has its own: it names its time, and is dropped when that meeting changes again.
    """
    if meeting.in_portal:
        notices.meeting_changed(
            session,
            person_id=meeting.person_id,
            appointment_id=meeting.id,
            revision=meeting.revision,
            kind=kind,
            starts_at=meeting.starts_at,
            now=now,
            held=Held(meeting.mode, meeting.place, meeting.coach_id),
        )
