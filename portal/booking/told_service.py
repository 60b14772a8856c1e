"""Telling participants by SMS what staff did with their meetings, except those that leave no trace (S33)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from portal.booking.models import Appointment
from portal.notices import service as notices
from portal.notices.service import News

Told = Literal["booked", "moved", "moved_more", "changed", "cancelled"]
ToldTogether = Literal["changed", "cancelled"]


def tell(session: Session, meeting: Appointment, kind: Told, now: datetime) -> None:
    """One neutral message about one meeting."""
    if meeting.in_portal:
        notices.meeting_changed(
            session,
            person_id=meeting.person_id,
            appointment_id=meeting.id,
            revision=meeting.revision,
            kind=kind,
            starts_at=meeting.starts_at,
            now=now,
        )


def tell_together(
    session: Session, meetings: Iterable[Appointment], kind: ToldTogether, now: datetime
) -> None:
    """One neutral message about all these meetings of one person."""
    shown = sorted((one for one in meetings if one.in_portal), key=lambda one: one.starts_at)
    if shown:
        news = [News(one.id, one.revision, one.starts_at) for one in shown]
        notices.meetings_changed(session, person_id=shown[0].person_id, kind=kind, news=news, now=now)
