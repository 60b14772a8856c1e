"""Whether somebody gets in and is found: the number, disabling, protected identity (S18, S35, S37)."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.crypto import lookup_hash
from portal.identity import sessions
from portal.identity.models import Person, ProtectedHandler, RoleGrant
from portal.identity.people import rules
from portal.identity.people.service import NumberInUse
from portal.identity.service import lock_people
from portal.identity.session_models import DeskCode, MailCode, PinRequest, SignInCode
from portal.journal import service as journal
from portal.messaging import service as messaging
from portal.web.asker import Asker
from portal.web.errors import Refused

CONFIRMED = ("in_person", "verified_call")


class NoHandler(Refused):
    """A protected person must have at least one active handler among the staff."""


def change_number(
    session: Session, asker: Asker, person: Person, phone: str, *, confirmed: str, now: datetime
) -> bool:
    """Give the person this number (E.164), confirmed "in_person" or by a "verified_call" (S35).

    The old number is not written to: what is queued is taken back, codes under way are void, and all
    sessions end. The same number again is confirmed anew, and nothing else happens. Says whether it
    changed. Raises NumberInUse.
    """
    if confirmed not in CONFIRMED:
        raise ValueError("a number is confirmed in person or on a verified call")
    lock_people(session, (person.id,))
    changed = person.phone != phone
    if changed:
        shut_out(session, person, reason="number changed", now=now)
        try:
            with session.begin_nested():
                person.phone = phone
                # Protected people do not sign in by phone, so their number is not looked up (S37).
                person.phone_hash = None if person.protected else lookup_hash("phone", phone)
        except IntegrityError:
            raise NumberInUse from None
        person.phone_heard_at = None
    person.phone_confirmed_at = now
    session.flush()
    _note(session, asker, f"number_{confirmed}" if changed else f"number_again_{confirmed}", person)
    return changed


def disable(session: Session, asker: Asker, person: Person, *, now: datetime) -> None:
    """The person signs in no more: sessions end at once, and no message that waits is sent (S18)."""
    lock_people(session, (person.id,))
    if person.disabled_at is None:
        person.disabled_at = now
        shut_out(session, person, reason="no sms", now=now)
        _note(session, asker, "disabled", person)


def enable(session: Session, asker: Asker, person: Person) -> None:
    """The person may sign in again. Raises NumberInUse when somebody else has the number by now."""
    lock_people(session, (person.id,))
    if person.disabled_at is None:
        return
    try:
        with session.begin_nested():
            person.disabled_at = None
    except IntegrityError:
        raise NumberInUse from None
    _note(session, asker, "enabled", person)


def protect(
    session: Session, asker: Asker, person: Person, handlers: Iterable[uuid.UUID], *, now: datetime
) -> None:
    """Protect the person's identity: from here on only these handlers find them (S37).

    Out of lists, search and SMS; no sign-in by phone; sessions end. Raises NoHandler.
    """
    set_handlers(session, asker, person, handlers)
    person.protected = True
    person.name_hash = None
    person.phone_hash = None
    shut_out(session, person, reason="no sms", now=now)
    _note(session, asker, "protected", person)


def lift_protection(session: Session, asker: Asker, person: Person) -> bool:
    """End the protection; says whether the number works again (not when somebody else has it by now)."""
    lock_people(session, (person.id,))
    person.protected = False
    person.name_hash = lookup_hash("name", rules.name_key(person.name))
    session.execute(delete(ProtectedHandler).where(ProtectedHandler.person_id == person.id))
    session.flush()
    works = True
    try:
        with session.begin_nested():
            person.phone_hash = lookup_hash("phone", person.phone) if person.phone else None
    except IntegrityError:
        works = False
        person.phone = ""
        person.phone_confirmed_at = None
        session.flush()
    _note(session, asker, "protection_lifted", person)
    return works


def set_handlers(session: Session, asker: Asker, person: Person, handlers: Iterable[uuid.UUID]) -> None:
    """Let exactly these staff handle the protected person. Raises NoHandler when none of them can."""
    chosen = set(handlers)
    # A handler who is shut out at this moment is not named afterwards.
    lock_people(session, {person.id, *chosen})
    able = session.scalars(
        select(Person.id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(
            Person.id.in_(chosen),
            Person.organisation_id == asker.organisation_id,
            Person.disabled_at.is_(None),
            RoleGrant.role.in_(rules.HANDLER_ROLES),
        )
        .distinct()
    ).all()
    if not able:
        raise NoHandler
    session.execute(delete(ProtectedHandler).where(ProtectedHandler.person_id == person.id))
    session.add_all(ProtectedHandler(person_id=person.id, handler_id=handler) for handler in able)
    session.flush()
    for handler in able:
        journal.note(session, asker, action="change", kind="handler", subject=person.id, object_id=handler)


def mark_unsafe(
    session: Session, asker: Asker, person: Person, *, now: datetime, keep: uuid.UUID | None = None
) -> None:
    """SMS is not safe for the person: nothing is sent any more, what waits is taken back (S34).

    Codes are void and sessions end, but for the one that they mark it in (`keep`). An SMS says no more than
    the time from here on, should they ever want one again.
    """
    lock_people(session, (person.id,))
    if person.sms_unsafe:
        return
    person.sms_unsafe = True
    person.sms_place = person.sms_coach = False
    shut_out(session, person, reason="no sms", now=now, keep=keep)
    _note(session, asker, "sms_unsafe", person)


def mark_safe(session: Session, asker: Asker, person: Person) -> None:
    """SMS may come again: the person says so behind the second door, or sitting with their coach."""
    lock_people(session, (person.id,))
    if person.sms_unsafe:
        person.sms_unsafe = False
        session.flush()
        _note(session, asker, "sms_safe", person)


def shut_out(
    session: Session, person: Person, *, reason: str, now: datetime, keep: uuid.UUID | None = None
) -> None:
    """End every session but `keep`, void every code and PIN request, take back every queued message.

    The person is locked first: a code or a PIN that is given at the same moment comes before, and what it
    opened ends, or after, and is void (S18).
    """
    lock_people(session, (person.id,))
    sessions.end_all(session, person.id, now, keep=keep)
    for codes in (SignInCode, PinRequest, DeskCode, MailCode):
        session.execute(
            update(codes).where(codes.person_id == person.id, codes.used_at.is_(None)).values(used_at=now)
        )
    messaging.cancel_all(session, recipient_id=person.id, reason=reason, now=now)
    session.flush()


def _note(session: Session, asker: Asker, kind: str, person: Person) -> None:
    journal.note(session, asker, action="change", kind=kind, subject=person.id)
