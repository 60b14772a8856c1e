"""Saying something to a person by SMS, in that person's language, if they may be written to."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.identity.models import Person
from portal.languages import language
from portal.messaging import queries as outbox
from portal.messaging import rules as messaging
from portal.messaging import service
from portal.messaging.models import OutboxMessage
from portal.notices import rules, texts
from portal.organisation import queries as organisations

_CHANGES = {
    "booked": rules.BOOKED,
    "moved": rules.MOVED,
    "moved_more": rules.MOVED_MORE,
    "changed": rules.CHANGED,
    "cancelled": rules.CANCELLED,
}
_REMINDERS = {"three_days": rules.THREE_DAYS, "one_day": rules.ONE_DAY, "now": rules.NOW}


def meeting_changed(
    session: Session,
    *,
    person_id: uuid.UUID,
    appointment_id: uuid.UUID,
    revision: int,
    kind: str,
    starts_at: datetime,
    now: datetime,
) -> OutboxMessage | None:
    """Tell a person what staff did with a meeting, a key of `_CHANGES`; None when nothing may be sent.

    Earlier messages about the meeting that still wait are taken back. `starts_at` is the new time; the
    old one when it is cancelled. A meeting that has begun is no news.
    """
    service.cancel(session, subject=appointment_id, before_revision=revision, reason="changed", now=now)
    return _say(
        session,
        _CHANGES[kind],
        person_id=person_id,
        appointment_id=appointment_id,
        revision=revision,
        starts_at=starts_at,
        expires_at=starts_at,
        not_before=now,
        now=now,
    )


def meeting_reminder(
    session: Session,
    *,
    person_id: uuid.UUID,
    appointment_id: uuid.UUID,
    revision: int,
    which: str,
    starts_at: datetime,
    not_before: datetime,
    expires_at: datetime,
    now: datetime,
    again: int = 0,
) -> OutboxMessage | None:
    """Remind a person of a meeting; `which` is "three_days", "one_day" or "now" (a coach's button).

    The same (which, appointment, revision, again) is said once. None when nothing may be sent.
    """
    return _say(
        session,
        _REMINDERS[which],
        person_id=person_id,
        appointment_id=appointment_id,
        revision=revision,
        starts_at=starts_at,
        expires_at=expires_at,
        not_before=not_before,
        now=now,
        again=again,
    )


def _say(
    session: Session,
    kind: str,
    *,
    person_id: uuid.UUID,
    appointment_id: uuid.UUID,
    revision: int,
    starts_at: datetime,
    not_before: datetime,
    expires_at: datetime,
    now: datetime,
    again: int = 0,
) -> OutboxMessage | None:
    person = session.scalars(select(Person).where(Person.id == person_id)).one()
    if refusal(session, person) or max(now, not_before) >= expires_at:
        return None
    zone = organisations.organisation(session, person.organisation_id).zone
    return service.put(
        session,
        kind=kind,
        subject=appointment_id,
        revision=revision,
        recipient_id=person.id,
        organisation_id=person.organisation_id,
        address=person.phone,
        body=texts.text(kind, starts_at, language(person.language), zone),
        language=person.language,
        now=now,
        not_before=not_before,
        expires_at=expires_at,
        again=again,
    )


def refusal(session: Session, person: Person) -> str:
    """Why this person gets no SMS now, as a code of `messaging.words.REASONS`; "" when they do."""
    standing = rules.Standing(
        protected=person.protected,
        disabled=person.disabled_at is not None,
        unsafe=person.sms_unsafe,
        has_phone=person.phone_hash is not None,
        bounces=outbox.bounces(session, person.id, person.phone_confirmed_at),
    )
    return rules.refusal(standing)


def check(session: Session, message: OutboxMessage, now: datetime) -> messaging.Verdict:
    """May this person still be written to, on which number, and now? Asked just before sending.

    A sign-in code goes to the number it was asked for, or nowhere; anything else follows the person to
    a new number (S35). What was written before the person became unreachable is dropped (S34, S37).
    """
    person = session.scalars(select(Person).where(Person.id == message.recipient_id)).one_or_none()
    if person is None:
        return messaging.Drop("no sms")
    # A code that bounces is the sign-in's own affair: the person may be confirming the number.
    is_code = message.kind == messaging.SIGN_IN_CODE
    reason = refusal(session, person)
    if reason and not (is_code and reason == "bounces"):
        return messaging.Drop(reason)
    if is_code:
        return messaging.Go() if message.address == person.phone else messaging.Drop("number changed")
    organisation = organisations.organisation(session, person.organisation_id)
    own = organisation.rules
    hours = rules.Hours(organisation.zone, own.reminder_earliest_hour, own.reminder_latest_hour)
    until = rules.wait_until(message.kind, now, message.expires_at, hours)
    return messaging.Wait(until) if until else messaging.Go(person.phone)
