"""The worker's tick, with people who are told by e-mail and within hours of their own; both databases."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from portal.db import Database
from portal.identity.models import Person
from portal.messaging import rules as messaging
from portal.messaging.gateways.base import Outcome, Outgoing
from portal.messaging.gateways.smtp import Smtp
from portal.messaging.models import OutboxMessage
from portal.messaging.pace_rules import Paces
from portal.reminders import queries, service
from portal.ticks import Work, send_codes, send_rest
from tests.conftest import FrozenClock
from tests.messaging.test_smtp import Server, Start, server, start
from tests.support import meetings, outbox
from tests.support.objects import asker_of
from tests.support.speaking import speaking_app
from tests.support.world import World

__all__ = ["server", "start"]

APP = speaking_app()
ADDRESS = "anna@example.se"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def context() -> Iterator[None]:
    with APP.app_context():
        yield


def by_mail(session: Session, person: Person, now: datetime, **more: object) -> Person:
    row = session.get_one(Person, person.id)
    row.email, row.email_confirmed_at, row.way = ADDRESS, now - 9 * DAY, "email"
    for name, value in more.items():
        setattr(row, name, value)
    session.flush()
    return row


def test_a_reminder_goes_by_e_mail_once(session: Session, world: World, now: datetime) -> None:
    person = by_mail(session, world.participant, now)
    meetings.add_meeting(session, person, world.coach, now + DAY, now - 9 * DAY)
    assert [service.tick(session, now) for _ in range(3)] == [1, 0, 0]
    row = session.scalars(select(OutboxMessage)).one()
    assert (row.channel, row.address) == ("email", ADDRESS)
    person.way = "sms"
    session.flush()
    assert service.tick(session, now) == 0, "one row for one message, whatever its way"
    assert service.check(session, row, now) == messaging.Drop("way")


def test_a_reminder_waits_for_the_persons_own_hours(session: Session, world: World, now: datetime) -> None:
    """The meeting is tomorrow at 9: with the house's hours it would be due now."""
    person = by_mail(session, world.participant, now, earliest_hour=11, latest_hour=17)
    meetings.add_meeting(session, person, world.coach, now + DAY, now - DAY)
    assert service.tick(session, now + HOUR) == 0
    planned = queries.person_messages(session, asker_of(session, world.coach), person.id, now).planned
    assert [one.at for one in planned] == [now + 2 * HOUR]
    assert service.tick(session, now + 2 * HOUR) == 1


def test_own_hours_and_ways_ask_the_database_nothing_more_for_each_meeting(
    session: Session, world: World, now: datetime
) -> None:
    person = session.get_one(Person, world.participant.id)
    for number in range(3):
        meetings.add_meeting(session, person, world.coach, now + DAY + number * HOUR, now - 9 * DAY)
    asked: list[str] = []
    session.flush()
    event.listen(session.connection(), "before_cursor_execute", lambda *told: asked.append(told[2]))
    service.tick(session, now)
    usual = len(asked)
    session.execute(update(OutboxMessage).values(revision=99))
    by_mail(session, person, now, earliest_hour=8, latest_hour=19)
    session.flush()
    asked.clear()
    service.tick(session, now)
    assert len(asked) <= usual


class Silent:
    """A mail server that takes a letter and says nothing more; SMS arrive."""

    keeps_text = False

    def __init__(self, says: str = messaging.UNKNOWN) -> None:
        self.says = says
        self.asked: list[str] = []

    def send(self, message: Outgoing) -> Outcome:
        self.asked.append(message.channel)
        return Outcome(self.says if message.channel == "email" else messaging.DELIVERED)

    def look_up(self, reference: str, provider: str) -> Outcome | None:
        return None


def test_a_mail_server_that_is_silent_holds_up_no_sms_and_no_code(
    database: Database, frozen: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = messaging.Go()
    monkeypatch.setattr(service, "check", lambda *_: go)
    with database.transaction() as session:
        for _ in range(3):
            outbox.put(session, frozen.moment, channel="email", address=ADDRESS)
            outbox.put(session, frozen.moment, channel="email", address=ADDRESS, kind=messaging.MAIL_CODE)
            outbox.put(session, frozen.moment)
        outbox.put_code(session, frozen.moment)
    way = Silent()
    work = Work(database, way, now=frozen)
    assert send_codes(work) == 1
    assert way.asked == ["sms"], "no e-mail in the lane of whoever signs in"
    assert send_rest(work) == 4, "the other e-mails wait, so that no more are in doubt"
    assert send_rest(work) == 0
    assert sorted(way.asked) == ["email", "sms", "sms", "sms", "sms"]


def test_e_mail_takes_nothing_of_the_pace_of_sms(database: Database, frozen: FrozenClock) -> None:
    with database.transaction() as session:
        for _ in range(3):
            outbox.put(session, frozen.moment, channel="email", address=ADDRESS, kind=messaging.TEST)
    work = Work(database, Silent(messaging.SENT), now=frozen, paces=Paces("twilio", {"twilio": 1}))
    assert send_rest(work) == 3
    assert work.turn is None


def test_from_the_tick_to_the_mail_server_and_what_a_refusal_does(
    database: Database, world: World, frozen: FrozenClock, server: Server, start: Start
) -> None:
    """S31, S36: what arrives is neutral; a mailbox that is not there is left alone, and the coach sees."""
    with database.transaction() as session:
        person = by_mail(session, world.participant, frozen.moment)
        for starts_at in (frozen.moment + DAY, frozen.moment + DAY + HOUR):
            meetings.add_meeting(session, person, world.coach, starts_at, frozen.moment - DAY)
        service.tick(session, frozen.moment)
    work = Work(database, Smtp(start()), now=frozen)
    assert send_rest(work) == 1
    (letter,) = server.took
    assert letter["Subject"] == "Ett meddelande till dig"
    assert letter.get_content().strip() == "Kom ihåg: Du har ett möte onsdag 25 november klockan 09.00."
    assert outbox.only(database).state == messaging.SENT
    server.to_rcpt = "550 5.1.1 no such user"
    frozen.move(HOUR)
    with database.transaction() as session:
        service.tick(session, frozen.moment)
    assert send_rest(work) == 1
    with database.transaction() as session:
        coach = asker_of(session, world.coach)
        found = queries.person_messages(session, coach, world.participant.id, frozen.moment)
        assert found.refusal == "mail bounces"
        (trouble,) = queries.failing(session, coach, frozen.moment)
        assert (trouble.channel, trouble.code) == ("email", "smtp 550")
