"""What has been put about meetings and has not left: in the outbox, or on a coach's list of calls."""

import uuid
from collections.abc import Collection

from sqlalchemy import select, union_all
from sqlalchemy.orm import Session

from portal.messaging import rules as messaging
from portal.messaging.models import OutboxMessage
from portal.notices.models import CallWish


def unsaid(session: Session, subjects: Collection[uuid.UUID]) -> dict[uuid.UUID, frozenset[str]]:
    """The kinds of what waits to be said about each of these, where something does; one query."""
    queued = select(OutboxMessage.subject, OutboxMessage.kind).where(
        OutboxMessage.subject.in_(subjects), OutboxMessage.state == messaging.QUEUED
    )
    on_the_list = select(CallWish.subject, CallWish.kind).where(CallWish.subject.in_(subjects))
    found: dict[uuid.UUID, frozenset[str]] = {}
    for row in session.execute(union_all(queued, on_the_list)):
        found[row.subject] = found.get(row.subject, frozenset()) | {row.kind}
    return found
