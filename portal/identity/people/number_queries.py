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
from portal.messaging import many_queries
from portal.messaging import queries as outbox
from portal.messaging.queries import Heard


@dataclass(frozen=True)
class Silent:
    """A person whose number has given no sign of life since `heard_at`."""

    person_id: uuid.UUID
    heard_at: datetime


def trouble_of(session: Session, person: Person, now: datetime) -> str:
    """Why no code goes to the person's number: "bounces", "silent", or "" when it does.

    The same questions are asked where there is no number.
    """
    return trouble(session, person.id, (person.phone_confirmed_at, person.phone_heard_at), now)


def trouble(session: Session, person_id: uuid.UUID, known: Sequence[datetime | None], now: datetime) -> str:
    """As `trouble_of`; `known` are the moments at which the number was confirmed and a code came back."""
    return _trouble(known, outbox.heard(session, person_id, known[0]), now)


def _trouble(known: Sequence[datetime | None], heard: Heard, now: datetime) -> str:
    if heard.bounces:
        return "bounces"
    signs = [moment for moment in (*known, heard.delivered_at) if moment]
    return "silent" if signs and rules.is_silent(max(signs), now) else ""


def troubles(session: Session, people: Sequence[Person], now: datetime) -> dict[uuid.UUID, str]:
    """As `trouble_of`, of many people whom the caller has checked; one query."""
    heard = many_queries.heard(session, {one.id: one.phone_confirmed_at for one in people})
    return {
        one.id: _trouble((one.phone_confirmed_at, one.phone_heard_at), heard[one.id], now) for one in people
    }


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
