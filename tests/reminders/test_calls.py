"""Whom a coach is to ring instead of an SMS, when and about what."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from portal.booking.models import Appointment
from portal.booking.queries import held
from portal.identity.models import Person
from portal.notices import reach_service
from portal.notices import rules as kinds
from portal.notices import service as notices
from portal.plan.workdays import closed_days, is_working_day
from portal.reminders import call_queries, rules, service
from portal.reminders.call_rules import REMIND
from tests.support import meetings
from tests.support.objects import asker_of
from tests.support.speaking import speaking_app
from tests.support.world import World

APP = speaking_app()
STOCKHOLM = ZoneInfo("Europe/Stockholm")
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def context() -> Iterator[None]:
    with APP.app_context():
        yield


@pytest.mark.parametrize(
    ("meets", "rings"),
    [
        ("2026-11-26T13:00", date(2026, 11, 25)),
        ("2026-11-30T08:00", date(2026, 11, 27)),
        ("2026-12-28T10:00", date(2026, 12, 23)),
        ("2027-01-04T10:00", date(2026, 12, 30)),
        ("2027-03-30T10:00", date(2027, 3, 25)),
        ("2026-11-26T00:30", date(2026, 11, 25)),
    ],
)
def test_a_coach_rings_on_the_last_working_day_before(meets: str, rings: date) -> None:
    starts_at = datetime.fromisoformat(meets).replace(tzinfo=STOCKHOLM)
    assert rules.call_day(starts_at, STOCKHOLM) == rings


@given(st.integers(0, 24 * 365 * 6))
def test_it_is_a_working_day_before_the_meeting_and_no_other_lies_between(hours: int) -> None:
    starts_at = datetime(2024, 1, 1, tzinfo=STOCKHOLM) + timedelta(hours=hours)
    rings, day = rules.call_day(starts_at, STOCKHOLM), starts_at.date() - DAY
    assert is_working_day(rings, closed_days(rings))
    while day > rings:
        assert not is_working_day(day, closed_days(day))
        day -= DAY
    assert (
        starts_at.astimezone(UTC) - datetime.combine(rings, datetime.min.time(), STOCKHOLM).astimezone(UTC)
        < rules.CALLS_AHEAD
    )


def test_whoever_settled_the_time_that_day_knows_it(now: datetime) -> None:
    """`now` is a Tuesday at nine; the meeting is on Wednesday."""
    meets = now + DAY
    assert rules.call_due(meets, now - DAY, now, STOCKHOLM) == datetime(2026, 11, 24, 6, tzinfo=UTC)
    assert rules.call_due(meets, now - timedelta(hours=2), now, STOCKHOLM) is None
    assert rules.call_due(meets, now - 5 * DAY, meets, STOCKHOLM) is None
    assert rules.call_due(now + 2 * DAY, now - DAY, now, STOCKHOLM) is None


# --- the list --------------------------------------------------------------------------------------


@pytest.fixture
def amina(session: Session, world: World) -> Person:
    """Wants to be rung up."""
    person = session.get_one(Person, world.participant.id)
    person.way = kinds.CALL
    session.flush()
    return person


def listed(session: Session, person: Person, now: datetime) -> list[tuple[str, str]]:
    """Whom this member of staff is to ring, by number, and what to say."""
    found = call_queries.calls(session, asker_of(session, person), now)
    return [(one.phone, one.says) for one in found]


def told(session: Session, meeting: Appointment, kind: str, now: datetime) -> None:
    notices.meeting_changed(
        session,
        person_id=meeting.person_id,
        appointment_id=meeting.id,
        revision=meeting.revision,
        kind=kind,
        starts_at=meeting.starts_at,
        now=now,
    )


def test_a_meeting_tomorrow_is_rung_about_and_no_sms_goes(
    session: Session, amina: Person, world: World, now: datetime
) -> None:
    meetings.add_meeting(session, amina, world.coach, now + DAY, now - 9 * DAY)
    meetings.add_meeting(session, amina, world.coach, now + 9 * DAY, now - 9 * DAY)
    assert service.tick(session, now + timedelta(hours=1)) == 0
    assert listed(session, world.coach, now) == [("+46701740605", REMIND)]
    assert listed(session, world.lead, now) == [("+46701740605", REMIND)]
    for other in (world.other_coach, world.far_coach):
        assert listed(session, other, now) == []


def test_a_reminder_that_was_taken_back_for_a_call_is_said_when_sms_is_chosen_again(
    session: Session, world: World, now: datetime
) -> None:
    """S53: once, and not twice."""
    person = session.get_one(Person, world.participant.id)
    asker = asker_of(session, person)
    meetings.add_meeting(session, person, world.coach, now + DAY, now - 9 * DAY)
    assert service.tick(session, now) == 1
    reach_service.choose_way(session, asker, person, kinds.CALL, now, held)
    assert service.tick(session, now) == 0
    reach_service.choose_way(session, asker, person, kinds.SMS, now, held)
    assert [service.tick(session, now) for _ in range(3)] == [1, 0, 0]


def test_news_is_rung_about_at_once_and_follows_the_meeting(
    session: Session, amina: Person, world: World, now: datetime
) -> None:
    meeting = meetings.add_meeting(session, amina, world.coach, now + 9 * DAY, now)
    told(session, meeting, "booked", now)
    assert listed(session, world.coach, now) == [("+46701740605", kinds.BOOKED)]
    meetings.move(meeting, now + 8 * DAY, now)
    session.flush()
    assert listed(session, world.coach, now) == [], "what is true no longer is not told"
    told(session, meeting, "moved", now)
    assert listed(session, world.coach, now) == [("+46701740605", kinds.MOVED)]
    meetings.cancel(meeting, now)
    told(session, meeting, "cancelled", now)
    assert listed(session, world.coach, now) == [("+46701740605", kinds.CANCELLED)]
    assert listed(session, world.coach, now + 9 * DAY) == []


def test_news_and_the_day_before_are_two_calls(
    session: Session, amina: Person, world: World, now: datetime
) -> None:
    """What was told a week ago is reminded of all the same; each is ticked off by its own key."""
    meeting = meetings.add_meeting(session, amina, world.coach, now + DAY, now - 9 * DAY)
    told(session, meeting, "booked", now)
    found = call_queries.calls(session, asker_of(session, world.coach), now)
    assert {one.says for one in found} == {kinds.BOOKED, REMIND}
    assert len({one.key for one in found}) == 2


@pytest.mark.parametrize(
    "values",
    [{"sms_unsafe": True}, {"protected": True}, {"disabled_at": datetime(2026, 1, 1, tzinfo=UTC)}],
)
def test_nobody_is_rung_whom_it_may_endanger(
    session: Session, amina: Person, world: World, now: datetime, values: dict[str, object]
) -> None:
    """S34, S37"""
    meeting = meetings.add_meeting(session, amina, world.coach, now + DAY, now - 9 * DAY)
    told(session, meeting, "booked", now)
    for name, value in values.items():
        setattr(amina, name, value)
    session.flush()
    assert listed(session, world.coach, now) == []


def test_what_must_leave_no_trace_is_not_rung_about(
    session: Session, amina: Person, world: World, now: datetime
) -> None:
    """S33"""
    meetings.add_meeting(session, amina, world.coach, now + DAY, now - 9 * DAY, in_portal=False)
    assert listed(session, world.coach, now) == []
