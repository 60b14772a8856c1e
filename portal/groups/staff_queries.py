"""Groups for staff: their teams' groups, who is in them, what stands in a leader's week."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, false, func, select
from sqlalchemy.orm import Session

from portal.groups import reach_queries as reach
from portal.groups import rules
from portal.groups.models import Group, GroupLeader, GroupPart, GroupSeat, GroupSession
from portal.identity.models import Enrolment, Person, name_of, short_name
from portal.identity.people import number_queries as numbers
from portal.identity.scope import participants_of
from portal.journal.service import note
from portal.notices import rules as kinds
from portal.notices.rules import CALL
from portal.notices.sending_queries import standing
from portal.organisation.models import Team
from portal.organisation.queries import rules_of
from portal.web.asker import Asker


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group in a list: how many are in it, how many wait or are offered a seat, when it meets next."""

    id: uuid.UUID
    title: str
    own_title: str
    team: str
    capacity: int
    seated: int
    offered: int
    waiting: int
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class SeatRow:
    """Somebody on a group's page. `open`: the asker may read more of them; `ring`: no SMS reaches them.

    `passed`: they wait, and nobody could tell them of a free seat; of the asker's own participants alone.
    """

    person_id: uuid.UUID
    name: str
    state: str
    until: datetime | None
    in_portal: bool
    open: bool
    ring: bool
    passed: bool = False


@dataclass(frozen=True)
class GroupPage:
    """A group as staff see it. `managed`: the asker decides about its sessions and who came.

    `unnamed`: how many are in it whom the asker may not read. `others`: whom the asker can put in.
    """

    group: Group
    team: str
    leaders: tuple[str, ...]
    managed: bool
    sessions: tuple[GroupSession, ...]
    inside: tuple[SeatRow, ...]
    offered: tuple[SeatRow, ...]
    queue: tuple[SeatRow, ...]
    unnamed: int
    others: tuple[tuple[uuid.UUID, str], ...]
    now: datetime

    @property
    def free(self) -> int:
        """How many seats nobody has."""
        return self.group.capacity - len(self.inside) - len(self.offered) - self.unnamed


@dataclass(frozen=True, slots=True)
class PartRow:
    """A line of the list of a session."""

    id: uuid.UUID
    person_id: uuid.UUID
    name: str
    attendance: str
    open: bool


@dataclass(frozen=True, slots=True)
class SessionPage:
    """A session with its list. `can_mark`: the list can be filled in; `ahead`: it can be moved.

    `asked`: something is asked of those who were there, and they can have answered.
    """

    group: Group
    session: GroupSession
    parts: tuple[PartRow, ...]
    can_mark: bool
    ahead: bool
    asked: bool
    now: datetime


def group_rows(session: Session, asker: Asker, now: datetime) -> list[GroupRow]:
    """The groups that the asker can look at, those that meet soonest first; those that are over last."""
    rows = session.execute(reach.of_staff(asker).join(Team, Team.id == Group.team_id).add_columns(Team.name))
    groups: list[tuple[Group, str]] = [(row[0], row[1]) for row in rows]
    ids = [group.id for group, _team in groups]
    counted = session.execute(
        select(GroupSeat.group_id, GroupSeat.state, func.count().label("many"))
        .where(GroupSeat.group_id.in_(ids), GroupSeat.state.in_(rules.LIVE))
        .group_by(GroupSeat.group_id, GroupSeat.state)
    )
    many = {(row.group_id, row.state): row.many for row in counted}
    starts = select(GroupSession.group_id, func.min(GroupSession.starts_at).label("at")).where(
        GroupSession.group_id.in_(ids),
        GroupSession.state == rules.PLANNED,
        GroupSession.ends_at > now,
    )
    ahead = {row.group_id: row.at for row in session.execute(starts.group_by(GroupSession.group_id))}
    found = [
        GroupRow(
            group.id,
            group.title,
            group.own_title,
            team,
            group.capacity,
            many.get((group.id, rules.IN), 0),
            many.get((group.id, rules.OFFERED), 0),
            many.get((group.id, rules.WAITING), 0),
            ahead.get(group.id),
        )
        for group, team in groups
    ]
    return sorted(found, key=lambda one: (one.next_at is None, one.next_at or now))


def group_page(session: Session, asker: Asker, group_id: uuid.UUID, now: datetime) -> GroupPage:
    """One group. Whoever is named is noted as read (S42). Raises NoResultFound."""
    found = session.execute(
        reach.of_staff(asker)
        .where(Group.id == group_id)
        .join(Team, Team.id == Group.team_id)
        .add_columns(Team.name)
    ).one()
    group: Group = found[0]
    seats = _seats(session, asker, group_id, now)
    live = select(func.count()).where(GroupSeat.group_id == group_id, GroupSeat.state.in_(rules.SEATED))
    seated = [row for row in seats if row.state in rules.SEATED]
    for row in seats:
        note(session, asker, action="read", kind="groups", subject=row.person_id)
    wanted = select(GroupSession).where(GroupSession.group_id == group_id)
    return GroupPage(
        group=group,
        team=found[1],
        leaders=tuple(_leaders(session, group_id).values()),
        managed=is_managed(session, asker, group_id),
        sessions=tuple(session.scalars(wanted.order_by(GroupSession.starts_at))),
        inside=_in_state(seats, rules.IN),
        offered=_in_state(seats, rules.OFFERED),
        queue=_in_state(seats, rules.WAITING),
        unnamed=(session.scalar(live) or 0) - len(seated),
        others=_others(session, asker, group, {row.person_id for row in seats}),
        now=now,
    )


def is_managed(session: Session, asker: Asker, group_id: uuid.UUID) -> bool:
    """Whether the asker decides about a group."""
    wanted = reach.managed(asker).where(Group.id == group_id)
    return session.scalars(wanted.with_only_columns(Group.id)).first() is not None


def managed_group(session: Session, asker: Asker, group_id: uuid.UUID) -> Group:
    """A group that the asker decides about. Raises NoResultFound."""
    return session.scalars(reach.managed(asker).where(Group.id == group_id)).one()


def session_page(session: Session, asker: Asker, session_id: uuid.UUID, now: datetime) -> SessionPage:
    """A session with its list, for whoever decides about the group. Raises NoResultFound."""
    found = session.execute(
        reach.managed(asker)
        .join(GroupSession, GroupSession.group_id == Group.id)
        .where(GroupSession.id == session_id)
        .add_columns(GroupSession)
    ).one()
    group, one = found[0], found[1]
    mine = Person.id.in_(participants_of(asker))
    rows = session.execute(
        select(GroupPart, Person.name_sealed, mine.label("mine"))
        .join(Person, Person.id == GroupPart.person_id)
        .where(GroupPart.session_id == session_id, GroupPart.out_at.is_(None), Person.protected.is_(False))
    ).all()
    parts = [
        PartRow(part.id, part.person_id, short_name(name_of(part.person_id, name)), part.attendance, mine)
        for part, name, mine in rows
    ]
    for part in parts:
        note(session, asker, action="read", kind="groups", subject=part.person_id)
    return SessionPage(
        group,
        one,
        tuple(sorted(parts, key=lambda row: row.name.casefold())),
        can_mark=rules.marks_open(one.state, one.starts_at, now),
        ahead=one.state == rules.PLANNED and one.starts_at > now,
        asked=one.starts_at <= now and rules_of(session, asker).group_with != "none",
        now=now,
    )


def states_of(session: Session, person_id: uuid.UUID) -> dict[uuid.UUID, str]:
    """How a person stands to the groups that they are in, wait for or are offered a seat in.

    The caller has checked the person.
    """
    rows = session.execute(
        select(GroupSeat.group_id, GroupSeat.state).where(
            GroupSeat.person_id == person_id, GroupSeat.state.in_(rules.LIVE)
        )
    )
    return {row.group_id: row.state for row in rows}


def _seats(session: Session, asker: Asker, group_id: uuid.UUID, now: datetime) -> Sequence[SeatRow]:
    rows = session.execute(
        select(GroupSeat, Person, Person.id.in_(participants_of(asker)).label("mine"))
        .join(Group, Group.id == GroupSeat.group_id)
        .join(Person, Person.id == GroupSeat.person_id)
        .where(GroupSeat.group_id == group_id, GroupSeat.state.in_(rules.LIVE), reach.named(asker))
        .order_by(GroupSeat.turn)
    ).all()
    waiting = [person for seat, person, mine in rows if mine and seat.state == rules.WAITING]
    reached = _reached(session, waiting, now)
    return [
        SeatRow(
            seat.person_id,
            person.short_name,
            seat.state,
            seat.offered_until,
            seat.in_portal,
            mine,
            _rung(person) and not person.sms_unsafe,
            person in waiting and seat.in_portal and person.id not in reached,
        )
        for seat, person, mine in rows
    ]


def _reached(session: Session, people: Sequence[Person], now: datetime) -> frozenset[uuid.UUID]:
    """Who of these hears of a free seat, in whatever way."""
    troubles = numbers.troubles(session, people, now) if people else {}
    known = {one.id: kinds.asked_for(standing(one, troubles[one.id]), kinds.SEAT) for one in people}
    return frozenset(person_id for person_id, how in known.items() if kinds.way(how))


def _rung(person: Person) -> bool:
    return person.way == CALL or person.sms_stopped_at is not None or person.phone_hash is None


def _in_state(seats: Iterable[SeatRow], state: str) -> tuple[SeatRow, ...]:
    found = [row for row in seats if row.state == state]
    # Those who wait stand in their order, the others by name.
    return tuple(found if state == rules.WAITING else sorted(found, key=lambda row: row.name.casefold()))


def _leaders(session: Session, group_id: uuid.UUID) -> dict[uuid.UUID, str]:
    rows = session.execute(
        select(Person.id, Person.name_sealed)
        .join(GroupLeader, GroupLeader.leader_id == Person.id)
        .where(GroupLeader.group_id == group_id)
        .order_by(GroupLeader.id)
    )
    return {row.id: name_of(row.id, row.name_sealed) for row in rows}


def _others(
    session: Session, asker: Asker, group: Group, known: Collection[uuid.UUID]
) -> tuple[tuple[uuid.UUID, str], ...]:
    """Whom the asker can put in, by name."""
    enrolled: Select[uuid.UUID] = select(Enrolment.person_id).where(
        Enrolment.team_id == group.team_id, Enrolment.closed_on.is_(None)
    )
    rows = session.execute(
        select(Person.id, Person.name_sealed).where(
            Person.id.in_(participants_of(asker)),
            Person.id.in_(enrolled),
            Person.disabled_at.is_(None),
            Person.id.not_in(known) if known else ~false(),
        )
    )
    found = [(row.id, short_name(name_of(row.id, row.name_sealed))) for row in rows]
    return tuple(sorted(found, key=lambda one: one[1].casefold()))
