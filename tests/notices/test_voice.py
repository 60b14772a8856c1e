"""Whoever chose a voice is rung up by it about meetings: within the hours, once, and not by the coach too."""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.booking.models import Appointment
from portal.booking.queries import held
from portal.config import Settings
from portal.identity.models import Person
from portal.messaging import heard_queries, trouble_queries
from portal.messaging import rules as messaging
from portal.messaging import service as outbox_service
from portal.messaging.models import OutboxMessage
from portal.notices import reach_service, rules, saying_service, service
from portal.notices.rules import Hours
from portal.reminders import call_queries
from portal.reminders import service as reminders
from portal.reminders.call_rules import REMIND
from tests.support import meetings, outbox
from tests.support.objects import asker_of
from tests.support.speaking import speaking_app
from tests.support.world import World

APP = speaking_app()
DAY = timedelta(days=1)
HOURS = Hours(ZoneInfo("Europe/Stockholm"), 8, 20)


@pytest.fixture(autouse=True)
def context() -> Iterator[None]:
    with APP.app_context():
        yield


@pytest.fixture
def amina(session: Session, world: World) -> Person:
    """Wants a voice to ring; has let SMS say more than the time."""
    person = session.get_one(Person, world.participant.id)
    person.way, person.sms_place, person.sms_coach = rules.VOICE, True, True
    session.flush()
    return person


@pytest.fixture
def meeting(session: Session, amina: Person, world: World, now: datetime) -> Appointment:
    made = meetings.add_meeting(session, amina, world.coach, now + DAY, now - 9 * DAY)
    made.place = "Storgatan 1"
    return made


def only(session: Session) -> OutboxMessage:
    return session.scalars(select(OutboxMessage).where(OutboxMessage.state == messaging.QUEUED)).one()


def told(session: Session, meeting: Appointment, kind: str, now: datetime) -> OutboxMessage | None:
    return service.meeting_changed(
        session,
        person_id=meeting.person_id,
        appointment_id=meeting.id,
        revision=meeting.revision,
        kind=kind,
        starts_at=meeting.starts_at,
        now=now,
        held=held(session, meeting.id),
    )


def rings(session: Session, world: World, now: datetime) -> list[str]:
    """What the coach is to ring about."""
    return [one.says for one in call_queries.calls(session, asker_of(session, world.coach), now)]


def ended(session: Session, row: OutboxMessage, state: str, now: datetime, code: str = "") -> None:
    row.state, row.provider_reference = messaging.SENT, "x"
    outbox_service.receive_receipt(
        session, row.id, provider="twilio", state=state, reference="x", error_code=code, now=now
    )


def test_a_reminder_is_read_aloud_once_and_says_the_time_alone(
    session: Session, meeting: Appointment, now: datetime
) -> None:
    """S31: whatever an SMS may say: nobody knows who lifts the phone."""
    assert [reminders.tick(session, now + timedelta(hours=1)) for _ in range(3)] == [1, 0, 0]
    row = only(session)
    assert (row.channel, row.parts, row.language) == (messaging.VOICE, 1, "sv")
    assert row.body == "Kom ihåg: Du har ett möte onsdag 25 november klockan 9 noll noll."


def test_what_is_of_no_meeting_goes_by_sms(session: Session, amina: Person, now: datetime) -> None:
    """A voice says the time of a meeting and nothing else."""
    until = now + DAY
    new = service.something_new(session, amina.id, number=1, expires_at=until, now=now)
    rings = service.will_ring(session, amina.id, about=uuid.uuid4(), number=1, expires_at=until, now=now)
    for row in (new, rings):
        assert row
        assert (row.channel, row.address) == (messaging.SMS, amina.phone)
        assert service.check(session, row, now) == messaging.Go(amina.phone)
    assert saying_service.addressed(amina, rules.OWN_MESSAGE)["channel"] == messaging.SMS
    assert saying_service.addressed(amina, rules.ONE_DAY)["channel"] == messaging.VOICE


def test_a_code_is_an_sms_all_the_same(session: Session, amina: Person, now: datetime) -> None:
    code = outbox.put_code(session, now, recipient_id=amina.id, address=amina.phone)
    assert code.channel == messaging.SMS
    assert service.check(session, code, now) == messaging.Go()


def at(clock: str) -> datetime:
    return datetime.fromisoformat(clock).replace(tzinfo=HOURS.zone).astimezone(UTC)


@pytest.mark.parametrize("kind", rules.KINDS)
def test_no_machine_rings_at_night(kind: str) -> None:
    """Not even with news that comes too late by the morning: then the coach has it on the list."""
    soon = at("2026-11-25T08:30")
    for clock, until in (
        ("2026-11-24T19:59", None),
        ("2026-11-24T20:01", "2026-11-25T08:00"),
        ("2026-11-25T07:59", "2026-11-25T08:00"),
        ("2026-11-25T08:00", None),
    ):
        wait = rules.wait_until(kind, at(clock), soon, HOURS, messaging.VOICE)
        assert wait == (at(until) if until else None)


def test_nobody_is_rung_who_must_not_be_written_to(
    session: Session, amina: Person, meeting: Appointment, now: datetime
) -> None:
    """S34: asked again just before the phone would ring."""
    reminders.tick(session, now + timedelta(hours=1))
    row = only(session)
    assert service.check(session, row, now) == messaging.Go(amina.phone)
    amina.sms_unsafe = True
    assert service.check(session, row, now) == messaging.Drop("no sms")


def test_what_waits_leaves_by_the_way_that_was_chosen_last(
    session: Session, amina: Person, world: World, meeting: Appointment, now: datetime
) -> None:
    """S53: once, and never both ways."""
    herself = asker_of(session, amina)
    amina.email, amina.email_confirmed_at = "amina@example.se", now
    row = told(session, meeting, "moved", now)
    for way, said, parts in (
        (rules.SMS, "klockan 09.00. Du träffar Karin.", 1),
        (rules.EMAIL, "klockan 09.00. Du träffar Karin.", 0),
        (rules.VOICE, "klockan 9 noll noll.", 1),
    ):
        reach_service.choose_way(session, herself, amina, way, now, held)
        assert only(session) is row
        assert (row.channel, row.parts, bool(row.subject_line)) == (way, parts, way == rules.EMAIL)
        assert said in row.body
        to = amina.email if way == rules.EMAIL else amina.phone
        assert service.check(session, row, now) == messaging.Go(to)


def test_to_a_call_by_the_coach_and_back(
    session: Session, amina: Person, world: World, meeting: Appointment, now: datetime
) -> None:
    herself = asker_of(session, amina)
    told(session, meeting, "moved", now)
    reach_service.choose_way(session, herself, amina, rules.CALL, now, held)
    assert rules.MOVED in rings(session, world, now)
    reach_service.choose_way(session, herself, amina, rules.VOICE, now, held)
    assert only(session).channel == messaging.VOICE
    assert rings(session, world, now) == []


def test_a_call_that_no_longer_is_the_way_is_not_made(
    session: Session, amina: Person, meeting: Appointment, now: datetime
) -> None:
    told(session, meeting, "moved", now)
    amina.way = rules.SMS
    assert service.check(session, only(session), now) == messaging.Drop("way")


# --- nobody answered -------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["call no-answer", "call busy", "call failed", messaging.NO_VOICE])
@pytest.mark.parametrize("kind, says", [("moved", rules.MOVED), (None, REMIND)])
def test_what_nobody_heard_stands_on_the_coachs_list_at_once(
    session: Session,
    world: World,
    meeting: Appointment,
    now: datetime,
    code: str,
    kind: str | None,
    says: str,
) -> None:
    if kind:
        told(session, meeting, kind, now)
    else:
        reminders.tick(session, now + timedelta(hours=1))
    row = only(session)
    assert rings(session, world, now) == []
    ended(session, row, messaging.FAILED, now, code)
    assert rings(session, world, now) == [says]
    assert call_queries.calls(session, asker_of(session, world.other_coach), now) == ()
    (missed,) = trouble_queries.missed(
        session, select(Person.id), now - DAY, now, (rules.MOVED, rules.ONE_DAY, rules.THREE_DAYS)
    )
    assert (missed.channel, missed.code) == ("voice", code)
    meeting.revision += 1
    session.flush()
    assert rings(session, world, now) == []


def test_an_answer_takes_the_call_off_the_list(
    session: Session, world: World, meeting: Appointment, now: datetime
) -> None:
    told(session, meeting, "moved", now)
    ended(session, only(session), messaging.FAILED, now, "call busy")
    reminders.tick(session, now + timedelta(hours=1))
    ended(session, only(session), messaging.DELIVERED, now + timedelta(hours=1))
    assert rings(session, world, now + timedelta(hours=2)) == []


def test_another_failure_is_another_call(
    session: Session, world: World, meeting: Appointment, now: datetime
) -> None:
    """What was handled stays handled, but not the next one."""
    told(session, meeting, "moved", now)
    ended(session, only(session), messaging.FAILED, now, "call busy")
    coach = asker_of(session, world.coach)
    first = call_queries.calls(session, coach, now)[0].key
    later = now + timedelta(hours=1)
    reminders.tick(session, later)
    ended(session, only(session), messaging.FAILED, later, "call busy")
    (second,) = call_queries.calls(session, coach, later)
    assert (second.says, second.key == first) == (REMIND, False)


def test_a_call_too_late_for_the_hours_goes_to_the_coach(
    session: Session, world: World, meeting: Appointment, now: datetime
) -> None:
    told(session, meeting, "moved", now)
    only(session).state = messaging.EXPIRED
    session.flush()
    assert rings(session, world, now) == [rules.MOVED]


def test_an_answered_call_is_a_sign_of_life(
    session: Session, amina: Person, meeting: Appointment, now: datetime
) -> None:
    """S36: who gets no SMS is not silent."""
    told(session, meeting, "moved", now)
    ended(session, only(session), messaging.DELIVERED, now)
    assert heard_queries.heard(session, amina.id, None).delivered_at == now
    assert heard_queries.last_delivered(session, [amina.id]) == {amina.id: now}


# --- where it is offered ---------------------------------------------------------------------------

TWILIO = replace(
    Settings.from_environment({"DEPLOYMENT": "demo"}),
    sms_provider="twilio",
    twilio_sender="Portalen",
    elks_sender="Portalen",
    twilio_voice_number="+46700000000",
)


@pytest.mark.parametrize(
    "settings, chosen, language, why",
    [
        (TWILIO, "", "sv", ""),
        (TWILIO, "46elks", "sv", rules.NO_PROVIDER),
        (replace(TWILIO, twilio_voice_number=""), "", "sv", rules.NO_PROVIDER),
        (replace(TWILIO, sms_provider="46elks"), "", "sv", rules.NO_PROVIDER),
        (replace(TWILIO, sms_provider="46elks"), "twilio", "sv", ""),
        (replace(TWILIO, sms_provider="console"), "46elks", "ar", ""),
        (TWILIO, "", "so", rules.NO_LANGUAGE),
    ],
)
def test_where_a_voice_can_ring(settings: Settings, chosen: str, language: str, why: str) -> None:
    assert rules.no_voice(settings, chosen, language) == why


def test_a_row_of_no_meeting_is_nothing_to_ring_about(
    session: Session, world: World, amina: Person, now: datetime
) -> None:
    row = outbox.put(session, now, channel="voice", subject=uuid.uuid4(), recipient_id=amina.id)
    ended(session, row, messaging.FAILED, now, "call busy")
    assert rings(session, world, now) == []
