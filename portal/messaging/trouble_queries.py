"""Messages that did not arrive, of the people that a room above asks about."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from portal.messaging import rules
from portal.messaging.models import OutboxMessage


@dataclass(frozen=True)
class Missed:
    """A message that did not arrive, or may not have; `undecided`: staff are to say what they make of it."""

    message_id: uuid.UUID
    recipient_id: uuid.UUID
    kind: str
    state: str
    code: str
    at: datetime
    channel: str
    undecided: bool


def missed(
    session: Session, recipients: Select[uuid.UUID], since: datetime, now: datetime, kinds: Collection[str]
) -> tuple[Missed, ...]:
    """Messages to these people that since then are not well; one query. The undecided first, then the newest.

    Failed, too late, unknown, or waiting after a refusal; what was sent again is left out. Of these `kinds`
    an unknown one stands until staff decide about it or it is of no use any more, however old.
    """
    rows = session.execute(
        select(
            OutboxMessage.id,
            OutboxMessage.recipient_id,
            OutboxMessage.kind,
            OutboxMessage.state,
            OutboxMessage.error_code,
            OutboxMessage.changed_at,
            OutboxMessage.channel,
            _undecided(now, kinds).label("undecided"),
        )
        .where(
            OutboxMessage.recipient_id.in_(recipients),
            OutboxMessage.kind != rules.MAIL_CODE,
            or_(_undecided(now, kinds), and_(_troubled(), OutboxMessage.changed_at >= since)),
            ~_said_again(),
        )
        .order_by(OutboxMessage.changed_at.desc(), OutboxMessage.id)
    )
    found = [Missed(*row) for row in rows]
    return tuple(sorted(found, key=lambda one: not one.undecided))


def _undecided(now: datetime, kinds: Collection[str]) -> ColumnElement[bool]:
    return and_(
        OutboxMessage.state == rules.UNKNOWN,
        OutboxMessage.decision == rules.OPEN,
        OutboxMessage.kind.in_(kinds),
        OutboxMessage.expires_at > now,
    )


def _troubled() -> ColumnElement[bool]:
    return or_(
        OutboxMessage.state.in_((rules.FAILED, rules.EXPIRED)),
        and_(OutboxMessage.state == rules.UNKNOWN, OutboxMessage.decision == rules.OPEN),
        and_(OutboxMessage.state == rules.QUEUED, OutboxMessage.error_code != ""),
    )


def _said_again() -> ColumnElement[bool]:
    later = aliased(OutboxMessage)
    return (
        exists()
        .where(
            later.subject == OutboxMessage.subject,
            later.kind == OutboxMessage.kind,
            later.revision == OutboxMessage.revision,
            later.recipient_id == OutboxMessage.recipient_id,
            later.again > OutboxMessage.again,
        )
        .correlate(OutboxMessage)
    )
