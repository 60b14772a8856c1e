"""Answering an SMS that somebody sent us, if they may be written to, and not for ever."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.identity.models import Person
from portal.identity.service import lock_people
from portal.messaging import queries as outbox
from portal.messaging import service
from portal.messaging.models import OutboxMessage
from portal.notices import rules
from portal.notices.service import standing


def answer(
    session: Session,
    person: Person,
    body: str,
    *,
    to: uuid.UUID,
    now: datetime,
    lives: timedelta,
    kind: str = rules.REPLY,
) -> OutboxMessage | None:
    """Answer the message `to` with one SMS of this kind (of rules.REPLIES); none is sent after `lives`.

    None when nothing may be sent: the person gets no SMS, or their number has had as many answers as it gets.
    """
    lock_people(session, (person.id,))
    if rules.refusal(rules.asked_for(standing(session, person, now), kind)):
        return None
    same = session.scalars(select(Person.id).where(Person.phone_hash == person.phone_hash)).all()
    since = now - rules.REPLIES_WITHIN
    if outbox.how_many(session, same, rules.REPLIES, since) >= rules.MOST_REPLIES:
        return None
    return service.put(
        session,
        kind=kind,
        subject=to,
        revision=0,
        recipient_id=person.id,
        organisation_id=person.organisation_id,
        address=person.phone,
        body=body,
        language=person.language,
        now=now,
        expires_at=now + lives,
    )
