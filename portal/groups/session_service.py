"""Moving and cancelling a session, and noting who came to it. Nothing here commits."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.availability.rules import Span
from portal.availability.service import Holding, Taken, occupy, release
from portal.groups import reach_queries as reach
from portal.groups import rules, told_service
from portal.groups import seating_service as seating
from portal.groups.models import Group, GroupLeader, GroupPart, GroupSession
from portal.groups.told_service import Told
from portal.identity.models import Person
from portal.identity.service import lock_people
from portal.journal.service import note
from portal.web.asker import Asker
from portal.web.errors import Refused

SESSION = "group_session"
"""What a leader's busy time is for when it is a session's."""


class LeaderBusy(Refused):
    """A leader has something else then: `starts` are the sessions' starts."""

    def __init__(self, starts: Sequence[datetime]) -> None:
        super().__init__()
        self.starts = tuple(starts)


class OthersBusy(Refused):
    """So many of those who are in have something else then: staff may go on once they know."""

    def __init__(self, people: Sequence[uuid.UUID]) -> None:
        super().__init__()
        self.people = tuple(people)


class ChangedSince(Refused):
    """The session has another revision than the page that was sent."""


class TooLate(Refused):
    """The session has begun, or was cancelled."""


class TooEarly(Refused):
    """Nobody can have come to the session yet."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a session becomes; `place`: "" for the group's own."""

    span: Span
    place: str


def move_session(
    session: Session,
    asker: Asker,
    session_id: uuid.UUID,
    wish: Change,
    now: datetime,
    *,
    seen: int,
    anyway: bool = False,
) -> GroupSession:
    """One session gets another time or place, and everybody who is in is told once.

    Raises NoResultFound, ChangedSince, TooLate, LeaderBusy, and OthersBusy unless `anyway`: whoever has
    something else then is still in, and their other time stays.
    """
    group, one = reach.of_session(session, reach.managed(asker), session_id)
    standing = Change(Span(one.starts_at, one.ends_at), one.place)
    if wish == standing and one.state == rules.PLANNED:
        return one
    if one.revision != seen:
        raise ChangedSince
    if one.state != rules.PLANNED or one.starts_at <= now or wish.span.start <= now:
        raise TooLate
    parts, leaders = parts_of(session, one), _leaders(session, group)
    lock_people(session, [*leaders, *(part.person_id for part in parts)])
    if wish.span != standing.span:
        _hold_leaders(session, one, leaders, wish.span)
        busy = [part.person_id for part in parts if not seating.hold(session, part, wish.span)]
        if busy and not anyway:
            raise OthersBusy(busy)
    one.starts_at, one.ends_at, one.place = wish.span.start, wish.span.end, wish.place
    changed(session, one, now)
    kind: Told = "changed" if wish.span.start == standing.span.start else "moved"
    if kind == "moved" and wish.place != standing.place:
        kind = "moved_more"
    _tell_all(session, group, one, parts, kind, now)
    noted(session, asker, group.id)
    return one


def cancel_session(
    session: Session, asker: Asker, session_id: uuid.UUID, now: datetime, *, seen: int
) -> GroupSession:
    """One session is off, everybody who was in is told once, and the time is free. Twice is once.

    Raises NoResultFound, ChangedSince, TooLate.
    """
    group, one = reach.of_session(session, reach.managed(asker), session_id)
    if one.state == rules.CANCELLED:
        return one
    if one.revision != seen:
        raise ChangedSince
    if one.starts_at <= now:
        raise TooLate
    release(session, SESSION, one.id)
    parts = parts_of(session, one)
    for part in parts:
        release(session, seating.PART, part.id)
    one.state = rules.CANCELLED
    changed(session, one, now)
    _tell_all(session, group, one, parts, "cancelled", now)
    noted(session, asker, group.id)
    return one


def parts_of(session: Session, one: GroupSession) -> Sequence[GroupPart]:
    """Who is to come to a session, or came; nobody with protected identity (S37)."""
    wanted = (
        select(GroupPart)
        .join(Person, Person.id == GroupPart.person_id)
        .where(GroupPart.session_id == one.id, GroupPart.out_at.is_(None), Person.protected.is_(False))
        .order_by(GroupPart.id)
    )
    return session.scalars(wanted.execution_options(populate_existing=True)).all()


def changed(session: Session, one: GroupSession, now: datetime) -> None:
    """Raise the revision: calendars follow it."""
    one.revision, one.changed_at = one.revision + 1, now
    session.flush()


def _leaders(session: Session, group: Group) -> Sequence[uuid.UUID]:
    return session.scalars(
        select(GroupLeader.leader_id).where(GroupLeader.group_id == group.id).order_by(GroupLeader.id)
    ).all()


def _hold_leaders(session: Session, one: GroupSession, leaders: Sequence[uuid.UUID], span: Span) -> None:
    try:
        occupy(session, SESSION, one.id, [Holding(leader, span) for leader in leaders])
    except Taken:
        raise LeaderBusy([span.start]) from None


def _tell_all(
    session: Session,
    group: Group,
    one: GroupSession,
    parts: Sequence[GroupPart],
    kind: Told,
    now: datetime,
) -> None:
    for part in parts:
        part.revision, part.settled_at = part.revision + 1, now
        session.flush()
        told_service.tell(session, group, one, part, kind, now)


def noted(session: Session, asker: Asker, group_id: uuid.UUID) -> None:
    """Leave a change of a group in the journal."""
    session.flush()
    note(session, asker, action="change", kind="groups", subject=None, object_id=group_id)
