"""Sending a message again, and deciding about one of which nobody knows whether it arrived."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.identity.models import Person
from portal.journal import service as journal
from portal.messaging import queries as outbox
from portal.messaging import rules as messaging
from portal.messaging.models import OutboxMessage
from portal.notices import rules as kinds
from portal.notices import service as notices
from portal.reminders import again_queries, subject_queries
from portal.web.asker import Asker
from portal.web.errors import Refused


class Hindered(Refused):
    """It cannot be sent again; `code` (of `reminders.words.hindrance`) is why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NothingToDecide(Refused):
    """The provider has told meanwhile, a colleague has decided, or the meeting has begun."""


def send_again(
    session: Session, asker: Asker, person: Person, message_id: uuid.UUID, now: datetime
) -> OutboxMessage:
    """Say once more what this message to the person was to say; the caller has found them for the asker.

    Once, however often it is asked for. Raises Hindered, and NoResultFound for what is not about a meeting
    of theirs.
    """
    row = _held(session, person, message_id)
    said, refusal = outbox.about(session, row.subject), notices.refusal(session, person, now)
    found = again_queries.what_is_open(session, said, refusal, now)
    # What arrived, waits or was taken back is not in there: there is nothing to say again.
    if hindrance := found.hindered.get(row.id, "arrived"):
        raise Hindered(hindrance)
    held = subject_queries.held(session, row.subject)
    fresh = notices.meeting_again(session, row, held=held, now=now)
    if fresh is None:
        raise Hindered("no sms")
    journal.note(session, asker, action="change", kind="messages", subject=person.id, object_id=fresh.id)
    return fresh


def decide(
    session: Session, asker: Asker, person: Person, message_id: uuid.UUID, decision: str, now: datetime
) -> None:
    """Settle for staff what nobody knows: messaging.ARRIVED or LEFT.

    The state stays open to the provider's report. Raises NoResultFound as above, NothingToDecide.
    """
    if decision not in (messaging.ARRIVED, messaging.LEFT):
        raise ValueError("no such decision")
    row = _held(session, person, message_id)
    found = again_queries.what_is_open(session, outbox.about(session, row.subject), "", now)
    if row.id not in found.undecided:
        raise NothingToDecide
    row.decision = decision
    session.flush()
    journal.note(session, asker, action="change", kind="messages", subject=person.id, object_id=row.id)


def _held(session: Session, person: Person, message_id: uuid.UUID) -> OutboxMessage:
    """The message, held so that a second tap waits for the first."""
    return session.scalars(
        select(OutboxMessage)
        .where(
            OutboxMessage.id == message_id,
            OutboxMessage.recipient_id == person.id,
            OutboxMessage.kind.in_(kinds.KINDS),
        )
        .with_for_update()
    ).one()
