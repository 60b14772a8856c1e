"""The staff themselves: who works here, in which roles, and how they sign in (S29)."""

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

import pyotp
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError, NoResultFound
from sqlalchemy.orm import Session

from portal.crypto import lookup_hash
from portal.identity.models import Person, ProtectedHandler, RoleGrant, StaffAccount
from portal.identity.people import access_service, rules
from portal.identity.service import lock_people
from portal.identity.signin.hashing import hash_password
from portal.journal import service as journal
from portal.organisation.models import Team
from portal.web.asker import Asker
from portal.web.errors import Refused

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""No letter that is mistaken for another when a password is copied from paper."""
GROUPS, GROUP_LENGTH = 4, 5
ISSUER = "Stigen"


class EmailTaken(Refused):
    """Somebody signs in with this address already."""


class NotYourself(Refused):
    """Admins neither disable themselves nor take their own role away: nobody would be left to undo it."""


class LastHandler(Refused):
    """They alone handle a protected person: another handler must be named first."""


@dataclass(frozen=True)
class Grant:
    """A role, in a team where the role works in one."""

    role: str
    team_id: uuid.UUID | None = None


@dataclass(frozen=True)
class NewMember:
    """Somebody who begins to work here. `email` is a rules.email_key; `authority` is their employer."""

    name: str
    email: str
    authority: str
    grants: frozenset[Grant]


@dataclass(frozen=True)
class Secrets:
    """What a member of staff needs to sign in, shown once. Made, and hashed, before a transaction opens."""

    password: str
    password_hash: str
    totp_secret: str

    def uri(self, email: str) -> str:
        """What an authenticator app reads (the "otpauth" address that such apps share)."""
        label = quote(f"{ISSUER}:{email}")
        return f"otpauth://totp/{label}?secret={self.totp_secret}&issuer={ISSUER}"


def make_secrets() -> Secrets:
    """A temporary password of about 99 bits and a TOTP secret. Takes 0.1 s: never in a transaction."""
    groups = ("".join(secrets.choice(LETTERS) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
    password = "-".join(groups)
    return Secrets(password, hash_password(password), pyotp.random_base32())


def add_member(
    session: Session,
    organisation_id: uuid.UUID,
    new: NewMember,
    made: Secrets,
    *,
    asker: Asker | None,
    now: datetime,
) -> Person:
    """Add somebody to the staff; `asker` is None on the command line.

    Raises EmailTaken, NoResultFound for a team of another organisation.
    """
    email_hash = lookup_hash("email", new.email)
    _check_teams(session, organisation_id, new.grants)
    person = Person(organisation_id=organisation_id, created_at=now)
    person.name = new.name
    person.name_hash = lookup_hash("name", rules.name_key(new.name))
    account = StaffAccount(
        person_id=person.id,
        email_hash=email_hash,
        password_hash=made.password_hash,
        password_temporary=True,
        authority=new.authority,
    )
    account.email = new.email
    account.totp_secret = made.totp_secret
    try:
        with session.begin_nested():
            session.add(person)
            session.flush()
            session.add(account)
    except IntegrityError:
        raise EmailTaken from None
    _grant(session, person.id, new.grants)
    journal.note(session, asker, action="change", kind="staff_added", subject=person.id)
    return person


def renew_secrets(session: Session, asker: Asker, person: Person, made: Secrets, *, now: datetime) -> None:
    """New password and TOTP secret for a lost phone or password; sessions end at once.

    Raises NoResultFound when the asker is an admin no more.
    """
    _hold(session, asker, person)
    account = session.scalars(select(StaffAccount).where(StaffAccount.person_id == person.id)).one()
    account.password_hash = made.password_hash
    account.password_temporary = True
    account.totp_secret = made.totp_secret
    account.totp_last_step = 0
    access_service.shut_out(session, person, reason="no sms", now=now)
    journal.note(session, asker, action="change", kind="staff_secrets", subject=person.id)


def set_roles(
    session: Session, asker: Asker, person: Person, grants: frozenset[Grant], *, now: datetime
) -> None:
    """Let the person have exactly these roles; their sessions end at once when anything changes (S18).

    Raises NotYourself, LastHandler, NoResultFound for a team of another organisation and when the asker is
    an admin no more.
    """
    _check_teams(session, person.organisation_id, grants)
    _hold(session, asker, person)
    before = frozenset(
        Grant(row.role, row.team_id)
        for row in session.scalars(select(RoleGrant).where(RoleGrant.person_id == person.id))
    )
    if before == grants:
        return
    if person.id == asker.person_id and Grant("admin") not in grants:
        raise NotYourself
    if not {grant.role for grant in grants} & set(rules.HANDLER_ROLES):
        _check_last_handler(session, person)
    session.execute(delete(RoleGrant).where(RoleGrant.person_id == person.id))
    _grant(session, person.id, grants)
    access_service.shut_out(session, person, reason="no sms", now=now)
    journal.note(session, asker, action="change", kind="roles", subject=person.id)


def disable_member(session: Session, asker: Asker, person: Person, *, now: datetime) -> None:
    """A member of staff signs in no more.

    Raises NotYourself, LastHandler, NoResultFound when the asker is an admin no more.
    """
    if person.id == asker.person_id:
        raise NotYourself
    _hold(session, asker, person)
    _check_last_handler(session, person)
    access_service.disable(session, asker, person, now=now)


def _hold(session: Session, asker: Asker, person: Person) -> None:
    """Let one admin at a time decide, who still is one: of two who remove each other one stays."""
    lock_people(session, (asker.person_id, person.id))
    still = (
        select(RoleGrant.id)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(Person.id == asker.person_id, Person.disabled_at.is_(None), RoleGrant.role == "admin")
    )
    if session.scalars(still).first() is None:
        raise NoResultFound


def _check_last_handler(session: Session, person: Person) -> None:
    mine = select(ProtectedHandler.person_id).where(ProtectedHandler.handler_id == person.id)
    # Of two who leave at the same moment, the second sees that the first has left.
    theirs = select(ProtectedHandler.id).where(ProtectedHandler.person_id.in_(mine))
    session.execute(theirs.order_by(ProtectedHandler.id).with_for_update())
    others = (
        select(ProtectedHandler.person_id)
        .join(Person, Person.id == ProtectedHandler.handler_id)
        .where(ProtectedHandler.handler_id != person.id, Person.disabled_at.is_(None))
    )
    alone = select(Person.id).where(Person.id.in_(mine), Person.protected.is_(True), Person.id.not_in(others))
    if session.scalars(alone).first():
        raise LastHandler


def _check_teams(session: Session, organisation_id: uuid.UUID, grants: frozenset[Grant]) -> None:
    for team_id in {grant.team_id for grant in grants if grant.team_id}:
        session.scalars(
            select(Team.id).where(Team.id == team_id, Team.organisation_id == organisation_id)
        ).one()


def _grant(session: Session, person_id: uuid.UUID, grants: frozenset[Grant]) -> None:
    session.add_all(
        RoleGrant(person_id=person_id, role=grant.role, team_id=grant.team_id) for grant in grants
    )
    session.flush()
