"""Notices in the outbox: for whom, once, in which language, and the last question before they leave."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.identity.models import Person
from portal.messaging import rules as messaging
from portal.messaging.models import OutboxMessage
from portal.notices import rules, service
from tests.support import outbox
from tests.support.speaking import speaking_app
from tests.support.world import World

APPOINTMENT = uuid.UUID(int=77)


APP = speaking_app()


@pytest.fixture(autouse=True)
def context() -> Iterator[None]:
    with APP.app_context():
        yield


def own(session: Session, person: Person) -> Person:
    return session.scalars(select(Person).where(Person.id == person.id)).one()


def changed(session: Session, person: Person, now: datetime, **changes: Any) -> OutboxMessage | None:
    values: dict[str, Any] = {
        "person_id": person.id,
        "appointment_id": APPOINTMENT,
        "revision": 0,
        "kind": "booked",
        "starts_at": now + timedelta(days=2),
        "now": now,
    }
    return service.meeting_changed(session, **{**values, **changes})


def reminded(session: Session, person: Person, now: datetime, **changes: Any) -> OutboxMessage | None:
    values: dict[str, Any] = {
        "person_id": person.id,
        "appointment_id": APPOINTMENT,
        "revision": 0,
        "which": "one_day",
        "starts_at": now + timedelta(days=1),
        "not_before": now,
        "expires_at": now + timedelta(days=1),
        "now": now,
    }
    return service.meeting_reminder(session, **{**values, **changes})


def test_a_booked_meeting_is_told_in_the_persons_language(
    session: Session, world: World, now: datetime
) -> None:
    """S31: to their number, until the meeting begins."""
    message = changed(session, world.second_participant, now)
    assert message is not None
    assert (message.kind, message.language, message.address) == (rules.BOOKED, "ar", "+46701740606")
    assert message.recipient_id == world.second_participant.id
    assert message.organisation_id == world.organisation.id
    assert (message.not_before, message.expires_at) == (now, now + timedelta(days=2))
    assert "\u206609:00\u2069" in message.body


def test_saying_it_twice_says_it_once(session: Session, world: World, now: datetime) -> None:
    first = changed(session, world.participant, now)
    assert changed(session, world.participant, now) is first
    assert first is not None
    assert first.state == messaging.QUEUED


def test_a_change_takes_back_what_is_no_longer_true(session: Session, world: World, now: datetime) -> None:
    booked = changed(session, world.participant, now)
    reminder = reminded(session, world.participant, now)
    moved = changed(session, world.participant, now, kind="moved", revision=1)
    assert booked
    assert reminder
    assert moved
    assert (booked.state, reminder.state) == (messaging.CANCELLED, messaging.CANCELLED)
    assert (moved.state, booked.error_code) == (messaging.QUEUED, "changed")


def test_a_meeting_that_has_begun_is_no_news(session: Session, world: World, now: datetime) -> None:
    assert changed(session, world.participant, now, starts_at=now) is None
    assert reminded(session, world.participant, now, expires_at=now) is None


def _protect(person: Person, now: datetime) -> None:
    person.protected = True


def _disable(person: Person, now: datetime) -> None:
    person.disabled_at = now


def _unsafe(person: Person, now: datetime) -> None:
    person.sms_unsafe = True


def _no_phone(person: Person, now: datetime) -> None:
    person.phone, person.phone_hash = "", None


@pytest.mark.parametrize("make", [_protect, _disable, _unsafe, _no_phone])
def test_who_must_not_be_written_to_is_not(session: Session, world: World, now: datetime, make: Any) -> None:
    """S34, S37: nothing is queued, and what is queued already is dropped before it leaves."""
    person = own(session, world.participant)
    queued = changed(session, person, now)
    code = outbox.put_code(session, now, recipient_id=person.id, address=person.phone)
    make(person, now)
    session.flush()
    assert reminded(session, person, now) is None
    assert changed(session, person, now, revision=1, kind="moved") is None
    assert queued is not None
    assert service.check(session, queued, now) == messaging.Drop("no sms")
    assert service.check(session, code, now) == messaging.Drop("no sms")


def test_a_number_that_bounces_gets_no_more_until_it_is_confirmed(
    session: Session, world: World, now: datetime
) -> None:
    """S36."""
    person = own(session, world.participant)
    failed = outbox.put(session, now, recipient_id=person.id)
    failed.state, failed.error_code, failed.changed_at = messaging.FAILED, "21211", now + timedelta(minutes=1)
    later = now + timedelta(minutes=5)
    assert reminded(session, person, later) is None
    assert service.refusal(session, person, later) == "bounces"
    person.phone_confirmed_at = later
    assert reminded(session, person, later) is not None


def test_just_before_sending_the_number_is_looked_up_again(
    session: Session, world: World, now: datetime
) -> None:
    """S35: a notice follows the person, a code never leaves for another number, nobody gets neither."""
    person = own(session, world.participant)
    notice = changed(session, person, now)
    code = outbox.put_code(session, now, recipient_id=person.id, address=person.phone)
    stranger = outbox.put(session, now)
    assert notice is not None
    assert service.check(session, notice, now) == messaging.Go(person.phone)
    assert service.check(session, code, now) == messaging.Go()
    person.phone = "+46701740699"
    session.flush()
    assert service.check(session, notice, now) == messaging.Go("+46701740699")
    assert service.check(session, code, now) == messaging.Drop("number changed")
    assert service.check(session, stranger, now) == messaging.Drop("no sms")


def test_a_notice_waits_for_the_morning_but_a_code_does_not(
    session: Session, world: World, now: datetime
) -> None:
    person = own(session, world.participant)
    notice = changed(session, person, now)
    night = now.replace(hour=22)
    code = outbox.put_code(session, night, recipient_id=person.id, address=person.phone)
    assert notice is not None
    morning = now.replace(hour=7) + timedelta(days=1)
    assert service.check(session, notice, night) == messaging.Wait(morning)
    assert service.check(session, code, night) == messaging.Go()
