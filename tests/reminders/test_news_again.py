"""The SMS of something new beside what is hidden, taken back, too late, or already told."""

import uuid
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from portal.conversation import service as conversation
from portal.conversation.service import Letter
from portal.identity.models import Enrolment
from portal.messaging import rules as messaging
from portal.messaging.models import OutboxMessage
from portal.organisation.models import Organisation
from portal.reminders import news_service, service
from tests.plan.conftest import Desk
from tests.plan.conftest import desk as desk
from tests.support.speaking import speaking_app

APP = speaking_app()
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def context() -> Iterator[None]:
    with APP.app_context():
        yield


def write(desk: Desk, words: str = "Hemligheten") -> None:
    letter = Letter(uuid.uuid4(), words, "sv")
    conversation.answer(desk.session, desk.coach, desk.person_id, letter, upto=0, now=desk.now)


def put(desk: Desk) -> int:
    return desk.session.scalar(select(func.count()).select_from(OutboxMessage)) or 0


def run(desk: Desk, days: int) -> None:
    """Let the worker look every hour."""
    for _hour in range(days * 24):
        desk.now += HOUR
        news_service.tick(desk.session, desk.now)


def test_a_hidden_step_beside_what_is_unread_brings_no_further_sms(desk: Desk) -> None:
    """S33: the SMS goes once more than without it, or earlier."""
    desk.add("Ring skolan")
    run(desk, 1)
    assert put(desk) == 1
    desk.add("Prata om skulder", in_portal=False)
    run(desk, 1)
    assert put(desk) == 1


def test_a_change_that_was_taken_back_brings_no_further_sms(desk: Desk) -> None:
    desk.add("Ring skolan")
    run(desk, 1)
    desk.add("Fel person")
    desk.undo()
    run(desk, 1)
    assert put(desk) == 1


def test_what_the_plan_settles_is_not_told_because_of_an_old_message(desk: Desk) -> None:
    """A plan is changed at the meeting; an unread message from before makes it told at once."""
    write(desk)
    run(desk, 1)
    assert put(desk) == 1
    desk.add("Ring skolan")
    before = desk.now
    for _minute in range(12):
        desk.now += timedelta(minutes=15)
        if news_service.tick(desk.session, desk.now):
            break
    assert desk.now - before >= 3 * HOUR


def test_somebody_who_left_before_it_was_sent_is_not_told(desk: Desk) -> None:
    write(desk)
    desk.now += HOUR
    news_service.tick(desk.session, desk.now)
    enrolment = desk.session.scalars(select(Enrolment).where(Enrolment.person_id == desk.person_id)).one()
    enrolment.closed_on = date(2026, 11, 24)
    desk.session.get_one(Organisation, desk.own.organisation_id).settings = {"survey_closure": False}
    desk.session.flush()
    message = desk.session.scalars(select(OutboxMessage)).one()
    assert isinstance(service.check(desk.session, message, desk.now), messaging.Drop)


def test_one_that_was_taken_back_does_not_silence_the_day(desk: Desk) -> None:
    """SMS was unsafe for an hour by mistake: the row of the day is cancelled, and no other can be put."""
    write(desk)
    desk.now += HOUR
    news_service.tick(desk.session, desk.now)
    first = desk.session.scalars(select(OutboxMessage)).one()
    first.state = messaging.CANCELLED
    desk.session.flush()
    desk.now += HOUR
    assert news_service.tick(desk.session, desk.now) == 1
    queued = select(OutboxMessage).where(OutboxMessage.state == messaging.QUEUED)
    assert desk.session.scalars(queued).all()


def test_one_that_came_too_late_was_never_said(desk: Desk) -> None:
    """The provider was down all day (S52): expired, so that nobody has been told."""
    write(desk)
    desk.now += HOUR
    news_service.tick(desk.session, desk.now)
    first = desk.session.scalars(select(OutboxMessage)).one()
    first.state = messaging.EXPIRED
    desk.session.flush()
    desk.now += DAY
    assert news_service.tick(desk.session, desk.now) == 1


def test_what_is_too_old_to_be_told_is_not_read_by_the_worker(desk: Desk) -> None:
    """Whoever never says that they have read is looked up once a minute for ever."""
    write(desk)
    desk.now += 60 * DAY
    assert desk.person_id not in news_service.waiting(desk.session, desk.now)
