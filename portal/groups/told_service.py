"""Telling participants what becomes of their sessions and of a free seat: neutrally, each once (S31, S33)."""

from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.groups.models import Group, GroupLeader, GroupPart, GroupSeat, GroupSession
from portal.notices import seat_service
from portal.notices import service as notices
from portal.notices.rules import Held

Told = Literal["booked", "moved", "moved_more", "changed", "cancelled", "cancelled_more"]


def how_held(session: Session, group: Group, one: GroupSession) -> Held:
    """How a session is held, for whoever chose to read more than its time; nobody is asked for a yes."""
    first = select(GroupLeader.leader_id).where(GroupLeader.group_id == group.id).order_by(GroupLeader.id)
    leader_id = session.scalars(first.limit(1)).first() or group.made_by
    return Held(group.mode, one.place or group.place, leader_id, confirmed=True)


def tell(
    session: Session, group: Group, one: GroupSession, part: GroupPart, kind: Told, now: datetime
) -> None:
    """One neutral message about one session, in place of what still waits about it."""
    if part.in_portal:
        notices.meeting_changed(
            session,
            person_id=part.person_id,
            appointment_id=part.id,
            revision=part.revision,
            kind=kind,
            starts_at=one.starts_at,
            now=now,
            held=how_held(session, group, one),
        )


def reaches(session: Session, seat: GroupSeat, now: datetime) -> bool:
    """Whether there is a way to tell somebody of a free seat: by a message, or by their coach, who rings."""
    return seat_service.way_to(session, seat.person_id, now) != ""


def was_told(session: Session, seat: GroupSeat) -> bool:
    """Whether the message of the offer that stands has left."""
    return seat_service.has_left(session, seat.id, seat.offers)


def offer(session: Session, seat: GroupSeat, now: datetime) -> None:
    """That there is something to answer, and until when; not what."""
    if seat.in_portal and seat.offered_until is not None:
        seat_service.seat_offered(
            session, seat.person_id, about=seat.id, number=seat.offers, until=seat.offered_until, now=now
        )
