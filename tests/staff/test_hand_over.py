"""Another coach: what becomes of each coming meeting, who sees what, and what the person learns."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.attendance.rules import Noted
from portal.availability import service as availability
from portal.availability.models import BusyTime
from portal.availability.outside import service as outside
from portal.availability.outside.models import OutsideBusy
from portal.booking import course_queries, queries
from portal.booking import course_service as meetings
from portal.booking import service as booking
from portal.booking.attendance_service import note_attendance
from portal.booking.course_service import Collides, Undecided
from portal.booking.models import Appointment
from portal.booking.rules import ALONG, CANCEL, ELSEWHERE, OUTSIDE, STAY, TAKEN, usual
from portal.booking.service import NotTheirs
from portal.booking.time_service import Wish
from portal.identity.models import Person
from portal.identity.people import change_queries
from portal.identity.people import course_service as enrolments
from portal.identity.people.course_service import Closure
from portal.messaging.models import OutboxMessage
from portal.notices import rules as kinds
from portal.reminders import service as reminders
from portal.staff import course_service
from tests.booking.conftest import open_world
from tests.support.objects import asker_of
from tests.support.speaking import speaking_app
from tests.support.world import World

__all__ = ["open_world"]
APP = speaking_app()
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
THURSDAY_9 = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
FRIDAY_9 = THURSDAY_9 + DAY


@pytest.fixture(autouse=True)
def context() -> Iterator[None]:
    with APP.app_context():
        yield


def book(
    session: Session, world: World, starts_at: datetime, now: datetime, who: str = "participant", **more: Any
) -> Appointment:
    person: Person = getattr(world, who)
    coach = world.other_coach if who == "other_participant" else world.coach
    wish = Wish(starts_at, more.pop("mode", "phone"), uuid.uuid4(), **more)
    return booking.book_for(session, asker_of(session, coach), person.id, wish, now, anyway=True)


def give(session: Session, world: World, decided: dict[uuid.UUID, str], now: datetime) -> None:
    amina = session.get_one(Person, world.participant.id)
    to = world.other_coach.id, world.here.team.id
    course_service.hand_over(session, asker_of(session, world.lead), amina, to, decided, now=now)


def holders(session: Session, meeting: Appointment) -> set[uuid.UUID]:
    return set(session.scalars(select(BusyTime.subject_id).where(BusyTime.cause_id == meeting.id)))


def kinds_of(session: Session) -> list[str]:
    return list(session.scalars(select(OutboxMessage.kind).where(OutboxMessage.state == "queued")))


def test_each_meeting_gets_what_was_decided(session: Session, open_world: World, now: datetime) -> None:
    world = open_world
    along, stays, gone = (book(session, world, THURSDAY_9 + way * DAY, now) for way in (0, 1, 7))
    told = len(kinds_of(session))
    give(session, world, {along.id: ALONG, stays.id: STAY, gone.id: CANCEL}, now)
    amina, karin, olof = world.participant.id, world.coach.id, world.other_coach.id
    assert [along.coach_id, stays.coach_id, gone.coach_id] == [olof, karin, karin]
    assert [holders(session, one) for one in (along, stays, gone)] == [{amina, olof}, {amina, karin}, set()]
    assert gone.state == "cancelled"
    assert sorted(kinds_of(session)) == sorted([kinds.BOOKED] * (told - 1) + [kinds.CANCELLED])


def test_nothing_happens_without_an_answer_or_over_a_busy_time(
    session: Session, open_world: World, now: datetime
) -> None:
    meeting = book(session, open_world, THURSDAY_9, now)
    book(session, open_world, THURSDAY_9 + HOUR / 2, now, "other_participant")
    with pytest.raises(Undecided):
        give(session, open_world, {}, now)
    with pytest.raises(Collides) as collided:
        give(session, open_world, {meeting.id: ALONG}, now)
    assert collided.value.meeting_id == meeting.id
    assert holders(session, meeting) == {open_world.participant.id, open_world.coach.id}


def test_what_stands_in_the_way_is_known_before(session: Session, open_world: World, now: datetime) -> None:
    world, olof = open_world, open_world.other_coach
    taken, outside, free = (
        book(session, world, at, now) for at in (THURSDAY_9, THURSDAY_9 + 11 * HOUR, FRIDAY_9)
    )
    book(session, world, THURSDAY_9, now, "other_participant")
    lead = asker_of(session, world.lead)
    ways = course_queries.obstacles(session, lead, world.participant.id, olof.id, now)
    assert ways == {taken.id: TAKEN, outside.id: OUTSIDE, free.id: ""}


def test_where_the_new_coach_is_busy_elsewhere_a_meeting_goes_along_only_if_somebody_says_so(
    session: Session, open_world: World, now: datetime
) -> None:
    world, olof = open_world, asker_of(session, open_world.other_coach)
    meeting = book(session, world, FRIDAY_9, now)
    calendar = outside.add(session, olof, "https://calendar.google.com/private/basic.ics", now)
    calendar.read_at = now
    session.add(
        OutsideBusy(calendar_id=calendar.id, starts_at=FRIDAY_9 + HOUR / 2, ends_at=FRIDAY_9 + 2 * HOUR)
    )
    session.flush()
    lead = asker_of(session, world.lead)
    ways = course_queries.obstacles(session, lead, world.participant.id, olof.person_id, now)
    assert ways == {meeting.id: ELSEWHERE}
    assert usual(ELSEWHERE, gone=True) == STAY
    give(session, world, {meeting.id: ALONG}, now)
    assert meeting.coach_id == olof.person_id


def test_a_reminder_that_is_due_survives_the_hand_over(
    session: Session, open_world: World, now: datetime
) -> None:
    """S53: it was due, and nobody had put it in the outbox yet."""
    meeting = book(session, open_world, THURSDAY_9, now)
    due = THURSDAY_9 - DAY + timedelta(seconds=20)
    give(session, open_world, {meeting.id: ALONG}, due)
    assert reminders.tick(session, due + timedelta(seconds=40)) == 1
    assert kinds.ONE_DAY in kinds_of(session)


def test_only_the_former_coachs_own_place_is_left_behind(
    session: Session, open_world: World, now: datetime
) -> None:
    """S31: that something changed is told of each, and never where."""
    world = open_world
    for coach in (world.coach, world.other_coach):
        link = f"https://video.example/{coach.first_name}"
        asker = asker_of(session, coach)
        availability.set_terms(session, asker, meeting_minutes=None, place="", video=link)
    rows = [book(session, world, THURSDAY_9 + way * DAY, now, mode="video") for way in (0, 1)]
    chosen = book(session, world, THURSDAY_9 + 5 * DAY, now, mode="walk", place="Torget")
    give(session, world, {one.id: ALONG for one in (*rows, chosen)}, now)
    assert [one.place for one in (*rows, chosen)] == [*["https://video.example/Olof"] * 2, "Torget"]
    assert [one.revision for one in (*rows, chosen)] == [1, 1, 0]
    assert sorted(kinds_of(session)) == sorted([kinds.BOOKED, kinds.CHANGED, kinds.CHANGED])


def test_the_former_coach_keeps_the_meeting_and_nothing_else(
    session: Session, open_world: World, now: datetime
) -> None:
    """S2"""
    world = open_world
    stays, other = book(session, world, THURSDAY_9, now), book(session, world, FRIDAY_9, now)
    give(session, world, {stays.id: STAY, other.id: ALONG}, now)
    karin, olof = asker_of(session, world.coach), asker_of(session, world.other_coach)
    assert [one.id for one in course_queries.kept_and_adrift(session, karin, now)[0]] == [stays.id]
    assert course_queries.kept_and_adrift(session, olof, now)[0] == []
    for act in (queries.meeting, booking.restore_for):
        with pytest.raises(NoResultFound):
            act(session, karin, stays.id, now)
    with pytest.raises(NoResultFound):
        booking.cancel_for(session, karin, other.id, "", now)
    offered = queries.staff_offer(session, olof, world.participant.id, now, stays.id)
    assert offered is not None
    # As if the meeting did not stand: right after its start the former coach would be busy.
    assert THURSDAY_9 + HOUR in [span.start for span in offered.times]
    after = THURSDAY_9 + HOUR
    assert note_attendance(session, karin, stays.id, Noted("came"), after).attendance == "came"
    assert course_queries.kept_and_adrift(session, karin, after + 9 * DAY)[0] == []


def test_what_a_hand_over_cancelled_is_gone_for_the_former_coach(
    session: Session, open_world: World, now: datetime
) -> None:
    """S2; what the former coach cancelled themselves may be asked for by a second tap."""
    rows = [book(session, open_world, THURSDAY_9 + way * DAY, now) for way in (0, 1)]
    give(session, open_world, {rows[0].id: CANCEL, rows[1].id: STAY}, now)
    karin = asker_of(session, open_world.coach)
    with pytest.raises(NoResultFound):
        booking.cancel_for(session, karin, rows[0].id, "", now)
    for _tap in range(2):
        assert booking.cancel_for(session, karin, rows[1].id, "", now).state == "cancelled"


def test_what_the_former_coach_held_before_stays_closed(
    session: Session, open_world: World, now: datetime
) -> None:
    """S2"""
    past = book(session, open_world, THURSDAY_9, now)
    later = THURSDAY_9 + 2 * HOUR
    give(session, open_world, {}, later)
    with pytest.raises(NoResultFound):
        note_attendance(session, asker_of(session, open_world.coach), past.id, Noted("came"), later)


def test_a_protected_person_is_gone_for_the_former_coach(
    session: Session, open_world: World, now: datetime
) -> None:
    """S37"""
    stays = book(session, open_world, THURSDAY_9, now)
    give(session, open_world, {stays.id: STAY}, now)
    session.get_one(Person, open_world.participant.id).protected = True
    session.flush()
    karin = asker_of(session, open_world.coach)
    assert course_queries.kept_and_adrift(session, karin, now)[0] == []
    with pytest.raises(NoResultFound):
        booking.cancel_for(session, karin, stays.id, "", now)


def test_what_stayed_can_be_taken_over_later(session: Session, open_world: World, now: datetime) -> None:
    stays = book(session, open_world, THURSDAY_9, now)
    give(session, open_world, {stays.id: STAY}, now)
    olof = asker_of(session, open_world.other_coach)
    for _ in range(2):
        assert meetings.take_over(session, olof, stays.id, now).coach_id == olof.person_id
    assert stays.revision == 0
    with pytest.raises(NoResultFound):
        meetings.take_over(session, asker_of(session, open_world.coach), stays.id, now)


def test_the_participant_neither_moves_nor_takes_back_what_stayed_or_ended(
    session: Session, open_world: World, now: datetime
) -> None:
    world, amina = open_world, asker_of(session, open_world.participant)
    stays, cancelled = book(session, world, FRIDAY_9, now), book(session, world, FRIDAY_9 + 2 * HOUR, now)
    booking.cancel_own(session, amina, cancelled.id, "", now)
    give(session, world, {stays.id: STAY}, now)
    with pytest.raises(NotTheirs):
        booking.move_own(session, amina, stays.id, FRIDAY_9 + HOUR, now)
    with pytest.raises(NotTheirs):
        booking.restore_own(session, amina, cancelled.id, now)
    with pytest.raises(NotTheirs):
        booking.restore_for(session, asker_of(session, world.other_coach), cancelled.id, now)
    person = session.get_one(Person, world.participant.id)
    closing = Closure(now.date(), "work")
    course_service.close(session, asker_of(session, world.lead), person, closure=closing, now=now)
    with pytest.raises(NotTheirs):
        booking.restore_own(session, amina, cancelled.id, now)


def test_the_participant_sees_the_new_coach_until_it_is_read(
    session: Session, open_world: World, now: datetime
) -> None:
    amina = asker_of(session, open_world.participant)
    assert change_queries.new_coach(session, amina) is None
    give(session, open_world, {}, now)
    give(session, open_world, {}, now)
    news = change_queries.new_coach(session, amina)
    assert news is not None
    assert news.name == "Olof"
    assert change_queries.new_coach(session, asker_of(session, open_world.second_participant)) is None
    # Whoever came before has been read about; who came since has not.
    enrolments.read_coach_change(session, amina, open_world.coach.id, now)
    assert change_queries.new_coach(session, amina) == news
    enrolments.read_coach_change(session, amina, news.person_id, now)
    assert change_queries.new_coach(session, amina) is None


def test_what_has_a_coach_who_left_is_shown_to_the_lead(
    session: Session, open_world: World, now: datetime
) -> None:
    meeting = book(session, open_world, THURSDAY_9, now)
    lead = asker_of(session, open_world.lead)
    assert course_queries.kept_and_adrift(session, lead, now)[1] == []
    session.get_one(Person, open_world.coach.id).disabled_at = now
    session.flush()
    assert [one.id for one in course_queries.kept_and_adrift(session, lead, now)[1]] == [meeting.id]
    assert course_queries.kept_and_adrift(session, asker_of(session, open_world.other_coach), now)[1] == []


def test_who_brings_one_back_still_tells_of_the_others(
    session: Session, open_world: World, now: datetime
) -> None:
    rows = [book(session, open_world, THURSDAY_9 + way * DAY, now) for way in (0, 1, 7)]
    later = now + HOUR
    give(session, open_world, dict.fromkeys((one.id for one in rows), CANCEL), later)
    rows[0].coach_id = open_world.other_coach.id
    booking.restore_for(session, asker_of(session, open_world.other_coach), rows[0].id, later + HOUR)
    waiting = session.scalars(select(OutboxMessage).where(OutboxMessage.state == "queued")).all()
    assert sorted((one.kind, one.subject) for one in waiting) == sorted(
        [(kinds.BOOKED, rows[0].id), *((kinds.CANCELLED, row.id) for row in rows[1:])]
    )
