"""Signing that one was there, and keeping what is corrected. Nothing here commits."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.attendance.models import Correction, Signature
from portal.attendance.rules import Noted, unsign_open
from portal.web.asker import Asker


@dataclass(frozen=True, slots=True)
class Occasion:
    """Whose attendance at what: the cause is a meeting or a session of a room above."""

    kind: str
    id: uuid.UUID
    person_id: uuid.UUID


def sign(session: Session, asker: Asker, occasion: Occasion, method: str, now: datetime) -> bool:
    """The occasion is signed for; whether it was not before. The caller has locked its person."""
    if signature(session, occasion) is not None:
        return False
    session.add(
        Signature(
            organisation_id=asker.organisation_id,
            person_id=occasion.person_id,
            cause_kind=occasion.kind,
            cause_id=occasion.id,
            method=method,
            signed_at=now,
            signed_by=asker.person_id,
        )
    )
    session.flush()
    return True


def unsign(session: Session, asker: Asker, occasion: Occasion, now: datetime) -> bool:
    """Whoever signed takes it back, as long as it can be a slip; whether anything changed."""
    row = signature(session, occasion)
    if row is None or row.signed_by != asker.person_id or not unsign_open(row.signed_at, now):
        return False
    session.execute(delete(Signature).where(Signature.id == row.id))
    session.expunge(row)
    return True


def signature(session: Session, occasion: Occasion) -> Signature | None:
    """What was signed, None for nothing. The caller has checked the asker."""
    return session.scalars(
        select(Signature).where(
            Signature.cause_kind == occasion.kind,
            Signature.cause_id == occasion.id,
            Signature.person_id == occasion.person_id,
        )
    ).one_or_none()


def keep(
    session: Session, asker: Asker, occasion: Occasion, was: Noted, becomes: str, *, now: datetime, why: str
) -> None:
    """Leave behind what was noted before."""
    session.add(
        Correction(
            organisation_id=asker.organisation_id,
            person_id=occasion.person_id,
            cause_kind=occasion.kind,
            cause_id=occasion.id,
            was=was.state,
            was_from=was.met_from,
            was_until=was.met_until,
            becomes=becomes,
            made_at=now,
            made_by=asker.person_id,
            why=why,
        )
    )
    session.flush()
