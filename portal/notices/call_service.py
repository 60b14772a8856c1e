"""What a coach tells by ringing up, where a person wants no SMS about meetings."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.notices import rules
from portal.notices.models import CallWish


def wish(
    session: Session,
    person_id: uuid.UUID,
    kind: str,
    subject: uuid.UUID,
    revision: int,
    *,
    starts_at: datetime,
    now: datetime,
) -> None:
    """Put news of a meeting on the coach's list, in place of what stood there about it.

    Reminders are not put: they are computed from the meetings ahead.
    """
    if kind not in rules.NEWS:
        return
    forget(session, subject)
    session.add(
        CallWish(
            person_id=person_id,
            subject=subject,
            revision=revision,
            kind=kind,
            starts_at=starts_at,
            wished_at=now,
        )
    )
    session.flush()


def waiting(session: Session, person_id: uuid.UUID, now: datetime) -> Sequence[CallWish]:
    """The news of meetings ahead that stand on the list about a person."""
    return session.scalars(
        select(CallWish).where(CallWish.person_id == person_id, CallWish.starts_at > now)
    ).all()


def forget(session: Session, subject: uuid.UUID) -> None:
    """What stood on the list about this meeting is true no longer."""
    session.execute(delete(CallWish).where(CallWish.subject == subject))
