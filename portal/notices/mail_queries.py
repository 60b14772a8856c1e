"""The e-mail address that somebody is about to confirm."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.identity.session_models import MailCode
from portal.messaging import queries as outbox
from portal.messaging import rules as messaging
from portal.messaging.models import OutboxMessage

MOST_TRIES = 5


@dataclass(frozen=True)
class Pending:
    """An address to which digits were sent that can still be given. `refused`: it takes no e-mail."""

    email: str
    refused: bool


def code_of(session: Session, person_id: uuid.UUID) -> MailCode | None:
    """The last digits that were sent to an address for this person."""
    rows = select(MailCode).where(MailCode.person_id == person_id)
    return session.scalars(rows.execution_options(populate_existing=True)).one_or_none()


def is_open(row: MailCode | None, now: datetime) -> bool:
    """Whether these digits can still be given."""
    return row is not None and row.used_at is None and row.tries < MOST_TRIES and now < row.expires_at


def pending(session: Session, person_id: uuid.UUID, now: datetime) -> Pending | None:
    """What a person, whom the caller has checked, is about to confirm; None when nothing."""
    row = code_of(session, person_id)
    if row is None or not is_open(row, now):
        return None
    states = {one.state for one in outbox.about(session, row.id)}
    return Pending(row.email, messaging.FAILED in states)


def stands(session: Session, message: OutboxMessage) -> bool:
    """Whether the digits in this message are the last ones, and not used."""
    row = code_of(session, message.recipient_id)
    return row is not None and row.id == message.subject and row.used_at is None
