"""A test message, with which an admin sees whether messages leave and arrive; a call in the demo."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.config import CONSOLE
from portal.crypto import lookup_hash
from portal.identity.models import Person, StaffAccount
from portal.journal import service as journal
from portal.languages import language
from portal.messaging import queries as outbox
from portal.messaging import rules as messaging
from portal.messaging import service
from portal.messaging.models import OutboxMessage
from portal.notices import trial_words
from portal.organisation import service as organisations
from portal.web.asker import Asker
from portal.web.errors import Refused

MOST_AN_HOUR = 5
"""For the whole organisation: enough to try, and too few to trouble anybody."""
LIFE = timedelta(hours=1)


class TooMany(Refused):
    """As many tests as may be sent within an hour have been."""


class NotOnesOwn(Refused):
    """Somebody whom the organisation knows has the number: they would be written to against their will."""


def send(session: Session, asker: Asker, number: str, now: datetime) -> OutboxMessage:
    """Send one neutral SMS to this number (E.164), which should be the asker's own.

    Pressing twice sends once: while one to the same number waits, it is returned. Raises NotOnesOwn (S34,
    S37), TooMany.
    """
    organisations.hold(session, asker.organisation_id)
    known = select(Person.id).where(
        Person.organisation_id == asker.organisation_id, Person.phone_hash == lookup_hash("phone", number)
    )
    if session.scalars(known).first():
        raise NotOnesOwn
    return _put(session, asker, now, channel=messaging.SMS, address=number)


def send_mail(session: Session, asker: Asker, now: datetime) -> OutboxMessage:
    """Send one neutral e-mail to the address that the asker signs in with; as `send`. Raises TooMany."""
    organisations.hold(session, asker.organisation_id)
    account = session.scalars(select(StaffAccount).where(StaffAccount.person_id == asker.person_id)).one()
    subject = trial_words.subject(language(asker.language))
    return _put(session, asker, now, channel=messaging.EMAIL, address=account.email, subject_line=subject)


def _put(
    session: Session, asker: Asker, now: datetime, *, channel: str, address: str, subject_line: str = ""
) -> OutboxMessage:
    own = asker.organisation_id
    earlier = outbox.of_kind(session, own, messaging.TEST, now - LIFE, limit=MOST_AN_HOUR)
    for one in earlier:
        if one.state in messaging.WAITING and one.address == address:
            return one
    if len(earlier) >= MOST_AN_HOUR:
        raise TooMany
    row = service.put(
        session,
        kind=messaging.TEST,
        subject=uuid.uuid4(),
        revision=0,
        recipient_id=asker.person_id,
        organisation_id=own,
        channel=channel,
        address=address,
        subject_line=subject_line,
        body=trial_words.text(language(asker.language)),
        language=asker.language,
        now=now,
        expires_at=now + LIFE,
    )
    journal.note(session, asker, action="change", kind="test_message", subject=None, object_id=row.id)
    return row


def answer_call(session: Session, call_id: uuid.UUID, *, answered: bool, now: datetime) -> None:
    """Let a ringing phone of the demo be answered, or not, as a provider tells it. Raises NoResultFound."""
    service.receive_receipt(
        session,
        call_id,
        provider=CONSOLE,
        state=messaging.DELIVERED if answered else messaging.FAILED,
        reference=str(call_id),
        error_code="" if answered else "call no-answer",
        now=now,
    )
