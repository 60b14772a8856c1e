"""Who was let in as an interpreter, and how a meeting's code stands."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from portal.crypto import code_hash
from portal.identity.models import Person
from portal.interpreting.models import InterpreterGrant
from portal.interpreting.rules import AFTER, BEFORE
from portal.organisation.models import Organisation
from portal.web.asker import Guest, House

OPEN_PERSON = (Person.protected.is_(False), Person.disabled_at.is_(None))
"""Whose meetings an interpreter may be let in to."""


def token_hash(token: str) -> bytes:
    """What a session's token is found by."""
    return code_hash(token, "interpreter-session")


def hash_of(code: str) -> bytes:
    """What a code is found by."""
    return code_hash(code, "interpreter")


def still_opens(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Which grants a code can be redeemed for now: unused, not run out, and within the meeting's time."""
    return (
        InterpreterGrant.redeemed_at.is_(None),
        InterpreterGrant.ended_at.is_(None),
        InterpreterGrant.code_expires_at > now,
        InterpreterGrant.starts_at <= now + BEFORE,
        InterpreterGrant.ends_at > now - AFTER,
        InterpreterGrant.person_id.in_(select(Person.id).where(*OPEN_PERSON)),
    )


def is_waiting(session: Session, code: str, now: datetime) -> bool:
    """Whether a meeting waits for this code; redeeming it decides."""
    found = select(InterpreterGrant.id).where(InterpreterGrant.code_hash == hash_of(code), *still_opens(now))
    return session.scalars(found).first() is not None


def guest(session: Session, token: str, now: datetime) -> Guest | None:
    """Whoever holds this token, from 24 hours before the meeting until 1 hour after it; else None (S8).

    Nobody's with protected identity (S37), and nobody's who is disabled (S18).
    """
    row = session.execute(
        select(InterpreterGrant, Organisation)
        .join(Organisation, Organisation.id == InterpreterGrant.organisation_id)
        .join(Person, Person.id == InterpreterGrant.person_id)
        .where(
            InterpreterGrant.token_hash == token_hash(token),
            InterpreterGrant.ended_at.is_(None),
            InterpreterGrant.starts_at <= now + BEFORE,
            InterpreterGrant.ends_at > now - AFTER,
            *OPEN_PERSON,
        )
    ).one_or_none()
    if row is None:
        return None
    grant, organisation = row
    return Guest(
        grant_id=grant.id,
        organisation_id=grant.organisation_id,
        subject_id=grant.person_id,
        meeting_id=grant.meeting_id,
        language=grant.language,
        starts_at=grant.starts_at,
        ends_at=grant.ends_at,
        closes_at=grant.ends_at + AFTER,
        shown=frozenset(map(UUID, grant.shown)),
        zone=ZoneInfo(organisation.zone_name),
        house=House(organisation.name, organisation.phone, json.dumps(organisation.settings or {})),
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """How a meeting's latest code stands: until when it can be used, or since when somebody is in.

    `shown` is what of the plan it lets be read; None where there is none.
    """

    code_until: datetime | None = None
    since: datetime | None = None
    shown: frozenset[UUID] | None = None


def standing(session: Session, meeting_id: UUID, now: datetime) -> Standing:
    """How the interpreter's way in to a meeting stands. The caller has checked the asker."""
    grant = session.scalars(
        select(InterpreterGrant)
        .where(InterpreterGrant.meeting_id == meeting_id, InterpreterGrant.ended_at.is_(None))
        .order_by(InterpreterGrant.made_at.desc())
        .limit(1)
    ).first()
    if grant is None or grant.ends_at <= now - AFTER:
        return Standing()
    shown = frozenset(map(UUID, grant.shown))
    if grant.redeemed_at is not None:
        return Standing(since=grant.redeemed_at, shown=shown)
    waits = grant.code_expires_at if grant.code_expires_at > now else None
    return Standing(code_until=waits, shown=shown)


def grants_among(session: Session, actor_ids: Collection[UUID]) -> frozenset[UUID]:
    """Which of those who stand in the journal were interpreters; the caller has checked the asker."""
    known = select(InterpreterGrant.id).where(InterpreterGrant.id.in_(actor_ids))
    return frozenset(session.scalars(known))
