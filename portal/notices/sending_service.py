"""Sending an own message to those who were chosen, once; and taking back what has not left."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.identity.models import Person
from portal.journal import service as journal
from portal.messaging import service as outbox
from portal.messaging.service import Message
from portal.notices import sending_queries
from portal.notices.models import Sending
from portal.notices.rules import OWN_MESSAGE
from portal.notices.saying_service import addressed
from portal.notices.sending_queries import Wish
from portal.notices.sending_rules import Plan
from portal.organisation import service as house
from portal.web.asker import Asker
from portal.web.errors import Refused


class Hindered(Refused):
    """It is not sent as it stands; `plan` is what would be done now."""

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.plan = plan


class Otherwise(Hindered):
    """What would be sent now is not what was looked at."""


class Nobody(Hindered):
    """There is nobody to whom it would go."""


class NotConfirmed(Hindered):
    """It is so much that the number is to be typed, and it was not."""


@dataclass(frozen=True)
class Seen:
    """What somebody looked at before they sent it: its digest, and the number of people if they typed it."""

    digest: str
    number: int | None = None


def send(
    session: Session, asker: Asker, sending_id: uuid.UUID, wish: Wish, seen: Seen, now: datetime
) -> Sending:
    """Put it in the outbox for everybody in the plan that was seen; the same id again is the same sending.

    Raises Nobody, Otherwise, NotConfirmed, and NoResultFound for somebody else's id or message.
    """
    # Two taps, or two pages: the second waits here, and then finds what the first has put.
    house.hold(session, asker.organisation_id)
    if found := session.scalars(select(Sending).where(Sending.id == sending_id)).one_or_none():
        if found.sent_by != asker.person_id:
            raise NoResultFound
        return found
    plan = sending_queries.plan(session, asker, wish, now)
    _refuse(plan, seen)
    made = Sending(
        id=sending_id,
        organisation_id=asker.organisation_id,
        own_message_id=wish.message_id,
        version=plan.version,
        sent_by=asker.person_id,
        sent_at=now,
        leaves_at=plan.leaves_at,
        expires_at=plan.expires_at,
        recipients=len(plan.going),
        left_out=len(plan.left_out),
    )
    session.add(made)
    session.flush()
    _put(session, asker, made, plan, now)
    return made


def _refuse(plan: Plan, seen: Seen) -> None:
    if not plan.going:
        raise Nobody(plan)
    if plan.digest != seen.digest:
        raise Otherwise(plan)
    if plan.is_asked and seen.number != len(plan.going):
        raise NotConfirmed(plan)


def _put(session: Session, asker: Asker, made: Sending, plan: Plan, now: datetime) -> None:
    going = select(Person).where(Person.id.in_([one.person_id for one in plan.going]))
    people = {one.id: one for one in session.scalars(going)}
    messages = [
        Message(
            kind=OWN_MESSAGE,
            subject=made.id,
            revision=0,
            again=0,
            recipient_id=one.person_id,
            organisation_id=made.organisation_id,
            body=one.body.text,
            language=one.body.language,
            recording_id=None,
            calendar="",
            **addressed(people[one.person_id], OWN_MESSAGE),
        )
        for one in plan.going
    ]
    rows = outbox.put_many(session, messages, now=now, expires_at=plan.expires_at, not_before=plan.leaves_at)
    journal.note(session, asker, action="change", kind="sending", subject=None, object_id=made.id)
    for row in rows:
        journal.note(
            session, asker, action="change", kind="messages", subject=row.recipient_id, object_id=row.id
        )


def stop(session: Session, asker: Asker, sending_id: uuid.UUID, now: datetime) -> int:
    """Take back all of it that has not left; returns how many that were. Raises NoResultFound.

    What a provider is being asked to take at this moment goes on its way.
    """
    asked = select(Sending).where(Sending.id == sending_id, sending_queries.reach(asker))
    found = session.scalars(asked.with_for_update()).one()
    if found.stopped_at is None:
        found.stopped_at, found.stopped_by = now, asker.person_id
        journal.note(session, asker, action="change", kind="sending", subject=None, object_id=found.id)
    return outbox.cancel(session, subject=found.id, before_revision=1, reason="taken back", now=now)
