"""An own message goes each person's way and within their own hours: on both databases."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.identity.models import Person
from portal.messaging import rules as messaging
from portal.messaging.models import OutboxMessage
from portal.notices import reach_service, sending_queries, service
from portal.notices.rules import Held
from portal.notices.sending_queries import Wish
from portal.notices.sending_rules import Plan
from portal.web.asker import Asker
from tests.support.objects import asker_of
from tests.support.own_messages import own_message, send
from tests.support.speaking import speaking_app
from tests.support.world import World

APP = speaking_app()
HOUR = timedelta(hours=1)
ADDRESS = "amina@example.org"


@pytest.fixture(autouse=True)
def context() -> Iterator[None]:
    with APP.app_context():
        yield


@pytest.fixture
def amina(session: Session, world: World, now: datetime) -> Person:
    person = session.get_one(Person, world.participant.id)
    person.email, person.email_confirmed_at, person.way = ADDRESS, now - timedelta(days=9), "email"
    session.flush()
    return person


@pytest.fixture
def coach(session: Session, world: World) -> Asker:
    return asker_of(session, world.coach)


def put(session: Session, coach: Asker, person: Person, now: datetime) -> OutboxMessage:
    """The own message that the coach sends to this person; it is 9 in the morning."""
    sending = send(session, coach, own_message(session, coach, now), [person.id], now)
    return session.scalars(select(OutboxMessage).where(OutboxMessage.subject == sending.id)).one()


def planned(session: Session, coach: Asker, person: Person, now: datetime) -> Plan:
    text = own_message(session, coach, now, "Fika")
    return sending_queries.plan(session, coach, Wish(text.id, frozenset([person.id])), now)


def how_held(_: Session, __: object) -> Held:
    raise AssertionError("it is of no meeting")


def test_whoever_chose_e_mail_gets_it_so_under_a_neutral_line(
    session: Session, amina: Person, coach: Asker, now: datetime
) -> None:
    """S31: the same words; it counts as no SMS."""
    amina.sms_stopped_at = now
    row = put(session, coach, amina, now)
    assert (row.channel, row.address, row.subject_line) == ("email", ADDRESS, "Ett meddelande till dig")
    assert (row.body, row.parts) == ("Du är välkommen i morgon klockan 13.", 0)
    assert service.check(session, row, now) == messaging.Go(ADDRESS)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"sms_unsafe": True}, "unsafe"),
        ({"email_confirmed_at": None}, "no address"),
    ],
)
def test_whom_no_e_mail_reaches_is_left_out_and_why(
    session: Session, amina: Person, coach: Asker, now: datetime, change: dict[str, object], reason: str
) -> None:
    """S34, S35"""
    for name, value in change.items():
        setattr(amina, name, value)
    session.flush()
    plan = planned(session, coach, amina, now)
    assert ([one.reason for one in plan.left_out], plan.going) == ([reason], ())


def test_an_address_that_bounces_is_left_out(
    session: Session, amina: Person, coach: Asker, now: datetime
) -> None:
    """S36"""
    row = put(session, coach, amina, now)
    row.state, row.error_code = messaging.FAILED, "smtp 550"
    session.flush()
    plan = planned(session, coach, amina, now + HOUR)
    assert [one.reason for one in plan.left_out] == ["mail bounces"]
    assert plan.left_out[0].reason == service.refusal(session, amina, now + HOUR)


def test_what_waits_goes_the_new_way(session: Session, amina: Person, coach: Asker, now: datetime) -> None:
    row = put(session, coach, amina, now)
    herself = asker_of(session, amina)
    reach_service.choose_way(session, herself, amina, "sms", now, how_held)
    assert (row.channel, row.address, row.parts) == ("sms", amina.phone, 1)
    assert service.check(session, row, now) == messaging.Go(amina.phone)
    reach_service.choose_way(session, herself, amina, "call", now, how_held)
    assert (row.state, row.error_code) == (messaging.CANCELLED, "calls")


def test_it_keeps_the_hours_of_its_reader(
    session: Session, amina: Person, coach: Asker, now: datetime
) -> None:
    """S54: it may leave at nine, and waits until eleven for who wants nothing earlier."""
    amina.earliest_hour, amina.latest_hour = 11, 17
    row = put(session, coach, amina, now)
    waits = service.check(session, row, now)
    assert waits == messaging.Wait(now + 2 * HOUR)
    assert service.check(session, row, now + 8 * HOUR) == messaging.Go(ADDRESS)
    late = service.check(session, row, now + 8 * HOUR + timedelta(minutes=1))
    assert isinstance(late, messaging.Wait)
    assert late.until >= row.expires_at, "then it is dropped, and its sender reads that it was too late"


def test_whoever_wants_nothing_so_late_does_not_get_it(
    session: Session, amina: Person, coach: Asker, now: datetime
) -> None:
    amina.latest_hour = 17
    session.flush()
    plan = planned(session, coach, amina, now + 9 * HOUR)
    assert [one.reason for one in plan.left_out] == ["out of hours"]
