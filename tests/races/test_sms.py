"""Several at once send the same SMS again, decide about it, or answer one: it is done once (S40, S53)."""

import uuid
from collections import Counter
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.identity.models import Person
from portal.languages import LANGUAGES
from portal.messaging import rules as messaging
from portal.messaging.models import OutboxMessage
from portal.notices import rules as kinds
from portal.notices import template_service
from portal.notices.models import NoticeTemplate
from portal.reminders import again_service, reply_service, service
from portal.reminders import reply_rules as rules
from portal.reminders.models import CancelCode
from tests.reminders.conftest import Answers, answering
from tests.support import meetings, outbox
from tests.support.objects import asker_of
from tests.support.races import AT_ONCE, race
from tests.support.speaking import speaking_app
from tests.support.world import World

__all__ = ["answering"]

APP = speaking_app()


@pytest.fixture
def row(database: Database, world: World, now: datetime) -> OutboxMessage:
    """A reminder of which nobody knows whether it arrived."""
    with database.transaction() as session:
        made = meetings.add_meeting(session, world.participant, world.coach, now + timedelta(days=5), now)
        found = outbox.put(
            session,
            now,
            kind=kinds.ONE_DAY,
            subject=made.id,
            revision=made.revision,
            recipient_id=made.person_id,
            organisation_id=made.organisation_id,
            expires_at=made.starts_at,
        )
        found.state = messaging.UNKNOWN
    return found


def test_of_many_who_send_it_again_one_does(
    database: Database, world: World, row: OutboxMessage, now: datetime
) -> None:
    def act(session: Session, number: int) -> None:
        person = session.get_one(Person, world.participant.id)
        with APP.app_context():
            by = asker_of(session, (world.coach, world.lead)[number % 2])
            again_service.send_again(session, by, person, row.id, now)

    assert race(database, act) == {"written": 1, "Hindered": AT_ONCE - 1}
    with database.reading() as session:
        assert len(session.scalars(select(OutboxMessage)).all()) == 2


def test_of_many_who_decide_one_does(
    database: Database, world: World, row: OutboxMessage, now: datetime
) -> None:
    decisions = (messaging.ARRIVED, messaging.LEFT)

    def act(session: Session, number: int) -> None:
        person = session.get_one(Person, world.participant.id)
        by = asker_of(session, world.coach)
        again_service.decide(session, by, person, row.id, decisions[number % 2], now)

    assert race(database, act) == {"written": 1, "NothingToDecide": AT_ONCE - 1}


def test_of_many_who_remind_now_one_sends(
    database: Database, world: World, row: OutboxMessage, now: datetime
) -> None:
    def act(session: Session, number: int) -> None:
        with APP.app_context():
            service.send_now(session, session.get_one(Person, world.participant.id), now)

    assert race(database, act) == {"written": AT_ONCE}
    with database.reading() as session:
        by_hand = select(OutboxMessage).where(OutboxMessage.kind == kinds.NOW)
        assert len(session.scalars(by_hand).all()) == 1


def test_of_many_who_word_an_sms_each_makes_a_version(
    database: Database, world: World, now: datetime
) -> None:
    def act(session: Session, number: int) -> None:
        with APP.app_context():
            admin, swedish = asker_of(session, world.admin), LANGUAGES["sv"]
            text = f"Vi ses {{dag}} klockan {{tid}}, {number}."
            template_service.word(session, admin, kinds.BOOKED, swedish, text, now)

    assert race(database, act) == {"written": AT_ONCE}
    with database.reading() as session:
        versions = session.scalars(select(NoticeTemplate.version).order_by(NoticeTemplate.version))
        assert list(versions) == list(range(1, AT_ONCE + 1))


def take_all(answering: Answers, ids: list[uuid.UUID]) -> Counter[bool]:
    """Take these messages by several workers at once; how many were there to be taken."""
    taken: list[bool] = []

    def act(session: Session, number: int) -> None:
        with APP.app_context():
            taken.append(reply_service.dispatch(session, ids[number], answering.now))

    assert race(answering.database, act) == {"written": AT_ONCE}
    return Counter(taken)


def test_of_many_workers_who_take_an_answer_one_does(answering: Answers) -> None:
    answering.book(2)
    came = answering.bring("AVBOKA")
    assert take_all(answering, [came.id] * AT_ONCE)[True] == 1
    answering.deliver()
    assert len(answering.answers()) == 1


def test_of_many_guesses_at_once_no_more_than_a_few_count(answering: Answers) -> None:
    """S12: the digits are void after them, whoever comes first."""
    made = answering.book(2)
    answering.text("AVBOKA")
    digits = int(answering.digits())
    guesses = [f"{(digits + 1 + number) % 10_000:04}" for number in range(AT_ONCE)]
    assert take_all(answering, [answering.bring(one).id for one in guesses]) == {True: AT_ONCE}
    with answering.database.reading() as session:
        assert session.scalars(select(CancelCode.tries)).one() == rules.MOST_TRIES
    answering.text(f"{digits:04}")
    assert answering.meeting(made).state == "booked"


def test_the_digits_that_come_many_times_cancel_once(answering: Answers) -> None:
    made = answering.book(2)
    answering.text("AVBOKA")
    digits = answering.digits()
    assert take_all(answering, [answering.bring(digits).id for _ in range(AT_ONCE)]) == {True: AT_ONCE}
    answering.deliver()
    assert answering.meeting(made).state == "cancelled"
    assert len(answering.answers()) == 2
    assert answering.letters() == []
