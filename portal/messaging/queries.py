"""Reads of the outbox. Whose messages one may ask about is decided by the rooms above."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from portal.messaging import rules
from portal.messaging.models import OutboxMessage, SendingPace
from portal.messaging.pace_rules import UNPACED, Paces
from portal.organisation.models import Organisation
from portal.organisation.rules import Rules

TROUBLE_DAYS = 90
"""How far back troubles count, in days: as long as it takes before a silent number is asked about (S36)."""

Key = tuple[str, uuid.UUID, int]
"""Kind, subject and revision of a message."""


@dataclass(frozen=True)
class Trouble:
    """A person whose latest SMS or e-mail did not arrive, or may not have. `code`: why, `at`: since when."""

    recipient_id: uuid.UUID
    state: str
    code: str
    at: datetime
    message_id: uuid.UUID
    channel: str = rules.SMS


def chosen_providers(session: Session) -> dict[uuid.UUID, str]:
    """The SMS provider of each organisation that chose one: the others have the installation's own."""
    rows = session.execute(select(Organisation.id, Organisation.settings))
    chosen = {row.id: Rules.from_json(row.settings or {}).sms_provider for row in rows}
    return {one: provider for one, provider in chosen.items() if provider}


def to_person(session: Session, recipient_id: uuid.UUID, *, limit: int = 100) -> tuple[OutboxMessage, ...]:
    """A person's messages except sign-in codes, the newest first."""
    return tuple(
        session.scalars(
            select(OutboxMessage)
            .where(OutboxMessage.recipient_id == recipient_id, OutboxMessage.kind != rules.SIGN_IN_CODE)
            .order_by(OutboxMessage.created_at.desc(), OutboxMessage.kind)
            .limit(limit)
        )
    )


def about(session: Session, subject: uuid.UUID) -> tuple[OutboxMessage, ...]:
    """All that was put about one subject (a meeting), the oldest first."""
    return tuple(
        session.scalars(
            select(OutboxMessage)
            .where(OutboxMessage.subject == subject)
            .order_by(OutboxMessage.created_at, OutboxMessage.again)
        )
    )


def said_about(session: Session, subjects: Iterable[uuid.UUID]) -> dict[Key, int | None]:
    """What was ever put about these subjects, in one query: None where it stands.

    Where it was taken back because of the person (a new number, no SMS for a while), the `again` to say
    it with once more.
    """
    rows = session.execute(
        select(
            OutboxMessage.kind,
            OutboxMessage.subject,
            OutboxMessage.revision,
            OutboxMessage.again,
            OutboxMessage.state,
            OutboxMessage.error_code,
        )
        .where(OutboxMessage.subject.in_(list(subjects)))
        .order_by(OutboxMessage.again)
    )
    said: dict[Key, int | None] = {}
    for row in rows:
        taken_back = row.state == rules.CANCELLED and row.error_code in rules.TAKEN_BACK
        said[row.kind, row.subject, row.revision] = row.again + 1 if taken_back else None
    return said


def said_when(
    session: Session, kind: str, recipients: Iterable[uuid.UUID]
) -> dict[uuid.UUID, tuple[datetime, ...]]:
    """When a kind of message was put for each of these people, the first first; one query.

    What was taken back, or came too late to leave, was never said.
    """
    rows = session.execute(
        select(OutboxMessage.recipient_id, OutboxMessage.created_at)
        .where(
            OutboxMessage.recipient_id.in_(list(recipients)),
            OutboxMessage.kind == kind,
            OutboxMessage.state.not_in((rules.CANCELLED, rules.EXPIRED)),
        )
        .order_by(OutboxMessage.created_at)
    )
    said: dict[uuid.UUID, tuple[datetime, ...]] = {}
    for row in rows:
        said[row.recipient_id] = (*said.get(row.recipient_id, ()), row.created_at)
    return said


def troubles(session: Session, recipients: Select[uuid.UUID], now: datetime) -> tuple[Trouble, ...]:
    """Of these people, each whose latest settled SMS or e-mail failed or is unknown; one query.

    The oldest trouble first. Sign-in codes count too: a phone that gets no code gets no reminder either. An
    unknown one is no trouble any more once staff have decided about it.
    """
    latest = (
        select(
            OutboxMessage.id,
            OutboxMessage.recipient_id,
            OutboxMessage.state,
            OutboxMessage.error_code,
            OutboxMessage.decision,
            OutboxMessage.changed_at,
            OutboxMessage.channel,
            _place().label("place"),
        )
        .where(
            OutboxMessage.recipient_id.in_(recipients),
            _settled(),
            OutboxMessage.changed_at > now - timedelta(days=TROUBLE_DAYS),
        )
        .subquery()
    )
    rows = session.execute(
        select(latest)
        .where(
            latest.c.place == 1,
            latest.c.state.in_((rules.FAILED, rules.UNKNOWN)),
            or_(latest.c.state != rules.UNKNOWN, latest.c.decision == rules.OPEN),
        )
        .order_by(latest.c.changed_at)
    )
    return tuple(
        Trouble(row.recipient_id, row.state, row.error_code, row.changed_at, row.id, row.channel)
        for row in rows
    )


def _place() -> ColumnElement[int]:
    """1 for the latest to a person by each channel."""
    return func.row_number().over(
        partition_by=(OutboxMessage.recipient_id, OutboxMessage.channel),
        order_by=OutboxMessage.changed_at.desc(),
    )


def _settled() -> ColumnElement[bool]:
    """Of an e-mail nobody hears more than that it was taken on; digits say nothing of the person's own.

    A call that nobody answered says nothing of a number: it is the coach's to make.
    """
    taken_on = and_(OutboxMessage.channel == rules.EMAIL, OutboxMessage.state == rules.SENT)
    settled = or_(OutboxMessage.state.in_((rules.FAILED, rules.UNKNOWN, rules.DELIVERED)), taken_on)
    return and_(settled, OutboxMessage.kind != rules.MAIL_CODE, OutboxMessage.channel != rules.VOICE)


def of_kind(
    session: Session, organisation_id: uuid.UUID, kind: str, since: datetime, *, limit: int
) -> tuple[OutboxMessage, ...]:
    """An organisation's messages of one kind put after `since`, at most `limit`, the newest first."""
    return tuple(
        session.scalars(
            select(OutboxMessage)
            .where(
                OutboxMessage.organisation_id == organisation_id,
                OutboxMessage.kind == kind,
                OutboxMessage.created_at > since,
            )
            .order_by(OutboxMessage.created_at.desc(), OutboxMessage.id)
            .limit(limit)
        )
    )


def how_many(session: Session, recipients: Iterable[uuid.UUID], kinds: Iterable[str], since: datetime) -> int:
    """How many messages of these kinds were put for these people after `since`."""
    found = session.scalar(
        select(func.count())
        .select_from(OutboxMessage)
        .where(
            OutboxMessage.recipient_id.in_(list(recipients)),
            OutboxMessage.kind.in_(list(kinds)),
            OutboxMessage.created_at > since,
        )
    )
    return found or 0


LEFT = (rules.SENT, rules.DELIVERED, rules.UNKNOWN)
"""Where a message is that its receiver may have read."""


def told_of(
    session: Session, recipient_id: uuid.UUID, kinds: Iterable[str], since: datetime
) -> dict[uuid.UUID, int]:
    """The subjects of which messages of these kinds have left for a person after `since`.

    Of each the latest revision that was told.
    """
    rows = session.execute(
        select(OutboxMessage.subject, func.max(OutboxMessage.revision))
        .where(
            OutboxMessage.recipient_id == recipient_id,
            OutboxMessage.kind.in_(list(kinds)),
            OutboxMessage.state.in_(LEFT),
            # When it left, and the minute of its sender's lease.
            OutboxMessage.leased_until > since,
        )
        .group_by(OutboxMessage.subject)
    )
    return {row[0]: row[1] for row in rows}


def last_left(session: Session, recipients: Iterable[uuid.UUID], provider: str) -> dict[uuid.UUID, datetime]:
    """When the last message left for each of these people by this provider, of those who got any.

    To be compared with each other: the sender's lease, of the same length for all, is counted in.
    """
    rows = session.execute(
        select(OutboxMessage.recipient_id, func.max(OutboxMessage.leased_until))
        .where(
            OutboxMessage.recipient_id.in_(list(recipients)),
            OutboxMessage.provider == provider,
            OutboxMessage.state.in_(LEFT),
        )
        .group_by(OutboxMessage.recipient_id)
    )
    return {row[0]: row[1] for row in rows if row[1] is not None}


def oldest_unsent(session: Session, now: datetime, paces: Paces = UNPACED) -> datetime | None:
    """When the message that has waited longest should have left; None when nothing waits.

    A routine one waits from when its provider's queue last moved: a wave that leaves at its pace is no
    failure.
    """
    whose = OutboxMessage.priority, OutboxMessage.organisation_id, OutboxMessage.channel
    waiting = select(*whose, func.min(OutboxMessage.not_before).label("since")).where(
        OutboxMessage.state.in_((rules.QUEUED, rules.ATTEMPTING)), OutboxMessage.not_before <= now
    )
    rows = session.execute(waiting.group_by(*whose)).all()
    if not rows:
        return None
    chosen = chosen_providers(session)
    moved = {
        row.provider: min(row.left_at, now) for row in session.scalars(select(SendingPace)) if row.left_at
    }

    def since(row: Any) -> datetime:
        provider = paces.way(row.channel, chosen.get(row.organisation_id, ""))
        found: datetime = row.since
        return found if row.priority == rules.URGENT else max(found, moved.get(provider, found))

    return min(since(row) for row in rows)


def backlog(
    session: Session, now: datetime, organisation_id: uuid.UUID, paces: Paces = UNPACED
) -> tuple[int, int]:
    """How many routine SMS of an organisation should have left by now, and how many parts of everybody's
    should have left by the same provider."""
    rows = session.execute(
        select(OutboxMessage.organisation_id, func.count(), func.sum(OutboxMessage.parts))
        .where(
            OutboxMessage.state == rules.QUEUED,
            OutboxMessage.priority >= rules.ROUTINE,
            OutboxMessage.channel.in_(rules.BY_PHONE),
            OutboxMessage.not_before <= now,
            OutboxMessage.expires_at > now,
        )
        .group_by(OutboxMessage.organisation_id)
    ).all()
    chosen = chosen_providers(session)
    ways = {one: paces.way(rules.SMS, chosen.get(one, "")) for one, _, _ in (*rows, (organisation_id, 0, 0))}
    own = sum(number for one, number, _ in rows if one == organisation_id)
    parts = sum(parts for one, _, parts in rows if ways[one] == ways[organisation_id])
    return own, int(parts)


def stopped(session: Session, organisation_id: uuid.UUID, since: datetime) -> int:
    """How many messages of an organisation became unknown since then because their sending was cut off."""
    found = session.scalar(
        select(func.count())
        .select_from(OutboxMessage)
        .where(
            OutboxMessage.organisation_id == organisation_id,
            OutboxMessage.state == rules.UNKNOWN,
            OutboxMessage.error_code == "stopped",
            OutboxMessage.changed_at >= since,
        )
    )
    return found or 0


def changed_since(session: Session, recipient_id: uuid.UUID, since: datetime) -> tuple[OutboxMessage, ...]:
    """A person's messages (codes left out) whose state changed after `since`, the oldest first."""
    return tuple(
        session.scalars(
            select(OutboxMessage)
            .where(
                OutboxMessage.recipient_id == recipient_id,
                OutboxMessage.kind != rules.SIGN_IN_CODE,
                OutboxMessage.changed_at > since,
            )
            .order_by(OutboxMessage.changed_at)
        )
    )


RUNG = (rules.SENT, rules.DELIVERED, rules.FAILED)
"""Where a call is that has reached a phone of the demo."""


def on_phones(session: Session, recipients: Iterable[uuid.UUID]) -> tuple[OutboxMessage, ...]:
    """What has arrived on these phones, e-mail too, rings or has rung there, the newest first.

    For the demo alone.
    """
    return tuple(
        session.scalars(
            select(OutboxMessage)
            .where(
                OutboxMessage.recipient_id.in_(list(recipients)),
                _arrived(),
                OutboxMessage.body_sealed.is_not(None),
            )
            .order_by(OutboxMessage.changed_at.desc())
        )
    )


def _arrived() -> ColumnElement[bool]:
    letter = and_(OutboxMessage.channel == rules.EMAIL, OutboxMessage.state == rules.SENT)
    call = and_(OutboxMessage.channel == rules.VOICE, OutboxMessage.state.in_(RUNG))
    return or_(OutboxMessage.state == rules.DELIVERED, letter, call)
