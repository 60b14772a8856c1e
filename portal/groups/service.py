"""Making a group with its sessions, and changing what it is. Nothing here commits."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.availability.rules import Span
from portal.availability.service import Holding, Taken, occupy
from portal.groups import reach_queries as reach
from portal.groups import rules, told_service
from portal.groups import seating_service as seating
from portal.groups.models import Group, GroupLeader, GroupSeat, GroupSession
from portal.groups.session_service import SESSION, LeaderBusy, changed, noted, parts_of
from portal.groups.told_service import Told
from portal.identity.service import lock_people
from portal.notices import rules as kinds
from portal.notices import waiting_queries
from portal.web.asker import Asker
from portal.web.errors import Refused
from portal.wording import service as wording


class TooFew(Refused):
    """More people have a seat than there would be seats."""


class SomebodyHidden(Refused):
    """The group cannot be open to all: somebody in it must see no trace of it (S33)."""


@dataclass(frozen=True, slots=True)
class About:
    """What a group is: `own_title` only where the title is `rules.OWN`."""

    title: str
    own_title: str
    about: str
    languages: tuple[str, ...]
    mode: str
    place: str
    capacity: int
    is_open: bool
    offer_hours: int


def make(
    session: Session,
    asker: Asker,
    about: About,
    *,
    team_id: uuid.UUID,
    leaders: Sequence[uuid.UUID],
    spans: Sequence[Span],
    key: uuid.UUID,
    now: datetime,
) -> Group:
    """A group with its sessions; the same form twice is one group.

    The caller has checked that team and leaders are among those offered. Raises LeaderBusy, making nothing.
    """
    before = select(Group).where(Group.made_by == asker.person_id, Group.request_key == key)
    if (made := session.scalars(before).one_or_none()) is not None:
        return made
    lock_people(session, leaders)
    made = Group(
        organisation_id=asker.organisation_id,
        team_id=team_id,
        request_key=key,
        made_at=now,
        made_by=asker.person_id,
    )
    _fill_in(made, about)
    session.add(made)
    session.flush()
    session.add_all(GroupLeader(group_id=made.id, leader_id=one) for one in dict.fromkeys(leaders))
    _add_sessions(session, made, leaders, spans, now)
    _follow(session, made, now)
    noted(session, asker, made.id)
    return made


def _add_sessions(
    session: Session, made: Group, leaders: Sequence[uuid.UUID], spans: Sequence[Span], now: datetime
) -> None:
    busy = []
    for span in sorted(spans):
        one = GroupSession(
            group_id=made.id,
            starts_at=span.start,
            ends_at=span.end,
            place="",
            state=rules.PLANNED,
            uid=uuid.uuid4(),
            revision=0,
            changed_at=now,
        )
        session.add(one)
        session.flush()
        try:
            occupy(session, SESSION, one.id, [Holding(leader, span) for leader in dict.fromkeys(leaders)])
        except Taken:
            busy.append(span.start)
    if busy:
        raise LeaderBusy(busy)


def change(session: Session, asker: Asker, group_id: uuid.UUID, about: About, now: datetime) -> Group:
    """What the group is called, where it meets and how many seats it has.

    Raises NoResultFound, TooFew, SomebodyHidden. More seats go to those who wait.
    """
    group = reach.held(session, reach.managed(asker), group_id)
    opens = about.is_open and not group.is_open
    if opens and not all(one.in_portal for one in seating.seats_of(session, group)):
        raise SomebodyHidden
    _make_room(session, group, about.capacity)
    where, how = group.place, group.mode
    _fill_in(group, about)
    session.flush()
    # The seats have their group's capacity anew by the database itself.
    session.expire_all()
    _follow(session, group, now)
    if (about.place, about.mode) != (where, how):
        _held_otherwise(session, group, now, every=about.mode != how)
    seating.fill(session, group, now)
    noted(session, asker, group.id)
    return group


def _make_room(session: Session, group: Group, capacity: int) -> None:
    """Whoever sits above the last seat moves to a free one below it."""
    seats = select(GroupSeat).where(GroupSeat.group_id == group.id, GroupSeat.number.is_not(None))
    held = session.scalars(seats.execution_options(populate_existing=True)).all()
    if len(held) > capacity:
        raise TooFew
    taken = {one.number for one in held if one.number is not None}
    for one in held:
        if one.number is not None and one.number > capacity:
            one.number = rules.free_number(taken, capacity)
            taken.add(one.number or 0)
    session.flush()


def _held_otherwise(session: Session, group: Group, now: datetime, *, every: bool) -> None:
    """Sessions are held elsewhere now, or in another way; `every`: those with a place of their own too."""
    ahead = [one for one in seating.upcoming(session, group, now) if every or not one.place]
    for one in ahead:
        changed(session, one, now)
    known = [(one, part) for one in ahead for part in parts_of(session, one)]
    unsaid = waiting_queries.unsaid(session, [part.id for _one, part in known])
    told: set[uuid.UUID] = set()
    for one, part in known:
        # Of several sessions the next is named, and each of which something else is still to be said: the
        # others are read where one signs in.
        if part.person_id not in told or part.id in unsaid:
            told.add(part.person_id)
            part.revision, part.settled_at = part.revision + 1, now
            session.flush()
            told_service.tell(session, group, one, part, _said_with(unsaid.get(part.id, frozenset())), now)


def _said_with(unsaid: frozenset[str]) -> Told:
    """What is said of a session that is held otherwise, in place of what nobody has heard of it yet."""
    if kinds.BOOKED in unsaid:
        return "booked"
    return "moved_more" if unsaid & {kinds.MOVED, kinds.MOVED_MORE} else "changed"


def _fill_in(group: Group, about: About) -> None:
    group.title, group.own_title = about.title, about.own_title if about.title == rules.OWN else ""
    group.about, group.languages = about.about, list(about.languages)
    group.mode, group.place, group.capacity = about.mode, about.place, about.capacity
    group.is_open, group.offer_hours = about.is_open, about.offer_hours


def _follow(session: Session, group: Group, now: datetime) -> None:
    """Let the translators know what the group's participants read of it, in the order of the ids."""
    nobody = (group.organisation_id, None)
    parts = ((group.id, "group_title", group.own_title), (group.about_id, "group_about", group.about))
    for object_id, kind, words in sorted(parts):
        text = wording.Text(nobody, kind, object_id, words, wanted=bool(words), team_id=group.team_id)
        wording.follow(session, text, now)
