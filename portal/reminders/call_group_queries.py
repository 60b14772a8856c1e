"""Whom a coach is to ring about a session of a group, as about a meeting, and about a free seat."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from portal.groups.models import GroupPart, GroupSeat, GroupSession
from portal.groups.rules import OFFERED, PLANNED
from portal.identity.models import Person
from portal.identity.scope import participants_of
from portal.notices import rules as kinds
from portal.notices.models import CallWish
from portal.reminders import rules
from portal.reminders.call_rules import REMIND, SEAT, Call
from portal.web.asker import Asker


def calls(session: Session, asker: Asker, now: datetime, rung: Iterable[ColumnElement[bool]]) -> list[Call]:
    """The calls about sessions that the asker's participants wait for; one query.

    `rung`: who of them is rung up at all.
    """
    comes = and_(GroupSession.state == PLANNED, GroupPart.out_at.is_(None))
    soon = and_(comes, GroupSession.starts_at < now + rules.CALLS_AHEAD)
    rows = session.execute(
        select(GroupPart, GroupSession.starts_at, Person, CallWish, comes.label("comes"))
        .join(GroupSession, GroupSession.id == GroupPart.session_id)
        .join(Person, Person.id == GroupPart.person_id)
        .outerjoin(CallWish, and_(CallWish.subject == GroupPart.id, CallWish.revision == GroupPart.revision))
        .where(
            GroupPart.person_id.in_(participants_of(asker)),
            GroupPart.in_portal.is_(True),
            GroupSession.starts_at > now,
            *rung,
            or_(CallWish.id.is_not(None), soon),
        )
    )
    return [call for row in rows for call in _calls(asker, row, now)]


def seats(session: Session, asker: Asker, now: datetime, rung: Iterable[ColumnElement[bool]]) -> list[Call]:
    """The calls about seats that are offered to participants of the asker, while they can answer."""
    rows = session.execute(
        select(GroupSeat, Person)
        .join(Person, Person.id == GroupSeat.person_id)
        .where(
            GroupSeat.person_id.in_(participants_of(asker)),
            GroupSeat.in_portal.is_(True),
            GroupSeat.state == OFFERED,
            GroupSeat.offered_until > now,
            *rung,
        )
    )
    return [
        Call(one.person_id, one.id, one.offers, SEAT, one.offered_until, one.changed_at, person.phone)
        for one, person in rows
    ]


def _calls(asker: Asker, row: Sequence[Any], now: datetime) -> Iterator[Call]:
    part, starts_at, person, wish, comes = row
    found = []
    if wish is not None and bool(comes) == (wish.kind not in kinds.OFF):
        found.append((wish.kind, wish.wished_at))
    due = rules.call_due(starts_at, part.settled_at, now, asker.zone)
    if due and comes:
        found.append((REMIND, due))
    for says, at in found:
        yield Call(person.id, part.id, part.revision, says, starts_at, at, person.phone)
