"""Which messages about meetings can be sent again, and which wait for a decision."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from portal.messaging import rules as messaging
from portal.messaging.models import OutboxMessage
from portal.messaging.queries import Key
from portal.notices import rules as kinds
from portal.reminders import again_rules, service, subject_queries


@dataclass(frozen=True)
class Open:
    """What can be done about messages: `hindered` is why each cannot be sent again, "" when it can.

    `undecided`: those of which staff are to say what they make of them.
    """

    hindered: Mapping[uuid.UUID, str] = field(default_factory=dict)
    undecided: frozenset[uuid.UUID] = frozenset()


def what_is_open(session: Session, messages: Iterable[OutboxMessage], refusal: str, now: datetime) -> Open:
    """What can be done about these messages to one person, to whom no SMS goes because of `refusal`.

    Of the ones about a meeting that have not arrived; `messages` hold all that was said of it. One query.
    """
    about = [one for one in messages if one.kind in kinds.KINDS]
    troubled = [one for one in about if one.state in again_rules.TROUBLED]
    standings = subject_queries.standings(session, {one.subject for one in troubled})
    latest: dict[Key, int] = {}
    for one in about:
        latest[key_of(one)] = max(one.again, latest.get(key_of(one), 0))
    standing = {key_of(one) for one in about if one.state != messaging.CANCELLED}
    hindered = {}
    for one in troubled:
        if one.decision == messaging.ARRIVED and one.state == messaging.UNKNOWN:
            continue
        hindered[one.id] = again_rules.hindrance(
            begun=one.expires_at <= now,
            again=latest[key_of(one)] > one.again,
            stale=service.stale(
                one,
                standings.get(one.subject),
                newer=any((kind, one.subject, one.revision) in standing for kind in kinds.nearer(one.kind)),
            ),
            refusal=refusal,
        )
    return Open(
        hindered,
        frozenset(
            one.id
            for one in troubled
            if one.state == messaging.UNKNOWN
            and one.decision == messaging.OPEN
            and hindered[one.id] not in (again_rules.AGAIN, again_rules.BEGUN)
        ),
    )


def key_of(message: OutboxMessage) -> Key:
    """What a message says, of which meeting, as it stood."""
    return message.kind, message.subject, message.revision
