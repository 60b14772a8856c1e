"""What the page about somebody's absence reads: whose it may be, who can stand in, what stands there."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session, aliased

from portal.identity.absence.models import Absence
from portal.identity.absence.queries import COACHING
from portal.identity.absence.rules import Period
from portal.identity.models import Enrolment, Person, RoleGrant, name_of
from portal.identity.scope import is_present
from portal.journal.service import note
from portal.web.asker import Asker


@dataclass(frozen=True, slots=True)
class Colleague:
    """A coach or a lead, by the whole name."""

    person_id: uuid.UUID
    name: str


@dataclass(frozen=True, slots=True)
class AwayRow:
    """One absence as its page lists it; `stand_in` is a whole name, "" where nobody answers."""

    id: uuid.UUID
    days: Period
    stand_in_id: uuid.UUID | None
    stand_in: str


def nothing() -> NoResultFound:
    """What is raised for what is not there, or not for the asker."""
    return NoResultFound()


def managed(session: Session, asker: Asker, person_id: uuid.UUID, *, what: str = "absence") -> Person:
    """The member of staff whose absence the asker may see and change: themselves, or one of a team they lead.

    `what` is the kind of page, for the journal: other things of staff are theirs and their lead's alike.
    Raises NoResultFound, alike for nobody and for somebody else's, after noting the refusal.
    """
    found = session.scalars(
        select(Person).where(Person.id == person_id, Person.id.in_(_managed_by(asker)))
    ).one_or_none()
    if person_id != asker.person_id:
        action = "read" if found else "refused"
        note(session, asker, action=action, kind=what, subject=person_id)
    if found is None:
        raise nothing()
    return found


def team(session: Session, asker: Asker, today: date) -> tuple[tuple[Colleague, date | None], ...]:
    """Whose absence a lead may change, themselves aside, by name; of whoever is away today the last day."""
    absent = and_(
        Absence.person_id == Person.id,
        Absence.cancelled_at.is_(None),
        Absence.first_day <= today,
        Absence.last_day >= today,
    )
    rows = session.execute(
        select(Person.id, Person.name_sealed, Absence.last_day)
        .outerjoin(Absence, absent)
        .where(Person.id.in_(_managed_by(asker)), Person.id != asker.person_id)
    )
    found = [(Colleague(row.id, name_of(row.id, row.name_sealed)), row.last_day) for row in rows]
    return tuple(sorted(found, key=lambda one: one[0].name.casefold()))


def colleagues(session: Session, asker: Asker, person_id: uuid.UUID) -> tuple[Colleague, ...]:
    """Whom the asker may let stand in for somebody: active coaches and leads of the same teams, by name.

    Nobody, where that would open participants whom a lead who asks may not read: the absent one chooses.
    """
    if person_id != asker.person_id and _reaches_further(session, asker, person_id):
        return ()
    theirs = select(RoleGrant.team_id).where(
        RoleGrant.person_id == person_id, RoleGrant.role.in_(COACHING), RoleGrant.team_id.is_not(None)
    )
    rows = session.execute(
        select(Person.id, Person.name_sealed).where(
            Person.id != person_id, Person.disabled_at.is_(None), _works_in(theirs)
        )
    )
    found = [Colleague(row.id, name_of(row.id, row.name_sealed)) for row in rows]
    return tuple(sorted(found, key=lambda one: one.name.casefold()))


def _reaches_further(session: Session, asker: Asker, coach_id: uuid.UUID) -> bool:
    """Whether a coach reads participants of a team that the asker does not lead."""
    theirs = select(Enrolment.id).where(
        Enrolment.coach_id == coach_id, is_present(), Enrolment.team_id.not_in(_led_by(asker))
    )
    return session.scalars(theirs.limit(1)).first() is not None


def listed(session: Session, person_id: uuid.UUID, today: date) -> Sequence[AwayRow]:
    """Somebody's absences that are not over, in order. The caller has checked the person."""
    stand_in = aliased(Person)
    rows = session.execute(
        select(Absence, stand_in.name_sealed)
        .outerjoin(stand_in, stand_in.id == Absence.stand_in_id)
        .where(Absence.person_id == person_id, Absence.cancelled_at.is_(None), Absence.last_day >= today)
        .order_by(Absence.first_day)
    )
    return [
        AwayRow(row.id, row.days, row.stand_in_id, name_of(row.stand_in_id, name) if row.stand_in_id else "")
        for row, name in rows
    ]


def relied_on(session: Session, person_id: uuid.UUID, days: Period) -> tuple[str, ...]:
    """For whom somebody was to stand in on some of these days, by first name."""
    rows = session.execute(
        select(Person.id, Person.name_sealed)
        .join(Absence, Absence.person_id == Person.id)
        .where(
            Absence.stand_in_id == person_id,
            Absence.cancelled_at.is_(None),
            Absence.first_day <= days.last,
            Absence.last_day >= days.first,
        )
        .distinct()
    )
    return tuple(sorted(name_of(row.id, row.name_sealed).partition(" ")[0] for row in rows))


def _works_in(teams: Select[uuid.UUID | None]) -> ColumnElement[bool]:
    working = select(RoleGrant.person_id).where(RoleGrant.role.in_(COACHING), RoleGrant.team_id.in_(teams))
    return Person.id.in_(working)


def _led_by(asker: Asker) -> Select[uuid.UUID | None]:
    led = select(RoleGrant.team_id).where(RoleGrant.person_id == asker.person_id, RoleGrant.role == "lead")
    return led.where(RoleGrant.team_id.is_not(None))


def _managed_by(asker: Asker) -> Select[uuid.UUID]:
    """Ids of active staff who coach: the asker, and those of the teams that the asker leads."""
    reach = [Person.id == asker.person_id]
    if "lead" in asker.roles:
        reach.append(_works_in(_led_by(asker)))
    return select(Person.id).where(
        Person.organisation_id == asker.organisation_id,
        Person.disabled_at.is_(None),
        exists().where(RoleGrant.person_id == Person.id, RoleGrant.role.in_(COACHING)),
        or_(*reach),
    )


def one(session: Session, asker: Asker, person_id: uuid.UUID, absence_id: uuid.UUID) -> Period:
    """The days of one absence that has not been taken back. Raises NoResultFound."""
    managed(session, asker, person_id)
    asked = select(Absence).where(Absence.id == absence_id, Absence.person_id == person_id)
    return session.scalars(asked.where(Absence.cancelled_at.is_(None))).one().days
