"""Reads about the installation itself, and about the demo's made-up phones."""

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

import pyotp
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import schema
from portal.identity.models import Person, RoleGrant, StaffAccount
from portal.messaging import queries as messaging
from portal.messaging.models import OutboxMessage
from portal.ops.models import Heartbeat
from portal.ops.rules import Health, age
from portal.ops.service import WORKER


@dataclass(frozen=True)
class PhoneRow:
    """One made-up phone: whose it is, and what has arrived, the newest first."""

    person_id: uuid.UUID
    name: str
    number: str
    language: str
    messages: tuple[OutboxMessage, ...]


@dataclass(frozen=True)
class CodeRow:
    """A made-up member of staff, with the code that the authenticator app would show now."""

    name: str
    email: str
    code: str


def health(session: Session, now: datetime) -> Health:
    """How the installation is. A database that does not answer raises OperationalError."""
    beat = session.scalar(select(Heartbeat.at).where(Heartbeat.name == WORKER))
    return Health(
        database=True,
        migrations=schema.is_current(session),
        worker_seconds=age(beat, now),
        unsent_seconds=age(messaging.oldest_unsent(session, now), now),
    )


def demo_phones(session: Session) -> tuple[PhoneRow, ...]:
    """The demo's phones: those with the newest messages first, then by name."""
    people = session.scalars(
        select(Person)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.role == "participant", Person.phone_sealed.is_not(None))
    ).unique()
    by_id = {person.id: person for person in people}
    arrived: dict[uuid.UUID, list[OutboxMessage]] = defaultdict(list)
    for message in messaging.on_phones(session, by_id):
        arrived[message.recipient_id].append(message)
    order = [*arrived, *sorted(by_id.keys() - arrived.keys(), key=lambda one: by_id[one].name)]
    return tuple(
        PhoneRow(one, by_id[one].name, by_id[one].phone, by_id[one].language, tuple(arrived.get(one, ())))
        for one in order
    )


def demo_codes(session: Session, now: datetime) -> tuple[CodeRow, ...]:
    """What the authenticator apps of the demo's staff show now."""
    rows = session.execute(
        select(Person, StaffAccount).join(StaffAccount, StaffAccount.person_id == Person.id)
    ).all()
    shown = [
        CodeRow(person.name, account.email, pyotp.TOTP(account.totp_secret).at(now))
        for person, account in rows
        if account.totp_secret
    ]
    return tuple(sorted(shown, key=lambda row: row.name))
