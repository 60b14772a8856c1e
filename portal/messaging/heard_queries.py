"""What the outbox has heard of somebody's number and e-mail address."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from portal.messaging import rules
from portal.messaging.models import OutboxMessage


@dataclass(frozen=True)
class Heard:
    """What the outbox knows of somebody's number and address: which is dead, and when there was an answer.

    `delivered_at`: when an SMS last arrived, or a call was answered.
    """

    bounces: bool
    delivered_at: datetime | None
    mail_bounces: bool = False


def heard(
    session: Session,
    recipient_id: uuid.UUID,
    confirmed_at: datetime | None,
    mail_confirmed_at: datetime | None = None,
) -> Heard:
    """How a person's number and e-mail address have answered; one query.

    One bounces when the provider or the mail server said so for good since it was last confirmed, and
    nothing has arrived after that (S36); an e-mail that was taken on is all that is heard of one.
    """
    row = session.execute(
        select(*signs(confirmed_at, mail_confirmed_at)).where(OutboxMessage.recipient_id == recipient_id)
    ).one()
    return Heard(_is_dead(row.dead, row.alive), row.alive, _is_dead(row.mail_dead, row.mail_alive))


def signs(
    confirmed_at: datetime | None = None, mail_confirmed_at: datetime | None = None
) -> tuple[ColumnElement[datetime | None], ...]:
    """When a number and an address last were dead since they were confirmed, and last alive: columns."""
    return (
        _latest(_hard(rules.BY_PHONE, rules.HARD_ERRORS, confirmed_at)).label("dead"),
        _latest(_came(rules.BY_PHONE, rules.DELIVERED)).label("alive"),
        _latest(_hard((rules.EMAIL,), rules.MAIL_HARD_ERRORS, mail_confirmed_at)).label("mail_dead"),
        _latest(_came((rules.EMAIL,), rules.SENT)).label("mail_alive"),
    )


def _latest(which: ColumnElement[bool]) -> ColumnElement[datetime | None]:
    return func.max(case((which, OutboxMessage.changed_at)))


def _hard(
    channels: Iterable[str], codes: Iterable[str], confirmed_at: datetime | None
) -> ColumnElement[bool]:
    """Refused for good since then; digits go to an address that nobody has confirmed yet."""
    hard = and_(
        OutboxMessage.channel.in_(channels),
        OutboxMessage.kind != rules.MAIL_CODE,
        OutboxMessage.state == rules.FAILED,
        OutboxMessage.error_code.in_(codes),
    )
    return and_(hard, OutboxMessage.changed_at > confirmed_at) if confirmed_at else hard


def _came(channels: Iterable[str], state: str) -> ColumnElement[bool]:
    return and_(
        OutboxMessage.channel.in_(channels),
        OutboxMessage.kind != rules.MAIL_CODE,
        OutboxMessage.state == state,
    )


def _is_dead(dead: datetime | None, alive: datetime | None) -> bool:
    return dead is not None and (alive is None or alive < dead)


def last_delivered(session: Session, recipients: Iterable[uuid.UUID]) -> dict[uuid.UUID, datetime]:
    """When an SMS last arrived at each of these people, or a call was answered; one query."""
    rows = session.execute(
        select(OutboxMessage.recipient_id, func.max(OutboxMessage.changed_at))
        .where(
            OutboxMessage.recipient_id.in_(list(recipients)),
            OutboxMessage.channel.in_(rules.BY_PHONE),
            OutboxMessage.state == rules.DELIVERED,
        )
        .group_by(OutboxMessage.recipient_id)
    )
    return {row[0]: row[1] for row in rows}
