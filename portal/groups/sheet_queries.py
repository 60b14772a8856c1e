"""The sessions of participants' months, with what was noted, signed and corrected."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, and_, exists, select
from sqlalchemy.orm import Session, aliased

from portal.attendance import rules as attending
from portal.attendance.models import Signature
from portal.attendance.queries import corrections_of, signature_of
from portal.attendance.rules import Corrected, Noted, next_month
from portal.attendance.sheet_rules import GROUP, Line
from portal.availability.rules import day_start
from portal.groups import reach_queries as reach
from portal.groups import rules
from portal.groups.models import Group, GroupPart, GroupSession
from portal.groups.seating_service import PART
from portal.identity.models import Enrolment, Person, name_of
from portal.identity.scope import participant, participants_of
from portal.journal.service import note
from portal.organisation.queries import rules_of
from portal.web.asker import Asker

NOTER = aliased(Person)
LONGEST = timedelta(days=1)
"""No session is as long: by its start it is found in the index."""


def month_of(
    session: Session, asker: Asker, who: uuid.UUID | Person, month: date, now: datetime
) -> Sequence[Line]:
    """A participant's sessions of a month that have begun and were not cancelled, in order of time.

    For staff whose participant it is, for the participant those in the portal (S33). Raises NoResultFound.
    """
    own = () if asker.is_staff else (GroupPart.in_portal.is_(True),)
    if asker.is_staff:
        person_id = participant(session, asker, who, what="attendance").id
    else:
        person_id = asker.person_id
        note(session, asker, action="read", kind="attendance", subject=person_id)
    wanted = (GroupPart.person_id == person_id, *own)
    return _lines(session, asker, wanted, month, now).get(person_id, [])


def months_of(
    session: Session, asker: Asker, month: date, now: datetime
) -> Mapping[uuid.UUID, Sequence[Line]]:
    """As `month_of`, of all the participants whom a member of staff may list; two queries for them all.

    Those with protected identity are not among them (S37). The caller notes who is shown.
    """
    return _lines(session, asker, (GroupPart.person_id.in_(participants_of(asker)),), month, now)


def _lines(
    session: Session, asker: Asker, wanted: Sequence[ColumnElement[bool]], month: date, now: datetime
) -> dict[uuid.UUID, list[Line]]:
    first, last = day_start(month, asker.zone), day_start(next_month(month), asker.zone)
    managed = GroupSession.group_id.in_(reach.managed(asker).with_only_columns(Group.id))
    rows = session.execute(
        select(
            GroupPart,
            GroupSession,
            NOTER.name_sealed,
            Signature.signed_at,
            Signature.method,
            managed.label("managed"),
        )
        .join(GroupSession, GroupSession.id == GroupPart.session_id)
        .outerjoin(NOTER, NOTER.id == GroupPart.attendance_by)
        .outerjoin(Signature, signed_for())
        .where(
            GroupPart.out_at.is_(None),
            GroupSession.state == rules.PLANNED,
            GroupSession.starts_at >= first,
            GroupSession.starts_at < last,
            GroupSession.starts_at <= now,
            *wanted,
        )
        .order_by(GroupSession.starts_at)
    ).all()
    found: dict[uuid.UUID, list[Line]] = {row[0].person_id: [] for row in rows}
    corrected = corrections_of(session, PART, [row[0].id for row in rows], found.keys())
    signs = rules_of(session, asker).attendance_signed
    for row in rows:
        found[row[0].person_id].append(_line(asker, row, corrected.get(row[0].id, ()), now, signs))
    return found


def held() -> tuple[ColumnElement[bool], ...]:
    """Which parts are of a session that took place with them, as far as anybody has noted."""
    return (
        GroupPart.out_at.is_(None),
        GroupPart.attendance.not_in(attending.NOT_MET),
        GroupSession.state == rules.PLANNED,
    )


class Occasion(NamedTuple):
    """A part of a session that took place: its id, whose it is, and when the session was."""

    id: uuid.UUID
    person_id: uuid.UUID
    organisation_id: uuid.UUID
    starts_at: datetime
    ends_at: datetime


_OCCASIONS = (
    select(
        GroupPart.id,
        GroupPart.person_id,
        Person.organisation_id,
        GroupSession.starts_at,
        GroupSession.ends_at,
    )
    .join(GroupSession, GroupSession.id == GroupPart.session_id)
    .join(Person, Person.id == GroupPart.person_id)
    .where(*held())
)


def occasion(session: Session, asker: Asker, part_id: uuid.UUID) -> Occasion:
    """A session that the asking participant was at, by their part. Raises NoResultFound for any other."""
    mine = _OCCASIONS.where(
        GroupPart.id == part_id, GroupPart.person_id == asker.person_id, GroupPart.in_portal.is_(True)
    )
    return Occasion(*session.execute(mine).one())


def held_with(session: Session, person_id: uuid.UUID, now: datetime) -> Sequence[Occasion]:
    """A participant's sessions that have begun, the latest first. The caller has checked the person."""
    theirs = _OCCASIONS.where(GroupPart.person_id == person_id, GroupSession.starts_at <= now)
    return [Occasion(*row) for row in session.execute(theirs.order_by(GroupSession.starts_at.desc()))]


class Part(NamedTuple):
    """A part in a session. `there`: they came, as far as is noted; `own`: the asker may read whose it is."""

    id: uuid.UUID
    there: bool
    protected: bool
    own: bool


def parts_until(
    session: Session, asker: Asker, group_id: uuid.UUID, last_start: datetime
) -> list[tuple[GroupSession, list[Part]]]:
    """A group's sessions up to and with the one that starts then, the latest first, with every part in each.

    The caller has checked the group, and names nobody.
    """
    rows = session.execute(
        select(
            GroupSession,
            GroupPart.id,
            and_(*held()).label("there"),
            Person.protected,
            Person.id.in_(participants_of(asker)).label("own"),
        )
        .join(GroupPart, GroupPart.session_id == GroupSession.id)
        .join(Person, Person.id == GroupPart.person_id)
        .where(
            GroupSession.group_id == group_id,
            GroupSession.starts_at <= last_start,
            GroupSession.state == rules.PLANNED,
        )
        .order_by(GroupSession.starts_at.desc())
    )
    found: dict[uuid.UUID, tuple[GroupSession, list[Part]]] = {}
    for row in rows:
        part = Part(row.id, row.there, row.protected, row.own)
        found.setdefault(row[0].id, (row[0], []))[1].append(part)
    return list(found.values())


def ended_between(
    session: Session, start: datetime, end: datetime, only: Collection[uuid.UUID] | None = None
) -> Sequence[Occasion]:
    """Sessions of all organisations that ended in [start, end), of those who are enrolled.

    `only`: of these people alone. For the worker: nothing of it is shown.
    """
    enrolled = exists().where(Enrolment.person_id == GroupPart.person_id, Enrolment.closed_on.is_(None))
    wanted = _OCCASIONS.where(
        GroupPart.in_portal.is_(True),
        GroupSession.starts_at >= start - LONGEST,
        GroupSession.starts_at < end,
        GroupSession.ends_at >= start,
        GroupSession.ends_at < end,
        enrolled,
    )
    if only is not None:
        wanted = wanted.where(GroupPart.person_id.in_(only))
    return [Occasion(*row) for row in session.execute(wanted)]


def signed_for() -> ColumnElement[bool]:
    """Which signature is of a part."""
    return signature_of(PART, GroupPart.id, GroupPart.person_id)


def _line(
    asker: Asker, row: Row[*tuple[Any, ...]], corrections: Sequence[Corrected], now: datetime, signs: bool
) -> Line:
    part: GroupPart = row[0]
    one: GroupSession = row[1]
    signed_at: datetime | None = row.signed_at
    span = one.starts_at, one.ends_at
    signing = attending.signing(part.attendance, span, signed_at, asker.zone, now, asked=signs)
    return Line(
        cause_id=part.id,
        activity=GROUP,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        noted=Noted(part.attendance),
        noted_at=part.attended_at,
        noted_by=name_of(part.attendance_by, row.name_sealed) if part.attendance_by else "",
        signed_at=signed_at,
        method=row.method or "",
        signed_late=signing.late,
        can_sign=signing.is_open,
        corrections=corrections,
        hidden=not part.in_portal,
        asked=signs and part.in_portal,
        page_id=one.id if row.managed else None,
    )
