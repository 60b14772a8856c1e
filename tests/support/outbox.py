"""Messages to put in the outbox, for tests that are about something else than their contents."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from portal.db import Database
from portal.messaging import rules, service
from portal.messaging.models import OutboxMessage
from portal.web.asker import Asker

PHONE = "+46701740605"
ORGANISATION = uuid.UUID(int=1)


def put(session: Session, now: datetime, **changes: Any) -> OutboxMessage:
    """A reminder to some person about some meeting, which may be sent for two hours from `now`."""
    values: dict[str, Any] = {
        "kind": "reminder_one_day",
        "subject": uuid.uuid4(),
        "revision": 0,
        "recipient_id": uuid.uuid4(),
        "organisation_id": ORGANISATION,
        "address": PHONE,
        "body": "Du har ett möte tisdag 24 november klockan 13.00.",
        "language": "sv",
        "now": now,
        "expires_at": now + timedelta(hours=2),
    }
    return service.put(session, **{**values, **changes})


def unknown_sms(session: Session, participant: Asker, coach: Asker, now: datetime) -> dict[str, object]:
    """A reminder of which nobody knows whether it reached the participant."""
    facts = {"recipient_id": participant.person_id, "organisation_id": participant.organisation_id}
    row = put(session, now, **facts)
    row.state, row.error_code = rules.UNKNOWN, "no answer"
    session.flush()
    return {"sms": row.id}


def put_code(session: Session, now: datetime, **changes: Any) -> OutboxMessage:
    """A sign-in code, good for ten minutes."""
    code = {
        "kind": rules.SIGN_IN_CODE,
        "body": "Din kod: 1234 5678",
        "expires_at": now + timedelta(minutes=10),
    }
    return put(session, now, **{**code, **changes})


def only(database: Database) -> OutboxMessage:
    """The one message there is."""
    with database.reading() as session:
        return session.scalars(select(OutboxMessage)).one()


def snapshot(database: Database) -> dict[str, object]:
    """Every column of the one message there is, as the database holds it."""
    with database.reading() as session:
        return dict(session.execute(text("select * from outbox_message")).mappings().one())
