"""Putting a message in the outbox, taking it back, and believing what the provider says of it."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import NotRequired, TypedDict, Unpack, cast

from sqlalchemy import ColumnElement, CursorResult, and_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.messaging import rules
from portal.messaging.models import OutboxMessage


class Message(TypedDict):
    """What a message is, and for whom. `address` is E.164, or an e-mail address where that is the channel.

    `again` is 0 unless staff say it once more; `subject_line` and `calendar`, an iCalendar object with
    its method, are an e-mail's alone, `recording_id` a call's.
    """

    kind: str
    subject: uuid.UUID
    revision: int
    recipient_id: uuid.UUID
    organisation_id: uuid.UUID
    address: str
    body: str
    language: str
    again: NotRequired[int]
    channel: NotRequired[str]
    subject_line: NotRequired[str]
    calendar: NotRequired[str]
    recording_id: NotRequired[uuid.UUID | None]


def put(
    session: Session,
    *,
    now: datetime,
    expires_at: datetime,
    not_before: datetime | None = None,
    **message: Unpack[Message],
) -> OutboxMessage:
    """Queue one message in the caller's transaction; the same key again gives the row that is there.

    The kind decides the priority (sign-in codes first) and whether the text is removed once it is no
    longer needed; nothing is sent at or after `expires_at`. Raises ValueError when it could never be sent.
    """
    start = max(not_before or now, now)
    if expires_at <= start:
        raise ValueError("a message must have time to leave")
    if found := _by_key(session, message):
        return found
    fresh = _fresh(message, now, start, expires_at)
    try:
        with session.begin_nested():
            session.add(fresh)
    except IntegrityError:
        # Another transaction put the same key a moment ago, and has committed.
        if found := _by_key(session, message):
            return found
        raise
    return fresh


def put_many(
    session: Session,
    messages: Iterable[Message],
    *,
    now: datetime,
    expires_at: datetime,
    not_before: datetime,
) -> list[OutboxMessage]:
    """Queue many messages at once, about a subject of which nobody else has put any; as `put`."""
    start = max(not_before, now)
    if expires_at <= start:
        raise ValueError("a message must have time to leave")
    rows = [_fresh(message, now, start, expires_at) for message in messages]
    session.add_all(rows)
    session.flush()
    return rows


def _fresh(message: Message, now: datetime, start: datetime, expires_at: datetime) -> OutboxMessage:
    return OutboxMessage(
        **{"again": 0, **message},
        parts=_parts(message.get("channel", rules.SMS), message["body"]),
        state=rules.QUEUED,
        priority=rules.priority(message["kind"]),
        not_before=start,
        expires_at=expires_at,
        attempts=0,
        next_try_at=start,
        created_at=now,
        changed_at=now,
    )


def _by_key(session: Session, message: Message) -> OutboxMessage | None:
    return session.scalars(
        select(OutboxMessage).where(
            OutboxMessage.kind == message["kind"],
            OutboxMessage.subject == message["subject"],
            OutboxMessage.revision == message["revision"],
            OutboxMessage.recipient_id == message["recipient_id"],
            OutboxMessage.again == message.get("again", 0),
        )
    ).one_or_none()


def cancel(session: Session, *, subject: uuid.UUID, before_revision: int, reason: str, now: datetime) -> int:
    """Take back what is still queued about earlier revisions of `subject`; returns how many.

    `reason` is a code for staff.
    """
    which = and_(OutboxMessage.subject == subject, OutboxMessage.revision < before_revision)
    return _cancel(session, which, reason, now)


def waiting(session: Session, recipient_id: uuid.UUID) -> list[OutboxMessage]:
    """What is still queued for a person, codes left out, held for whoever changes it."""
    return list(
        session.scalars(
            select(OutboxMessage)
            .where(
                OutboxMessage.recipient_id == recipient_id,
                OutboxMessage.state == rules.QUEUED,
                OutboxMessage.kind != rules.SIGN_IN_CODE,
            )
            .with_for_update()
        )
    )


def reword(row: OutboxMessage, body: str, language: str = "", recording_id: uuid.UUID | None = None) -> None:
    """Let a message that still waits say this instead, in this language if that is another one.

    A call plays this recording before it, or none.
    """
    row.body, row.language = body, language or row.language
    row.recording_id = recording_id
    row.parts = _parts(row.channel, body)


def turn(row: OutboxMessage, *, channel: str, address: str, subject_line: str) -> None:
    """Let a message that still waits leave another way: it is one row for one message, whatever its way."""
    row.channel, row.address, row.subject_line = channel, address, subject_line
    row.error_code, row.parts = "", _parts(channel, row.body)


def _parts(channel: str, body: str) -> int:
    """The places that it takes in a provider's pace: an SMS its parts, a call one, an e-mail none."""
    return rules.length(body).parts if channel == rules.SMS else int(channel == rules.VOICE)


def cancel_all(session: Session, *, recipient_id: uuid.UUID, reason: str, now: datetime) -> int:
    """Take back everything still queued for a person, codes included (S34, S35, S37); returns how many."""
    return _cancel(session, OutboxMessage.recipient_id == recipient_id, reason, now)


def cancel_waiting(session: Session, *, recipient_id: uuid.UUID, reason: str, now: datetime) -> int:
    """Take back everything still queued for a person but sign-in codes; returns how many."""
    which = and_(OutboxMessage.recipient_id == recipient_id, OutboxMessage.kind != rules.SIGN_IN_CODE)
    return _cancel(session, which, reason, now)


def subscribed_again(session: Session, recipient_id: uuid.UUID) -> None:
    """The person has sent START: what failed because of STOP says nothing of their number any longer."""
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.recipient_id == recipient_id, OutboxMessage.error_code == rules.UNSUBSCRIBED)
        .values(error_code="started")
    )


def _cancel(session: Session, which: ColumnElement[bool], reason: str, now: datetime) -> int:
    rows = session.scalars(
        select(OutboxMessage).where(which, OutboxMessage.state == rules.QUEUED).with_for_update()
    ).all()
    for row in rows:
        become(row, rules.CANCELLED, now, error_code=reason)
    session.flush()
    return len(rows)


def become(
    row: OutboxMessage,
    state: str,
    now: datetime,
    *,
    error_code: str = "",
    reference: str = "",
    keep_text: bool = False,
) -> bool:
    """Move a message to `state` if it may go there; says whether it did (S26).

    The text of a sign-in code goes as soon as it cannot be sent any more, unless `keep_text`.
    """
    if not rules.may_become(row.state, state):
        return False
    row.state = state
    row.changed_at = now
    row.error_code = error_code
    row.provider_reference = reference or row.provider_reference
    if row.is_secret and state not in rules.WAITING and not keep_text:
        row.body = ""
    return True


def receive_receipt(
    session: Session,
    message_id: uuid.UUID,
    *,
    provider: str,
    state: str,
    reference: str,
    error_code: str,
    now: datetime,
) -> bool:
    """Settle a message by what its provider reports; says whether anything changed.

    Final states stay, nothing goes backwards, and a receipt for another sending, or of another provider,
    is passed over (S26).
    Raises NoResultFound.
    """
    row = session.scalars(select(OutboxMessage).where(OutboxMessage.id == message_id).with_for_update()).one()
    another = row.provider_reference != reference or row.provider not in ("", provider)
    if row.provider_reference and another:
        return False
    if row.state == rules.QUEUED:
        return False
    changed = become(row, state, now, error_code=error_code, reference=reference)
    if changed:
        row.provider = provider
    session.flush()
    return changed


def expire(session: Session, now: datetime) -> int:
    """Drop what was not sent in time; returns how many. Staff see them as expired (S52)."""
    rows = session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.state == rules.QUEUED, OutboxMessage.expires_at <= now)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        become(row, rules.EXPIRED, now, error_code=row.error_code)
    session.flush()
    return len(rows)


def give_up_stale(session: Session, now: datetime) -> int:
    """Mark as unknown what a sender whose lease is over began to send; returns how many (S53)."""
    rows = session.scalars(
        select(OutboxMessage).where(OutboxMessage.state == rules.ATTEMPTING).with_for_update(skip_locked=True)
    ).all()
    gone = [row for row in rows if row.leased_until is None or rules.lease_is_over(row.leased_until, now)]
    for row in gone:
        become(row, rules.UNKNOWN, now, error_code="stopped")
    session.flush()
    return len(gone)


def forget_codes(session: Session, now: datetime) -> int:
    """Remove the text of sign-in codes that no longer work; returns how many."""
    done = session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.kind.in_(rules.SECRETS),
            OutboxMessage.body_sealed.is_not(None),
            OutboxMessage.state.not_in(rules.WAITING),
            OutboxMessage.expires_at <= now,
        )
        .values(body_sealed=None)
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[object]", done).rowcount


def forget_texts(session: Session, now: datetime) -> int:
    """Remove number and text of what was settled a week ago; returns how many. The state stays."""
    done = session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.address_sealed.is_not(None),
            OutboxMessage.state.not_in(rules.WAITING),
            OutboxMessage.changed_at <= now - rules.REMEMBERED,
        )
        .values(address_sealed=None, body_sealed=None, subject_line_sealed=None, calendar_sealed=None)
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[object]", done).rowcount
