"""What is to be forgotten now: exactly what the next run deletes (S46)."""

import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime, time
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, exists, func, inspect, or_, select
from sqlalchemy.orm import Session

from portal.days import months_after
from portal.identity.models import Enrolment, Person, RoleGrant, StaffAccount
from portal.identity.scope import is_known
from portal.journal import chain_service
from portal.journal.models import JournalRow
from portal.organisation import queries as organisations
from portal.organisation.models import Organisation
from portal.privacy.holding_queries import HOLDINGS
from portal.privacy.holding_rules import ITSELF, NOTES, STAFF, WITH_PERSON, Holding
from portal.privacy.retention_rules import Forgetting, Key
from portal.web.asker import STAFF_ROLES

OF_STAFF_TOO = frozenset({"role_grant"})
"""What goes with a participant, and with a member of staff as well."""
AT_ONCE = 500


def by_hundreds(ids: Sequence[uuid.UUID]) -> Iterator[Sequence[uuid.UUID]]:
    """The ids in parts: a statement names no more values than a database takes."""
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


def who(
    session: Session, now: datetime, places: Collection[Organisation]
) -> tuple[list[uuid.UUID], list[uuid.UUID]]:
    """Which participants and which members of staff these organisations have kept long enough."""
    people = sorted(one for place in places for one in _people_of(session, place, now))
    staff = sorted(one for place in places for one in _staff_of(session, place, now))
    return people, staff


def forgetting(session: Session, now: datetime, places: Collection[Organisation]) -> Forgetting:
    """What a run deletes for these organisations, and of the journal, which is the whole house's."""
    people, staff = who(session, now, places)
    rows = {
        holding.table: keys
        for holding in HOLDINGS
        if (keys := _keys(session, holding, _which(holding, people, staff, places, now)))
    }
    before = _journal_before(session, now)
    last = chain_service.old_lines(session, before) if before else None
    lines = 0
    if last is not None:
        lines = session.scalar(select(func.count()).where(JournalRow.link <= last.link)) or 0
    return Forgetting(tuple(people), tuple(staff), rows, last, lines)


def counts_of(session: Session, people: Sequence[uuid.UUID]) -> dict[uuid.UUID, dict[str, int]]:
    """How many rows of each table go with each of these people; one query for each table and part."""
    found: dict[uuid.UUID, Counter[str]] = {one: Counter() for one in people}
    for holding in HOLDINGS:
        if holding.whose is None or holding.fate not in WITH_PERSON:
            continue
        for some in by_hundreds(people):
            for asked in holding.whose.counted(some):
                for row in session.execute(asked).all():
                    one, many = cast(tuple[uuid.UUID, int], tuple(row))
                    found[one][holding.table] += many
    return {one: dict(counts) for one, counts in found.items()}


def _today(place: Organisation, now: datetime) -> Any:
    return now.astimezone(place.zone).date()


def _moment(place: Organisation, now: datetime, months: int) -> datetime:
    """The beginning of the day so many months ago, where the organisation is."""
    day = months_after(_today(place, now), -months)
    return datetime.combine(day, time(), place.zone).astimezone(UTC)


def _people_of(session: Session, place: Organisation, now: datetime) -> Iterable[uuid.UUID]:
    """Participants everything of whom was closed long enough ago, and who have no other role."""
    last_day = months_after(_today(place, now), -place.rules.keep_content_months)
    own = exists().where(Enrolment.person_id == Person.id)
    lately = own.where(or_(Enrolment.closed_on.is_(None), Enrolment.closed_on > last_day))
    works = exists().where(RoleGrant.person_id == Person.id, RoleGrant.role.in_(STAFF_ROLES))
    return session.scalars(
        select(Person.id).where(Person.organisation_id == place.id, is_known(), own, ~lately, ~works)
    )


def _staff_of(session: Session, place: Organisation, now: datetime) -> Iterable[uuid.UUID]:
    """Members of staff who were shut out long enough ago, and were never participants."""
    account = exists().where(StaffAccount.person_id == Person.id)
    enrolled = exists().where(Enrolment.person_id == Person.id)
    return session.scalars(
        select(Person.id).where(
            Person.organisation_id == place.id,
            Person.disabled_at < _moment(place, now, place.rules.keep_staff_months),
            account,
            ~enrolled,
        )
    )


def _which(
    holding: Holding,
    people: list[uuid.UUID],
    staff: list[uuid.UUID],
    places: Collection[Organisation],
    now: datetime,
) -> Iterable[ColumnElement[bool]]:
    """The conditions under which rows of a table go."""
    if holding.fate == STAFF:
        yield from (holding.model.person_id.in_(some) for some in by_hundreds(staff))
    if holding.whose is None:
        return
    if holding.fate in WITH_PERSON:
        yield from map(holding.whose, by_hundreds(people))
    if holding.fate == ITSELF or holding.table in OF_STAFF_TOO:
        yield from map(holding.whose, by_hundreds(staff))
    if holding.fate == NOTES:
        for place in places:
            theirs = select(Person.id).where(Person.organisation_id == place.id)
            written = getattr(holding.model, holding.written)
            yield holding.whose(theirs) & (written < _moment(place, now, place.rules.keep_notes_months))


def _keys(session: Session, holding: Holding, conditions: Iterable[ColumnElement[bool]]) -> tuple[Key, ...]:
    """The primary keys of the rows for which any of these is true."""
    table: Table = inspect(holding.model).local_table
    asked = select(*table.primary_key.columns)
    found = {tuple(row) for one in conditions for row in session.execute(asked.where(one))}
    return tuple(sorted(found, key=str))


def _journal_before(session: Session, now: datetime) -> datetime | None:
    """Older lines go: those of nobody's keeping time any more.

    It is one chain for everybody, so whoever keeps longest decides, also where only others forget today.
    """
    everyone = organisations.everyone(session)
    moments = [_moment(place, now, place.rules.keep_journal_months) for place in everyone]
    return min(moments, default=None)
