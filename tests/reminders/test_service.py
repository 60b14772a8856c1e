"""Reminders in the outbox: each once, nothing stale, through moves, outages and dead workers."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from portal.booking.models import Appointment
from portal.crypto import CannotOpen
from portal.db import Database
from portal.identity.models import Enrolment, Person
from portal.messaging import rules as messaging
from portal.messaging import sender
from portal.messaging import service as messaging_service
from portal.messaging.gateways.base import Outcome, Outgoing
from portal.messaging.models import OutboxMessage
from portal.notices import rules as kinds
from portal.notices import service as notices
from portal.reminders import service
from tests.support import meetings
from tests.support.speaking import speaking_app
from tests.support.world import World

APP = speaking_app()
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def context() -> Iterator[None]:
    with APP.app_context():
        yield


@pytest.fixture
def starts_at(now: datetime) -> datetime:
    """In five days, at noon in Stockholm."""
    return now + timedelta(days=5, hours=3)


@pytest.fixture
def meeting(session: Session, world: World, now: datetime, starts_at: datetime) -> Appointment:
    return meetings.add_meeting(session, world.participant, world.coach, starts_at, now)


def kinds_put(session: Session) -> list[str]:
    rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.created_at))
    return [row.kind for row in rows if row.state != messaging.CANCELLED]


def own(session: Session, person: Person) -> Person:
    return session.scalars(select(Person).where(Person.id == person.id)).one()


def every(minutes: int, start: datetime, end: datetime) -> Iterator[datetime]:
    while start < end:
        yield start
        start += timedelta(minutes=minutes)


def test_a_meeting_is_reminded_of_twice_and_no_more(
    session: Session, meeting: Appointment, now: datetime, starts_at: datetime
) -> None:
    """S53: however often the worker asks."""
    made = [(at, service.tick(session, at)) for at in every(60, now, starts_at + DAY)]
    assert [at for at, count in made if count] == [starts_at - 3 * DAY, starts_at - DAY]
    assert kinds_put(session) == [kinds.THREE_DAYS, kinds.ONE_DAY]
    rows = session.scalars(select(OutboxMessage))
    assert {row.expires_at for row in rows} == {starts_at}


def test_a_moved_meeting_is_reminded_of_anew_at_its_new_time(
    session: Session, meeting: Appointment, now: datetime, starts_at: datetime
) -> None:
    service.tick(session, starts_at - 3 * DAY)
    moved_at, new = starts_at - 2 * DAY, starts_at + 5 * DAY
    meetings.move(meeting, new, moved_at)
    session.flush()
    made = [at for at in every(60, moved_at, new + DAY) if service.tick(session, at)]
    assert made == [new - 3 * DAY, new - DAY]


@pytest.mark.parametrize("make", [meetings.cancel, lambda meeting, now: setattr(meeting, "in_portal", False)])
def test_no_reminder_of_what_is_cancelled_or_must_leave_no_trace(
    session: Session,
    meeting: Appointment,
    now: datetime,
    starts_at: datetime,
    make: Callable[[Appointment, datetime], None],
) -> None:
    """S33."""
    make(meeting, now)
    session.flush()
    assert service.tick(session, starts_at - DAY) == 0


def test_nobody_is_reminded_who_must_not_be_written_to(
    session: Session, world: World, meeting: Appointment, starts_at: datetime
) -> None:
    """S37."""
    own(session, world.participant).protected = True
    session.flush()
    assert service.tick(session, starts_at - DAY) == 0


def test_each_organisation_keeps_its_own_hours_and_zone(
    session: Session, world: World, now: datetime
) -> None:
    """S4: a meeting at six in the morning, where SMS leave from ten o'clock by another clock."""
    place = session.merge(world.elsewhere.organisation)
    place.zone_name, place.settings = "Europe/Helsinki", {"reminder_earliest_hour": 10}
    starts_at = (now + 5 * DAY).replace(hour=4)
    meetings.add_meeting(session, world.far_participant, world.far_coach, starts_at, now)
    meetings.add_meeting(session, world.participant, world.coach, starts_at, now)
    made = [at for at in every(30, starts_at - 2 * DAY, starts_at) if service.tick(session, at)]
    due = (starts_at - DAY).replace(hour=7)
    assert made == [starts_at - 2 * DAY, due, due.replace(hour=8)]


def test_the_number_of_queries_does_not_grow_with_the_meetings_already_reminded_of(
    database: Database, world: World, now: datetime
) -> None:
    asked: list[str] = []
    for engine in database.engines:
        event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    for number in range(1, 4):
        with database.transaction() as session:
            for hour in range(5):
                starts = now + DAY - timedelta(hours=hour, minutes=number)
                meetings.add_meeting(session, world.participant, world.coach, starts, now - 9 * DAY)
            service.tick(session, now)
        asked.clear()
        with database.transaction() as session:
            assert service.tick(session, now) == 0
        assert len([one for one in asked if one.lstrip().upper().startswith("SELECT")]) == 4


@pytest.mark.parametrize("reason", ["number changed", "no sms"])
def test_a_reminder_taken_back_with_the_number_is_put_again_for_the_new_one(
    session: Session, world: World, meeting: Appointment, starts_at: datetime, reason: str
) -> None:
    """S35, S53: no reminder is lost, and the old number gets none."""
    due = starts_at - DAY
    service.tick(session, due)
    person = own(session, world.participant)
    messaging_service.cancel_all(session, recipient_id=person.id, reason=reason, now=due)
    person.sms_unsafe = True
    session.flush()
    assert service.tick(session, due) == 0
    person.sms_unsafe, person.phone = False, "+46701740699"
    session.flush()
    assert [service.tick(session, due) for _ in range(3)] == [1, 0, 0]
    waiting = session.scalars(select(OutboxMessage).where(OutboxMessage.state == messaging.QUEUED)).one()
    assert (waiting.address, waiting.again) == ("+46701740699", 1)


def moved_here(session: Session, world: World) -> None:
    """A number whose sealed value was moved from another row: it does not open."""
    broken, whole = own(session, world.participant), own(session, world.second_participant)
    broken.phone_sealed = whole.phone_sealed


def without_zone(session: Session, world: World) -> None:
    session.merge(world.elsewhere.organisation).zone_name = "Europe/Atlantis"


@pytest.mark.parametrize("spoil, kind", [(moved_here, CannotOpen), (without_zone, Exception)])
def test_a_meeting_that_cannot_be_reminded_of_stops_no_other(
    database: Database,
    world: World,
    now: datetime,
    spoil: Callable[[Session, World], None],
    kind: type[Exception],
) -> None:
    """S38, S53: the others are said, and it is once more when it can be."""
    with database.transaction() as session:
        spoil(session, world)
        for person in (world.participant, world.far_participant, world.second_participant):
            meetings.add_meeting(session, person, world.coach, now + DAY, now - 9 * DAY)
    failed: list[Exception] = []
    with database.transaction() as session:
        made = service.tick(session, now, failed.append)
    assert (made, len(failed)) == (2, 1)
    assert isinstance(failed[0], kind)
    with database.reading() as session:
        assert kinds_put(session) == [kinds.ONE_DAY] * 2
    with database.transaction() as session:
        own(session, world.participant).phone = "+46701740699"
        session.merge(world.elsewhere.organisation).zone_name = "Europe/Stockholm"
        assert service.tick(session, now) == 1


def test_what_the_database_refuses_of_one_meeting_takes_no_other_with_it(
    database: Database, world: World, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S53."""
    with database.transaction() as session:
        for person in (world.participant, world.second_participant):
            meetings.add_meeting(session, person, world.coach, now + DAY, now - 9 * DAY)
    put = messaging_service.put

    def refused(session: Session, **message: Any) -> OutboxMessage:
        row = put(session, **message)
        if message["recipient_id"] == world.participant.id:
            row.state = "nowhere"
        return row

    monkeypatch.setattr(messaging_service, "put", refused)
    failed: list[Exception] = []
    with database.transaction() as session:
        assert service.tick(session, now, failed.append) == 1
    assert [type(error) for error in failed] == [IntegrityError]
    with database.reading() as session:
        (row,) = session.scalars(select(OutboxMessage))
    assert row.recipient_id == world.second_participant.id


def test_a_database_that_is_away_is_no_fault_of_one_meeting(
    session: Session, meeting: Appointment, starts_at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError("", {}, Exception())

    monkeypatch.setattr(messaging_service, "put", away)
    with pytest.raises(OperationalError):
        service.tick(session, starts_at - DAY, lambda _: None)


# The last question before it leaves


@pytest.fixture
def queued(session: Session, meeting: Appointment, starts_at: datetime) -> OutboxMessage:
    service.tick(session, starts_at - 3 * DAY)
    return session.scalars(select(OutboxMessage)).one()


def test_what_is_still_true_may_leave(
    session: Session, world: World, queued: OutboxMessage, starts_at: datetime
) -> None:
    verdict = service.check(session, queued, starts_at - 3 * DAY)
    assert verdict == messaging.Go(own(session, world.participant).phone)


def test_whoever_has_left_since_is_not_reminded(
    session: Session, world: World, queued: OutboxMessage, starts_at: datetime
) -> None:
    """S34: and is again when the closing was a mistake."""
    due = starts_at - 3 * DAY
    enrolment = session.scalars(select(Enrolment).where(Enrolment.person_id == world.participant.id)).one()
    enrolment.closed_on = due.date()
    session.flush()
    assert service.check(session, queued, due) == messaging.Drop("closed")
    messaging_service.become(queued, messaging.CANCELLED, due, error_code="closed")
    assert service.tick(session, due) == 0
    enrolment.closed_on = None
    session.flush()
    assert service.tick(session, due) == 1


def test_whoever_has_left_still_hears_that_a_meeting_is_off(
    session: Session, world: World, meeting: Appointment, now: datetime, starts_at: datetime
) -> None:
    session.execute(update(Enrolment).values(closed_on=now.date()))
    meetings.cancel(meeting, now)
    told = notices.meeting_changed(
        session,
        person_id=world.participant.id,
        appointment_id=meeting.id,
        revision=meeting.revision,
        kind="cancelled",
        starts_at=starts_at,
        now=now,
    )
    assert told is not None
    assert isinstance(service.check(session, told, now), messaging.Go)


def test_what_is_about_an_earlier_time_is_dropped(
    session: Session, queued: OutboxMessage, meeting: Appointment, starts_at: datetime
) -> None:
    meetings.move(meeting, starts_at + DAY, starts_at - 3 * DAY)
    session.flush()
    assert service.check(session, queued, starts_at - 3 * DAY) == messaging.Drop("changed")


def test_a_cancelled_meeting_is_only_told_as_cancelled(
    session: Session, world: World, queued: OutboxMessage, meeting: Appointment, starts_at: datetime
) -> None:
    now = starts_at - 3 * DAY
    meetings.cancel(meeting, now)
    told = notices.meeting_changed(
        session,
        person_id=world.participant.id,
        appointment_id=meeting.id,
        revision=meeting.revision,
        kind="cancelled",
        starts_at=starts_at,
        now=now,
    )
    assert told is not None
    assert queued.state == messaging.CANCELLED
    assert isinstance(service.check(session, told, now), messaging.Go)
    queued.revision = meeting.revision
    assert service.check(session, queued, now) == messaging.Drop("cancelled")
    meeting.state, meeting.cancelled_at = "booked", None
    session.flush()
    assert service.check(session, told, now) == messaging.Drop("changed")


def test_a_late_reminder_gives_way_to_the_next_one(
    session: Session, queued: OutboxMessage, starts_at: datetime
) -> None:
    """S52: after an outage, one SMS, not two that say the same."""
    service.tick(session, starts_at - DAY)
    assert service.check(session, queued, starts_at - DAY) == messaging.Drop("newer")


def test_a_meeting_that_must_leave_no_trace_any_longer_is_not_told(
    session: Session, queued: OutboxMessage, meeting: Appointment, starts_at: datetime
) -> None:
    """S33."""
    meeting.in_portal = False
    session.flush()
    assert service.check(session, queued, starts_at - 3 * DAY) == messaging.Drop("changed")


def test_a_worker_killed_before_the_commit_has_said_nothing(
    database: Database, world: World, now: datetime
) -> None:
    """S53: the next round says it."""
    with database.transaction() as session:
        meetings.add_meeting(session, world.participant, world.coach, now + DAY, now - 9 * DAY)
    with database.writing() as killed:
        assert service.tick(killed, now) == 1
    with database.transaction() as session:
        assert kinds_put(session) == []
        assert service.tick(session, now) == 1
        assert service.tick(session, now) == 0


def test_what_is_about_no_meeting_is_dropped(
    session: Session, queued: OutboxMessage, starts_at: datetime
) -> None:
    session.query(Appointment).delete()
    assert service.check(session, queued, starts_at - 3 * DAY) == messaging.Drop("changed")


# Sent by hand


def test_a_coach_reminds_now_and_pressing_twice_sends_once(
    session: Session, world: World, meeting: Appointment, now: datetime
) -> None:
    person = own(session, world.participant)
    first = service.send_now(session, person, now)
    assert service.send_now(session, person, now) is first
    assert (first.kind, first.again) == (kinds.NOW, 0)
    first.state = messaging.DELIVERED
    with pytest.raises(service.AlreadySent):
        service.send_now(session, person, now)


def test_a_coach_wakes_nobody_unless_the_meeting_is_near(
    session: Session, world: World, meeting: Appointment, now: datetime
) -> None:
    """Their page says that nothing comes before and after their hours."""
    person = own(session, world.participant)
    meeting.starts_at, meeting.ends_at = now + 2 * DAY, now + 2 * DAY + HOUR
    night = (now + 12 * HOUR).astimezone(world.organisation.zone).replace(hour=21, minute=30)
    morning = (night + 11 * HOUR).replace(hour=8, minute=0)
    made = service.send_now(session, person, night)
    assert service.check(session, made, night) == messaging.Wait(morning)
    made.state = messaging.FAILED
    meeting.starts_at, meeting.ends_at = morning + HOUR, morning + 2 * HOUR
    near = service.send_now(session, person, night)
    assert service.check(session, near, night) == messaging.Go(person.phone)


@pytest.mark.parametrize(
    "state", [messaging.FAILED, messaging.UNKNOWN, messaging.EXPIRED, messaging.CANCELLED]
)
def test_what_failed_or_is_in_doubt_can_be_said_again(
    session: Session, world: World, meeting: Appointment, now: datetime, state: str
) -> None:
    """S53: only a person decides to send a second SMS."""
    person = own(session, world.participant)
    service.send_now(session, person, now).state = state
    session.flush()
    assert service.send_now(session, person, now).again == 1
    assert service.send_now(session, person, now).again == 1


def test_a_plain_refusal_when_it_is_not_possible(session: Session, world: World, now: datetime) -> None:
    """S37."""
    person = own(session, world.participant)
    with pytest.raises(service.NoMeeting):
        service.send_now(session, person, now)
    meetings.add_meeting(session, person, world.coach, now + DAY, now)
    person.sms_unsafe = True
    with pytest.raises(service.NotReachable) as told:
        service.send_now(session, person, now)
    assert told.value.code == "no sms"


# All of it, with a provider that fails


class Phone:
    """A provider that answers nothing between `down` and `up`, and takes on everything else."""

    keeps_text = False

    def __init__(self, down: datetime, up: datetime) -> None:
        self.down, self.up, self.now = down, up, down
        self.took: list[tuple[datetime, Outgoing]] = []

    def send(self, message: Outgoing) -> Outcome:
        if self.down <= self.now < self.up:
            return Outcome(messaging.QUEUED, error_code="unreachable")
        self.took.append((self.now, message))
        return Outcome(messaging.SENT, f"SM{len(self.took)}")

    def look_up(self, reference: str, provider: str) -> Outcome | None:
        return None


def work(database: Database, phone: Phone, at: datetime) -> None:
    phone.now = at
    with database.transaction() as session:
        service.tick(session, at)
        messaging_service.expire(session, at)
    sender.send_due(database, phone, lambda: at, service.check)


def test_two_hours_without_a_provider_lose_nothing_but_what_is_stale(
    database: Database, world: World, now: datetime
) -> None:
    """S52: ten reminders fall due in the outage; the meeting that begins in it is not reminded of after."""
    down = now + timedelta(hours=1)
    up = down + timedelta(hours=2)
    with database.transaction() as session:
        for number in range(10):
            starts = down + DAY + timedelta(minutes=10 * number)
            meetings.add_meeting(session, world.participant, world.coach, starts, now - 9 * DAY)
        soon = meetings.add_meeting(
            session, world.second_participant, world.coach, up - timedelta(minutes=5), now - 9 * DAY
        ).id
        by_hand = own(session, world.second_participant)
        service.send_now(session, by_hand, now)
    phone = Phone(now, up)
    for at in every(5, now, up + timedelta(minutes=30)):
        work(database, phone, at)
    assert len(phone.took) == 10
    assert all(up <= at <= up + timedelta(minutes=10) for at, _ in phone.took)
    with database.reading() as session:
        dropped = session.scalars(select(OutboxMessage).where(OutboxMessage.subject == soon)).all()
    assert {one.state for one in dropped} == {messaging.EXPIRED}
    assert len(dropped) == 2


def test_a_number_changed_in_an_outage_gets_the_reminder(
    database: Database, world: World, now: datetime
) -> None:
    """S35: the old number gets nothing."""
    with database.transaction() as session:
        meetings.add_meeting(session, world.participant, world.coach, now + DAY, now - 9 * DAY)
    phone = Phone(now, now + timedelta(hours=1))
    work(database, phone, now)
    with database.transaction() as session:
        own(session, world.participant).phone = "+46701740699"
    for at in every(5, now + timedelta(hours=1), now + timedelta(hours=2)):
        work(database, phone, at)
    assert [message.address for _, message in phone.took] == ["+46701740699"]
