"""Coming in with a code on the coach's screen and the PIN, where SMS is not safe (S34)."""

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.identity.models import Person
from portal.identity.service import lock_people
from portal.identity.session_models import DeskCode
from portal.identity.signin import attempts_service, desk_queries, queries, rules
from portal.identity.signin.service import CodeNotValid, Tries
from portal.journal import service as journal
from portal.web.asker import Asker
from portal.web.errors import Refused

NOBODY = uuid.UUID(int=0)


class NotHere(Refused):
    """Somebody without a PIN must be with the coach, who says so, before a code is shown."""


class ComesInBySms(Refused):
    """Codes by SMS reach this person, so that none is shown."""


@dataclass(frozen=True)
class _Themselves:
    """Somebody who comes in, as the journal names them: their session is opened a moment later."""

    person_id: uuid.UUID
    organisation_id: uuid.UUID
    session_id: uuid.UUID = NOBODY
    began_at: datetime | None = None


def show(session: Session, asker: Asker, person: Person, *, is_here: bool, now: datetime) -> str:
    """A new code for this person, whom `person_for` found; it works for CODE_LIFE. Earlier ones are void.

    It is returned once and kept as a keyed hash alone. Raises ComesInBySms, and NotHere when they have no
    PIN and the coach has not said that they are in the room: whoever has the code then chooses the PIN.
    """
    lock_people(session, (person.id,))
    if not desk_queries.may_be_shown(session, person, now):
        raise ComesInBySms
    chooses = person.pin_hash is None
    if chooses and not is_here:
        raise NotHere
    void(session, person.id, now)
    code, hashed = _unused(session, person.organisation_id)
    row = DeskCode(
        person_id=person.id,
        shown_by=asker.person_id,
        chooses_pin=chooses,
        code_hash=hashed,
        created_at=now,
        expires_at=now + rules.CODE_LIFE,
    )
    session.add(row)
    session.flush()
    journal.note(session, asker, action="change", kind="desk_code", subject=person.id, object_id=row.id)
    return code


def _unused(session: Session, organisation_id: uuid.UUID) -> tuple[str, bytes]:
    while True:
        code = rules.as_code(secrets.randbelow(10**rules.CODE_DIGITS))
        hashed = desk_queries.hash_of(organisation_id, code)
        if session.scalars(select(DeskCode.id).where(DeskCode.code_hash == hashed)).first() is None:
            return code, hashed


def void(session: Session, person_id: uuid.UUID, now: datetime) -> None:
    """Let no code that was shown for this person work any longer."""
    session.execute(
        update(DeskCode)
        .where(DeskCode.person_id == person_id, DeskCode.used_at.is_(None))
        .values(used_at=now)
    )


def count_try(session: Session, found: desk_queries.Shown | None, address: str, now: datetime) -> Tries:
    """Count one more code and PIN (S12, S13). In a session apart, so that it stands whatever follows.

    A code that is nobody's costs the same work and only its network address a try (S15).
    """
    crowded = attempts_service.count_from(session, rules.CODE_GUESSES_FROM, address, now)
    by = int(found is not None and not crowded)
    tries = session.scalars(
        update(DeskCode)
        .where(DeskCode.id == (found.id if found else NOBODY))
        .values(tries=DeskCode.tries + by)
        .returning(DeskCode.tries)
    ).one_or_none()
    person_id = found.person_id if found else NOBODY
    own = attempts_service.key("desk", str(person_id))
    guesses = attempts_service.count(session, rules.CODE_GUESSES, own, now, by=by)
    by_pin = by if found and not found.chooses_pin else 0
    pins = attempts_service.count(session, rules.PIN_GUESSES, queries.pin_key(person_id), now, by=by_pin)
    spent = (tries or 0) > rules.CODE_TRIES or guesses > rules.CODE_GUESSES.most
    return Tries(0, crowded or spent or pins > rules.PIN_GUESSES.most, crowded)


def redeem(
    session: Session, found: desk_queries.Shown, now: datetime, *, new_pin_hash: str | None = None
) -> uuid.UUID:
    """Use the code; returns whose it was. Raises `CodeNotValid`.

    The PIN that was given has fitted `found.pin_hash`, before this transaction began; `new_pin_hash` is
    one that is chosen with the code. One conditional statement decides, so that of many at once one gets
    in; the person is locked first (S10, S18).
    """
    lock_people(session, (found.person_id,))
    same_pin = Person.pin_hash.is_(None) if found.chooses_pin else Person.pin_hash == found.pin_hash
    still = select(Person.id).where(Person.id == DeskCode.person_id, *desk_queries.may_come_in(), same_pin)
    used = session.scalars(
        update(DeskCode)
        .where(
            DeskCode.id == found.id,
            DeskCode.used_at.is_(None),
            DeskCode.expires_at > now,
            DeskCode.person_id.in_(still),
        )
        .values(used_at=now)
        .returning(DeskCode.person_id)
    ).one_or_none()
    if used is None or (new_pin_hash is None) == found.chooses_pin:
        raise CodeNotValid
    themselves = _Themselves(used, found.organisation_id)
    journal.note(session, themselves, action="change", kind="desk_code", subject=used, object_id=found.id)
    if new_pin_hash is not None:
        chosen = update(Person).where(Person.id == used)
        session.execute(chosen.values(pin_hash=new_pin_hash, pin_chosen_at=now))
        journal.note(session, themselves, action="change", kind="pin", subject=used, object_id=found.id)
    attempts_service.lift(session, rules.PIN_GUESSES, queries.pin_key(used))
    return used


def came_in(session: Session, address: str) -> None:
    """Let the code that let somebody in cost its network address nothing (S12)."""
    attempts_service.give_back(session, address, rules.CODE_GUESSES_FROM)
