"""Reads of the journal itself."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.journal.models import JournalRow


@dataclass(frozen=True)
class Change:
    """Who changed something, when, and what it was (`kind`)."""

    at: datetime
    actor_id: uuid.UUID | None
    kind: str


def last_change(session: Session, subject_id: uuid.UUID, kinds: Iterable[str]) -> Change | None:
    """The latest change of one of these kinds about somebody. The caller has checked the person."""
    row = session.execute(
        select(JournalRow.at, JournalRow.actor_id, JournalRow.kind)
        .where(
            JournalRow.subject_id == subject_id,
            JournalRow.action == "change",
            JournalRow.kind.in_(list(kinds)),
        )
        .order_by(JournalRow.number.desc())
        .limit(1)
    ).first()
    return Change(*row) if row else None
