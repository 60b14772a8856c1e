"""Asking somebody by e-mail to come to a meeting of several, and saying what becomes of it.

Nothing here commits.
"""

import uuid
from collections.abc import Collection, Mapping
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import installation
from portal.messaging import queries as outbox
from portal.messaging import rules as messaging
from portal.messaging import service
from portal.messaging.models import OutboxMessage
from portal.notices import invitation_words as words
from portal.notices.invitation_rules import CANCELLED, CHANGED, INVITED, KINDS, Invitation
from portal.web import ics, itip

MAY_HAVE = (*outbox.LEFT, messaging.ATTEMPTING)
"""Where an e-mail is that its receiver may know of."""
NOBODY = "no-reply@localhost"
"""Who the demo's e-mails come from: none leaves the machine."""


def leaves() -> bool:
    """Whether this installation sends e-mail."""
    return bool(installation.settings().mail_provider)


def tell(
    session: Session, asked: Invitation, heard: Collection[uuid.UUID], now: datetime, *, again: int = 0
) -> OutboxMessage | None:
    """One e-mail to one party about the meeting as it stands; None where there is nothing to say, or no way.

    What waits about the meeting as it stood before is taken back. `heard`: the parties who may have read
    something already: whoever has not is invited, and is not told that something is off.
    """
    take_back_before(session, asked.party_id, asked.revision, now)
    knows = asked.party_id in heard
    kind = (CANCELLED if asked.off else CHANGED) if knows else INVITED
    if not leaves() or not asked.email or asked.starts <= now or (asked.off and not knows):
        return None
    return service.put(
        session,
        kind=kind,
        subject=asked.party_id,
        revision=asked.revision,
        recipient_id=asked.party_id,
        organisation_id=asked.organisation_id,
        channel=messaging.EMAIL,
        address=asked.email,
        subject_line=words.subject(kind, asked),
        body=words.body(kind, asked),
        calendar=_calendar(asked, now),
        language="sv",
        now=now,
        expires_at=asked.starts.astimezone(UTC),
        again=again,
    )


def take_back(session: Session, asked: Invitation, now: datetime) -> None:
    """What still waits for a party who is not to come is not sent."""
    take_back_before(session, asked.party_id, asked.revision + 1, now)


def take_back_before(session: Session, party_id: uuid.UUID, revision: int, now: datetime) -> None:
    """What waits to be said to a party of a meeting as it stood before this revision is not sent."""
    service.cancel(session, subject=party_id, before_revision=revision, reason="changed", now=now)


def unheard(session: Session, party_ids: Collection[uuid.UUID], revision: int) -> frozenset[uuid.UUID]:
    """Which of these parties know a meeting as it stood before this revision, and nothing newer."""
    rows = session.execute(
        select(OutboxMessage.subject, OutboxMessage.revision, OutboxMessage.state)
        .where(OutboxMessage.subject.in_(party_ids), OutboxMessage.kind.in_(KINDS))
        .order_by(OutboxMessage.revision, OutboxMessage.again)
    ).all()
    before, since = dict[uuid.UUID, bool](), set[uuid.UUID]()
    for row in rows:
        left = row.state in MAY_HAVE
        if row.revision < revision:
            # The newest counts: what they were to hear last before the change they must have heard.
            before[row.subject] = left
        elif left:
            since.add(row.subject)
    return frozenset(one for one, left in before.items() if left and one not in since)


def heard(session: Session, party_ids: Collection[uuid.UUID]) -> frozenset[uuid.UUID]:
    """Which of these parties may have read an e-mail of ours; one query."""
    if not party_ids:
        return frozenset()
    left = select(OutboxMessage.subject).where(
        OutboxMessage.subject.in_(party_ids),
        OutboxMessage.kind.in_(KINDS),
        OutboxMessage.state.in_(MAY_HAVE),
    )
    return frozenset(session.scalars(left))


def latest(session: Session, party_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, OutboxMessage]:
    """The last e-mail to each of these parties that was not taken back; one query."""
    rows = session.scalars(
        select(OutboxMessage)
        .where(
            OutboxMessage.subject.in_(party_ids),
            OutboxMessage.kind.in_(KINDS),
            OutboxMessage.state != messaging.CANCELLED,
        )
        .order_by(OutboxMessage.created_at, OutboxMessage.again)
    )
    return {row.subject: row for row in rows}


def waits(session: Session, party_id: uuid.UUID) -> bool:
    """Whether something to a party is on its way."""
    under_way = select(OutboxMessage.id).where(
        OutboxMessage.subject == party_id,
        OutboxMessage.kind.in_(KINDS),
        OutboxMessage.state.in_((messaging.QUEUED, messaging.ATTEMPTING)),
    )
    return session.scalars(under_way.limit(1)).first() is not None


def said_again(session: Session, party_id: uuid.UUID) -> int:
    """How many times something has been said to a party, for saying it once more."""
    most = select(func.max(OutboxMessage.again)).where(OutboxMessage.subject == party_id)
    found = session.scalar(most)
    return 0 if found is None else found + 1


def _calendar(asked: Invitation, now: datetime) -> str:
    entry = ics.Entry(
        uid=asked.uid,
        revision=asked.revision,
        starts_at=asked.starts.astimezone(UTC),
        ends_at=asked.ends.astimezone(UTC),
        changed_at=asked.changed_at,
        cancelled=asked.off,
        title=words.TITLES[asked.kind],
        url=asked.link,
        location="" if asked.off else asked.place,
    )
    host = itip.Party(asked.house, installation.settings().smtp_from or NOBODY)
    said = words.body(CANCELLED if asked.off else INVITED, asked)
    return itip.invitation(entry, host, itip.Party(asked.name, asked.email), said, now)
