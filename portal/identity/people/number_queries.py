"""Whether a number still reaches its person (S36)."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.crypto import lookup_hash
from portal.identity.models import Person, RoleGrant
from portal.identity.people import rules
from portal.messaging import heard_queries as outbox
from portal.messaging import many_queries
from portal.messaging.heard_queries import Heard


@dataclass(frozen=True)
class Silent:
    """A person whose number has given no sign of life since `heard_at`."""

    person_id: uuid.UUID
    heard_at: datetime


def trouble_of(session: Session, person: Person, now: datetime) -> str:
    """Why no code goes to the person's number: "bounces", "silent", or "" when it does.

    The same questions are asked where there is no number.
    """
    return troubles_of(session, person, now).number


@dataclass(frozen=True)
class Troubles:
    """Why nothing goes to a number ("bounces", "silent") and an e-mail address ("mail bounces"), or ""."""

    number: str
    mail: str


def troubles_of(session: Session, person: Person, now: datetime) -> Troubles:
    """What is wrong with a person's number and e-mail address; one query."""
    heard = outbox.heard(session, person.id, person.phone_confirmed_at, person.email_confirmed_at)
    return _troubles(heard, person, now)


def _troubles(heard: Heard, person: Person, now: datetime) -> Troubles:
    number = _trouble(heard, (person.phone_confirmed_at, person.phone_heard_at), now)
    return Troubles(number, "mail bounces" if heard.mail_bounces else "")


def trouble(session: Session, person_id: uuid.UUID, known: Sequence[datetime | None], now: datetime) -> str:
    """As `trouble_of`; `known` are the moments at which the number was confirmed and a code came back."""
    return _trouble(outbox.heard(session, person_id, known[0]), known, now)


def _trouble(heard: Heard, known: Sequence[datetime | None], now: datetime) -> str:
    if heard.bounces:
        return "bounces"
    signs = [moment for moment in (*known, heard.delivered_at) if moment]
    return "silent" if signs and rules.is_silent(max(signs), now) else ""


def troubles(session: Session, people: Sequence[Person], now: datetime) -> dict[uuid.UUID, Troubles]:
    """As `troubles_of`, of many people whom the caller has checked; one query."""
    confirmed = {one.id: (one.phone_confirmed_at, one.email_confirmed_at) for one in people}
    heard = many_queries.heard(session, confirmed)
    return {one.id: _troubles(heard[one.id], one, now) for one in people}


def silent(session: Session, people: Iterable[Person], now: datetime) -> tuple[Silent, ...]:
    """Those of these people whose number has been silent for so long that no code goes to it.

    Not those who get no SMS anyway. Whether an SMS has arrived is asked only about whom nothing else is
    heard of; the caller has checked the people.
    """
    quiet = {}
    for person in people:
        signs = [moment for moment in (person.phone_confirmed_at, person.phone_heard_at) if moment]
        if _has_way(person) and signs and rules.is_silent(max(signs), now):
            quiet[person.id] = max(signs)
    delivered = outbox.last_delivered(session, quiet) if quiet else {}
    heard = {person_id: max(at, delivered.get(person_id, at)) for person_id, at in quiet.items()}
    return tuple(Silent(person_id, at) for person_id, at in heard.items() if rules.is_silent(at, now))


def _has_way(person: Person) -> bool:
    """Whether SMS would go to the person's number."""
    refused = person.sms_unsafe or person.protected or person.disabled_at
    return person.phone_hash is not None and not refused


def holders_of(phone_hash: bytes) -> Select[Person]:
    """The active participants of all organisations who have a number; at most one in each.

    For what comes in by SMS. People with protected identity have no number that can be looked up (S37).
    """
    takes_part = select(RoleGrant.person_id).where(RoleGrant.role == "participant")
    rows = select(Person).where(
        Person.phone_hash == phone_hash, Person.disabled_at.is_(None), Person.id.in_(takes_part)
    )
    return rows.order_by(Person.id)


def homes_of(session: Session, number: str) -> tuple[uuid.UUID, ...]:
    """The organisations in which an active participant has this number (E.164)."""
    found = session.scalars(holders_of(lookup_hash("phone", number))).all()
    return tuple(one.organisation_id for one in found)
