"""Telling participants by SMS what staff did with their meetings, except those that leave no trace (S33)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.booking.models import Appointment
from portal.messaging import queries as outbox
from portal.messaging import rules as messaging
from portal.notices import rules as kinds
from portal.notices import service as notices
from portal.notices.service import News

Told = Literal["booked", "moved", "moved_more", "changed", "cancelled"]
ToldTogether = Literal["changed", "cancelled"]
_TOGETHER: dict[str, ToldTogether] = {kinds.MANY_CHANGED: "changed", kinds.MANY_CANCELLED: "cancelled"}


def tell(session: Session, meeting: Appointment, kind: Told, now: datetime) -> None:
    """One neutral message about one meeting, in place of what still waits about it."""
    if not meeting.in_portal:
        return
    others = _waiting_with(session, meeting)
    notices.meeting_changed(
        session,
        person_id=meeting.person_id,
        appointment_id=meeting.id,
        revision=meeting.revision,
        kind=kind,
        starts_at=meeting.starts_at,
        now=now,
    )
    for said, rest in others:
        tell_together(session, rest, said, now)


def _waiting_with(session: Session, meeting: Appointment) -> list[tuple[ToldTogether, Sequence[Appointment]]]:
    """The other meetings of messages about several that wait under this one, and would go with it."""
    waiting = [one for one in outbox.about(session, meeting.id) if one.state == messaging.QUEUED]
    return [
        (_TOGETHER[one.kind], _changed_at(session, meeting, one.created_at))
        for one in waiting
        if one.kind in _TOGETHER
    ]


def _changed_at(session: Session, meeting: Appointment, moment: datetime) -> Sequence[Appointment]:
    """What changed for the same person in the same moment, and has not changed since."""
    return session.scalars(
        select(Appointment).where(
            Appointment.person_id == meeting.person_id,
            Appointment.id != meeting.id,
            Appointment.changed_at == moment,
        )
    ).all()


def tell_together(
    session: Session, meetings: Iterable[Appointment], kind: ToldTogether, now: datetime
) -> None:
    """One neutral message about all these meetings of one person."""
    shown = sorted((one for one in meetings if one.in_portal), key=lambda one: one.starts_at)
    if shown:
        news = [News(one.id, one.revision, one.starts_at) for one in shown]
        notices.meetings_changed(session, person_id=shown[0].person_id, kind=kind, news=news, now=now)
