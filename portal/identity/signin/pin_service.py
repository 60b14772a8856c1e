"""Choosing a PIN on one's own phone while the coach confirms, and clearing it (S13, S18)."""

import secrets
import uuid
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.identity import sessions
from portal.identity.models import Person
from portal.identity.service import lock_people
from portal.identity.session_models import PinRequest
from portal.identity.signin import attempts_service, pin_queries, pin_rules, queries, rules
from portal.journal import service as journal
from portal.web.asker import Asker
from portal.web.errors import Refused

WAYS = ("desk", "call")
"""How staff knew who it was: the person sat there, or was rung up on a number that staff know."""


class NotWaiting(Refused):
    """The wish has run out, was used, or is another session's."""


def ask(session: Session, asker: Asker, now: datetime) -> PinRequest:
    """The asker's wish to choose a PIN: the one that stands in this session, else a new one.

    It belongs to this session, which the person's own SMS code opened: a picture of the page, or another
    session, is worth nothing.
    """
    found = pin_queries.own_request(session, asker, now)
    if found is not None:
        return found
    row = PinRequest(
        person_id=asker.person_id,
        session_id=asker.session_id,
        shown_code=rules.as_code(secrets.randbelow(10**rules.SHOWN_DIGITS), rules.SHOWN_DIGITS),
        asked_at=now,
        expires_at=now + pin_rules.REQUEST_LIFE,
    )
    session.add(row)
    session.flush()
    return row


def confirm(
    session: Session, asker: Asker, person_id: uuid.UUID, *, request_id: uuid.UUID, how: str, now: datetime
) -> None:
    """Say that the person who waits is who they say; `how` is one of WAYS. Raises `NotWaiting`.

    The caller has checked that the asker may read this person's content: somebody who may not must not
    be able to open the second door for themselves. The PIN must be chosen within ten minutes of it.
    """
    found = session.scalars(
        update(PinRequest)
        .where(
            PinRequest.id == request_id,
            PinRequest.person_id == person_id,
            PinRequest.confirmed_at.is_(None),
            PinRequest.expires_at > now,
            PinRequest.person_id.in_(select(Person.id).where(Person.pin_hash.is_(None))),
        )
        .values(
            confirmed_at=now,
            confirmed_by=asker.person_id,
            confirmed_how=how,
            expires_at=now + pin_rules.CHOOSE_LIFE,
        )
        .returning(PinRequest.id)
    ).one_or_none()
    if found is None:
        raise NotWaiting
    journal.note(session, asker, action="change", kind="pin", subject=person_id, object_id=request_id)


def choose(session: Session, asker: Asker, pin_hash: str, now: datetime) -> None:
    """Let the asker's PIN be this one, as staff confirmed. Raises `NotWaiting`, `sessions.Ended`.

    A PIN that is there stays: of two sessions that both got a yes, the second one changes nothing.
    """
    sessions.hold(session, asker, now)
    used = session.scalars(
        update(PinRequest)
        .where(
            PinRequest.person_id == asker.person_id,
            PinRequest.session_id == asker.session_id,
            PinRequest.confirmed_at.is_not(None),
            PinRequest.used_at.is_(None),
            PinRequest.expires_at > now,
        )
        .values(used_at=now)
        .returning(PinRequest.id)
    ).all()
    if not used:
        raise NotWaiting
    chosen = session.scalars(
        update(Person)
        .where(Person.id == asker.person_id, Person.pin_hash.is_(None))
        .values(pin_hash=pin_hash, pin_chosen_at=now)
        .returning(Person.id)
    ).one_or_none()
    if chosen is None:
        raise NotWaiting
    attempts_service.lift(session, rules.PIN_GUESSES, queries.pin_key(asker.person_id))
    journal.note(session, asker, action="change", kind="pin", subject=asker.person_id, object_id=used[0])


def reset(session: Session, asker: Asker, person_id: uuid.UUID, now: datetime) -> None:
    """Clear a person's PIN: it is chosen anew, the lock is gone, every session ends (S18).

    The caller has checked that the asker may do it to this person.
    """
    lock_people(session, (person_id,))
    person = session.scalars(select(Person).where(Person.id == person_id)).one()
    person.pin_hash = None
    person.pin_chosen_at = None
    attempts_service.lift(session, rules.PIN_GUESSES, queries.pin_key(person_id))
    session.execute(
        update(PinRequest)
        .where(PinRequest.person_id == person_id, PinRequest.expires_at > now)
        .values(expires_at=now)
    )
    sessions.end_all(session, person_id, now)
    journal.note(session, asker, action="change", kind="pin", subject=person_id)
    session.flush()
