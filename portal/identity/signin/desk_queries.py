"""Codes on a coach's screen: who may be shown one, and whose a code is (S34)."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from portal.crypto import code_hash
from portal.identity import scope
from portal.identity.models import Person, RoleGrant
from portal.identity.people import number_queries
from portal.identity.session_models import DeskCode
from portal.web.asker import Asker


@dataclass(frozen=True)
class Shown:
    """A live code as somebody typed it: whose, and the PIN that belongs to it (None where it is chosen)."""

    id: uuid.UUID
    person_id: uuid.UUID
    organisation_id: uuid.UUID
    chooses_pin: bool
    pin_hash: str | None
    phone: str


def person_for(session: Session, asker: Asker, person_id: uuid.UUID) -> Person:
    """The participant to whom the asker may show a code. Raises NoResultFound.

    Their own coach or lead alone; people with protected identity have no way in by phone (S37).
    """
    return scope.participant(session, asker, person_id, what="desk_code")


def may_be_shown(session: Session, person: Person, now: datetime) -> bool:
    """Whether somebody comes in by a code on the coach's screen: no code by SMS reaches them."""
    if person.protected or person.disabled_at:
        return False
    unreached = person.sms_unsafe or person.phone_hash is None
    return unreached or bool(number_queries.trouble_of(session, person, now))


def may_come_in() -> tuple[ColumnElement[bool], ...]:
    """Which people a code lets in: participants, not disabled, not protected."""
    return (
        Person.disabled_at.is_(None),
        Person.protected.is_(False),
        exists().where(RoleGrant.person_id == Person.id, RoleGrant.role == "participant"),
    )


def hash_of(organisation_id: uuid.UUID, digits: str) -> bytes:
    """What a code is stored and found as."""
    return code_hash(digits, "desk", str(organisation_id))


def live(session: Session, organisation_id: uuid.UUID, digits: str, now: datetime) -> Shown | None:
    """The code with these digits, when it is alive in this organisation."""
    row = session.execute(
        select(DeskCode, Person)
        .join(Person, Person.id == DeskCode.person_id)
        .where(
            DeskCode.code_hash == hash_of(organisation_id, digits),
            DeskCode.used_at.is_(None),
            DeskCode.expires_at > now,
            Person.organisation_id == organisation_id,
        )
    ).one_or_none()
    if row is None:
        return None
    code, person = row
    return Shown(code.id, person.id, person.organisation_id, code.chooses_pin, person.pin_hash, person.phone)
