"""Sending an SMS again after a failure or a doubt, and deciding about what nobody knows (S52, S53)."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.booking.models import Appointment
from portal.identity.models import Enrolment, Person
from portal.messaging import queries as outgoing
from portal.messaging import rules as messaging
from portal.messaging import service as messages
from portal.messaging.models import OutboxMessage
from portal.notices import rules as kinds
from portal.reminders import again_rules, again_service, service
from tests.support import meetings, outbox
from tests.support.objects import asker_of
from tests.support.speaking import speaking_app
from tests.support.world import World

APP = speaking_app()
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def context() -> Iterator[None]:
    with APP.app_context():
        yield


@pytest.fixture
def meeting(session: Session, world: World, now: datetime) -> Appointment:
    return meetings.add_meeting(session, world.participant, world.coach, now + 5 * DAY, now)


def said(
    session: Session, meeting: Appointment, now: datetime, state: str, kind: str = kinds.BOOKED
) -> OutboxMessage:
    row = outbox.put(
        session,
        now,
        kind=kind,
        subject=meeting.id,
        revision=meeting.revision,
        recipient_id=meeting.person_id,
        organisation_id=meeting.organisation_id,
        expires_at=meeting.starts_at,
    )
    row.state = state
    session.flush()
    return row


def again(session: Session, world: World, row: OutboxMessage, now: datetime) -> OutboxMessage:
    person = session.get_one(Person, world.participant.id)
    return again_service.send_again(session, asker_of(session, world.coach), person, row.id, now)


def decide(session: Session, world: World, row: OutboxMessage, decision: str, now: datetime) -> None:
    person = session.get_one(Person, world.participant.id)
    again_service.decide(session, asker_of(session, world.coach), person, row.id, decision, now)


def hindrance(session: Session, world: World, row: OutboxMessage, now: datetime) -> str:
    with pytest.raises(again_service.Hindered) as told:
        again(session, world, row, now)
    return told.value.code


@pytest.mark.parametrize("state", sorted(again_rules.TROUBLED))
@pytest.mark.parametrize("kind", [kinds.BOOKED, kinds.ONE_DAY, kinds.NOW])
def test_the_same_is_said_once_more_and_no_more(
    session: Session, world: World, meeting: Appointment, now: datetime, state: str, kind: str
) -> None:
    row = said(session, meeting, now, state, kind)
    fresh = again(session, world, row, now)
    assert (fresh.kind, fresh.subject, fresh.revision, fresh.again) == (kind, meeting.id, 0, 1)
    assert (fresh.state, fresh.address, fresh.expires_at) == (
        messaging.QUEUED,
        world.participant.phone,
        meeting.starts_at,
    )
    assert hindrance(session, world, row, now) == again_rules.AGAIN
    assert isinstance(service.check(session, fresh, now), messaging.Go | messaging.Wait)
    fresh.state = messaging.FAILED
    assert again(session, world, fresh, now).again == 2


@pytest.mark.parametrize("state", sorted(set(messaging.STATES) - again_rules.TROUBLED))
def test_what_arrived_waits_or_was_taken_back_is_not_said_again(
    session: Session, world: World, meeting: Appointment, now: datetime, state: str
) -> None:
    assert hindrance(session, world, said(session, meeting, now, state), now) == "arrived"


def test_what_is_true_no_longer_is_not_said_again(
    session: Session, world: World, meeting: Appointment, now: datetime
) -> None:
    row = said(session, meeting, now, messaging.FAILED)
    assert hindrance(session, world, row, meeting.starts_at) == again_rules.BEGUN
    three = said(session, meeting, now, messaging.FAILED, kinds.THREE_DAYS)
    said(session, meeting, now, messaging.FAILED, kinds.ONE_DAY)
    assert hindrance(session, world, three, now) == "newer"
    meetings.move(meeting, now + 6 * DAY, now)
    session.flush()
    assert hindrance(session, world, row, now) == "changed"


def test_a_cancellation_can_be_said_again_a_booking_then_not(
    session: Session, world: World, meeting: Appointment, now: datetime
) -> None:
    meetings.cancel(meeting, now)
    session.flush()
    off, booked = (
        said(session, meeting, now, messaging.FAILED, one) for one in (kinds.CANCELLED, kinds.BOOKED)
    )
    assert hindrance(session, world, booked, now) == "cancelled"
    assert again(session, world, off, now).kind == kinds.CANCELLED


def test_whoever_has_left_or_gets_no_sms_is_not_written_to(
    session: Session, world: World, meeting: Appointment, now: datetime
) -> None:
    """S34, S37."""
    row = said(session, meeting, now, messaging.FAILED)
    person = session.get_one(Person, world.participant.id)
    person.sms_unsafe = True
    assert hindrance(session, world, row, now) == "no sms"
    person.sms_unsafe, person.way = False, kinds.CALL
    assert hindrance(session, world, row, now) == "calls"
    person.way = kinds.SMS
    stay = session.scalars(select(Enrolment).where(Enrolment.person_id == person.id)).one()
    stay.closed_on, stay.outcome = now.date() - DAY, "work"
    session.flush()
    assert hindrance(session, world, row, now) == "closed"
    assert session.scalars(select(OutboxMessage)).all() == [row]


def test_a_number_that_does_not_exist_gets_nothing_until_it_is_another(
    session: Session, world: World, meeting: Appointment, now: datetime
) -> None:
    """S36."""
    row = said(session, meeting, now + timedelta(minutes=1), messaging.FAILED)
    row.error_code = "21211"
    session.flush()
    assert hindrance(session, world, row, now + timedelta(minutes=2)) == "bounces"


def test_only_ones_own_messages_about_meetings_are_found(
    session: Session, world: World, meeting: Appointment, now: datetime
) -> None:
    """S2, S10: neither a code nor somebody else's."""
    code = outbox.put_code(session, now, recipient_id=world.participant.id)
    code.state = messaging.FAILED
    other = meetings.add_meeting(session, world.other_participant, world.other_coach, now + DAY, now)
    theirs = said(session, other, now, messaging.FAILED)
    for row in (code, theirs):
        with pytest.raises(NoResultFound):
            again(session, world, row, now)
        with pytest.raises(NoResultFound):
            decide(session, world, row, messaging.LEFT, now)


@pytest.mark.parametrize("decision", [messaging.ARRIVED, messaging.LEFT])
def test_a_decision_stands_beside_the_state_and_a_later_receipt_still_settles_it(
    session: Session, world: World, meeting: Appointment, now: datetime, decision: str
) -> None:
    """S26."""
    row = said(session, meeting, now, messaging.UNKNOWN)
    own = select(Person.id).where(Person.id == world.participant.id)
    assert len(outgoing.troubles(session, own, now)) == 1
    decide(session, world, row, decision, now)
    assert (row.state, row.decision) == (messaging.UNKNOWN, decision)
    assert outgoing.troubles(session, own, now) == ()
    with pytest.raises(again_service.NothingToDecide):
        decide(session, world, row, messaging.LEFT, now)
    assert messages.receive_receipt(
        session,
        row.id,
        provider="twilio",
        state=messaging.FAILED,
        reference="SM1",
        error_code="30003",
        now=now,
    )
    (trouble,) = outgoing.troubles(session, own, now)
    assert trouble.state == messaging.FAILED
    assert again(session, world, row, now).again == 1


def test_what_arrived_by_decision_is_not_sent_again_what_was_left_can_be(
    session: Session, world: World, meeting: Appointment, now: datetime
) -> None:
    first, second = (said(session, meeting, now, messaging.UNKNOWN, one) for one in (kinds.BOOKED, kinds.NOW))
    decide(session, world, first, messaging.ARRIVED, now)
    decide(session, world, second, messaging.LEFT, now)
    assert hindrance(session, world, first, now) == "arrived"
    assert again(session, world, second, now).again == 1


@pytest.mark.parametrize("state", sorted(set(messaging.STATES) - {messaging.UNKNOWN}))
def test_only_what_nobody_knows_is_decided_and_only_before_the_meeting(
    session: Session, world: World, meeting: Appointment, now: datetime, state: str
) -> None:
    with pytest.raises(again_service.NothingToDecide):
        decide(session, world, said(session, meeting, now, state), messaging.LEFT, now)
    doubt = said(session, meeting, now, messaging.UNKNOWN, kinds.NOW)
    with pytest.raises(again_service.NothingToDecide):
        decide(session, world, doubt, messaging.LEFT, meeting.starts_at)
    with pytest.raises(ValueError, match="no such decision"):
        decide(session, world, doubt, "delivered", now)


def test_what_to_do_of_each_reason() -> None:
    todo = {
        "21211": "number",
        "21610": "start",
        "30003": "phone_off",
        "http 401": "ask_house",
        "99999": "ring",
    }
    plain = {"undecided": False, "unsafe": False, "repeatable": True}
    assert {code: again_rules.what_to_do(messaging.FAILED, code, **plain) for code in todo} == todo
    assert again_rules.what_to_do(messaging.QUEUED, "unreachable", **plain) == again_rules.WAIT
    assert again_rules.what_to_do(messaging.EXPIRED, "unreachable", **plain) == again_rules.RING
    doubt = again_rules.what_to_do(messaging.UNKNOWN, "no answer", **{**plain, "undecided": True})
    assert doubt == again_rules.DECIDE
    # S34: nobody is rung up whom an SMS may endanger.
    danger = {**plain, "undecided": True, "unsafe": True}
    assert again_rules.what_to_do(messaging.FAILED, "", **danger) == again_rules.NOTHING
    # What nobody can send again is not advised.
    once = {**plain, "repeatable": False}
    assert again_rules.what_to_do(messaging.FAILED, "30003", **once) == again_rules.RING
    assert again_rules.what_to_do(messaging.FAILED, "21610", **once) == again_rules.START


def test_a_message_that_is_not_there_is_nobodys(session: Session, world: World, now: datetime) -> None:
    person = session.get_one(Person, world.participant.id)
    with pytest.raises(NoResultFound):
        again_service.send_again(session, asker_of(session, world.coach), person, uuid.uuid4(), now)
