"""The one SMS before somebody is rung who has left: only after a yes, once, by day, and it says nothing."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.followup import service as followup
from portal.followup.service import Told
from portal.identity.models import Enrolment, Person
from portal.languages import LANGUAGES
from portal.messaging import rules as messaging
from portal.messaging import service as outbox
from portal.messaging.models import OutboxMessage
from portal.notices import rules as kinds
from portal.notices import template_rules, texts
from portal.organisation.models import Organisation
from portal.reminders import follow_up_service, service
from tests.followup.conftest import leave
from tests.support.objects import asker_of
from tests.support.speaking import speaking_app
from tests.support.world import World

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def context() -> Iterator[None]:
    with speaking_app().app_context():
        yield


@pytest.fixture
def left(session: Session, world: World, now: datetime) -> Enrolment:
    """Left on 25 May 2026: six months are over tomorrow."""
    return leave(session, world.participant, date(2026, 5, 25), now)


def own(session: Session, world: World) -> Person:
    return session.get_one(Person, world.participant.id)


def said(session: Session) -> list[OutboxMessage]:
    return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.created_at)))


def test_it_is_said_once_the_day_before_and_by_day(
    session: Session, world: World, left: Enrolment, now: datetime
) -> None:
    """Every hour of three days."""
    moment, end = now - DAY, now + 2 * DAY
    while moment < end:
        follow_up_service.tick(session, moment)
        moment += HOUR
    (row,) = said(session)
    wall = row.created_at.astimezone(left_zone(session, world))
    assert (wall.date(), wall.hour) == (date(2026, 11, 24), 8)
    assert (row.kind, row.subject, row.revision) == (kinds.FOLLOW_UP, left.id, 6)
    assert row.expires_at.astimezone(wall.tzinfo).date() == wall.date()


def left_zone(session: Session, world: World) -> ZoneInfo:
    return session.get_one(Organisation, world.organisation.id).zone


@pytest.mark.parametrize("answer", ["", "no", "never"])
def test_whoever_has_not_said_yes_hears_nothing(
    session: Session, world: World, now: datetime, answer: str
) -> None:
    leave(session, world.participant, date(2026, 5, 25), now, answer)
    assert follow_up_service.tick(session, now) == 0


@pytest.mark.parametrize(
    "facts",
    [
        {"sms_unsafe": True},
        {"protected": True},
        {"way": "call"},
        {"sms_stopped_at": datetime(2026, 11, 1).astimezone()},
        {"disabled_at": datetime(2026, 11, 1).astimezone()},
        {"phone_hash": None},
    ],
)
def test_whoever_gets_no_sms_gets_none_here_either(
    session: Session, world: World, left: Enrolment, now: datetime, facts: dict[str, object]
) -> None:
    """S34, S37: neither put, nor sent when it waits already."""
    follow_up_service.tick(session, now)
    for name, value in facts.items():
        setattr(own(session, world), name, value)
    session.flush()
    (row,) = said(session)
    assert isinstance(service.check(session, row, now), messaging.Drop)
    session.delete(row)
    session.flush()
    assert follow_up_service.tick(session, now) == 0


def test_a_no_and_what_is_told_meanwhile_stop_it(
    session: Session, world: World, left: Enrolment, now: datetime
) -> None:
    """S45."""
    follow_up_service.tick(session, now)
    (row,) = said(session)
    assert service.check(session, row, now) == messaging.Go(own(session, world).phone)
    followup.refuse(session, asker_of(session, world.participant), own(session, world), now)
    assert service.check(session, row, now) == messaging.Drop("asked")


def test_whoever_is_back_hears_nothing(
    session: Session, world: World, left: Enrolment, now: datetime
) -> None:
    follow_up_service.tick(session, now)
    (row,) = said(session)
    left.closed_on = None
    session.flush()
    assert service.check(session, row, now) == messaging.Drop("asked")


def test_what_was_told_early_needs_no_call(
    session: Session, world: World, left: Enrolment, now: datetime
) -> None:
    coach = asker_of(session, world.coach)
    left.closed_on = date(2026, 5, 24)
    session.flush()
    followup.record(session, coach, own(session, world), 6, Told("unreached"), now)
    left.closed_on = date(2026, 5, 25)
    session.flush()
    assert follow_up_service.tick(session, now) == 0


def test_what_was_taken_back_with_the_number_is_said_to_the_new_one(
    session: Session, world: World, left: Enrolment, now: datetime
) -> None:
    """S35."""
    follow_up_service.tick(session, now)
    outbox.cancel_all(session, recipient_id=world.participant.id, reason="number changed", now=now)
    own(session, world).phone = "+46701740699"
    session.flush()
    assert [follow_up_service.tick(session, now) for _ in range(2)] == [1, 0]


def test_it_waits_for_the_day_and_is_dropped_after_it(
    session: Session, world: World, left: Enrolment, now: datetime
) -> None:
    follow_up_service.tick(session, now)
    (row,) = said(session)
    night = now.replace(hour=2) + DAY
    assert not isinstance(service.check(session, row, night), messaging.Go)
    assert outbox.expire(session, night) == 1


@pytest.mark.parametrize("code", LANGUAGES)
def test_it_says_neither_who_nor_why(code: str) -> None:
    """S31: one part in every language."""
    text = texts.will_ring(LANGUAGES[code])
    assert template_rules.telling(text, ()) == ()
    assert messaging.length(text).parts == 1
    assert code == "sv" or text != texts.will_ring(LANGUAGES["sv"])
