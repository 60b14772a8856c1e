"""Reads of the outbox about many people at once: what was sent to them, and how their numbers are."""

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from portal.messaging import rules
from portal.messaging.heard_queries import Heard, signs
from portal.messaging.models import OutboxMessage

Confirmed = tuple[datetime | None, datetime | None]
"""When somebody's number was confirmed, and their e-mail address."""


def heard(session: Session, confirmed: Mapping[uuid.UUID, Confirmed]) -> dict[uuid.UUID, Heard]:
    """As `heard_queries.heard`, of each of these people; one query."""
    rows = session.execute(
        select(OutboxMessage.recipient_id, *signs())
        .where(OutboxMessage.recipient_id.in_(list(confirmed)))
        .group_by(OutboxMessage.recipient_id)
    )
    found = {row.recipient_id: row for row in rows}
    made = {}
    for who, (number_at, mail_at) in confirmed.items():
        row = found.get(who)
        made[who] = Heard(bounces=False, delivered_at=None)
        if row:
            bounces = _is_dead(row.dead, row.alive, number_at)
            made[who] = Heard(bounces, row.alive, _is_dead(row.mail_dead, row.mail_alive, mail_at))
    return made


def _is_dead(dead: datetime | None, alive: datetime | None, confirmed_at: datetime | None) -> bool:
    return dead is not None and all(dead > moment for moment in (alive, confirmed_at) if moment)


@dataclass(frozen=True)
class Count:
    """How many messages about one subject are in each state, and how many of them go by each channel."""

    states: Counter[str] = field(default_factory=Counter)
    ways: Counter[str] = field(default_factory=Counter)


def counts(session: Session, subjects: Iterable[uuid.UUID]) -> dict[uuid.UUID, Count]:
    """The messages about each of these subjects that has any, counted; one query."""
    rows = session.execute(
        select(OutboxMessage.subject, OutboxMessage.state, OutboxMessage.channel, func.count().label("many"))
        .where(OutboxMessage.subject.in_(list(subjects)))
        .group_by(OutboxMessage.subject, OutboxMessage.state, OutboxMessage.channel)
    )
    found: dict[uuid.UUID, Count] = {}
    for row in rows:
        count = found.setdefault(row.subject, Count())
        count.states[row.state] += row.many
        count.ways[row.channel] += row.many
    return found


def about(session: Session, subject: uuid.UUID, recipients: Select[uuid.UUID]) -> tuple[OutboxMessage, ...]:
    """The messages about one subject to those of these people who got any: what did not arrive first."""
    troubled = case((OutboxMessage.state.in_(rules.NOT_ARRIVED), 0), else_=1)
    return tuple(
        session.scalars(
            select(OutboxMessage)
            .where(OutboxMessage.subject == subject, OutboxMessage.recipient_id.in_(recipients))
            .order_by(troubled, OutboxMessage.state, OutboxMessage.recipient_id)
        )
    )


def told(
    session: Session, subjects: Select[uuid.UUID], recipients: Iterable[uuid.UUID]
) -> frozenset[uuid.UUID]:
    """Who of these people has been told of any of these subjects, or will be, or may have been; one query."""
    rows = session.scalars(
        select(OutboxMessage.recipient_id).where(
            OutboxMessage.subject.in_(subjects),
            OutboxMessage.recipient_id.in_(list(recipients)),
            OutboxMessage.state.not_in((rules.CANCELLED, rules.EXPIRED, rules.FAILED)),
        )
    )
    return frozenset(rows)


def of_kinds(session: Session, kinds: Iterable[str]) -> tuple[OutboxMessage, ...]:
    """All messages of these kinds that have left and can be read, the oldest first. For the demo alone."""
    return tuple(
        session.scalars(
            select(OutboxMessage)
            .where(
                OutboxMessage.kind.in_(list(kinds)),
                OutboxMessage.state.in_((rules.SENT, rules.DELIVERED)),
                OutboxMessage.body_sealed.is_not(None),
            )
            .order_by(OutboxMessage.changed_at, OutboxMessage.id)
        )
    )
