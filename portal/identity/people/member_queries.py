"""Reads about the staff of the asker's organisation."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.crypto import open_sealed
from portal.identity.models import Enrolment, Person, RoleGrant, StaffAccount
from portal.identity.people import rules
from portal.organisation.models import Team
from portal.web.asker import Asker


@dataclass(frozen=True)
class Role:
    """A role and the name of the team it stands in, "" for one of the whole house."""

    role: str
    team_id: uuid.UUID | None
    team: str


@dataclass(frozen=True)
class Member:
    """A member of staff in the admin's list. `participants`: open enrolments as their coach."""

    person_id: uuid.UUID
    name: str
    email: str
    authority: str
    roles: tuple[Role, ...]
    participants: int
    disabled_at: datetime | None


def members(session: Session, asker: Asker) -> tuple[Member, ...]:
    """All staff of the organisation, by name, those who cannot sign in last; three queries."""
    rows = session.execute(
        select(
            Person.id,
            Person.name_sealed,
            Person.disabled_at,
            StaffAccount.id.label("account_id"),
            StaffAccount.email_sealed,
            StaffAccount.authority,
        )
        .join(StaffAccount, StaffAccount.person_id == Person.id)
        .where(Person.organisation_id == asker.organisation_id)
    ).all()
    roles = _roles(session, asker)
    busy = participants(session, asker)
    found = [
        Member(
            person_id=row.id,
            name=open_sealed("person", "name_sealed", row.id, row.name_sealed),
            email=open_sealed("staff_account", "email_sealed", row.account_id, row.email_sealed),
            authority=row.authority,
            roles=tuple(roles.get(row.id, ())),
            participants=busy.get(row.id, 0),
            disabled_at=row.disabled_at,
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda one: (one.disabled_at is not None, rules.sort_key(one.name))))


def member(session: Session, asker: Asker, person_id: uuid.UUID) -> Person:
    """One member of the asker's organisation's staff. Raises NoResultFound."""
    return session.scalars(
        select(Person)
        .join(StaffAccount, StaffAccount.person_id == Person.id)
        .where(Person.id == person_id, Person.organisation_id == asker.organisation_id)
    ).one()


def email_of(session: Session, person: Person) -> str:
    """The address that a member of staff signs in with. The caller has checked the person."""
    return session.scalars(select(StaffAccount).where(StaffAccount.person_id == person.id)).one().email


def grants_of(session: Session, person: Person) -> tuple[RoleGrant, ...]:
    """A person's roles. The caller has checked the person."""
    return tuple(session.scalars(select(RoleGrant).where(RoleGrant.person_id == person.id)))


def _roles(session: Session, asker: Asker) -> dict[uuid.UUID, list[Role]]:
    found: dict[uuid.UUID, list[Role]] = {}
    rows = session.execute(
        select(RoleGrant.person_id, RoleGrant.role, RoleGrant.team_id, Team.name)
        .join(Person, Person.id == RoleGrant.person_id)
        .join(Team, Team.id == RoleGrant.team_id, isouter=True)
        .where(Person.organisation_id == asker.organisation_id, RoleGrant.role != "participant")
        .order_by(RoleGrant.role, Team.name)
    )
    for person_id, role, team_id, team in rows:
        found.setdefault(person_id, []).append(Role(role, team_id, team or ""))
    return found


def participants(session: Session, asker: Asker) -> dict[uuid.UUID, int]:
    """How many open enrolments each coach has; protected people are in no number (S37)."""
    rows = session.execute(
        select(Enrolment.coach_id, func.count())
        .join(Person, Person.id == Enrolment.person_id)
        .where(
            Person.organisation_id == asker.organisation_id,
            Person.protected.is_(False),
            Enrolment.closed_on.is_(None),
        )
        .group_by(Enrolment.coach_id)
    )
    return {coach_id: number for coach_id, number in rows if coach_id}
