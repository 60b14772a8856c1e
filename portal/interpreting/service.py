"""Making a code for an interpreter, letting in whoever has it, and closing again. Nothing here commits."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.identity.models import Person
from portal.identity.service import lock_people
from portal.identity.signin import rules as codes
from portal.interpreting.models import InterpreterGrant
from portal.interpreting.queries import hash_of, still_opens, token_hash
from portal.interpreting.rules import Talk
from portal.journal.service import note
from portal.web.asker import Asker, Guest
from portal.web.errors import Refused

TOKEN_BYTES = 32


class TooEarly(Refused):
    """The meeting is more than 24 hours away."""


class Over(Refused):
    """The meeting ended more than an hour ago."""


class Hidden(Refused):
    """The person has protected identity: nobody is let in by a code (S37)."""


class CodeNotValid(Refused):
    """The code was used, has run out, was closed, or never was."""


def let_in(
    session: Session, asker: Asker, talk: Talk, *, language: str, shown: Iterable[UUID], now: datetime
) -> str:
    """A code of eight digits for the interpreter of this meeting; it stands nowhere but in the answer (S10).

    `shown` is all that they read of the plan. It ends whatever code or interpreter there was: one at a time
    reads. The caller has checked that the asker may read the person. Raises TooEarly, Over, Hidden.
    """
    lock_people(session, (talk.person_id,))
    if session.get_one(Person, talk.person_id).protected:
        raise Hidden
    if talk.is_early(now):
        raise TooEarly
    if talk.is_over(now):
        raise Over
    close(session, talk.meeting_id, now)
    code = _free_code(session, now)
    grant = InterpreterGrant(
        organisation_id=asker.organisation_id,
        person_id=talk.person_id,
        meeting_id=talk.meeting_id,
        language=language,
        starts_at=talk.starts_at,
        ends_at=talk.ends_at,
        shown=[str(one) for one in shown],
        code_hash=hash_of(code),
        code_expires_at=now + codes.CODE_LIFE,
        made_by=asker.person_id,
        made_at=now,
    )
    session.add(grant)
    session.flush()
    _note(session, asker, talk.person_id, talk.meeting_id)
    return code


def redeem(session: Session, code: str, now: datetime) -> str:
    """Let in whoever has the code; returns the token for their device, kept nowhere else.

    One conditional statement decides: of many at once, one gets in (S10). Raises CodeNotValid.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    found = session.scalars(
        update(InterpreterGrant)
        .where(InterpreterGrant.code_hash == hash_of(code), *still_opens(now))
        .values(redeemed_at=now, token_hash=token_hash(token))
        .returning(InterpreterGrant.id)
    ).one_or_none()
    if found is None:
        raise CodeNotValid
    return token


def close(session: Session, meeting_id: UUID, now: datetime) -> int:
    """End every code and every interpreter's reading of a meeting; how many there were."""
    ended = session.scalars(
        update(InterpreterGrant)
        .where(InterpreterGrant.meeting_id == meeting_id, InterpreterGrant.ended_at.is_(None))
        .values(ended_at=now)
        .returning(InterpreterGrant.id)
    ).all()
    return len(ended)


def shut_out(session: Session, asker: Asker, talk: Talk, now: datetime) -> None:
    """Nobody reads any more, because the coach said so. The caller has checked that the asker may."""
    if close(session, talk.meeting_id, now):
        _note(session, asker, talk.person_id, talk.meeting_id)


def leave(session: Session, guest: Guest, now: datetime) -> None:
    """The interpreter is done: this device reads nothing more."""
    left = session.scalars(
        update(InterpreterGrant)
        .where(InterpreterGrant.id == guest.grant_id, InterpreterGrant.ended_at.is_(None))
        .values(ended_at=now)
        .returning(InterpreterGrant.id)
    ).one_or_none()
    if left is not None:
        _note(session, guest, guest.subject_id, guest.meeting_id)


def _note(session: Session, who: Asker | Guest, person_id: UUID, meeting_id: UUID) -> None:
    note(session, who, action="change", kind="interpreter", subject=person_id, object_id=meeting_id)


def _free_code(session: Session, now: datetime) -> str:
    """A code that no other meeting waits with."""
    while True:
        code = codes.as_code(secrets.randbelow(10**codes.CODE_DIGITS))
        taken = select(InterpreterGrant.id).where(
            InterpreterGrant.code_hash == hash_of(code), InterpreterGrant.code_expires_at > now
        )
        if session.scalars(taken).first() is None:
            return code
