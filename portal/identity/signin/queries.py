"""Reads for signing in. They ask by what a browser or a number can show, before anybody is known."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from portal.crypto import code_hash, lookup_hash
from portal.identity.absence import queries as absence
from portal.identity.absence.queries import Away
from portal.identity.models import Enrolment, Person, RoleGrant, StaffAccount
from portal.identity.people import number_queries
from portal.identity.session_models import KeptForm, SignInCode, WebSession
from portal.identity.signin import attempts_service, kept_rules, rules
from portal.journal import service as journal
from portal.organisation.models import Organisation, Team
from portal.web.asker import STAFF_ROLES, Asker

PersonId = uuid.UUID
NOBODY = uuid.UUID(int=0)


@dataclass(frozen=True)
class Reachable:
    """A person to whom a code may be sent."""

    person_id: uuid.UUID
    language: str


@dataclass(frozen=True)
class Holder:
    """Who held a session that has run out."""

    person_id: uuid.UUID
    is_staff: bool
    slug: str


@dataclass(frozen=True)
class Helpers:
    """Whom a participant can turn to: the coach's first name and the team's name, "" where there is none.

    `away`: that the coach is away today; None when they are not.
    """

    coach: str
    team: str
    away: Away | None = None


def may_get_codes() -> tuple[ColumnElement[bool], ...]:
    """Which people may sign in by SMS: enrolled, not disabled, not protected, and SMS is safe for them."""
    return (
        Person.disabled_at.is_(None),
        Person.protected.is_(False),
        Person.sms_unsafe.is_(False),
        exists().where(RoleGrant.person_id == Person.id, RoleGrant.role == "participant"),
    )


def reachable(session: Session, organisation_id: uuid.UUID, phone: str, now: datetime) -> Reachable | None:
    """Who gets a code at this number (E.164) in this organisation; None is answered alike (S14, S15).

    A number that bounces or has been silent for long gets none until it is confirmed anew (S36); whether it
    is so is asked of a number that is nobody's as well.
    """
    row = session.execute(
        select(Person.id, Person.language, Person.phone_confirmed_at, Person.phone_heard_at).where(
            Person.organisation_id == organisation_id,
            Person.phone_hash == lookup_hash("phone", phone),
            *may_get_codes(),
        )
    ).one_or_none()
    known = (row.phone_confirmed_at, row.phone_heard_at) if row else (None, None)
    trouble = number_queries.trouble(session, row.id if row else NOBODY, known, now)
    return Reachable(row.id, row.language) if row and not trouble else None


def browsers_code(
    session: Session, organisation_id: uuid.UUID, browser: str, now: datetime
) -> SignInCode | None:
    """The newest code that this browser asked for and that has not run out, used or not (S11)."""
    return session.scalars(
        select(SignInCode)
        .where(
            SignInCode.organisation_id == organisation_id,
            SignInCode.browser_hash == code_hash(browser, "browser"),
            SignInCode.expires_at > now,
        )
        .order_by(SignInCode.created_at.desc())
        .limit(1)
    ).first()


def may_be_staff() -> tuple[ColumnElement[bool], ...]:
    """Which people may sign in as staff: not disabled, and with a role."""
    return (
        Person.disabled_at.is_(None),
        exists().where(RoleGrant.person_id == Person.id, RoleGrant.role.in_(STAFF_ROLES)),
    )


def staff_account(session: Session, email: str) -> StaffAccount | None:
    """The account with this e-mail address, whose owner is neither disabled nor without a role."""
    return session.scalars(
        select(StaffAccount)
        .join(Person, Person.id == StaffAccount.person_id)
        .where(
            StaffAccount.email_hash == lookup_hash("email", email.casefold()),
            *may_be_staff(),
        )
    ).one_or_none()


def own_account(session: Session, asker: Asker) -> StaffAccount:
    """The asker's own account. Raises NoResultFound for a participant."""
    return session.scalars(select(StaffAccount).where(StaffAccount.person_id == asker.person_id)).one()


def own_person(session: Session, asker: Asker) -> Person:
    """The asker as a person."""
    return session.scalars(select(Person).where(Person.id == asker.person_id)).one()


def own_page(session: Session, asker: Asker) -> Person:
    """The asker as a person, for the page about themselves; noted as read (S42)."""
    journal.note(session, asker, action="read", kind="me", subject=asker.person_id)
    return own_person(session, asker)


def own_organisation(session: Session, asker: Asker) -> Organisation:
    """The organisation that the asker belongs to."""
    return session.scalars(select(Organisation).where(Organisation.id == asker.organisation_id)).one()


def own_helpers(session: Session, asker: Asker, now: datetime) -> Helpers:
    """The coach and team of the asker's open enrolment, behind the second door alone.

    A team is called after a place: whoever holds the phone must not learn where the person goes (S30).
    """
    if asker.tier < 2:
        return Helpers("", "")
    row = session.execute(
        select(Team.name, Enrolment.coach_id)
        .join(Team, Team.id == Enrolment.team_id)
        .where(Enrolment.person_id == asker.person_id, Enrolment.closed_on.is_(None))
        .order_by(Enrolment.applied_on.desc())
        .limit(1)
    ).first()
    if row is None:
        return Helpers("", "")
    if row.coach_id is None:
        return Helpers("", row.name)
    coach = session.scalars(select(Person).where(Person.id == row.coach_id)).one()
    today = now.astimezone(asker.zone).date()
    return Helpers(coach.first_name, row.name, absence.away(session, row.coach_id, today))


def pin_guesses(session: Session, person_id: uuid.UUID) -> int:
    """How many wrong PINs stand against this person."""
    return attempts_service.standing(session, rules.PIN_GUESSES, pin_key(person_id))


def pin_key(person_id: uuid.UUID) -> bytes:
    """What a person's wrong PINs are counted under."""
    return attempts_service.key("pin", str(person_id))


def last_holder(session: Session, token: str, now: datetime) -> Holder | None:
    """Who held a session that ran out by itself in the last day; None when somebody ended it."""
    row = session.execute(
        select(WebSession.person_id, WebSession.roles, Organisation.slug)
        .join(Person, Person.id == WebSession.person_id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(
            WebSession.token_hash == code_hash(token, "session"),
            WebSession.ended_at.is_(None),
            WebSession.last_seen_at > now - timedelta(days=1),
            Person.disabled_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        return None
    return Holder(row.person_id, bool(STAFF_ROLES & set(row.roles)), row.slug)


def kept_form(session: Session, asker: Asker, now: datetime) -> KeptForm | None:
    """What was kept for the asker in the last day (S17)."""
    return session.scalars(
        select(KeptForm)
        .where(KeptForm.person_id == asker.person_id, KeptForm.kept_at > now - kept_rules.LIFE)
        .order_by(KeptForm.kept_at.desc())
        .limit(1)
    ).first()
