"""Sending an own message to many: once, in one language each, behind reminders, and stopped on the way."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.db import Database
from portal.identity.models import Enrolment, Person
from portal.journal import service as journal
from portal.journal.models import JournalRow
from portal.languages import SWEDISH
from portal.messaging import rules as messaging
from portal.messaging import sender
from portal.messaging import service as outbox
from portal.messaging.gateways.base import Outcome
from portal.messaging.models import OutboxMessage
from portal.notices import own_service, reach_service, sending_queries, sending_service, service
from portal.notices.models import Sending
from portal.notices.sending_queries import Wish
from portal.notices.sending_service import Seen
from portal.web.asker import Asker
from tests.journeys.test_selects import counted
from tests.support import outbox as made
from tests.support.objects import asker_of
from tests.support.own_messages import own_message, send
from tests.support.races import race
from tests.support.speaking import speaking_app
from tests.support.world import World, add_participant

APP = speaking_app()
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def context() -> Iterator[None]:
    with APP.app_context():
        yield


def messages(session: Session) -> list[OutboxMessage]:
    asked = select(OutboxMessage).where(OutboxMessage.kind == messaging.OWN_MESSAGE)
    return list(session.scalars(asked.order_by(OutboxMessage.language)))


def own(session: Session, person: Person) -> Person:
    return session.get_one(Person, person.id)


def both(world: World) -> list[uuid.UUID]:
    return [world.participant.id, world.second_participant.id]


def test_everybody_gets_it_once_in_their_own_language(session: Session, world: World, now: datetime) -> None:
    coach = asker_of(session, world.coach)
    text = own_message(session, coach, now)
    first = send(session, coach, text, both(world), now)
    arabic, swedish = messages(session)
    assert (swedish.body, swedish.address) == ("Du är välkommen i morgon klockan 13.", "+46701740605")
    assert (arabic.recipient_id, arabic.language) == (world.second_participant.id, "ar")
    # S28: what the writer typed as a number keeps its order.
    assert "\u206613\u2069" in arabic.body
    assert {one.subject for one in (arabic, swedish)} == {first.id}
    assert (first.recipients, first.left_out, first.version) == (2, 0, 2)
    assert (first.leaves_at, first.expires_at) == (now, now + 12 * HOUR)
    journal.write_own(session, now)
    rows = session.execute(select(JournalRow.kind, JournalRow.subject_id, JournalRow.object_id))
    noted = {(row.kind, row.subject_id, row.object_id) for row in rows}
    assert ("sending", None, first.id) in noted
    assert {(one.recipient_id, one.id) for one in (arabic, swedish)} == {
        (who, what) for kind, who, what in noted if kind == "messages"
    }


def test_the_same_id_again_is_the_same_sending(session: Session, world: World, now: datetime) -> None:
    coach, sending_id = asker_of(session, world.coach), uuid.uuid4()
    text = own_message(session, coach, now)
    one = send(session, coach, text, both(world), now, sending_id=sending_id)
    two = sending_service.send(
        session, coach, sending_id, Wish(text.id, frozenset(both(world))), Seen("anything"), now
    )
    assert one is two
    assert len(messages(session)) == 2
    with pytest.raises(NoResultFound):
        send(session, asker_of(session, world.lead), text, both(world), now, sending_id=sending_id)


def test_two_pages_send_once(session: Session, world: World, now: datetime) -> None:
    """Each page has an id of its own: whoever gets the same text that day already is left out."""
    coach = asker_of(session, world.coach)
    text = own_message(session, coach, now)
    wish = Wish(text.id, frozenset(both(world)))
    seen = Seen(sending_queries.plan(session, coach, wish, now).digest)
    sending_service.send(session, coach, uuid.uuid4(), wish, seen, now)
    with pytest.raises(sending_service.Nobody) as told:
        sending_service.send(session, coach, uuid.uuid4(), wish, seen, now)
    assert {one.reason for one in told.value.plan.left_out} == {"had"}
    assert len(messages(session)) == 2
    other = own_message(session, coach, now, "Fika", sv="Fika klockan 14.")
    assert send(session, coach, other, both(world), now).recipients == 1
    assert send(session, coach, text, both(world), now + timedelta(days=1)).recipients == 2


def test_many_at_once_send_once(database: Database, world: World, now: datetime) -> None:
    """S49: both by the same id and by ids of their own."""
    with database.transaction() as session:
        coach = asker_of(session, world.coach)
        text = own_message(session, coach, now)
        wish = Wish(text.id, frozenset(both(world)))
        digest = sending_queries.plan(session, coach, wish, now).digest
    same = uuid.uuid4()

    def press(session: Session, number: int) -> object:
        which = same if number % 2 else uuid.uuid4()
        return sending_service.send(session, coach, which, wish, Seen(digest), now)

    race(database, press)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 2
        assert session.scalar(select(func.count()).select_from(Sending)) == 1


def test_what_was_not_looked_at_is_not_sent(session: Session, world: World, now: datetime) -> None:
    coach = asker_of(session, world.coach)
    text = own_message(session, coach, now)
    wish = Wish(text.id, frozenset(both(world)))
    seen = Seen(sending_queries.plan(session, coach, wish, now).digest)
    reach_service.stop_sms(session, coach, own(session, world.participant), now)
    with pytest.raises(sending_service.Otherwise) as told:
        sending_service.send(session, coach, uuid.uuid4(), wish, seen, now)
    assert [one.reason for one in told.value.plan.left_out] == ["stop"]
    own_service.word(session, coach, text, SWEDISH, "Stängt i dag.", now)
    with pytest.raises(sending_service.Otherwise):
        sending_service.send(session, coach, uuid.uuid4(), wish, seen, now)
    assert messages(session) == []


def test_nobody_elses_participant_and_nobody_protected(session: Session, world: World, now: datetime) -> None:
    """S2, S4, S37: whoever is named by a made-up form is not in it."""
    coach = asker_of(session, world.coach)
    text = own_message(session, coach, now)
    own(session, world.second_participant).protected = True
    session.flush()
    strangers = [world.other_participant.id, world.far_participant.id, world.lead.id]
    plan = sending_queries.plan(session, coach, Wish(text.id, frozenset([*both(world), *strangers])), now)
    assert ([one.person_id for one in plan.going], plan.left_out) == ([world.participant.id], ())
    with pytest.raises(NoResultFound):
        sending_queries.plan(session, asker_of(session, world.far_coach), Wish(text.id, frozenset()), now)


def test_it_goes_after_codes_and_every_reminder_that_is_due(
    session: Session, world: World, now: datetime
) -> None:
    coach = asker_of(session, world.coach)
    send(session, coach, own_message(session, coach, now), both(world), now)
    later = now + timedelta(minutes=2)
    made.put(session, later)
    made.put_code(session, later)
    due = session.scalars(sender.due(later, sender.ALL)).all()
    assert [one.kind for one in due][:2] == [messaging.SIGN_IN_CODE, "reminder_one_day"]
    assert [one.kind for one in due][2:] == [messaging.OWN_MESSAGE] * 2


def queued(session: Session, world: World, now: datetime) -> OutboxMessage:
    coach = asker_of(session, world.coach)
    send(session, coach, own_message(session, coach, now), [world.participant.id], now)
    return messages(session)[0]


def test_the_last_question_before_it_leaves(session: Session, world: World, now: datetime) -> None:
    """S34, S36: refusals, the night, who has left, and what was stopped."""
    row, person = queued(session, world, now), own(session, world.participant)
    assert service.check(session, row, now) == messaging.Go(person.phone)
    assert service.check(session, row, now + 12 * HOUR) == messaging.Go(person.phone)
    night = service.check(session, row, now + 13 * HOUR)
    assert isinstance(night, messaging.Wait)
    assert night.until >= row.expires_at
    person.way = "call"
    session.flush()
    assert service.check(session, row, now) == messaging.Drop("calls")
    person.way = "sms"
    session.get_one(Sending, row.subject).stopped_at = now
    session.get_one(Sending, row.subject).stopped_by = world.coach.id
    session.flush()
    assert service.check(session, row, now) == messaging.Drop("taken back")


def test_whoever_has_left_gets_nothing_more(session: Session, world: World, now: datetime) -> None:
    row = queued(session, world, now)
    session.scalars(
        select(Enrolment).where(Enrolment.person_id == row.recipient_id)
    ).one().closed_on = now.date()
    session.flush()
    assert service.check(session, row, now) == messaging.Drop("closed")


def test_sms_is_not_safe_takes_it_back_at_once(session: Session, world: World, now: datetime) -> None:
    """S34"""
    row = queued(session, world, now)
    outbox.cancel_all(session, recipient_id=row.recipient_id, reason="no sms", now=now)
    assert (row.state, row.error_code) == (messaging.CANCELLED, "no sms")


def claim(session: Session, now: datetime) -> sender.Claim:
    claimed = sender.claim(session, now, service.check)
    assert claimed is not None
    return claimed


def test_stopping_takes_back_what_has_not_left(session: Session, world: World, now: datetime) -> None:
    coach = asker_of(session, world.coach)
    sending = send(session, coach, own_message(session, coach, now), both(world), now)
    claimed = claim(session, now)
    assert sending_service.stop(session, coach, sending.id, now + HOUR) == 1
    assert (sending.stopped_at, sending.stopped_by) == (now + HOUR, world.coach.id)
    states = sending_queries.sending(session, coach, sending.id).count.states
    assert states == {messaging.ATTEMPTING: 1, messaging.CANCELLED: 1}
    # What its provider refused for now is not tried again.
    sender.settle(session, claimed, Outcome(messaging.QUEUED, error_code="http 429"), now)
    assert sender.claim(session, now + 2 * HOUR, service.check) is None
    states = sending_queries.sending(session, coach, sending.id).count.states
    assert states == {messaging.CANCELLED: 2}
    assert sending_service.stop(session, coach, sending.id, now + 2 * HOUR) == 0
    assert sending.stopped_at == now + HOUR
    # Who did not get it may be chosen again.
    again = own_again(session, coach, sending, world, now)
    assert again.recipients == 2


def own_again(session: Session, coach: Asker, sending: Sending, world: World, now: datetime) -> Sending:
    wish = Wish(sending.own_message_id, frozenset(both(world)))
    digest = sending_queries.plan(session, coach, wish, now).digest
    return sending_service.send(session, coach, uuid.uuid4(), wish, Seen(digest), now)


def test_a_sending_is_its_senders_and_their_leads(session: Session, world: World, now: datetime) -> None:
    """S2, S4"""
    coach = asker_of(session, world.coach)
    sending = send(session, coach, own_message(session, coach, now), both(world), now)
    lead = asker_of(session, world.lead)
    assert [one.sending.id for one in sending_queries.sendings(session, lead, 1).items] == [sending.id]
    for stranger in (world.other_coach, world.far_coach):
        asker = asker_of(session, stranger)
        assert sending_queries.sendings(session, asker, 1).items == ()
        for act in (
            lambda who=asker: sending_queries.sending(session, who, sending.id),
            lambda who=asker: sending_service.stop(session, who, sending.id, now),
        ):
            with pytest.raises(NoResultFound):
                act()
    assert sending_service.stop(session, lead, sending.id, now) == 2


def test_three_hundred_are_asked_about_as_seldom_as_ten(
    database: Database, world: World, now: datetime
) -> None:
    asked = {}
    for number, many in enumerate((10, 300)):
        with database.transaction() as session:
            coach = asker_of(session, world.coach)
            text = own_message(session, coach, now, f"Text {many}", sv="Stängt i dag.")
            people = [
                add_participant(
                    session,
                    world.here,
                    f"Person {many} {one}",
                    now,
                    coach=world.coach,
                    phone=f"+46701{number}{one:05d}",
                ).id
                for one in range(many)
            ]
        with counted(database) as found, database.transaction() as session:
            sending = send(session, coach, text, people, now)
        assert sending.recipients == many
        asked[many] = len(found)
        with counted(database) as found, database.transaction() as session:
            assert sending_service.stop(session, coach, sending.id, now) == many
        asked[-many] = len(found)
    assert (asked[10], asked[-10]) == (asked[300], asked[-300])
    assert asked[300] <= 18
