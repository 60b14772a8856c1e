"""Seats: join, wait, be offered one, leave. Nothing here commits.

Whoever decides about a group's seats holds the group first, so that one decides at a time; that no seat is
given twice, and none beyond the last, the database sees to by itself (S49). A seat that becomes free is
offered to the first in the queue, and is nobody else's while the offer stands. Whoever does not answer in
time is in the queue no longer, and can join it again: nobody is asked again and again. Whoever could not be
told keeps their turn, and the seat goes to the next.
"""

import uuid
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from portal.groups import reach_queries as reach
from portal.groups import rules, told_service
from portal.groups import seating_service as seating
from portal.groups.models import Group, GroupSeat
from portal.identity.models import Person
from portal.identity.scope import participant
from portal.journal.service import note
from portal.web.asker import Asker
from portal.web.errors import Refused


class OfferOver(Refused):
    """The seat is not offered any longer."""


class HiddenInOpen(Refused):
    """Nobody can be hidden in a group that everybody of the team sees: it would be missing for them (S33)."""


# The participant


def join(session: Session, asker: Asker, group_id: uuid.UUID, now: datetime) -> GroupSeat:
    """The asker gets a seat, or a place in the queue; twice is once.

    Raises NoResultFound for a group that is not open to them, Over.
    """
    group = reach.held(session, reach.open_to(asker), group_id)
    mine = seating.seat_of(session, group, asker.person_id)
    if mine is None or mine.state not in rules.LIVE:
        mine = seating.enter(session, group, asker.person_id, asker, now)
    note_change(session, asker, mine)
    return mine


def leave(session: Session, asker: Asker, group_id: uuid.UUID, now: datetime) -> None:
    """The asker gives up their seat, their offer or their place in the queue; twice is once."""
    group = reach.held(session, select(Group).where(_has_had(asker)), group_id)
    mine = _own(session, group, asker)
    if mine.state in rules.LIVE:
        seating.let_go(session, mine, rules.LEFT, now, asker.person_id)
        seating.fill(session, group, now)
        note_change(session, asker, mine)


def accept(session: Session, asker: Asker, group_id: uuid.UUID, now: datetime) -> GroupSeat:
    """The asker takes the seat that is offered; twice is once. Raises OfferOver, NoResultFound."""
    group = reach.held(session, select(Group).where(_has_had(asker)), group_id)
    mine = _own(session, group, asker)
    if mine.state == rules.IN:
        return mine
    if mine.number is None or not rules.offer_stands(mine.state, mine.offered_until, now):
        raise OfferOver
    seating.sit(session, group, mine, mine.number, now, asker.person_id)
    note_change(session, asker, mine)
    return mine


def decline(session: Session, asker: Asker, group_id: uuid.UUID, now: datetime) -> None:
    """The asker does not want the offered seat: it goes to the next. Twice is once. Raises OfferOver."""
    group = reach.held(session, select(Group).where(_has_had(asker)), group_id)
    if _own(session, group, asker).state in (rules.IN, rules.WAITING):
        raise OfferOver
    leave(session, asker, group_id, now)


def _has_had(asker: Asker) -> ColumnElement[bool]:
    return Group.id.in_(
        select(GroupSeat.group_id).where(
            GroupSeat.person_id == asker.person_id, GroupSeat.in_portal.is_(True)
        )
    )


def _own(session: Session, group: Group, asker: Asker) -> GroupSeat:
    mine = select(GroupSeat).where(GroupSeat.group_id == group.id, GroupSeat.person_id == asker.person_id)
    return session.scalars(mine.execution_options(populate_existing=True)).one()


# Staff


def put_in(
    session: Session,
    asker: Asker,
    group_id: uuid.UUID,
    person_id: uuid.UUID,
    now: datetime,
    *,
    in_portal: bool = True,
) -> GroupSeat:
    """Staff give one of those whom they may read a seat, or a place in the queue; told by one message.

    Raises NoResultFound, NotForThem, Over, HiddenInOpen.
    """
    group = reach.held(session, reach.of_staff(asker), group_id)
    if group.is_open and not in_portal:
        raise HiddenInOpen
    participant(session, asker, person_id, what="groups")
    mine = seating.seat_of(session, group, person_id)
    if mine is not None and mine.state in rules.LIVE:
        return mine
    mine = seating.enter(session, group, person_id, asker, now, in_portal=in_portal)
    if mine.state == rules.IN and (first := seating.first_part(session, group, person_id, now)):
        told_service.tell(session, group, *first, "booked", now)
    note_change(session, asker, mine)
    return mine


def take_out(
    session: Session, asker: Asker, group_id: uuid.UUID, person_id: uuid.UUID, now: datetime
) -> None:
    """Staff take somebody out whom they see on the list; twice is once. Raises NoResultFound."""
    group = reach.held(session, reach.of_staff(asker), group_id)
    mine = session.scalars(
        select(GroupSeat)
        .join(Group, Group.id == GroupSeat.group_id)
        .join(Person, Person.id == GroupSeat.person_id)
        .where(GroupSeat.group_id == group.id, GroupSeat.person_id == person_id, reach.named(asker))
        .execution_options(populate_existing=True)
    ).one()
    if mine.state in rules.LIVE:
        _let_go_and_tell(session, group, mine, rules.REMOVED, now, asker.person_id)
        seating.fill(session, group, now)
        note_change(session, asker, mine)


def _let_go_and_tell(
    session: Session, group: Group, seat: GroupSeat, state: str, now: datetime, by: uuid.UUID | None
) -> None:
    """Somebody else has decided that they are not to come: they hear it once, and nobody comes in vain."""
    person_id = seat.person_id
    following = seating.first_part(session, group, person_id, now) if seat.state == rules.IN else None
    seating.let_go(session, seat, state, now, by)
    if following:
        told_service.tell(session, group, *following, "cancelled_more", now)


def note_change(session: Session, asker: Asker, seat: GroupSeat) -> None:
    """Leave the change in the journal."""
    session.flush()
    note(session, asker, action="change", kind="groups", subject=seat.person_id, object_id=seat.id)


# The worker


def round_of(session: Session, now: datetime) -> int:
    """Take back offers that nobody answered, and the seats of those who have gone; how many.

    What nobody has answered because nobody told them goes to the next, and they keep their turn.
    """
    over = session.scalars(select(GroupSeat.group_id).where(GroupSeat.offered_until <= now)).all()
    gone = session.execute(
        select(GroupSeat.group_id, GroupSeat.person_id)
        .join(Group, Group.id == GroupSeat.group_id)
        .join(Person, Person.id == GroupSeat.person_id)
        .where(GroupSeat.state.in_(rules.LIVE), ~reach.may_stay(), ~reach.may_be_back(now))
    ).all()
    short = session.scalars(reach.with_room_and_queue(now)).all()
    done = 0
    for group_id in sorted({*over, *short, *(row.group_id for row in gone)}):
        group = reach.held(session, select(Group), group_id)
        done += _round(session, group, {row.person_id for row in gone if row.group_id == group_id}, now)
    return done


def _round(session: Session, group: Group, leavers: set[uuid.UUID], now: datetime) -> int:
    known, passed, done = seating.seats_of(session, group), set(), 0
    for seat in known:
        lapsed = seat.offered_until is not None and seat.offered_until <= now
        if seat.person_id in leavers:
            _let_go_and_tell(session, group, seat, rules.LEFT, now, None)
        elif lapsed and told_service.was_told(session, seat):
            seating.let_go(session, seat, rules.LAPSED, now, None)
        elif lapsed:
            seating.keep_turn(session, seat, known, now)
            passed.add(seat.person_id)
        done += seat.person_id in leavers or lapsed
    seating.fill(session, group, now, passed)
    return done
