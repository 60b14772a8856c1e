"""Saying something to a person, their own way and in their language, if they may be written to."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.identity.models import Person
from portal.identity.people import number_queries as numbers
from portal.languages import language
from portal.messaging import queries as outbox
from portal.messaging import rules as messaging
from portal.messaging import service
from portal.messaging.models import OutboxMessage
from portal.notices import call_service as calls
from portal.notices import mail_queries, rules, saying_service, sending_queries, template_queries, texts
from portal.notices.hours_queries import hours_of
from portal.notices.models import CallWish
from portal.notices.template_rules import Wordings
from portal.organisation import queries as organisations

_CHANGES = {kind.removeprefix("meeting_"): kind for kind in rules.NEWS}


def meeting_changed(
    session: Session,
    *,
    person_id: uuid.UUID,
    appointment_id: uuid.UUID,
    revision: int,
    kind: str,
    starts_at: datetime,
    now: datetime,
    not_before: datetime | None = None,
    held: rules.Held | None = None,
) -> OutboxMessage | None:
    """Tell a person what staff did with a meeting, a key of `_CHANGES`; None when nothing may be sent.

    Earlier messages about the meeting that still wait are taken back. `starts_at` is the new time; the
    old one when it is cancelled. A meeting that has begun is no news. Whoever wants to be rung up is put on
    their coach's list instead. `not_before`: None is now.
    """
    untold(session, appointment_id, revision, now)
    return _say(
        session,
        _CHANGES[kind],
        person_id=person_id,
        appointment_id=appointment_id,
        revision=revision,
        starts_at=starts_at,
        expires_at=starts_at,
        not_before=not_before or now,
        now=now,
        held=held,
    )


def untold(session: Session, appointment_id: uuid.UUID, revision: int, now: datetime) -> None:
    """Take back what waits to be said of a meeting as it stood before this revision."""
    service.cancel(session, subject=appointment_id, before_revision=revision, reason="changed", now=now)
    calls.forget(session, appointment_id)


def say_after_all(session: Session, news: CallWish, held: rules.Held, now: datetime) -> OutboxMessage | None:
    """Send by SMS what a coach was to tell on the phone; it stays on the list when no SMS may be sent.

    The caller holds the person, so that nobody else says it meanwhile.
    """
    said = [
        one.again
        for one in outbox.about(session, news.subject)
        if (one.kind, one.revision, one.recipient_id) == (news.kind, news.revision, news.person_id)
    ]
    message = _say(
        session,
        news.kind,
        person_id=news.person_id,
        appointment_id=news.subject,
        revision=news.revision,
        starts_at=news.starts_at,
        expires_at=news.starts_at,
        not_before=now,
        now=now,
        again=max(said, default=-1) + 1,
        held=held,
    )
    if message is not None:
        calls.forget(session, news.subject)
    return message


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
    held: rules.Held | None = None,
    own: Wordings | None = None,
) -> OutboxMessage | None:
    """Remind a person of a meeting; `which` is a key of `rules.OF_STEP`.

    The same (which, appointment, revision, again) is said once. None when nothing may be sent. `own`: the
    wordings of the person's organisation, for whoever reminds many; None: they are looked up.
    """
    return _say(
        session,
        rules.OF_STEP[which],
        person_id=person_id,
        appointment_id=appointment_id,
        revision=revision,
        starts_at=starts_at,
        expires_at=expires_at,
        not_before=not_before,
        now=now,
        again=again,
        held=held,
        own=own,
    )


def meeting_again(
    session: Session, message: OutboxMessage, *, held: rules.Held, now: datetime
) -> OutboxMessage | None:
    """Say once more what a message about a meeting said, as one would say it now.

    None when nothing may be sent. Whatever is said of a meeting is of no use once it begins: that is when
    it expires.
    """
    return _say(
        session,
        message.kind,
        person_id=message.recipient_id,
        appointment_id=message.subject,
        revision=message.revision,
        starts_at=message.expires_at,
        expires_at=message.expires_at,
        not_before=now,
        now=now,
        again=message.again + 1,
        held=held,
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
    held: rules.Held | None = None,
    own: Wordings | None = None,
) -> OutboxMessage | None:
    person = session.scalars(select(Person).where(Person.id == person_id)).one()
    way = rules.way(standing(session, person, now))
    if not way or max(now, not_before) >= expires_at:
        return None
    if way == rules.CALL:
        calls.wish(session, person.id, kind, appointment_id, revision, starts_at=starts_at, now=now)
        return None
    said = saying_service.words(session, person, way, kind, starts_at=starts_at, held=held, own=own)
    return service.put(
        session,
        kind=kind,
        subject=appointment_id,
        revision=revision,
        recipient_id=person.id,
        organisation_id=person.organisation_id,
        **saying_service.addressed(person, kind),
        body=said.body,
        language=said.language,
        recording_id=said.recording_id,
        now=now,
        not_before=not_before,
        expires_at=expires_at,
        again=again,
    )


def something_new(
    session: Session, person_id: uuid.UUID, *, number: int, expires_at: datetime, now: datetime
) -> OutboxMessage | None:
    """Tell a person that there is something to read; what, is never said in an SMS (S31).

    The same `number` is said once. None when nothing may be sent; whoever wants to be rung up is not. No
    voice says it (`rules.READ`).
    """
    person = session.scalars(select(Person).where(Person.id == person_id)).one()
    if rules.refusal(standing(session, person, now)) or now >= expires_at:
        return None
    own = template_queries.wordings(session, person.organisation_id)
    # One that was taken back today gives way to another: the person could not be written to for a while.
    earlier = [
        one.again
        for one in outbox.about(session, person.id)
        if (one.kind, one.revision, one.state) == (rules.SOMETHING_NEW, number, messaging.CANCELLED)
    ]
    return service.put(
        session,
        kind=rules.SOMETHING_NEW,
        subject=person.id,
        revision=number,
        recipient_id=person.id,
        organisation_id=person.organisation_id,
        **saying_service.addressed(person, rules.SOMETHING_NEW),
        body=texts.something_new(language(person.language), own),
        language=person.language,
        now=now,
        expires_at=expires_at,
        again=max(earlier, default=-1) + 1,
    )


def will_ring(
    session: Session,
    person_id: uuid.UUID,
    *,
    about: uuid.UUID,
    number: int,
    expires_at: datetime,
    now: datetime,
    again: int = 0,
) -> OutboxMessage | None:
    """Tell whoever has left and said yes to it that somebody will ring; not who, and not why (S31).

    The same (`about`, `number`, `again`) is said once. None when nothing may be sent.
    """
    person = session.scalars(select(Person).where(Person.id == person_id)).one()
    if rules.refusal(standing(session, person, now)) or now >= expires_at:
        return None
    return service.put(
        session,
        kind=rules.FOLLOW_UP,
        subject=about,
        revision=number,
        recipient_id=person.id,
        organisation_id=person.organisation_id,
        **saying_service.addressed(person, rules.FOLLOW_UP),
        body=texts.will_ring(language(person.language)),
        language=person.language,
        now=now,
        expires_at=expires_at,
        again=again,
    )


def standing(session: Session, person: Person, now: datetime) -> rules.Standing:
    """What decides how this person is told something now."""
    return sending_queries.standing(person, numbers.troubles_of(session, person, now))


def refusal(session: Session, person: Person, now: datetime) -> str:
    """Why this person gets no message now, as a code of `messaging.words.REASONS`; "" when they do."""
    return rules.refusal(standing(session, person, now))


def check(session: Session, message: OutboxMessage, now: datetime) -> messaging.Verdict:
    """May this person still be written to, where to, and now? Asked just before sending.

    A code goes to the number or address it was asked for, or nowhere; anything else follows the person to
    a new one (S35), but not another way. What was written before the person became unreachable is dropped
    (S34, S36, S37). A test is about nobody.
    """
    if message.kind == messaging.TEST:
        return messaging.Go()
    person = session.scalars(select(Person).where(Person.id == message.recipient_id)).one_or_none()
    if person is None:
        return messaging.Drop("no sms")
    known = rules.asked_for(standing(session, person, now), message.kind)
    if reason := rules.refusal(known):
        return messaging.Drop(reason)
    if message.kind == messaging.MAIL_CODE:
        return messaging.Go() if mail_queries.stands(session, message) else messaging.Drop("newer code")
    if message.kind == messaging.SIGN_IN_CODE:
        return messaging.Go() if message.address == person.phone else messaging.Drop("number changed")
    if message.kind == rules.OWN_MESSAGE and (reason := sending_queries.over(session, message)):
        return messaging.Drop(reason)
    if message.channel != known.way:
        return messaging.Drop("way")
    saying_service.keep_whole(session, message, person)
    until = waits_until(session, message, person, now)
    to = person.email if message.channel == messaging.EMAIL else person.phone
    return messaging.Wait(until) if until else messaging.Go(to)


def waits_until(session: Session, message: OutboxMessage, person: Person, now: datetime) -> datetime | None:
    """When a person's hours let a message to them leave; None: now."""
    organisation = organisations.organisation(session, person.organisation_id)
    hours = hours_of(organisation, person.earliest_hour, person.latest_hour)
    return rules.wait_until(message.kind, now, message.expires_at, hours, message.channel)
