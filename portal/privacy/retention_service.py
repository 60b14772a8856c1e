"""Forgetting: exactly what was found, in one transaction, so that figures stand without persons (S46)."""

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Table, bindparam, delete, select, update
from sqlalchemy.orm import Session

from portal.booking.figure_queries import first_kept
from portal.db import Base
from portal.identity.models import Enrolment, Person
from portal.journal import chain_service
from portal.journal import service as journal
from portal.organisation.models import Organisation
from portal.privacy import retention_queries
from portal.privacy.retention_rules import Dates, Forgetting, Key, blurred
from portal.web.errors import Refused


class Otherwise(Refused):
    """What would be deleted now is not what was looked at, or somebody changed it meanwhile."""


def forget(
    session: Session, now: datetime, places: Collection[Organisation], *, only: str | None = None
) -> Forgetting:
    """Delete what is to be forgotten now; returns what that was.

    `only`: the digest of what a dry run listed; with another one nothing is done. Raises `Otherwise`.
    """
    # Two workers at once: the second one waits here, and then finds nothing left.
    chain_service.hold(session, now)
    held = _hold(session, *retention_queries.who(session, now, places))
    found = retention_queries.forgetting(session, now, places)
    if not held.issuperset((*found.people, *found.staff)):
        raise Otherwise
    if only is not None and only != found.digest:
        raise Otherwise
    for person_id in found.people:
        _leave_figures(session, person_id, now)
    session.flush()
    _delete_rows(session, found.rows)
    _delete_exactly(session, cast(Table, Person.__table__), [(one,) for one in found.people])
    for person_id in found.staff:
        _leave_an_id(session, person_id)
    for person_id in (*found.people, *found.staff):
        journal.note(session, None, action="change", kind="forgotten", subject=person_id)
    if found.journal is not None:
        chain_service.delete_old(session, found.journal, now)
    session.flush()
    return found


def _hold(session: Session, *groups: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Hold everybody who seems to be due: whoever comes back was there before us, or waits until we are done.

    Held so that no new row can point at them either. In one order, as everywhere.
    """
    everybody = sorted({one for group in groups for one in group})
    for some in retention_queries.by_hundreds(everybody):
        session.execute(select(Person.id).where(Person.id.in_(some)).order_by(Person.id).with_for_update())
    return set(everybody)


def _leave_figures(session: Session, person_id: uuid.UUID, now: datetime) -> None:
    """Let the enrolments stay, of somebody without a name whom nothing else points at, with days blurred.

    Where nobody filled in the first meeting, reports take it from the meetings, which go: so it is filled in.
    """
    person = session.get_one(Person, person_id)
    nobody = Person(
        organisation_id=person.organisation_id,
        gender=person.gender,
        born_in_sweden=person.born_in_sweden,
        municipality=person.municipality,
        education=person.education,
        protected=person.protected,
        disabled_at=now,
        created_at=now,
    )
    session.add(nobody)
    session.flush()
    zone = session.get_one(Organisation, person.organisation_id).zone
    own = select(Enrolment, first_kept()).where(Enrolment.person_id == person_id)
    for one, met_at in cast("list[tuple[Enrolment, datetime | None]]", session.execute(own).all()):
        first = one.first_meeting_on or (met_at.astimezone(zone).date() if met_at else None)
        days = blurred(Dates(one.applied_on, first, one.started_on, one.closed_on))
        one.applied_on, one.first_meeting_on = days.applied_on, days.first_meeting_on
        one.started_on, one.closed_on = days.started_on, days.closed_on
        one.person_id, one.coach_id = nobody.id, None


def _leave_an_id(session: Session, person_id: uuid.UUID) -> None:
    """Let what a member of staff did still be somebody's, of whom nothing is known."""
    session.execute(
        update(Person)
        .where(Person.id == person_id)
        .values(
            name_sealed=None,
            name_hash=None,
            phone_sealed=None,
            phone_hash=None,
            phone_confirmed_at=None,
            email_sealed=None,
            email_confirmed_at=None,
            pin_hash=None,
            pin_chosen_at=None,
            gender="not_told",
            born_in_sweden=None,
            municipality="",
            education="",
        )
    )


def _delete_rows(session: Session, rows: dict[str, tuple[Key, ...]]) -> None:
    """Those that point at others first."""
    for table in reversed(Base.metadata.sorted_tables):
        if keys := rows.get(table.name):
            _point_nowhere(session, table, keys)
            _delete_exactly(session, table, keys)


def _point_nowhere(session: Session, table: Table, keys: Collection[Key]) -> None:
    """Let rows no longer point at others of their table, so that their order does not matter."""
    for constraint in table.foreign_key_constraints:
        if constraint.referred_table is table:
            nothing = {element.parent.name: None for element in constraint.elements}
            session.execute(update(table).where(*_bound(table)).values(nothing), _named(table, keys))


def _delete_exactly(session: Session, table: Table, keys: Collection[Key]) -> None:
    if not keys:
        return
    done = session.connection().execute(delete(table).where(*_bound(table)), _named(table, keys))
    if cast("CursorResult[object]", done).rowcount != len(keys):
        raise Otherwise


def _bound(table: Table) -> list[Any]:
    return [column == bindparam(f"key_{column.name}") for column in table.primary_key]


def _named(table: Table, keys: Collection[Key]) -> list[dict[str, Any]]:
    names = [f"key_{column.name}" for column in table.primary_key]
    return [dict(zip(names, key, strict=True)) for key in keys]


def daily(session: Session, now: datetime, places: Collection[Organisation]) -> int:
    """What the worker does once a day: for the organisations that want it. Returns how many are forgotten."""
    wanting = [place for place in places if place.rules.forget_daily]
    if not wanting:
        return 0
    found = forget(session, now, wanting)
    journal.write_own(session, now)
    return len(found.people) + len(found.staff)
