"""Booking, moving, cancelling, bringing back, confirming and noting, on both databases (S49)."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.attendance.rules import Noted
from portal.availability.models import BusyTime
from portal.availability.service import Taken
from portal.booking import service
from portal.booking.attendance_service import NotedSince, TooEarly, note_attendance
from portal.booking.models import Appointment
from portal.booking.service import (
    EnoughBooked,
    NotBooked,
    NotFree,
    NotTheirs,
    OutsideHours,
)
from portal.booking.time_service import TooLate, Wish
from portal.identity.models import Enrolment, Person
from portal.notices.rules import Held
from portal.organisation.models import Organisation
from tests.booking.conftest import AskAs, Booked
from tests.support.world import World

HOUR = timedelta(hours=1)
WEDNESDAY_9 = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)  # 9.00 in Stockholm
WEDNESDAY_13 = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
FRIDAY_9 = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
FRIDAY_13 = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)


def wish(starts_at: datetime, **more: Any) -> Wish:
    """A meeting by phone, from a form of its own."""
    return Wish(starts_at, more.pop("mode", "phone"), more.pop("key", uuid.uuid4()), **more)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What `notices` was asked to tell."""
    calls: list[dict[str, Any]] = []
    monkeypatch.setattr("portal.notices.service.meeting_changed", lambda _session, **said: calls.append(said))
    return calls


@pytest.fixture
def booked(session: Session, open_world: World, ask_as: AskAs, now: datetime) -> Booked:
    """`booked(starts_at)`: the participant's own booking, in the test's session."""

    def book(starts_at: datetime = FRIDAY_9, person: Person | None = None) -> Appointment:
        return service.book_own(session, ask_as(person or open_world.participant), wish(starts_at), now)

    return book


def held(session: Session, meeting: Appointment) -> set[tuple[uuid.UUID, datetime, datetime]]:
    """The times that a meeting holds."""
    rows = session.scalars(select(BusyTime).where(BusyTime.cause_id == meeting.id))
    return {(row.subject_id, row.starts_at, row.ends_at) for row in rows}


# The participant


def test_the_interpreter_of_the_last_meeting_is_expected_at_the_next(booked: Booked) -> None:
    first = booked()
    assert first.interpreter_language == ""
    first.interpreter_language = "ar"
    assert booked(FRIDAY_13).interpreter_language == "ar"


def test_a_booking_holds_the_coachs_time_with_its_buffer_and_the_participants_own(
    session: Session, open_world: World, booked: Booked, told: list[dict[str, Any]]
) -> None:
    meeting = booked()
    assert (meeting.coach_id, meeting.state, meeting.revision) == (open_world.coach.id, "booked", 0)
    assert held(session, meeting) == {
        (open_world.coach.id, FRIDAY_9, FRIDAY_9 + timedelta(minutes=75)),
        (open_world.participant.id, FRIDAY_9, FRIDAY_9 + HOUR),
    }
    assert told == []


def test_the_same_form_sent_twice_makes_one_meeting(
    session: Session, open_world: World, ask_as: AskAs, now: datetime
) -> None:
    once = wish(FRIDAY_9)
    asker = ask_as(open_world.participant)
    first = service.book_own(session, asker, once, now)
    again = service.book_own(session, asker, replace(once, starts_at=FRIDAY_13), now)
    assert first.id == again.id
    assert session.scalar(select(func.count()).select_from(Appointment)) == 1


def test_a_form_key_of_somebody_else_does_not_open_their_meeting_s3(
    session: Session, open_world: World, ask_as: AskAs, now: datetime
) -> None:
    once = wish(FRIDAY_9)
    first = service.book_own(session, ask_as(open_world.participant), once, now)
    other = replace(once, starts_at=FRIDAY_13)
    second = service.book_own(session, ask_as(open_world.second_participant), other, now)
    assert first.id != second.id


def test_a_taken_time_and_the_buffer_around_it_are_refused(booked: Booked, open_world: World) -> None:
    booked(FRIDAY_9)
    for start in (FRIDAY_9, FRIDAY_9 + timedelta(minutes=30), FRIDAY_9 + HOUR):
        with pytest.raises(NotFree):
            booked(start, open_world.second_participant)
    booked(FRIDAY_9 + timedelta(minutes=90), open_world.second_participant)


@pytest.mark.parametrize(
    "start",
    [
        datetime(2026, 11, 24, 12, 0, tzinfo=UTC),  # within the notice of 24 hours
        datetime(2026, 11, 20, 8, 0, tzinfo=UTC),  # gone
        datetime(2026, 11, 27, 11, 0, tzinfo=UTC),  # lunch
        datetime(2026, 11, 27, 8, 10, tzinfo=UTC),  # never offered
        datetime(2026, 11, 28, 8, 0, tzinfo=UTC),  # a Saturday
        datetime(2027, 1, 8, 8, 0, tzinfo=UTC),  # beyond the horizon
        datetime(9999, 12, 31, 23, 0, tzinfo=UTC),
    ],
)
def test_only_offered_times_can_be_booked(booked: Booked, start: datetime) -> None:
    with pytest.raises(NotFree):
        booked(start)


def test_a_participant_holds_two_upcoming_bookings_of_their_own_and_no_more(
    session: Session, open_world: World, ask_as: AskAs, booked: Booked, now: datetime, told: list[Any]
) -> None:
    service.book_for(session, ask_as(open_world.coach), open_world.participant.id, wish(WEDNESDAY_9), now)
    booked(WEDNESDAY_13)
    kept = booked(FRIDAY_9)
    with pytest.raises(EnoughBooked):
        booked(FRIDAY_13)
    service.cancel_own(session, ask_as(open_world.participant), kept.id, "", now)
    booked(FRIDAY_13)
    with pytest.raises(EnoughBooked):
        service.restore_own(session, ask_as(open_world.participant), kept.id, now)


def test_without_a_coach_there_is_nobody_to_meet(session: Session, open_world: World, booked: Booked) -> None:
    for row in session.scalars(select(Enrolment).where(Enrolment.person_id == open_world.participant.id)):
        row.coach_id = None
    with pytest.raises(service.NoCoach):
        booked()


def test_a_participant_cannot_choose_the_place_or_hide_the_meeting_s7(
    session: Session, open_world: World, ask_as: AskAs, now: datetime
) -> None:
    sly = wish(FRIDAY_9, place="Hemma hos mig", length=timedelta(hours=3), in_portal=False)
    meeting = service.book_own(session, ask_as(open_world.participant), sly, now)
    assert (meeting.place, meeting.ends_at - meeting.starts_at, meeting.in_portal) == ("", HOUR, True)


def test_moving_keeps_the_row_and_the_uid_raises_the_revision_and_frees_the_old_time(
    session: Session, open_world: World, ask_as: AskAs, booked: Booked, now: datetime
) -> None:
    meeting = booked(FRIDAY_9)
    service.confirm(session, ask_as(open_world.participant), meeting.id, now)
    uid = meeting.uid
    moved = service.move_own(session, ask_as(open_world.participant), meeting.id, FRIDAY_13, now)
    assert (moved.id, moved.uid, moved.revision, moved.moved_count) == (meeting.id, uid, 1, 1)
    assert moved.confirmed_at is None
    assert {row[1] for row in held(session, moved)} == {FRIDAY_13}
    booked(FRIDAY_9, open_world.second_participant)


def test_a_move_may_overlap_the_meetings_own_old_time(
    session: Session, open_world: World, ask_as: AskAs, booked: Booked, now: datetime
) -> None:
    meeting = booked(FRIDAY_9)
    later = FRIDAY_9 + timedelta(minutes=30)
    assert (
        service.move_own(session, ask_as(open_world.participant), meeting.id, later, now).starts_at == later
    )


def test_a_move_sent_twice_moves_once(
    session: Session, open_world: World, ask_as: AskAs, booked: Booked, now: datetime
) -> None:
    meeting, asker = booked(), ask_as(open_world.participant)
    for _ in range(2):
        service.move_own(session, asker, meeting.id, FRIDAY_13, now)
    assert (meeting.revision, meeting.moved_count) == (1, 1)


def test_a_move_to_a_taken_time_changes_nothing(
    session: Session, open_world: World, ask_as: AskAs, booked: Booked, now: datetime
) -> None:
    meeting = booked(FRIDAY_9)
    booked(FRIDAY_13, open_world.second_participant)
    before = held(session, meeting)
    with pytest.raises(NotFree):
        service.move_own(session, ask_as(open_world.participant), meeting.id, FRIDAY_13, now)
    assert (held(session, meeting), meeting.revision) == (before, 0)


def test_who_has_another_coach_by_now_moves_nothing_alone(
    session: Session, open_world: World, ask_as: AskAs, booked: Booked, now: datetime
) -> None:
    meeting = booked()
    for row in session.scalars(select(Enrolment).where(Enrolment.person_id == open_world.participant.id)):
        row.coach_id = open_world.other_coach.id
    with pytest.raises(NotTheirs):
        service.move_own(session, ask_as(open_world.participant), meeting.id, FRIDAY_13, now)
    wished = wish(FRIDAY_13)
    moved = service.move_for(session, ask_as(open_world.other_coach), meeting.id, wished, now)
    assert moved.coach_id == open_world.coach.id


def test_cancelling_frees_the_time_once_and_undo_takes_it_back(
    session: Session, open_world: World, ask_as: AskAs, booked: Booked, now: datetime
) -> None:
    meeting, asker = booked(), ask_as(open_world.participant)
    for _ in range(2):
        service.cancel_own(session, asker, meeting.id, "Jag är sjuk", now)
    assert (meeting.state, meeting.revision, meeting.cancel_reason) == ("cancelled", 1, "Jag är sjuk")
    assert (meeting.cancelled_by, held(session, meeting)) == (asker.person_id, set())
    for _ in range(2):
        service.restore_own(session, asker, meeting.id, now)
    assert (meeting.state, meeting.revision, meeting.cancel_reason) == ("booked", 2, "")
    assert len(held(session, meeting)) == 2


def test_undo_is_refused_when_somebody_has_taken_the_time(
    session: Session, open_world: World, ask_as: AskAs, booked: Booked, now: datetime
) -> None:
    meeting, asker = booked(), ask_as(open_world.participant)
    service.cancel_own(session, asker, meeting.id, "", now)
    booked(FRIDAY_9, open_world.second_participant)
    with pytest.raises(Taken):
        service.restore_own(session, asker, meeting.id, now)
    assert meeting.state == "cancelled"


def test_what_staff_cancelled_a_participant_cannot_bring_back(
    session: Session, open_world: World, ask_as: AskAs, booked: Booked, now: datetime, told: list[Any]
) -> None:
    meeting = booked()
    service.cancel_for(session, ask_as(open_world.coach), meeting.id, "Jag är sjuk", now)
    with pytest.raises(NotBooked):
        service.restore_own(session, ask_as(open_world.participant), meeting.id, now)


def test_after_the_deadline_nothing_is_moved_or_cancelled(
    session: Session, open_world: World, ask_as: AskAs, booked: Booked
) -> None:
    meeting, asker = booked(), ask_as(open_world.participant)
    late = FRIDAY_9 - timedelta(hours=24) + timedelta(minutes=1)
    with pytest.raises(TooLate):
        service.move_own(session, asker, meeting.id, FRIDAY_13 + timedelta(days=7), late)
    with pytest.raises(TooLate):
        service.cancel_own(session, asker, meeting.id, "", late)
    assert (meeting.state, meeting.revision) == ("booked", 0)


def test_the_deadline_is_the_organisations_own(
    session: Session, open_world: World, ask_as: AskAs, booked: Booked
) -> None:
    meeting = booked()
    house = session.get_one(Organisation, open_world.organisation.id)
    house.settings = {"change_deadline_hours": 2}
    session.flush()
    late = FRIDAY_9 - timedelta(hours=3)
    assert (
        service.cancel_own(session, ask_as(open_world.participant), meeting.id, "", late).state == "cancelled"
    )


def test_a_cancelled_meeting_is_not_moved_or_confirmed(
    session: Session, open_world: World, ask_as: AskAs, booked: Booked, now: datetime
) -> None:
    meeting, asker = booked(), ask_as(open_world.participant)
    service.cancel_own(session, asker, meeting.id, "", now)
    with pytest.raises(NotBooked):
        service.move_own(session, asker, meeting.id, FRIDAY_13, now)
    with pytest.raises(NotBooked):
        service.confirm(session, asker, meeting.id, now)


def test_confirming_is_kept_from_the_first_time_and_raises_no_revision(
    session: Session, open_world: World, ask_as: AskAs, booked: Booked, now: datetime
) -> None:
    meeting, asker = booked(), ask_as(open_world.participant)
    service.confirm(session, asker, meeting.id, now)
    service.confirm(session, asker, meeting.id, now + HOUR)
    assert (meeting.confirmed_at, meeting.revision) == (now, 0)
    with pytest.raises(TooLate):
        service.confirm(session, asker, meeting.id, FRIDAY_9)


# Staff


def test_staff_book_outside_hours_only_once_they_have_seen_that(
    session: Session, open_world: World, ask_as: AskAs, now: datetime, told: list[dict[str, Any]]
) -> None:
    asker, evening = ask_as(open_world.coach), datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
    late = wish(evening, place="Biblioteket", length=timedelta(minutes=90), mode="on_site")
    with pytest.raises(OutsideHours):
        service.book_for(session, asker, open_world.participant.id, late, now)
    meeting = service.book_for(session, asker, open_world.participant.id, late, now, anyway=True)
    assert (meeting.place, meeting.ends_at) == ("Biblioteket", evening + timedelta(minutes=90))
    assert told == [
        {
            "person_id": open_world.participant.id,
            "appointment_id": meeting.id,
            "revision": 0,
            "kind": "booked",
            "starts_at": evening,
            "now": now,
            "not_before": None,
            "held": Held("on_site", "Biblioteket", open_world.coach.id),
        }
    ]


def test_staff_never_book_over_a_busy_time_or_in_the_past(
    session: Session, open_world: World, ask_as: AskAs, booked: Booked, now: datetime, told: list[Any]
) -> None:
    booked(FRIDAY_9)
    asker = ask_as(open_world.coach)
    with pytest.raises(Taken):
        service.book_for(
            session, asker, open_world.second_participant.id, wish(FRIDAY_9 + HOUR), now, anyway=True
        )
    with pytest.raises(TooLate):
        service.book_for(session, asker, open_world.second_participant.id, wish(now), now, anyway=True)
    assert told == []


def test_staff_move_and_cancel_are_told_once_each(
    session: Session,
    open_world: World,
    ask_as: AskAs,
    booked: Booked,
    now: datetime,
    told: list[dict[str, Any]],
) -> None:
    meeting, asker = booked(), ask_as(open_world.coach)
    for _ in range(2):
        service.move_for(session, asker, meeting.id, wish(FRIDAY_13), now)
    for _ in range(2):
        service.cancel_for(session, asker, meeting.id, "", now)
    service.restore_for(session, asker, meeting.id, now)
    assert [(said["kind"], said["revision"]) for said in told] == [
        ("moved", 1),
        ("cancelled", 2),
        ("booked", 3),
    ]


def test_a_new_place_alone_raises_the_revision_but_is_no_move(
    session: Session, open_world: World, ask_as: AskAs, booked: Booked, now: datetime, told: list[Any]
) -> None:
    meeting = booked()
    change = wish(FRIDAY_9, place="Torget", mode="walk")
    service.move_for(session, ask_as(open_world.coach), meeting.id, change, now)
    assert (meeting.place, meeting.mode, meeting.revision, meeting.moved_count) == ("Torget", "walk", 1, 0)


def test_a_meeting_kept_out_of_the_portal_leaves_no_trace_s33(
    session: Session, open_world: World, ask_as: AskAs, booked: Booked, now: datetime, told: list[Any]
) -> None:
    hidden = service.book_for(
        session, ask_as(open_world.coach), open_world.participant.id, wish(FRIDAY_9, in_portal=False), now
    )
    assert held(session, hidden) == {(open_world.coach.id, FRIDAY_9, FRIDAY_9 + timedelta(minutes=75))}
    service.cancel_for(session, ask_as(open_world.coach), hidden.id, "", now)
    assert told == []
    for act in (service.confirm, service.restore_own):
        with pytest.raises(NoResultFound):
            act(session, ask_as(open_world.participant), hidden.id, now)


def test_attendance_is_noted_after_the_start_and_can_be_undone(
    session: Session, open_world: World, ask_as: AskAs, booked: Booked, now: datetime
) -> None:
    meeting, asker = booked(), ask_as(open_world.coach)
    with pytest.raises(TooEarly):
        note_attendance(session, asker, meeting.id, Noted("came"), now)
    after = FRIDAY_9 + HOUR
    note_attendance(session, asker, meeting.id, Noted("absent"), after)
    assert (meeting.attendance, meeting.attended_at, meeting.attendance_by) == (
        "absent",
        after,
        asker.person_id,
    )
    with pytest.raises(NotedSince):
        note_attendance(session, asker, meeting.id, Noted("none"), after, seen=after - HOUR / 60)
    note_attendance(session, asker, meeting.id, Noted("none"), after, seen=after)
    assert (meeting.attendance, meeting.attended_at, meeting.attendance_by) == ("none", None, None)
    assert meeting.revision == 0


def test_a_cancelled_meeting_has_no_attendance(
    session: Session, open_world: World, ask_as: AskAs, booked: Booked, now: datetime, told: list[Any]
) -> None:
    meeting, asker = booked(), ask_as(open_world.coach)
    service.cancel_for(session, asker, meeting.id, "", now)
    with pytest.raises(NotBooked):
        note_attendance(session, asker, meeting.id, Noted("came"), FRIDAY_9 + HOUR)


def test_nobody_reaches_another_ones_meeting_s2_s4(
    session: Session, open_world: World, ask_as: AskAs, booked: Booked, now: datetime
) -> None:
    meeting = booked()
    for person in (open_world.second_participant, open_world.other_participant, open_world.far_participant):
        with pytest.raises(NoResultFound):
            service.cancel_own(session, ask_as(person), meeting.id, "", now)
    for person in (open_world.other_coach, open_world.far_coach, open_world.admin, open_world.translator):
        with pytest.raises(NoResultFound):
            service.cancel_for(session, ask_as(person), meeting.id, "", now)
        with pytest.raises(NoResultFound):
            service.book_for(session, ask_as(person), open_world.participant.id, wish(FRIDAY_13), now)
    assert meeting.state == "booked"


def test_the_lead_does_what_the_coach_does(
    session: Session, open_world: World, ask_as: AskAs, now: datetime, told: list[Any]
) -> None:
    meeting = service.book_for(
        session, ask_as(open_world.lead), open_world.participant.id, wish(FRIDAY_9), now
    )
    assert (meeting.coach_id, meeting.booked_by) == (open_world.coach.id, open_world.lead.id)


def test_the_same_staff_form_sent_twice_books_and_tells_once(
    session: Session, open_world: World, ask_as: AskAs, now: datetime, told: list[dict[str, Any]]
) -> None:
    once, asker = wish(FRIDAY_9), ask_as(open_world.coach)
    first = service.book_for(session, asker, open_world.participant.id, once, now)
    assert service.book_for(session, asker, open_world.participant.id, once, now).id == first.id
    assert len(told) == 1
