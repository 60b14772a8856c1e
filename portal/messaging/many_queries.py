"""Reads of the outbox about many people at once: what was sent to them, and how their numbers are."""

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from portal.messaging import rules
from portal.messaging.models import OutboxMessage
from portal.messaging.queries import Heard


def heard(session: Session, confirmed: Mapping[uuid.UUID, datetime | None]) -> dict[uuid.UUID, Heard]:
    """As `queries.heard`, of each of these people, with when their number was confirmed; one query."""
    hard = (OutboxMessage.state == rules.FAILED) & OutboxMessage.error_code.in_(rules.HARD_ERRORS)
    arrived = OutboxMessage.state == rules.DELIVERED
    rows = session.execute(
        select(
            OutboxMessage.recipient_id,
            func.max(case((hard, OutboxMessage.changed_at))).label("dead"),
            func.max(case((arrived, OutboxMessage.changed_at))).label("alive"),
        )
        .where(OutboxMessage.recipient_id.in_(list(confirmed)), OutboxMessage.channel == rules.SMS)
        .group_by(OutboxMessage.recipient_id)
    )
    found = {row.recipient_id: (row.dead, row.alive) for row in rows}
    return {one: _heard(*found.get(one, (None, None)), at) for one, at in confirmed.items()}


def _heard(dead: datetime | None, alive: datetime | None, confirmed_at: datetime | None) -> Heard:
    since = [moment for moment in (alive, confirmed_at) if moment]
    return Heard(dead is not None and all(dead > moment for moment in since), alive)


def states(session: Session, subjects: Iterable[uuid.UUID]) -> dict[uuid.UUID, Counter[str]]:
    """How many messages about each of these subjects are in each state; one query."""
    rows = session.execute(
        select(OutboxMessage.subject, OutboxMessage.state, func.count().label("many"))
        .where(OutboxMessage.subject.in_(list(subjects)))
        .group_by(OutboxMessage.subject, OutboxMessage.state)
    )
    found: dict[uuid.UUID, Counter[str]] = {}
    for row in rows:
        found.setdefault(row.subject, Counter())[row.state] = row.many
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
