"""Reads about the installation itself, and about the demo's made-up phones."""

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import schema
from portal.identity.models import Person, RoleGrant, StaffAccount
from portal.messaging import pace_service
from portal.messaging import queries as messaging
from portal.messaging import rules as outgoing
from portal.messaging.many_queries import of_kinds
from portal.messaging.models import OutboxMessage
from portal.messaging.pace_rules import Paces
from portal.notices import agency_service
from portal.notices.invitation_rules import KINDS
from portal.ops.models import Heartbeat
from portal.ops.rules import WORKER_SILENT, Health, age
from portal.ops.service import FAILING, WORKER
from portal.organisation.models import Installation
from portal.organisation.queries import rules_of
from portal.web.asker import Asker

TRIALS_SHOWN, MOST_TRIALS = timedelta(days=1), 5


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


def health(session: Session, now: datetime, paces: Paces) -> Health:
    """How the installation is. A database that does not answer raises OperationalError."""
    beats = {row.name: row.at for row in session.scalars(select(Heartbeat))}
    return Health(
        database=True,
        migrations=schema.is_current(session),
        worker_seconds=age(beats.get(WORKER), now),
        unsent_seconds=age(messaging.oldest_unsent(session, now, paces), now),
        held=held_since(session) is not None,
        failing=tuple(
            sorted(
                name.removeprefix(FAILING)
                for name, at in beats.items()
                if name.startswith(FAILING) and abs(now - at) <= WORKER_SILENT
            )
        ),
    )


@dataclass(frozen=True)
class Hold:
    """The worker waits since `since`, with a database as it was at `copied_at`.

    `in_doubt`: how many messages of this organisation may have left or not.
    """

    since: datetime
    copied_at: datetime | None
    in_doubt: int


def held_since(session: Session) -> datetime | None:
    """Since when the worker waits for somebody to let it go; None when it does not."""
    return session.scalar(select(Installation.held_since))


def hold(session: Session, asker: Asker) -> Hold | None:
    """What an admin looks at before letting the worker go; None when it is not held."""
    row = session.execute(select(Installation.held_since, Installation.copied_at)).first()
    if row is None or row.held_since is None:
        return None
    doubt = messaging.stopped(session, asker.organisation_id, row.held_since)
    return Hold(row.held_since, row.copied_at, doubt)


def trials(session: Session, asker: Asker, now: datetime) -> tuple[OutboxMessage, ...]:
    """The last test messages of the asker's organisation, the newest first; of a day, at most five."""
    return messaging.of_kind(
        session, asker.organisation_id, outgoing.TEST, now - TRIALS_SHOWN, limit=MOST_TRIALS
    )


@dataclass(frozen=True)
class Backlog:
    """How many messages of an organisation wait, and when the last of all that wait will have left."""

    waiting: int
    over_at: datetime


def backlog(session: Session, asker: Asker, paces: Paces, now: datetime) -> Backlog | None:
    """What waits to leave at the pace of the organisation's provider; None when nothing of its own does."""
    waiting, parts = messaging.backlog(session, now, asker.organisation_id, paces)
    chosen = rules_of(session, asker).sms_provider
    pace = paces.of(paces.way(outgoing.SMS, chosen))
    until = now + pace_service.wait(session, pace, now) + pace.takes(parts)
    # To the next whole minute: a page that is read a while later must not have promised too much.
    over_at = until.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return Backlog(waiting, over_at) if waiting else None


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


def demo_letters(session: Session) -> tuple[OutboxMessage, ...]:
    """The demo's e-mails to the outside, the newest first: who is asked to meetings, and the agency."""
    return tuple(reversed(of_kinds(session, (*KINDS, agency_service.KIND))))


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
