"""The list of participants with states and what comes next, and names for other rooms."""

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from portal.crypto import lookup_hash, open_sealed
from portal.identity.models import Enrolment, EnrolmentPeriod, Person, RoleGrant
from portal.identity.people import rules
from portal.identity.people.reach_queries import enrolments_of, findable, today_of
from portal.journal import service as journal
from portal.messaging.rules import PhoneError, normalise
from portal.web.asker import Asker

COLUMNS = (
    Person.id,
    Person.name_sealed,
    Person.phone_sealed,
    Person.language,
    Person.disabled_at,
    Person.pin_hash.is_not(None).label("has_pin"),
    Enrolment.id.label("enrolment_id"),
    Enrolment.team_id,
    Enrolment.coach_id,
    Enrolment.started_on,
    Enrolment.first_meeting_on,
    Enrolment.closed_on,
)


@dataclass(frozen=True)
class CaseRow:
    """One participant in a list. `state` is open, paused or closed; `phone` is E.164 or ""."""

    person_id: uuid.UUID
    enrolment_id: uuid.UUID
    name: str
    short_name: str
    phone: str
    language: str
    state: str
    team_id: uuid.UUID
    coach_id: uuid.UUID | None
    coach: str
    next: rules.NextThing


@dataclass(frozen=True)
class People:
    """One page of the list. `counts` is by state over what was found; `too_many`: names were not opened."""

    page: rules.Page[CaseRow]
    counts: dict[str, int] = field(default_factory=dict)
    too_many: bool = False


def people(
    session: Session, asker: Asker, now: datetime, *, query: str = "", state: str = "", number: int = 1
) -> People:
    """The list page: filtered by state, searched by name or number inside the asker's own scope.

    Up to 500 people are opened, searched and sorted by name. Of more than that only those with exactly
    this name or number are found, and the newest stand first. Everybody on the page has been read (S42).
    """
    found = _people(session, asker, now, query=query, state=state, number=number)
    read: list[uuid.UUID | None] = [row.person_id for row in found.page.items]
    for subject in read or [None]:
        journal.note(session, asker, action="read", kind="people_list", subject=subject)
    return found


def _people(session: Session, asker: Asker, now: datetime, *, query: str, state: str, number: int) -> People:
    today = today_of(asker, now)
    total = session.scalar(select(func.count()).select_from(_asked(asker).subquery())) or 0
    if total > rules.OPENED_AT_MOST:
        return _large(session, asker, today, query=query, state=state, number=number)
    rows = _sorted(_rows(session, asker, _asked(asker), today))
    found = [row for row in rows if not query or rules.matches(row.name, row.phone, query)]
    shown = [row for row in found if row.state == state] if state else found
    return People(rules.page(shown, number), dict(Counter(row.state for row in found)))


def _asked(asker: Asker) -> Select[*tuple[Any, ...]]:
    return select(*COLUMNS).join(Enrolment, Enrolment.person_id == Person.id).where(enrolments_of(asker))


def _sorted(rows: Iterable[CaseRow]) -> tuple[CaseRow, ...]:
    def place(row: CaseRow) -> tuple[bool, str, str]:
        return row.state == rules.CLOSED, rules.sort_key(row.name), str(row.person_id)

    return tuple(sorted(rows, key=place))


def _large(session: Session, asker: Asker, today: date, *, query: str, state: str, number: int) -> People:
    asked = _asked(asker)
    if query:
        asked = asked.where(_exactly(query))
    if state:
        asked = asked.where(_in_state(state, today))
    total = session.scalar(select(func.count()).select_from(asked.subquery())) or 0
    shown, pages = rules.bounds(total, number)
    newest = asked.order_by(Enrolment.closed_on.is_not(None), Enrolment.started_on.desc(), Person.id)
    window = newest.offset((shown - 1) * rules.PAGE_SIZE).limit(rules.PAGE_SIZE)
    rows = tuple(_rows(session, asker, window, today))
    return People(rules.Page(rows, shown, pages, total), too_many=True)


def _exactly(query: str) -> ColumnElement[bool]:
    by_name = Person.name_hash == lookup_hash("name", rules.name_key(query))
    try:
        number = normalise(query, allow_foreign=True)
    except PhoneError:
        return by_name
    return or_(by_name, Person.phone_hash == lookup_hash("phone", number))


def _in_state(state: str, today: date) -> ColumnElement[bool]:
    paused = exists().where(
        EnrolmentPeriod.enrolment_id == Enrolment.id,
        EnrolmentPeriod.kind == "pause",
        EnrolmentPeriod.starts_on <= today,
        or_(EnrolmentPeriod.ends_on.is_(None), EnrolmentPeriod.ends_on >= today),
    )
    if state == rules.CLOSED:
        return Enrolment.closed_on.is_not(None)
    return and_(Enrolment.closed_on.is_(None), paused if state == rules.PAUSED else ~paused)


def _rows(session: Session, asker: Asker, asked: Select[*tuple[Any, ...]], today: date) -> list[CaseRow]:
    found = session.execute(asked).all()
    spans = _spans(session, [row.enrolment_id for row in found])
    coaches = staff_names(session, asker, {row.coach_id for row in found if row.coach_id})
    return [_row(row, spans.get(row.enrolment_id, {}), coaches, today) for row in found]


def _spans(session: Session, ids: list[uuid.UUID]) -> dict[uuid.UUID, dict[str, list[rules.Span]]]:
    found: dict[uuid.UUID, dict[str, list[rules.Span]]] = {}
    rows = session.execute(
        select(
            EnrolmentPeriod.enrolment_id,
            EnrolmentPeriod.kind,
            EnrolmentPeriod.starts_on,
            EnrolmentPeriod.ends_on,
        ).where(EnrolmentPeriod.enrolment_id.in_(ids))
    )
    for enrolment_id, kind, starts_on, ends_on in rows:
        kinds = found.setdefault(enrolment_id, {})
        kinds.setdefault(kind, []).append(rules.Span(starts_on, ends_on))
    return found


def _row(row: Any, spans: dict[str, list[rules.Span]], coaches: dict[uuid.UUID, str], today: date) -> CaseRow:
    name = open_sealed("person", "name_sealed", row.id, row.name_sealed)
    pauses = tuple(spans.get("pause", ()))
    about = rules.Standing(
        closed_on=row.closed_on,
        started_on=row.started_on,
        first_meeting_on=row.first_meeting_on,
        pauses=pauses,
        extensions=tuple(spans.get("extension", ())),
        has_coach=row.coach_id is not None,
        has_phone=row.phone_sealed is not None,
        has_pin=row.has_pin,
        disabled=row.disabled_at is not None,
    )
    return CaseRow(
        person_id=row.id,
        enrolment_id=row.enrolment_id,
        name=name,
        short_name=rules.short_name(name),
        phone=open_sealed("person", "phone_sealed", row.id, row.phone_sealed),
        language=row.language,
        state=rules.state(row.closed_on, pauses, today),
        team_id=row.team_id,
        coach_id=row.coach_id,
        coach=coaches.get(row.coach_id, ""),
        next=rules.next_thing(about, today),
    )


def names(session: Session, asker: Asker, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The full names of those of these participants whom the asker may find; one query."""
    rows = session.execute(
        select(Person.id, Person.name_sealed).where(Person.id.in_(list(ids)), Person.id.in_(findable(asker)))
    )
    return {row.id: open_sealed("person", "name_sealed", row.id, row.name_sealed) for row in rows}


def staff_names(session: Session, asker: Asker, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The full names of staff of the asker's organisation; participants are never among them. One query."""
    is_staff = exists().where(RoleGrant.person_id == Person.id, RoleGrant.role != "participant")
    rows = session.execute(
        select(Person.id, Person.name_sealed).where(
            Person.id.in_(list(ids)), Person.organisation_id == asker.organisation_id, is_staff
        )
    )
    return {row.id: open_sealed("person", "name_sealed", row.id, row.name_sealed) for row in rows}
