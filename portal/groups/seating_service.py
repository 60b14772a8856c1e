"""What taking and giving up a seat comes down to. The caller holds the group. Nothing here commits.

Whoever takes a seat is to come to each session that is left, and their time is held for it.
"""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from portal.availability.models import BusyTime
from portal.availability.rules import Span
from portal.availability.service import Holding, Taken, occupy, release
from portal.groups import reach_queries as reach
from portal.groups import rules, told_service
from portal.groups.models import Group, GroupPart, GroupSeat, GroupSession
from portal.identity.models import Person
from portal.identity.service import lock_people
from portal.notices.hours_queries import hours_of
from portal.organisation import queries as organisations
from portal.web.asker import Asker
from portal.web.errors import Refused

PART = "group_part"
"""What a participant's busy time is for when it is a session's."""


class Over(Refused):
    """The group does not meet again."""


class NotForThem(Refused):
    """The person is not enrolled in the group's team, or has protected identity."""


def fill(session: Session, group: Group, now: datetime, passed: Collection[uuid.UUID] = frozenset()) -> None:
    """Offer each free seat to the first in the queue, whose time begins now.

    Passed over, with their turn kept, is whoever may not join at present or cannot be told; `passed`: who
    comes after all others this time.
    """
    known = seats_of(session, group)
    queue = sorted(_askable(session, group, known), key=lambda one: (one.person_id in passed, one.turn or 0))
    taken = [one.number for one in known if one.number is not None]
    last = session.scalar(select(func.max(GroupSession.starts_at)).where(*planned(group, now)))
    for seat in queue:
        number = rules.free_number(taken, group.capacity)
        if number is None:
            return
        until = _until(session, group, seat, now, last)
        if until is None:
            return
        if not seat.in_portal:
            # Nobody who must see no trace of the group can answer.
            sit(session, group, seat, number, now, None)
            taken.append(number)
            continue
        if not told_service.reaches(session, seat, now):
            continue
        taken.append(number)
        seat.state, seat.number, seat.turn = rules.OFFERED, number, None
        seat.offered_until, seat.offers = until, seat.offers + 1
        seat.changed_at, seat.changed_by = now, None
        session.flush()
        told_service.offer(session, seat, now)


def _askable(session: Session, group: Group, known: Sequence[GroupSeat]) -> list[GroupSeat]:
    waiting = [one for one in known if one.turn is not None]
    if not waiting:
        return []
    fits = select(Person.id).join(Group, Group.id == group.id)
    may = set(
        session.scalars(fits.where(Person.id.in_([one.person_id for one in waiting]), reach.may_join()))
    )
    return [one for one in waiting if one.person_id in may]


def clashing(
    session: Session, person_ids: Sequence[uuid.UUID], sessions: Sequence[GroupSession]
) -> dict[uuid.UUID, list[GroupSession]]:
    """Which of these sessions each of these people has something else at; one query."""
    if not sessions or not person_ids:
        return {}
    rows = session.execute(
        select(BusyTime.subject_id, BusyTime.starts_at, BusyTime.ends_at).where(
            BusyTime.subject_id.in_(person_ids),
            BusyTime.ends_at > min(one.starts_at for one in sessions),
            BusyTime.starts_at < max(one.ends_at for one in sessions),
            or_(BusyTime.cause_kind != PART, BusyTime.cause_id.not_in(_parts_of(sessions))),
        )
    ).all()
    found: dict[uuid.UUID, list[GroupSession]] = {}
    for one in sessions:
        span = Span(one.starts_at, one.ends_at)
        for person_id in {row.subject_id for row in rows if span.meets(Span(row.starts_at, row.ends_at))}:
            found.setdefault(person_id, []).append(one)
    return found


def _parts_of(sessions: Sequence[GroupSession]) -> Select[uuid.UUID]:
    return select(GroupPart.id).where(GroupPart.session_id.in_([one.id for one in sessions]))


def upcoming(session: Session, group: Group, now: datetime) -> Sequence[GroupSession]:
    """The sessions that the group has left, in order."""
    wanted = select(GroupSession).where(*planned(group, now))
    return session.scalars(wanted.order_by(GroupSession.starts_at)).all()


def take_part(session: Session, group: Group, seat: GroupSeat, one: GroupSession, now: datetime) -> None:
    """Somebody with a seat is to come to a session; where they have something else then, that stays."""
    known = select(GroupPart).where(GroupPart.session_id == one.id, GroupPart.person_id == seat.person_id)
    part = session.scalars(known).one_or_none()
    if part is None:
        part = GroupPart(session_id=one.id, person_id=seat.person_id, attendance=rules.NONE, revision=-1)
        session.add(part)
    part.in_portal, part.settled_at, part.out_at = seat.in_portal, now, None
    part.revision += 1
    session.flush()
    hold(session, part, Span(one.starts_at, one.ends_at))


def hold(session: Session, part: GroupPart, span: Span) -> bool:
    """Take the person's time for a session, in place of what it held; whether it was free."""
    release(session, PART, part.id)
    if not part.in_portal:
        return True
    try:
        occupy(session, PART, part.id, [Holding(part.person_id, span)])
    except Taken:
        return False
    return True


def planned(group: Group, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Which sessions a group has left."""
    return (
        GroupSession.group_id == group.id,
        GroupSession.state == rules.PLANNED,
        GroupSession.starts_at > now,
    )


def _until(
    session: Session, group: Group, seat: GroupSeat, now: datetime, last: datetime | None
) -> datetime | None:
    person = session.get_one(Person, seat.person_id)
    house = organisations.organisation(session, group.organisation_id)
    hours = hours_of(house, person.earliest_hour, person.latest_hour)
    return rules.offer_until(now, timedelta(hours=group.offer_hours), hours, last)


def seat_of(session: Session, group: Group, person_id: uuid.UUID) -> GroupSeat | None:
    """How somebody stands to a group, None for whoever never had anything to do with it."""
    wanted = select(GroupSeat).where(GroupSeat.group_id == group.id, GroupSeat.person_id == person_id)
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def seats_of(session: Session, group: Group) -> Sequence[GroupSeat]:
    """Whoever is in, waits or is offered a seat."""
    wanted = select(GroupSeat).where(GroupSeat.group_id == group.id, GroupSeat.state.in_(rules.LIVE))
    return session.scalars(wanted.order_by(GroupSeat.id).execution_options(populate_existing=True)).all()


def enter(
    session: Session,
    group: Group,
    person_id: uuid.UUID,
    asker: Asker,
    now: datetime,
    *,
    in_portal: bool = True,
) -> GroupSeat:
    """Somebody gets a seat, or a place in the queue. Raises Over, NotForThem."""
    if not upcoming(session, group, now):
        raise Over
    fits = select(Person.id).join(Group, Group.id == group.id).where(Person.id == person_id, reach.may_join())
    if session.scalars(fits).one_or_none() is None:
        raise NotForThem
    seat = seat_of(session, group, person_id)
    if seat is None:
        seat = GroupSeat(group_id=group.id, capacity=group.capacity, person_id=person_id, offers=0)
    seat.in_portal = in_portal
    # Whoever waits while a seat is free after this cannot be told of it.
    fill(session, group, now)
    known = seats_of(session, group)
    number = rules.free_number((one.number for one in known if one.number is not None), group.capacity)
    queue = [one.turn for one in known if one.turn is not None]
    if number is not None:
        sit(session, group, seat, number, now, asker.person_id)
    else:
        seat.state, seat.number, seat.turn = rules.WAITING, None, max(queue, default=0) + 1
        seat.offered_until, seat.changed_at, seat.changed_by = None, now, asker.person_id
        session.add(seat)
        session.flush()
    return seat


def sit(
    session: Session, group: Group, seat: GroupSeat, number: int, now: datetime, by: uuid.UUID | None
) -> None:
    """Somebody has this seat, and is to come to each session that is left."""
    lock_people(session, (seat.person_id,))
    seat.state, seat.number, seat.turn, seat.offered_until = rules.IN, number, None, None
    seat.changed_at, seat.changed_by = now, by
    session.add(seat)
    session.flush()
    for one in upcoming(session, group, now):
        take_part(session, group, seat, one, now)


def let_go(session: Session, seat: GroupSeat, state: str, now: datetime, by: uuid.UUID | None) -> None:
    """They are in no session that is to come, and their time is free; what has been stays.

    Of a session that is off they may not have heard yet: the message that waits is still true.
    """
    ahead = (
        select(GroupPart, GroupSession.state)
        .join(GroupSession, GroupSession.id == GroupPart.session_id)
        .where(
            GroupSession.group_id == seat.group_id,
            GroupSession.starts_at > now,
            GroupPart.person_id == seat.person_id,
            GroupPart.out_at.is_(None),
        )
    )
    for part, stands in session.execute(ahead).all():
        release(session, PART, part.id)
        part.out_at, part.revision = now, part.revision + (stands == rules.PLANNED)
    seat.state, seat.number, seat.turn, seat.offered_until = state, None, None, None
    seat.changed_at, seat.changed_by = now, by
    session.flush()


def keep_turn(session: Session, seat: GroupSeat, known: Sequence[GroupSeat], now: datetime) -> None:
    """An offer is over of which nobody has told them: they are first in the queue, as before."""
    first = min((one.turn for one in known if one.turn is not None), default=2)
    seat.state, seat.number, seat.turn, seat.offered_until = rules.WAITING, None, first - 1, None
    seat.changed_at, seat.changed_by = now, None
    session.flush()


def first_part(
    session: Session, group: Group, person_id: uuid.UUID, now: datetime
) -> tuple[GroupSession, GroupPart] | None:
    """The next session that somebody is to come to."""
    row = session.execute(
        select(GroupSession, GroupPart)
        .join(GroupPart, GroupPart.session_id == GroupSession.id)
        .where(GroupPart.person_id == person_id, GroupPart.out_at.is_(None), *planned(group, now))
        .order_by(GroupSession.starts_at)
        .limit(1)
    ).first()
    return (row[0], row[1]) if row else None
