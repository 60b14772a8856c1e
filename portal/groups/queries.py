"""The groups that a participant can see. Behind the first door they read when, and "Grupp" (S30)."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.groups import reach_queries as reach
from portal.groups import rules
from portal.groups.models import Group, GroupLeader, GroupPart, GroupSeat, GroupSession
from portal.groups.seating_service import clashing
from portal.identity.models import Person
from portal.journal.service import note
from portal.web.asker import Asker
from portal.wording import queries as wording
from portal.wording.rules import Both


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One session to come. `place`: "" behind the first door, and of a link for whoever is not in.
    `clash`: the reader has something else then."""

    id: uuid.UUID
    starts_at: datetime
    ends_at: datetime
    cancelled: bool
    place: str
    uid: uuid.UUID
    revision: int
    changed_at: datetime
    clash: bool = False


@dataclass(frozen=True, slots=True)
class OwnGroup:
    """A group as a participant sees it. `title` and `mode` are codes of ours, "" behind the first door.

    `state`: of `rules.STATES`, "" for whoever has never been in it. `place_in_queue` from 1, 0 for none;
    `until`: until when the offered seat can be taken. `free`: how many seats nobody has; `waiting`: how
    many wait.
    """

    id: uuid.UUID
    title: str
    own_title: Both
    about: Both
    languages: tuple[str, ...]
    mode: str
    place: str
    leaders: tuple[str, ...]
    is_open: bool
    state: str
    place_in_queue: int
    until: datetime | None
    free: int
    waiting: int
    sessions: tuple[SessionRow, ...]

    @property
    def mine(self) -> bool:
        """Whether the reader is in it, waits, or is offered a seat."""
        return self.state in rules.LIVE

    @property
    def next(self) -> SessionRow | None:
        """The next session that is not cancelled."""
        return next((one for one in self.sessions if not one.cancelled), None)

    @property
    def full(self) -> bool:
        """Whether whoever joins now waits."""
        return self.free == 0 or self.waiting > 0


def own_groups(session: Session, asker: Asker, now: datetime) -> list[OwnGroup]:
    """The groups that the asker is in or can join and that meet again: their own first, then their language.

    The same number of questions for few and for many.
    """
    meets = exists().where(GroupSession.group_id == Group.id, GroupSession.ends_at > now)
    found = _shown(session, asker, reach.open_to(asker).where(meets), now)
    return sorted(found, key=lambda one: _order(one, asker, now))


def own_group(session: Session, asker: Asker, group_id: uuid.UUID, now: datetime) -> OwnGroup:
    """One group. Raises NoResultFound where it is not the asker's to see."""
    found = _shown(session, asker, reach.open_to(asker).where(Group.id == group_id), now, clashes=True)
    if not found:
        raise NoResultFound
    return found[0]


def can_see(session: Session, asker: Asker, group_id: uuid.UUID) -> bool:
    """Whether a group is the asking participant's to see."""
    return session.scalars(reach.open_to(asker).where(Group.id == group_id)).first() is not None


def _order(one: OwnGroup, asker: Asker, now: datetime) -> tuple[bool, int, datetime]:
    starts_at = one.next.starts_at if one.next else now
    return not one.mine, rules.readers_first(one.languages, asker.language), starts_at


def _shown(
    session: Session, asker: Asker, wanted: Select[Group], now: datetime, *, clashes: bool = False
) -> list[OwnGroup]:
    groups = session.scalars(wanted.order_by(Group.id)).all()
    note(session, asker, action="read", kind="groups", subject=asker.person_id)
    if not groups:
        return []
    ids, whole = [one.id for one in groups], asker.tier > 1
    ahead = _ahead(session, ids, now)
    seats = _seats(session, asker, ids)
    leaders = _leaders(session, ids) if whole else {}
    said = {one.id: one.own_title for one in groups} | {one.about_id: one.about for one in groups}
    both = wording.beside(session, said, asker.language) if whole else {}
    busy = clashing(session, [asker.person_id], ahead).get(asker.person_id, []) if clashes and whole else []
    nothing = Both("")
    return [
        _one(
            asker,
            group,
            [one for one in seats if one.group_id == group.id],
            tuple(
                _row(one, _place(asker, group, seats, one.place), one in busy)
                for one in ahead
                if one.group_id == group.id
            ),
            both=(both.get(group.id, nothing), both.get(group.about_id, nothing)),
            leaders=tuple(leaders.get(group.id, ())),
        )
        for group in groups
    ]


def _one(
    asker: Asker,
    group: Group,
    seats: Sequence[GroupSeat],
    sessions: tuple[SessionRow, ...],
    *,
    both: tuple[Both, Both],
    leaders: tuple[str, ...],
) -> OwnGroup:
    whole = asker.tier > 1
    mine = next((one for one in seats if one.person_id == asker.person_id), None)
    queue = sorted(one.turn for one in seats if one.turn is not None)
    return OwnGroup(
        id=group.id,
        title=group.title if whole else "",
        own_title=both[0],
        about=both[1],
        languages=tuple(group.languages) if whole else (),
        mode=group.mode if whole else "",
        place=_place(asker, group, seats),
        leaders=leaders,
        is_open=group.is_open,
        state=mine.state if mine and mine.in_portal else "",
        place_in_queue=queue.index(mine.turn) + 1 if mine and mine.turn is not None else 0,
        until=mine.offered_until if mine else None,
        free=max(0, group.capacity - sum(one.number is not None for one in seats)),
        waiting=len(queue),
        sessions=sessions,
    )


def _place(asker: Asker, group: Group, seats: Sequence[GroupSeat], own: str = "") -> str:
    """Where a group or one of its sessions meets, as far as the reader may know it; `own`: the session's."""
    place = own or group.place
    inside = any(
        (one.group_id, one.person_id, one.state, one.in_portal) == (group.id, asker.person_id, rules.IN, True)
        for one in seats
    )
    return place if asker.tier > 1 and (inside or not rules.is_link(place)) else ""


def _row(one: GroupSession, place: str, clash: bool) -> SessionRow:
    return SessionRow(
        one.id,
        one.starts_at,
        one.ends_at,
        one.state == rules.CANCELLED,
        place,
        one.uid,
        one.revision,
        one.changed_at,
        clash,
    )


def _ahead(session: Session, ids: Iterable[uuid.UUID], now: datetime) -> Sequence[GroupSession]:
    wanted = select(GroupSession).where(GroupSession.group_id.in_(list(ids)), GroupSession.ends_at > now)
    return session.scalars(wanted.order_by(GroupSession.starts_at)).all()


def _seats(session: Session, asker: Asker, ids: Iterable[uuid.UUID]) -> Sequence[GroupSeat]:
    """Who holds a seat or waits, and how the asker stands, whatever that is."""
    shown = or_(GroupSeat.state.in_(rules.LIVE), GroupSeat.person_id == asker.person_id)
    return session.scalars(select(GroupSeat).where(GroupSeat.group_id.in_(list(ids)), shown)).all()


def _leaders(session: Session, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
    """The first names of who leads each group."""
    rows = session.execute(
        select(GroupLeader.group_id, Person)
        .join(Person, Person.id == GroupLeader.leader_id)
        .where(GroupLeader.group_id.in_(list(ids)))
        .order_by(GroupLeader.id)
    )
    found: dict[uuid.UUID, list[str]] = {}
    for group_id, person in rows:
        found.setdefault(group_id, []).append(person.first_name)
    return found


def sessions_for_calendar(session: Session, asker: Asker, group_id: uuid.UUID) -> Sequence[GroupSession]:
    """The sessions that the asker is or was in, in order, for their own calendar. Raises NoResultFound."""
    wanted = (
        select(GroupSession)
        .join(GroupPart, GroupPart.session_id == GroupSession.id)
        .where(
            GroupSession.group_id == group_id,
            GroupPart.person_id == asker.person_id,
            GroupPart.out_at.is_(None),
            GroupPart.in_portal.is_(True),
        )
        .order_by(GroupSession.starts_at)
    )
    found = session.scalars(wanted).all()
    if not found:
        raise NoResultFound
    note(session, asker, action="read", kind="groups", subject=asker.person_id)
    return found
