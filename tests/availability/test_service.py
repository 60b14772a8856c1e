"""Hours, exceptions and busy time on both databases, and the guard in the database itself (S49)."""

import uuid
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError, NoResultFound
from sqlalchemy.orm import Session

from portal.availability import queries, service
from portal.availability.models import BusyTime, HoursException, WeeklyHours
from portal.availability.rules import Closing, Departure, Interval, Span, WeekHours
from portal.availability.service import Holding, HoursOverlap, Taken
from portal.identity.models import Person
from portal.organisation.models import Organisation
from portal.web.asker import Asker
from tests.support.world import World

NOON = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
TODAY = date(2026, 11, 24)
MORNING, AFTERNOON = Interval(time(9), time(12)), Interval(time(13), time(16))


def asking(person: Person, *roles: str) -> Asker:
    """Somebody as queries meet them."""
    return Asker(
        person_id=person.id,
        organisation_id=person.organisation_id,
        roles=frozenset(roles or ("coach",)),
        tier=2,
        session_id=uuid.uuid4(),
        language="sv",
        zone=ZoneInfo("Europe/Stockholm"),
    )


def busy(subject: uuid.UUID, start: datetime, end: datetime) -> BusyTime:
    """A row that nobody has checked."""
    return BusyTime(
        subject_kind="person",
        subject_id=subject,
        starts_at=start,
        ends_at=end,
        cause_kind="appointment",
        cause_id=uuid.uuid4(),
    )


def hold(session: Session, subject: uuid.UUID, start: datetime, length: timedelta = HOUR) -> uuid.UUID:
    """Occupy a time as the service does; returns the cause."""
    cause = uuid.uuid4()
    service.occupy(session, "appointment", cause, [Holding(subject, Span(start, start + length))])
    return cause


# Busy time


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (timedelta(0), HOUR),
        (-HOUR, timedelta(minutes=1)),
        (timedelta(minutes=59), 2 * HOUR),
        (-HOUR, 2 * HOUR),
        (timedelta(minutes=10), timedelta(minutes=20)),
    ],
)
def test_the_database_itself_refuses_two_rows_of_one_subject_that_share_time_s49(
    session: Session, start: timedelta, end: timedelta
) -> None:
    subject = uuid.uuid4()
    session.add(busy(subject, NOON, NOON + HOUR))
    session.flush()
    session.add(busy(subject, NOON + start, NOON + end))
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_the_database_refuses_a_change_into_an_overlap_too_s49(session: Session) -> None:
    subject = uuid.uuid4()
    later = busy(subject, NOON + HOUR, NOON + 2 * HOUR)
    session.add_all([busy(subject, NOON, NOON + HOUR), later])
    session.flush()
    later.starts_at = NOON + timedelta(minutes=59)
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_touching_times_and_other_subjects_are_free(session: Session) -> None:
    subject = uuid.uuid4()
    session.add(busy(subject, NOON, NOON + HOUR))
    session.add(busy(subject, NOON + HOUR, NOON + 2 * HOUR))
    session.add(busy(subject, NOON - HOUR, NOON))
    session.add(busy(uuid.uuid4(), NOON, NOON + HOUR))
    session.flush()
    assert session.scalar(select(func.count()).select_from(BusyTime)) == 4


def test_a_time_is_taken_once_and_what_was_held_stays(session: Session) -> None:
    subject = uuid.uuid4()
    first = hold(session, subject, NOON)
    with pytest.raises(Taken):
        hold(session, subject, NOON + timedelta(minutes=30))
    assert list(session.scalars(select(BusyTime.cause_id))) == [first]


def test_of_several_subjects_one_taken_is_enough_to_refuse_all(session: Session) -> None:
    coach, participant = uuid.uuid4(), uuid.uuid4()
    hold(session, participant, NOON)
    span = Span(NOON, NOON + HOUR)
    with pytest.raises(Taken):
        service.occupy(
            session, "appointment", uuid.uuid4(), [Holding(coach, span), Holding(participant, span)]
        )
    assert queries.busy_spans(session, {coach}, NOON, NOON + HOUR) == []


def test_a_cause_that_takes_a_new_time_gives_up_its_old_one_even_where_they_overlap(session: Session) -> None:
    subject = uuid.uuid4()
    cause = hold(session, subject, NOON)
    later = Span(NOON + timedelta(minutes=30), NOON + timedelta(minutes=90))
    service.occupy(session, "appointment", cause, [Holding(subject, later)])
    assert queries.busy_spans(session, {subject}, NOON, NOON + 2 * HOUR) == [later]
    service.release(session, "appointment", cause)
    assert queries.busy_spans(session, {subject}, NOON, NOON + 2 * HOUR) == []


def test_a_race_that_slips_past_the_look_is_caught_by_the_database(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look is made blind: what remains is the constraint, told as Taken and not as an error."""
    subject = uuid.uuid4()
    hold(session, subject, NOON)
    looked = session.execute
    blind = select(BusyTime.id).where(text("1 = 0"))
    monkeypatch.setattr(
        session,
        "execute",
        lambda statement, *args, **more: looked(
            blind if str(statement).startswith("SELECT") else statement, *args, **more
        ),
    )
    with pytest.raises(Taken):
        hold(session, subject, NOON)
    monkeypatch.undo()
    assert len(queries.busy_spans(session, {subject}, NOON, NOON + HOUR)) == 1


def test_one_cause_can_be_left_out_when_it_moves(session: Session) -> None:
    subject = uuid.uuid4()
    cause = hold(session, subject, NOON)
    assert queries.busy_spans(session, {subject}, NOON, NOON + HOUR, without=cause) == []


# Hours


def test_a_week_replaces_the_one_before_and_touches_nobody_elses(session: Session, world: World) -> None:
    coach, other = asking(world.coach), asking(world.other_coach)
    service.set_week(session, other, [WeekHours(0, MORNING)])
    service.set_week(session, coach, [WeekHours(0, MORNING), WeekHours(0, AFTERNOON), WeekHours(4, MORNING)])
    service.set_week(session, coach, [WeekHours(1, AFTERNOON)])
    assert [row.as_hours for row in queries.own_week(session, coach)] == [WeekHours(1, AFTERNOON)]
    assert len(queries.own_week(session, other)) == 1


def test_hours_that_overlap_are_refused_and_the_week_stays(session: Session, world: World) -> None:
    coach = asking(world.coach)
    service.set_week(session, coach, [WeekHours(0, MORNING)])
    with pytest.raises(HoursOverlap):
        service.set_week(session, coach, [WeekHours(0, MORNING), WeekHours(0, Interval(time(11), time(14)))])
    assert len(queries.own_week(session, coach)) == 1


LIMITED = WeekHours(0, MORNING, date(2027, 2, 1), date(2027, 6, 1), ("on_site", "walk"), "Biblioteket")


def test_a_row_keeps_its_days_its_ways_to_meet_and_its_sealed_place_s38(
    session: Session, world: World
) -> None:
    coach = asking(world.coach)
    before = WeekHours(0, MORNING, last=date(2027, 1, 31))
    service.set_week(session, coach, [before, LIMITED])
    assert queries.keeper(session, coach, world.coach.id).calendar.week == (before, LIMITED)
    raw = session.execute(text("SELECT place_sealed FROM weekly_hours WHERE first_day IS NOT NULL"))
    assert b"Biblioteket" not in bytes(raw.scalar_one())


def test_rows_whose_days_are_over_stay_until_they_are_removed_by_their_owner_s3(
    session: Session, world: World
) -> None:
    coach = asking(world.coach)
    over = WeekHours(0, MORNING, last=TODAY - timedelta(days=1))
    service.set_week(session, coach, [over, WeekHours(1, MORNING, last=TODAY)])
    for _twice in range(2):
        service.set_week(session, coach, [WeekHours(0, MORNING, first=TODAY)], today=TODAY)
        rows = queries.own_week(session, coach)
        assert sorted(row.over(TODAY) for row in rows) == [False, True]
    gone = next(row for row in rows if row.over(TODAY))
    for person in (world.other_coach, world.far_coach, world.lead):
        with pytest.raises(NoResultFound):
            service.remove_hours(session, asking(person), gone.id)
    service.remove_hours(session, coach, gone.id)
    assert [row.as_hours for row in queries.own_week(session, coach)] == [WeekHours(0, MORNING, first=TODAY)]


def test_an_exception_is_removed_by_its_owner_alone_s3(session: Session, world: World) -> None:
    coach = asking(world.coach)
    row = service.add_exception(session, coach, Departure(TODAY, TODAY))
    for person in (world.other_coach, world.far_coach, world.lead):
        with pytest.raises(NoResultFound):
            service.remove_exception(session, asking(person), row.id)
    service.remove_exception(session, coach, row.id)
    assert session.scalar(select(func.count()).select_from(HoursException)) == 0


def test_exceptions_that_have_passed_are_not_listed(session: Session, world: World) -> None:
    coach = asking(world.coach)
    service.add_exception(session, coach, Departure(TODAY - timedelta(days=9), TODAY - timedelta(days=1)))
    kept = service.add_exception(session, coach, Departure(TODAY - timedelta(days=3), TODAY))
    assert [row.id for row in queries.own_exceptions(session, coach, TODAY)] == [kept.id]


def test_what_is_booked_on_the_days_of_an_exception_is_counted(session: Session, world: World) -> None:
    coach = asking(world.coach)
    hold(session, world.coach.id, NOON)
    hold(session, world.coach.id, NOON + timedelta(days=4))
    hold(session, world.other_coach.id, NOON)
    days = Departure(NOON.date(), NOON.date() + timedelta(days=2))
    assert queries.own_booked_on(session, coach, days, NOON - timedelta(days=1)) == 1
    assert queries.own_booked_on(session, coach, days, NOON + timedelta(days=1)) == 0


def test_free_times_follow_the_week_the_exceptions_busy_time_and_the_organisations_rules(
    session: Session, world: World, now: datetime
) -> None:
    coach = asking(world.coach)
    house = session.get_one(Organisation, world.organisation.id)
    house.settings = {
        "meeting_minutes": 30,
        "buffer_minutes": 0,
        "horizon_days": 3,
        "minimum_notice_hours": 0,
    }
    service.set_week(session, coach, [WeekHours(day, Interval(time(9), time(10))) for day in range(7)])
    service.add_exception(session, coach, Departure(TODAY + timedelta(days=1), TODAY + timedelta(days=1)))
    other = Departure(TODAY + timedelta(days=2), TODAY + timedelta(days=2), Interval(time(18), time(19)))
    service.add_exception(session, coach, other)
    hold(session, world.coach.id, datetime(2026, 11, 27, 8, 0, tzinfo=UTC), timedelta(minutes=30))
    held = queries.keeper(session, asking(world.participant, "participant"), world.coach.id)
    found = [span.start for span in queries.free_times(session, held, now)]
    assert [f"{start:%d %H:%M}" for start in found] == [
        "24 08:00",
        "24 08:30",
        "26 17:00",
        "26 17:30",
        "27 08:30",
    ]


def test_a_coachs_own_terms_beat_the_organisations(session: Session, world: World) -> None:
    coach = asking(world.coach)
    for minutes in (45, None):
        service.set_terms(session, coach, meeting_minutes=minutes, place="Storgatan 1", video="")
        held = queries.keeper(session, coach, world.coach.id)
        assert held.terms.meeting == timedelta(minutes=minutes or 60)
        assert held.place == "Storgatan 1"
    raw: bytes = session.execute(text("SELECT place_sealed FROM own_terms")).scalar_one()
    assert b"Storgatan" not in bytes(raw)


def test_lunch_the_most_on_a_day_pauses_and_holidays_come_from_the_coach_and_the_house(
    session: Session, world: World
) -> None:
    coach = asking(world.coach)
    house = session.get_one(Organisation, world.organisation.id)
    house.settings = {"most_a_day": 5, "buffer_walk_minutes": 0, "closed_on_holidays": False}
    usual = queries.keeper(session, coach, world.coach.id)
    assert (usual.terms.most_a_day, usual.calendar.lunch) == (5, None)
    assert (usual.terms.buffer_after("walk"), usual.terms.buffer_after("phone")) == (
        timedelta(0),
        timedelta(minutes=15),
    )
    assert usual.calendar.closing == Closing(closed=False, eve_hour=12)
    noon = Interval(time(12), time(13))
    for most in (3, 0, None):
        service.set_terms(
            session, coach, meeting_minutes=None, place="", video="", lunch=noon, most_a_day=most
        )
        own = queries.keeper(session, coach, world.coach.id)
        assert (own.terms.most_a_day, own.calendar.lunch) == (5 if most is None else most, noon)


def test_a_day_with_as_many_meetings_as_may_be_offers_no_more(
    session: Session, world: World, now: datetime
) -> None:
    """What has been today counts, a meeting that moves does not, and neither does what is no meeting."""
    coach = asking(world.coach)
    house = session.get_one(Organisation, world.organisation.id)
    house.settings = {"most_a_day": 2, "horizon_days": 0, "minimum_notice_hours": 0}
    service.set_week(session, coach, [WeekHours(TODAY.weekday(), Interval(time(7), time(20)))])
    held = queries.keeper(session, coach, world.coach.id)
    hold(session, world.coach.id, now - timedelta(hours=1), timedelta(minutes=45))
    service.occupy(session, "course", uuid.uuid4(), [Holding(world.coach.id, Span(now, now + HOUR))])
    hold(session, world.participant.id, now + 3 * HOUR)
    assert queries.free_times(session, held, now)
    second = hold(session, world.coach.id, now + 4 * HOUR)
    assert queries.free_times(session, held, now) == []
    assert queries.free_times(session, held, now, without=second)
    assert queries.is_full(session, held, TODAY)
    assert not queries.is_full(session, held, TODAY, without=second)
    assert not queries.is_full(session, held, TODAY + timedelta(days=1))


def test_another_organisations_hours_are_not_there_s4(session: Session, world: World) -> None:
    with pytest.raises(NoResultFound):
        queries.keeper(session, asking(world.participant, "participant"), world.far_coach.id)


def test_the_database_refuses_hours_that_end_before_they_start(session: Session, world: World) -> None:
    session.add(WeeklyHours(person_id=world.coach.id, weekday=0, starts=time(12), ends=time(9)))
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()
