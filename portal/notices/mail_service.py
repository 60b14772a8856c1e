"""A person's e-mail address: digits are sent to it, and with them it becomes theirs. Nothing here commits."""

import hmac
import secrets
import uuid
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.crypto import code_hash
from portal.identity.models import Person
from portal.identity.service import lock_people
from portal.identity.session_models import MailCode
from portal.journal import service as journal
from portal.languages import language
from portal.messaging import queries as outbox
from portal.messaging import rules as messaging
from portal.messaging import service
from portal.messaging.models import OutboxMessage
from portal.notices import mail_queries, mail_words, reach_service, rules
from portal.notices.reach_service import HowHeld
from portal.notices.service import standing
from portal.web.asker import Asker
from portal.web.errors import Refused

DIGITS = 6
LIFE = timedelta(minutes=30)
"""Ours: e-mail may be read on another machine than the page, and comes slower than an SMS."""
MOST_A_DAY = 5
"""Ours: an address that is somebody else's is troubled a few times, and then no more."""


class TooMany(Refused):
    """As many digits as may be sent in a day have been."""


class NotWritten(Refused):
    """Nothing is sent to the person at all (S34, S37)."""


class NoCode(Refused):
    """No digits stand: they are too old, used, or were tried too often."""


class WrongCode(Refused):
    """Other digits were sent."""


def ask(session: Session, asker: Asker, person: Person, email: str, now: datetime) -> OutboxMessage:
    """Send digits to an address that the person, whom the caller fetched for the asker, says is theirs.

    What was sent before is void. Raises NotWritten, TooMany.
    """
    lock_people(session, (person.id,))
    if rules.refusal(rules.asked_for(standing(session, person, now), messaging.MAIL_CODE)):
        raise NotWritten
    since = now - timedelta(days=1)
    if outbox.how_many(session, [person.id], [messaging.MAIL_CODE], since) >= MOST_A_DAY:
        raise TooMany
    session.execute(delete(MailCode).where(MailCode.person_id == person.id))
    digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    row = MailCode(person_id=person.id, sent_at=now, expires_at=now + LIFE)
    row.email, row.code_hash = email, _hash(digits, person.id, email)
    session.add(row)
    session.flush()
    journal.note(session, asker, action="change", kind="email_asked", subject=person.id)
    spoken = language(person.language)
    return service.put(
        session,
        kind=messaging.MAIL_CODE,
        subject=row.id,
        revision=0,
        recipient_id=person.id,
        organisation_id=person.organisation_id,
        channel=messaging.EMAIL,
        address=email,
        subject_line=mail_words.subject(spoken),
        body=mail_words.code(digits, spoken),
        language=person.language,
        now=now,
        expires_at=row.expires_at,
    )


def confirm(session: Session, asker: Asker, person: Person, digits: str, now: datetime) -> None:
    """Let the address to which these digits were sent be the person's. Raises NoCode, WrongCode.

    A try counts: whoever catches the error commits all the same.
    """
    lock_people(session, (person.id,))
    row = mail_queries.code_of(session, person.id)
    if row is None or not mail_queries.is_open(row, now):
        raise NoCode
    row.tries += 1
    session.flush()
    if not hmac.compare_digest(row.code_hash, _hash(digits, person.id, row.email)):
        raise WrongCode if mail_queries.is_open(row, now) else NoCode
    row.used_at = now
    person.email, person.email_confirmed_at = row.email, now
    session.flush()
    journal.note(session, asker, action="change", kind="email_confirmed", subject=person.id)


def remove(session: Session, asker: Asker, person: Person, now: datetime, how_held: HowHeld) -> None:
    """Forget the person's address, and one that waits to be confirmed; who was told by e-mail gets SMS."""
    lock_people(session, (person.id,))
    if person.way == rules.EMAIL:
        reach_service.choose_way(session, asker, person, rules.SMS, now, how_held)
    session.execute(delete(MailCode).where(MailCode.person_id == person.id))
    person.email_sealed = person.email_confirmed_at = None
    session.flush()
    journal.note(session, asker, action="change", kind="email_removed", subject=person.id)


def _hash(digits: str, person_id: uuid.UUID, email: str) -> bytes:
    return code_hash(digits, "mail", str(person_id), email)
