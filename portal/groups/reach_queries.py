"""Whose group it is, and who in it may be named: every query about groups starts here (S2, S37)."""

import uuid
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from portal.groups.models import Group, GroupLeader, GroupPart, GroupSeat, GroupSession
from portal.groups.rules import LIVE, REOPENS
from portal.identity.models import Enrolment, Person, RoleGrant
from portal.identity.scope import participants_of
from portal.journal.models import JournalRow
from portal.web.asker import Asker


def may_join() -> ColumnElement[bool]:
    """Whether a person can come into a group: as `may_stay`, and let in."""
    return and_(may_stay(), Person.disabled_at.is_(None))


def may_stay() -> ColumnElement[bool]:
    """Whether a person can be in a group: enrolled in its team, and without protected identity.

    A group's list is read by several, and printed: nobody with protected identity is ever on one (S37).
    Whoever cannot sign in for a while, as after a lost phone, still comes.
    """
    enrolled = exists().where(
        Enrolment.person_id == Person.id, Enrolment.team_id == Group.team_id, Enrolment.closed_on.is_(None)
    )
    return and_(
        Person.organisation_id == Group.organisation_id,
        Person.protected.is_(False),
        enrolled,
    )


def may_be_back(now: datetime) -> ColumnElement[bool]:
    """Whether a person was closed a moment ago, which is undone where it was a mistake.

    Not where a session comes within that time: whoever is not to come is to know it before.
    """
    closed = exists().where(
        JournalRow.subject_id == Person.id, JournalRow.kind == "closed", JournalRow.at > now - REOPENS
    )
    enrolled = exists().where(Enrolment.person_id == Person.id, Enrolment.closed_on.is_(None))
    soon = exists().where(
        GroupPart.person_id == Person.id,
        GroupPart.out_at.is_(None),
        GroupSession.id == GroupPart.session_id,
        GroupSession.starts_at > now,
        GroupSession.starts_at <= now + REOPENS,
    )
    return and_(Person.protected.is_(False), closed, ~enrolled, ~soon)


def with_room_and_queue(now: datetime) -> Select[uuid.UUID]:
    """The groups that meet again in which somebody waits and a seat is free: nobody could be told of it."""
    seat = GroupSeat.group_id == Group.id
    taken = select(func.count()).where(seat, GroupSeat.number.is_not(None)).correlate(Group)
    return select(Group.id).where(
        exists().where(seat, GroupSeat.turn.is_not(None)),
        exists().where(GroupSession.group_id == Group.id, GroupSession.starts_at > now),
        Group.capacity > taken.scalar_subquery(),
    )


def own_seat(asker: Asker) -> ColumnElement[bool]:
    """Whether the asking participant is in a group, waits for it or is offered a seat, and may know it."""
    return exists().where(
        GroupSeat.group_id == Group.id,
        GroupSeat.person_id == asker.person_id,
        GroupSeat.state.in_(LIVE),
        GroupSeat.in_portal.is_(True),
    )


def open_to(asker: Asker) -> Select[Group]:
    """The groups that the asking participant can see: those they are in, and the open ones of their team."""
    offered = exists().where(Person.id == asker.person_id, may_join(), Group.is_open.is_(True))
    hidden = exists().where(
        GroupSeat.group_id == Group.id,
        GroupSeat.person_id == asker.person_id,
        GroupSeat.state.in_(LIVE),
        GroupSeat.in_portal.is_(False),
    )
    return select(Group).where(
        Group.organisation_id == asker.organisation_id, or_(own_seat(asker), and_(offered, ~hidden))
    )


def works_in(asker: Asker, *roles: str) -> Select[uuid.UUID | None]:
    """The teams in which the asker has one of these roles, as a subquery."""
    return select(RoleGrant.team_id).where(RoleGrant.person_id == asker.person_id, RoleGrant.role.in_(roles))


def leads(asker: Asker) -> ColumnElement[bool]:
    """Whether the asker leads the group, or stands in today for somebody who does."""
    leaders = {asker.person_id, *asker.stands_in_for}
    return exists().where(GroupLeader.group_id == Group.id, GroupLeader.leader_id.in_(leaders))


def of_staff(asker: Asker) -> Select[Group]:
    """The groups that a coach or lead can look at: those of their teams, and those that they lead."""
    return select(Group).where(
        Group.organisation_id == asker.organisation_id,
        or_(Group.team_id.in_(works_in(asker, "coach", "lead")), leads(asker)),
    )


def managed(asker: Asker) -> Select[Group]:
    """The groups that the asker decides about: as who leads them today, or leads their team."""
    return of_staff(asker).where(or_(leads(asker), Group.team_id.in_(works_in(asker, "lead"))))


def named(asker: Asker) -> ColumnElement[bool]:
    """Who in a group may be named to the asker: whom they may read, and everybody in a group they lead.

    Of whoever is not theirs a leader reads the short name and whether they come, and nothing else.
    """
    return and_(Person.protected.is_(False), or_(Person.id.in_(participants_of(asker)), leads(asker)))


def held(session: Session, wanted: Select[Group], group_id: uuid.UUID) -> Group:
    """A group of these as it stands once nobody else decides about its seats. Raises NoResultFound.

    On SQLite the writing transaction already stands alone. First of all locks, before those of people.
    """
    return session.scalars(
        wanted.where(Group.id == group_id).with_for_update(of=Group).execution_options(populate_existing=True)
    ).one()


def of_session(session: Session, wanted: Select[Group], session_id: uuid.UUID) -> tuple[Group, GroupSession]:
    """A session of one of these groups, both held. Raises NoResultFound."""
    theirs = select(GroupSession.group_id).where(GroupSession.id == session_id)
    group_id = session.scalars(theirs).one()
    group = held(session, wanted, group_id)
    asked = select(GroupSession).where(GroupSession.id == session_id)
    return group, session.scalars(asked.execution_options(populate_existing=True)).one()
