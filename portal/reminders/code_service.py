"""The digits with which a meeting is cancelled by SMS: made, tried, forgotten. Nothing here commits."""

import hmac
import secrets
import uuid
from datetime import datetime
from typing import cast

from sqlalchemy import CursorResult, delete, select
from sqlalchemy.orm import Session

from portal.booking import queries as booking
from portal.crypto import code_hash
from portal.reminders import reply_rules as rules
from portal.reminders.models import CancelCode


def fresh() -> str:
    """Four digits that nobody can foresee."""
    return f"{secrets.randbelow(10**rules.DIGITS):0{rules.DIGITS}}"


def keep(
    session: Session,
    person_id: uuid.UUID,
    digits: str,
    *,
    meeting_id: uuid.UUID,
    revision: int,
    now: datetime,
) -> None:
    """Let these digits cancel this meeting as it stands, and no earlier ones any more; the person is held."""
    row = sent_to(session, person_id) or CancelCode(person_id=person_id)
    row.meeting_id, row.revision = meeting_id, revision
    row.code_hash = _hash(digits, person_id, meeting_id, revision)
    row.sent_at, row.expires_at = now, now + rules.CODE_LIVES
    row.tries, row.used_at = 0, None
    session.add(row)
    session.flush()


def sent_to(session: Session, person_id: uuid.UUID) -> CancelCode | None:
    """The last digits that were sent to a person."""
    rows = select(CancelCode).where(CancelCode.person_id == person_id)
    return session.scalars(rows.execution_options(populate_existing=True)).one_or_none()


def are_these(row: CancelCode, digits: str) -> bool:
    """Whether it was these digits that were sent; takes as long whatever they are."""
    hashed = _hash(digits, row.person_id, row.meeting_id, row.revision)
    return hmac.compare_digest(row.code_hash, hashed)


def use(session: Session, row: CancelCode, digits: str, came_at: datetime, now: datetime) -> bool:
    """Whether these digits cancel the meeting; then they do it once. The person is held."""
    if not rules.opens(row.opening, came_at):
        return False
    row.tries += 1
    standing = booking.standing(session, row.meeting_id)
    same = standing is not None and standing.revision == row.revision and standing.enrolled
    right = same and are_these(row, digits)
    if right:
        row.used_at = now
    session.flush()
    return right


def forget(session: Session, now: datetime) -> int:
    """Remove digits that nobody remembers; returns how many."""
    old = CancelCode.sent_at <= now - rules.REMEMBERED
    return cast("CursorResult[object]", session.execute(delete(CancelCode).where(old))).rowcount


def _hash(digits: str, person_id: uuid.UUID, meeting_id: uuid.UUID, revision: int) -> bytes:
    return code_hash(digits, "cancel", str(person_id), str(meeting_id), str(revision))
