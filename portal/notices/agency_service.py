"""Writing to an agency of interpreters by e-mail. Nothing here commits."""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.messaging import rules as messaging
from portal.messaging import service
from portal.messaging.models import OutboxMessage
from portal.notices.invitation_service import leaves
from portal.web.asker import Asker

__all__ = ["KIND", "arrived", "leaves", "send", "states", "sure", "waits"]

KIND = "agency_orders"
LASTS = timedelta(days=1)
"""What has not left within a day is sent anew, as the orders stand then."""
NOT_ARRIVED = (messaging.FAILED, messaging.EXPIRED, messaging.CANCELLED)


def send(
    session: Session,
    asker: Asker,
    letter_id: uuid.UUID,
    address: str,
    text: tuple[str, str],
    now: datetime,
) -> None:
    """One e-mail to the agency, by its line and its `text`; the same `letter_id` again is the same e-mail."""
    service.put(
        session,
        kind=KIND,
        subject=letter_id,
        revision=0,
        # An agency is nobody here: as a party from outside, it is known by what it is told.
        recipient_id=letter_id,
        organisation_id=asker.organisation_id,
        channel=messaging.EMAIL,
        address=address,
        subject_line=text[0],
        body=text[1],
        language="sv",
        now=now,
        expires_at=now + LASTS,
    )


def states(session: Session, letter_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Where each of these e-mails is, a state of the outbox; one query."""
    if not letter_ids:
        return {}
    rows = session.execute(
        select(OutboxMessage.subject, OutboxMessage.state).where(
            OutboxMessage.subject.in_(letter_ids), OutboxMessage.kind == KIND
        )
    )
    return {row.subject: row.state for row in rows}


def waits(state: str) -> bool:
    """Whether an e-mail in this state is still to leave."""
    return state in (messaging.QUEUED, messaging.ATTEMPTING)


def sure(state: str) -> bool:
    """Whether it is known that an e-mail in this state arrived, or that it did not."""
    return state != messaging.UNKNOWN


def arrived(state: str) -> bool:
    """Whether an e-mail in this state has left, or is on its way; so has one that is kept no longer."""
    return state not in NOT_ARRIVED
