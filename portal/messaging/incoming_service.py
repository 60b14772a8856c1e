"""What comes in by SMS: kept until the rooms above have taken it. Nothing here commits."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.crypto import lookup_hash
from portal.messaging import rules
from portal.messaging.models import IncomingMessage


def receive(
    session: Session,
    *,
    provider: str,
    reference: str,
    address: str,
    body: str,
    homes: Sequence[uuid.UUID],
    now: datetime,
) -> IncomingMessage:
    """Keep one message; told twice it is one row (S26).

    `homes`: the organisations in which somebody has this number. Where nobody has it, neither number nor
    text is kept.
    """
    if found := _told(session, provider, reference):
        return found
    fresh = IncomingMessage(
        provider=provider, provider_reference=reference, state=rules.NEW, taken_as="", received_at=now
    )
    if homes:
        fresh.organisation_id = homes[0] if len(homes) == 1 else None
        fresh.address, fresh.address_hash = address, lookup_hash("phone", address)
        fresh.body = body[: rules.LONGEST_INCOMING]
    else:
        fresh.state, fresh.taken_as = rules.DONE, rules.UNKNOWN_NUMBER
    try:
        with session.begin_nested():
            session.add(fresh)
    except IntegrityError:
        # The provider told it twice at once, and the other telling has committed.
        if found := _told(session, provider, reference):
            return found
        raise
    return fresh


def _told(session: Session, provider: str, reference: str) -> IncomingMessage | None:
    return session.scalars(
        select(IncomingMessage).where(
            IncomingMessage.provider == provider, IncomingMessage.provider_reference == reference
        )
    ).one_or_none()


def waiting(session: Session) -> Sequence[uuid.UUID]:
    """The ids of what nobody has taken yet, the oldest first."""
    new = select(IncomingMessage.id).where(IncomingMessage.state == rules.NEW)
    return session.scalars(new.order_by(IncomingMessage.received_at, IncomingMessage.id)).all()


def hold(session: Session, message_id: uuid.UUID) -> IncomingMessage | None:
    """A message that nobody has taken, held; None when somebody has, or is about to."""
    return session.scalars(
        select(IncomingMessage)
        .where(IncomingMessage.id == message_id, IncomingMessage.state == rules.NEW)
        .with_for_update(skip_locked=True)
    ).one_or_none()


def is_overtaken(session: Session, row: IncomingMessage, by: Collection[str]) -> bool:
    """Whether something that came later from the same number has been taken already as one of these."""
    later = select(IncomingMessage.id).where(
        IncomingMessage.address_hash == row.address_hash,
        IncomingMessage.taken_as.in_(by),
        IncomingMessage.received_at > row.received_at,
    )
    return session.scalar(later.limit(1)) is not None


def take(row: IncomingMessage, taken_as: str) -> None:
    """It is done, and this is what became of it. Text that nobody was given is not kept."""
    row.state, row.taken_as = rules.DONE, taken_as
    if taken_as not in rules.ANSWERS:
        row.body = ""


def forget_texts(session: Session, now: datetime) -> int:
    """Remove number and text of what came a week ago; returns how many. That it came stays (S26)."""
    done = session.execute(
        update(IncomingMessage)
        .where(
            IncomingMessage.address_hash.is_not(None),
            IncomingMessage.state == rules.DONE,
            IncomingMessage.received_at <= now - rules.REMEMBERED,
        )
        .values(address_sealed=None, address_hash=None, body_sealed=None)
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[object]", done).rowcount


def forget_unknown(session: Session, now: datetime) -> int:
    """Remove the rows of what came long ago from numbers that nobody here has; returns how many."""
    done = session.execute(
        delete(IncomingMessage)
        .where(
            IncomingMessage.taken_as == rules.UNKNOWN_NUMBER,
            IncomingMessage.received_at <= now - rules.UNKNOWN_KEPT,
        )
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[object]", done).rowcount
