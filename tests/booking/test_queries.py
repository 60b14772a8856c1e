"""What other rooms learn about meetings, among rows that must not be seen."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.availability.models import WeeklyHours
from portal.booking import ahead_queries, needing_queries, queries
from portal.booking.day_queries import meetings_on
from portal.booking.models import Appointment
from portal.booking.needing_queries import Missed, WithoutNext
from portal.identity.models import Enrolment, EnrolmentPeriod, Person
from portal.web.asker import Asker
from tests.booking.conftest import AskAs
from tests.support.meetings import add_meeting, cancel, move
from tests.support.world import World

MORNING = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
Add = Callable[..., Appointment]


@pytest.fixture
def add(session: Session, world: World, now: datetime) -> Add:
    """`add(starts_at, person, **facts)`: a meeting with the coach of the tests."""

    def made(starts_at: datetime, person: Person | None = None, **facts: object) -> Appointment:
        coach = facts.pop("coach", world.coach)
        assert isinstance(coach, Person)
        return add_meeting(session, person or world.participant, coach, starts_at, now, **facts)

    return made


def missed_by(session: Session, asker: Asker) -> tuple[Missed, ...]:
    return needing_queries.needing(session, asker, MORNING - 30 * DAY, MORNING).missed


def without(session: Session, asker: Asker, now: datetime) -> tuple[WithoutNext, ...]:
    return needing_queries.needing(session, asker, MORNING - 30 * DAY, now).without


@pytest.fixture
def noise(session: Session, world: World, add: Add) -> None:
    """Meetings of others at the same times, in the team and far away."""
    for starts_at in (MORNING, MORNING + DAY, MORNING + 3 * DAY):
        add(starts_at, world.other_participant, coach=world.other_coach)
        add(starts_at, world.far_participant, coach=world.far_coach)


@pytest.mark.usefixtures("noise")
def test_the_next_meeting_is_the_soonest_booked_one_that_is_not_over(
    session: Session, world: World, add: Add, ask_as: AskAs, now: datetime
) -> None:
    asker = ask_as(world.participant)
    assert ahead_queries.own_booked(session, asker, now, now) == ahead_queries.OwnBooked(None, ())
    add(MORNING - 2 * DAY)
    last = add(MORNING + 3 * DAY)
    add(MORNING + 2 * DAY, in_portal=False)
    soonest = add(MORNING + DAY)
    found = ahead_queries.own_booked(session, asker, now, now)
    assert found.next is not None
    assert found.next.id == soonest.id
    assert [one.id for one in found.all] == [soonest.id, last.id]
    cancel(soonest, now)
    assert [one.id for one in ahead_queries.own_booked(session, asker, now, now).all] == [last.id]
    found = ahead_queries.own_booked(session, asker, now, now - 3 * DAY)
    assert found.next is not None
    assert found.next.id == last.id
    assert len(found.all) == 2


def test_a_meeting_that_goes_on_is_still_the_next(
    session: Session, world: World, add: Add, ask_as: AskAs
) -> None:
    add(MORNING)
    asker, during, after = ask_as(world.participant), MORNING + timedelta(minutes=59), MORNING + DAY / 24
    going_on = ahead_queries.own_booked(session, asker, during, during).next
    assert going_on is not None
    assert not going_on.can_confirm
    assert ahead_queries.own_booked(session, asker, after, after) == ahead_queries.OwnBooked(None, ())


@pytest.mark.usefixtures("noise")
def test_the_coachs_day_is_one_query_in_order_with_short_names(
    session: Session, world: World, add: Add, ask_as: AskAs, now: datetime
) -> None:
    add(MORNING + timedelta(hours=3), world.second_participant)
    add(MORNING)
    add(MORNING + DAY)
    add(MORNING + timedelta(hours=1), in_portal=False)
    cancel(add(MORNING + timedelta(hours=2)), now)
    asker = ask_as(world.coach)
    statements: list[str] = []
    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    found = meetings_on(session, asker, date(2026, 11, 24), now)
    assert [(one.starts_at, one.person) for one in found] == [
        (MORNING, "Amina H."),
        (MORNING + timedelta(hours=1), "Amina H."),
        (MORNING + timedelta(hours=3), "Yonas T."),
    ]
    assert len([text for text in statements if "appointment" in text and text.startswith("SELECT")]) == 1


def test_the_coachs_day_begins_at_local_midnight(
    session: Session, world: World, add: Add, ask_as: AskAs, now: datetime
) -> None:
    add(datetime(2026, 11, 23, 22, 59, tzinfo=UTC))
    first = add(datetime(2026, 11, 23, 23, 0, tzinfo=UTC))
    last = add(datetime(2026, 11, 24, 22, 59, tzinfo=UTC))
    add(datetime(2026, 11, 24, 23, 0, tzinfo=UTC))
    found = meetings_on(session, ask_as(world.coach), date(2026, 11, 24), now)
    assert [one.id for one in found] == [first.id, last.id]


def test_reminders_get_every_organisations_booked_meetings_and_no_hidden_ones(
    session: Session, world: World, add: Add, now: datetime
) -> None:
    here = add(MORNING + DAY)
    far = add(MORNING + DAY, world.far_participant, coach=world.far_coach)
    add(MORNING + DAY, world.second_participant, in_portal=False)
    cancel(add(MORNING + DAY, world.second_participant), now)
    add(MORNING + 2 * DAY)
    move(far, MORNING + DAY + timedelta(hours=1), now + timedelta(hours=1))
    found = queries.starting_between(session, MORNING + DAY, MORNING + 2 * DAY)
    assert [(one.id, one.revision, one.settled_at, one.organisation_id) for one in found] == [
        (here.id, 0, now, world.organisation.id),
        (far.id, 1, now + timedelta(hours=1), world.elsewhere.organisation.id),
    ]


def test_an_occasion_is_a_booked_meeting_of_ones_own_scope(
    session: Session, world: World, add: Add, ask_as: AskAs, now: datetime
) -> None:
    mine = add(MORNING)
    hidden = add(MORNING + DAY, in_portal=False)
    gone = add(MORNING + 2 * DAY)
    cancel(gone, now)
    found = queries.occasion(session, ask_as(world.participant, tier=1), mine.id)
    assert (found.person_id, found.starts_at, found.ends_at) == (
        world.participant.id,
        MORNING,
        MORNING + timedelta(hours=1),
    )
    assert queries.occasion(session, ask_as(world.coach), hidden.id).id == hidden.id
    for person, meeting in (
        (world.participant, hidden),
        (world.participant, gone),
        (world.second_participant, mine),
        (world.other_coach, mine),
        (world.far_coach, mine),
        (world.admin, mine),
    ):
        with pytest.raises(NoResultFound):
            queries.occasion(session, ask_as(person), meeting.id)


@pytest.mark.usefixtures("noise")
def test_missed_meetings_are_those_noted_absent_since_then(
    session: Session, world: World, add: Add, ask_as: AskAs, now: datetime
) -> None:
    noted = {"attendance": "absent", "attended_at": now, "attendance_by": world.coach.id}
    add(MORNING - 40 * DAY, **noted)
    missed = add(MORNING - 3 * DAY, **noted)
    add(MORNING - 4 * DAY, **{**noted, "attendance": "came"})
    add(MORNING - DAY)
    add(MORNING - 2 * DAY, world.other_participant, coach=world.other_coach, **noted)
    found = missed_by(session, ask_as(world.coach))
    assert [(one.id, one.person_id) for one in found] == [(missed.id, world.participant.id)]


def test_who_has_come_since_is_back(
    session: Session, world: World, add: Add, ask_as: AskAs, now: datetime
) -> None:
    noted = {"attended_at": now, "attendance_by": world.coach.id}
    add(MORNING - 10 * DAY, attendance="absent", **noted)
    add(MORNING - 6 * DAY, attendance="came", **noted)
    assert missed_by(session, ask_as(world.coach)) == ()
    again = add(MORNING - 3 * DAY, attendance="absent", **noted)
    (found,) = missed_by(session, ask_as(world.coach))
    assert found.id == again.id


@pytest.mark.usefixtures("noise")
def test_who_has_no_next_meeting_and_how_long_since_last(
    session: Session, world: World, add: Add, ask_as: AskAs, now: datetime
) -> None:
    came = {"attendance": "came", "attended_at": now, "attendance_by": world.coach.id}
    add(MORNING - 24 * DAY, **came)
    add(MORNING - 3 * DAY, **{**came, "attendance": "absent"})
    found = {one.person_id: one for one in without(session, ask_as(world.coach), now)}
    assert set(found) == {world.participant.id, world.second_participant.id}
    assert found[world.participant.id].days == 24
    assert found[world.second_participant.id].days is None
    add(MORNING + DAY, world.second_participant)
    again = without(session, ask_as(world.coach), now)
    assert [one.person_id for one in again] == [world.participant.id]


def test_who_pauses_has_closed_or_is_protected_needs_no_next_meeting(
    session: Session, world: World, ask_as: AskAs, now: datetime
) -> None:
    one, two = (
        session.scalars(select(Enrolment).where(Enrolment.person_id == person.id)).one()
        for person in (world.participant, world.second_participant)
    )
    session.add(EnrolmentPeriod(enrolment_id=one.id, kind="pause", starts_on=now.date(), ends_on=None))
    two.closed_on = now.date()
    session.flush()
    assert without(session, ask_as(world.coach), now) == ()
    two.closed_on = None
    session.get_one(Person, world.second_participant.id).protected = True
    session.flush()
    assert without(session, ask_as(world.coach), now) == ()


def test_what_changed_since_then_is_booked_moved_cancelled_or_noted(
    session: Session, world: World, add: Add, ask_as: AskAs, now: datetime
) -> None:
    since = now + timedelta(hours=1)
    add(MORNING)
    moved = add(MORNING + 2 * DAY)
    move(moved, MORNING + 3 * DAY, since + timedelta(minutes=1))
    noted = add(MORNING - DAY, attendance="came", attended_at=since + timedelta(minutes=2))
    found = queries.changed_since(session, ask_as(world.coach), world.participant.id, since, now)
    assert [one.id for one in found] == [noted.id, moved.id]
    with pytest.raises(NoResultFound):
        queries.changed_since(session, ask_as(world.other_coach), world.participant.id, since, now)


def test_behind_the_first_door_coach_and_place_are_not_loaded_s30(
    session: Session, world: World, add: Add, ask_as: AskAs, now: datetime
) -> None:
    meeting = add(MORNING + 3 * DAY)
    meeting.place = "Hemliga gatan 7"
    session.flush()
    shown = [queries.meeting(session, ask_as(world.participant, tier), meeting.id, now) for tier in (1, 2)]
    assert [(one.coach, one.place) for one in shown] == [("", ""), ("Karin", "Hemliga gatan 7")]
    assert {one.person for one in shown} == {""}


def test_the_offer_leaves_out_times_at_which_the_participant_is_elsewhere(
    session: Session, open_world: World, ask_as: AskAs, now: datetime
) -> None:
    offer = queries.offer(session, ask_as(open_world.participant), now)
    assert offer
    assert not offer.full
    assert offer.first == offer.times[:1] + offer.first[1:]
    assert all(span.start >= now + timedelta(hours=24) for span in offer.times)


def test_without_a_coach_or_hours_there_is_nothing_to_choose(
    session: Session, open_world: World, ask_as: AskAs, now: datetime
) -> None:
    for row in session.scalars(select(WeeklyHours).where(WeeklyHours.person_id == open_world.coach.id)):
        session.delete(row)
    session.flush()
    offer = queries.offer(session, ask_as(open_world.participant), now)
    assert offer
    assert offer.times == ()
    for enrolment in session.scalars(select(Enrolment)):
        enrolment.coach_id = None
    session.flush()
    assert queries.offer(session, ask_as(open_world.participant), now) is None


def test_the_journal_notes_who_read_and_who_was_refused_s42(
    session: Session, world: World, add: Add, ask_as: AskAs, now: datetime
) -> None:
    meeting = add(MORNING + DAY)
    queries.meeting(session, ask_as(world.coach), meeting.id, now)
    with pytest.raises(NoResultFound):
        queries.meeting(session, ask_as(world.other_coach), meeting.id, now)
    noted = [(row["actor_id"], row["action"], row["subject_id"]) for row in session.info["journal"].values()]
    assert (world.coach.id, "read", world.participant.id) in noted
    assert (world.other_coach.id, "refused", world.participant.id) in noted
