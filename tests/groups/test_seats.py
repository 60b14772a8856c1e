"""Joining, waiting, being offered a seat, leaving: on both databases."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError, NoResultFound

from portal.availability.models import BusyTime
from portal.availability.rules import Span
from portal.booking import service as booking
from portal.booking.time_service import Wish
from portal.db import Database
from portal.groups import attendance_service, seat_service, seating_service, service, session_service
from portal.groups.models import Group, GroupPart, GroupSeat
from portal.groups.seat_service import OfferOver
from portal.groups.seating_service import NotForThem, Over
from portal.groups.session_service import Change
from portal.identity.models import Enrolment, Person
from portal.messaging.models import OutboxMessage
from portal.web.asker import Asker
from tests.booking.conftest import AskAs
from tests.groups.conftest import FIRST, Made, about, seats, send_all, sessions, spans
from tests.support.world import World

Joined = Callable[..., GroupSeat]
Crowd = Callable[[int], list[Person]]
SEAT = "seat"


def messages(database: Database, kind: str) -> list[OutboxMessage]:
    with database.reading() as fresh:
        return list(fresh.scalars(select(OutboxMessage).where(OutboxMessage.kind == kind)))


def test_who_joins_has_a_seat_a_part_in_each_session_and_their_time_is_held(
    app: Flask, database: Database, world: World, made: Made, joined: Joined
) -> None:
    group = made()
    assert joined(group, world.participant).state == "in"
    assert joined(group, world.participant).state == "in"
    with database.reading() as fresh:
        parts = list(fresh.scalars(select(GroupPart)))
        assert len(parts) == 4
        held = select(BusyTime.starts_at).where(BusyTime.subject_id == world.participant.id)
        assert sorted(fresh.scalars(held)) == [one.start for one in spans()]


def test_the_third_of_two_waits_and_gets_the_seat_that_becomes_free(
    app: Flask, database: Database, ask_as: AskAs, crowd: Crowd, made: Made, joined: Joined, now: datetime
) -> None:
    group, people = made(), crowd(4)
    assert [joined(group, one).state for one in people] == ["in", "in", "waiting", "waiting"]
    with database.transaction() as fresh:
        seat_service.leave(fresh, ask_as(people[0]), group.id, now)
    with database.reading() as fresh:
        found = seats(fresh, group)
        assert [found[one.id].state for one in people] == ["left", "in", "offered", "waiting"]
        assert found[people[2].id].offered_until == now + timedelta(hours=24)
        held = select(func.count()).where(BusyTime.subject_id == people[0].id)
        assert fresh.scalar(held) == 0
    told = messages(database, SEAT)
    assert [one.recipient_id for one in told] == [people[2].id]
    assert told[0].expires_at == now + timedelta(hours=24)
    with database.transaction() as fresh:
        assert seat_service.accept(fresh, ask_as(people[2]), group.id, now).state == "in"
        assert seat_service.accept(fresh, ask_as(people[2]), group.id, now).state == "in"
    with database.reading() as fresh:
        assert seats(fresh, group)[people[3].id].state == "waiting"


def test_what_the_sms_of_a_free_seat_says_is_when_to_answer_and_no_more_s31(
    app: Flask, database: Database, ask_as: AskAs, crowd: Crowd, made: Made, joined: Joined, now: datetime
) -> None:
    group, people = made(capacity=1, title="own", own_title="Hemlig grupp"), crowd(2)
    for one in people:
        joined(group, one)
    with database.transaction() as fresh:
        seat_service.leave(fresh, ask_as(people[0]), group.id, now)
    said = messages(database, SEAT)[0].body
    assert said == (
        "Du har något att svara på. Svara före onsdag 25 november klockan 09.00. Logga in som vanligt."
    )


def test_declining_offers_it_to_the_next_at_once(
    app: Flask, database: Database, ask_as: AskAs, crowd: Crowd, made: Made, joined: Joined, now: datetime
) -> None:
    group, people = made(capacity=1), crowd(3)
    for one in people:
        joined(group, one)
    with database.transaction() as fresh:
        seat_service.leave(fresh, ask_as(people[0]), group.id, now)
        seat_service.decline(fresh, ask_as(people[1]), group.id, now)
        seat_service.decline(fresh, ask_as(people[1]), group.id, now)
    with database.reading() as fresh:
        found = seats(fresh, group)
        assert [found[one.id].state for one in people] == ["left", "left", "offered"]
    with database.transaction() as fresh, pytest.raises(OfferOver):
        seat_service.accept(fresh, ask_as(people[1]), group.id, now)


def test_an_offer_that_nobody_answers_goes_on_and_can_be_taken_no_more(
    app: Flask, database: Database, ask_as: AskAs, crowd: Crowd, made: Made, joined: Joined, now: datetime
) -> None:
    group, people = made(capacity=1), crowd(3)
    for one in people:
        joined(group, one)
    with database.transaction() as fresh:
        seat_service.leave(fresh, ask_as(people[0]), group.id, now)
    send_all(database)
    later = now + timedelta(hours=24)
    with database.transaction() as fresh:
        assert seat_service.round_of(fresh, later - timedelta(seconds=1)) == 0
    # Too late, whether or not the worker has been round.
    with database.transaction() as fresh, pytest.raises(OfferOver):
        seat_service.accept(fresh, ask_as(people[1]), group.id, later)
    with database.transaction() as fresh:
        assert seat_service.round_of(fresh, later) == 1
        assert seat_service.round_of(fresh, later) == 0
    with database.reading() as fresh:
        found = seats(fresh, group)
        assert [found[one.id].state for one in people] == ["left", "lapsed", "offered"]
    told = [one.recipient_id for one in messages(database, SEAT)]
    assert sorted(told) == sorted((people[1].id, people[2].id))
    # Whoever was too late can join the queue again, last.
    assert joined(group, people[1], later).state == "waiting"


def test_the_database_itself_refuses_one_seat_too_many_and_one_seat_twice_s49(
    database: Database, world: World, crowd: Crowd, made: Made, joined: Joined, now: datetime
) -> None:
    group, people = made(capacity=1), crowd(2)
    joined(group, people[0])

    def seat(number: int, capacity: int = 1) -> GroupSeat:
        return GroupSeat(
            group_id=group.id,
            capacity=capacity,
            person_id=people[1].id,
            state="in",
            number=number,
            offers=0,
            in_portal=True,
            changed_at=now,
        )

    for wrong in (seat(1), seat(2), seat(2, capacity=2)):
        with pytest.raises(IntegrityError), database.transaction() as fresh:
            fresh.add(wrong)


def test_a_clash_is_known_before_and_the_other_time_stays(
    app: Flask,
    database: Database,
    world: World,
    ask_as: AskAs,
    made: Made,
    joined: Joined,
    now: datetime,
) -> None:
    group = made()
    asker = ask_as(world.other_coach)
    with database.transaction() as fresh:
        fresh.execute(
            update(Enrolment)
            .where(Enrolment.person_id == world.participant.id)
            .values(coach_id=world.other_coach.id)
        )
    with database.transaction() as fresh:
        wish = Wish(FIRST + timedelta(weeks=1), "phone")
        booking.book_for(fresh, asker, world.participant.id, wish, now, anyway=True)
    with database.reading() as fresh:
        every = sessions(fresh, group)
        found = seating_service.clashing(fresh, [world.participant.id], every)
        assert found == {world.participant.id: [every[1]]}
    assert joined(group, world.participant).state == "in"
    with database.reading() as fresh:
        kinds = select(BusyTime.cause_kind).where(BusyTime.subject_id == world.participant.id)
        assert sorted(fresh.scalars(kinds)) == ["appointment", *["group_part"] * 3]


def test_nobody_of_another_team_or_organisation_can_join_s4(
    database: Database, world: World, ask_as: AskAs, made: Made, now: datetime
) -> None:
    group = made()
    for stranger in (world.other_participant, world.far_participant):
        with database.transaction() as fresh, pytest.raises(NoResultFound):
            seat_service.join(fresh, ask_as(stranger), group.id, now)


def test_a_group_that_staff_fill_is_joined_by_nobody(
    database: Database, world: World, ask_as: AskAs, made: Made, now: datetime
) -> None:
    group = made(is_open=False)
    with database.transaction() as fresh, pytest.raises(NoResultFound):
        seat_service.join(fresh, ask_as(world.participant), group.id, now)


def test_a_group_that_is_over_is_joined_by_nobody(
    database: Database, world: World, ask_as: AskAs, made: Made, now: datetime
) -> None:
    group = made()
    with database.transaction() as fresh, pytest.raises(Over):
        seat_service.join(fresh, ask_as(world.participant), group.id, now + timedelta(days=60))


def test_staff_put_in_and_the_person_is_told_once(
    app: Flask, database: Database, world: World, ask_as: AskAs, made: Made, now: datetime
) -> None:
    group = made(is_open=False)
    for _twice in range(2):
        with database.transaction() as fresh:
            seat_service.put_in(fresh, ask_as(world.coach), group.id, world.participant.id, now)
    told = messages(database, "meeting_booked")
    assert [one.body for one in told] == ["Du har ett möte tisdag 1 december klockan 10.00."]
    with database.transaction() as fresh:
        seat_service.take_out(fresh, ask_as(world.coach), group.id, world.participant.id, now)
    told = messages(database, "meeting_cancelled_more")
    assert [one.recipient_id for one in told] == [world.participant.id]
    with database.reading() as fresh:
        held = select(func.count()).where(BusyTime.subject_id == world.participant.id)
        assert fresh.scalar(held) == 0


def test_a_coach_puts_in_their_own_alone_and_nobody_protected_s37(
    app: Flask, database: Database, world: World, ask_as: AskAs, made: Made, now: datetime
) -> None:
    group = made(is_open=False)
    with database.transaction() as fresh, pytest.raises(NoResultFound):
        seat_service.put_in(fresh, ask_as(world.other_coach), group.id, world.participant.id, now)
    with database.transaction() as fresh:
        fresh.get_one(Person, world.participant.id).protected = True
    with database.transaction() as fresh, pytest.raises((NoResultFound, NotForThem)):
        seat_service.put_in(fresh, ask_as(world.coach), group.id, world.participant.id, now)


def test_whoever_gets_protected_identity_or_leaves_the_team_is_in_no_group_s37(
    app: Flask, database: Database, crowd: Crowd, made: Made, joined: Joined, now: datetime
) -> None:
    group, people = made(), crowd(4)
    for one in people:
        joined(group, one)
    with database.transaction() as fresh:
        fresh.get_one(Person, people[0].id).protected = True
        gone = update(Enrolment).where(Enrolment.person_id == people[2].id)
        fresh.execute(gone.values(closed_on=now.date()))
    with database.transaction() as fresh:
        assert seat_service.round_of(fresh, now) == 2
    with database.reading() as fresh:
        found = seats(fresh, group)
        assert [found[one.id].state for one in people] == ["left", "in", "left", "offered"]


def test_whoever_must_see_no_trace_gets_a_free_seat_unasked_and_unheard_s33(
    app: Flask, database: Database, ask_as: AskAs, crowd: Crowd, world: World, made: Made, now: datetime
) -> None:
    group, people = made(capacity=1, is_open=False), crowd(2)
    coach = ask_as(world.coach)
    with database.transaction() as fresh:
        seat_service.put_in(fresh, coach, group.id, people[0].id, now)
        seat_service.put_in(fresh, coach, group.id, people[1].id, now, in_portal=False)
        seat_service.take_out(fresh, coach, group.id, people[0].id, now)
    with database.reading() as fresh:
        assert seats(fresh, group)[people[1].id].state == "in"
        about_them = select(func.count()).where(OutboxMessage.recipient_id == people[1].id)
        assert fresh.scalar(about_them) == 0
        held = select(func.count()).where(BusyTime.subject_id == people[1].id)
        assert fresh.scalar(held) == 0


def test_more_seats_go_to_those_who_wait_and_fewer_than_are_taken_cannot_be(
    app: Flask,
    database: Database,
    world: World,
    ask_as: AskAs,
    crowd: Crowd,
    made: Made,
    joined: Joined,
    now: datetime,
) -> None:
    group, people = made(capacity=3), crowd(5)
    for one in people:
        joined(group, one)
    coach = ask_as(world.coach)
    with database.transaction() as fresh, pytest.raises(service.TooFew):
        service.change(fresh, coach, group.id, about(capacity=2), now)
    with database.transaction() as fresh:
        service.change(fresh, coach, group.id, about(capacity=4), now)
    with database.reading() as fresh:
        found = seats(fresh, group)
        assert [found[one.id].state for one in people] == ["in", "in", "in", "offered", "waiting"]
        assert {one.capacity for one in found.values()} == {4}
    # The seats that are left are renumbered: nobody sits above the last one.
    with database.transaction() as fresh:
        seat_service.leave(fresh, ask_as(people[0]), group.id, now)
        seat_service.leave(fresh, ask_as(people[3]), group.id, now)
        seat_service.decline(fresh, ask_as(people[4]), group.id, now)
        service.change(fresh, coach, group.id, about(capacity=2), now)
    with database.reading() as fresh:
        numbers = select(GroupSeat.number).where(GroupSeat.state == "in")
        assert sorted(one or 0 for one in fresh.scalars(numbers)) == [1, 2]


def test_moving_a_session_tells_everybody_once_and_holds_the_new_time(
    app: Flask,
    database: Database,
    world: World,
    ask_as: AskAs,
    crowd: Crowd,
    made: Made,
    joined: Joined,
    now: datetime,
) -> None:
    group, people = made(), crowd(2)
    for one in people:
        joined(group, one)
    later = Span(FIRST + timedelta(days=1), FIRST + timedelta(days=1, hours=2))
    coach = ask_as(world.coach)
    for _twice in range(2):
        with database.transaction() as fresh:
            first = sessions(fresh, group)[0]
            uid = first.uid
            session_service.move_session(fresh, coach, first.id, Change(later, ""), now, seen=0)
    told = messages(database, "meeting_moved")
    assert {one.recipient_id for one in told} == {one.id for one in people}
    assert len(told) == 2
    assert told[0].body == "Din nya mötestid är onsdag 2 december klockan 10.00."
    with database.reading() as fresh:
        moved = sessions(fresh, group)[0]
        assert (moved.uid, moved.revision) == (uid, 1)
        held = select(BusyTime.subject_id).where(BusyTime.starts_at == later.start)
        assert set(fresh.scalars(held)) == {world.coach.id, *(one.id for one in people)}
    with database.transaction() as fresh, pytest.raises(session_service.ChangedSince):
        session_service.move_session(fresh, coach, moved.id, Change(spans()[0], ""), now, seen=0)


def test_moving_over_somebodys_other_meeting_is_said_first_and_that_meeting_stays(
    app: Flask, database: Database, world: World, ask_as: AskAs, made: Made, joined: Joined, now: datetime
) -> None:
    group = made()
    joined(group, world.participant)
    busy = Span(FIRST + timedelta(days=1), FIRST + timedelta(days=1, hours=1))
    from portal.availability.service import Holding, occupy

    with database.transaction() as fresh:
        occupy(fresh, "appointment", world.second_participant.id, [Holding(world.participant.id, busy)])
    coach = ask_as(world.coach)
    with database.reading() as fresh:
        first = sessions(fresh, group)[0]
    wish = Change(busy, "")
    with pytest.raises(session_service.OthersBusy) as said, database.transaction() as fresh:
        session_service.move_session(fresh, coach, first.id, wish, now, seen=0)
    assert said.value.people == (world.participant.id,)
    with database.transaction() as fresh:
        session_service.move_session(fresh, coach, first.id, wish, now, seen=0, anyway=True)
    with database.reading() as fresh:
        assert sessions(fresh, group)[0].starts_at == busy.start
        mine = select(BusyTime.cause_kind).where(
            BusyTime.subject_id == world.participant.id, BusyTime.starts_at == busy.start
        )
        assert list(fresh.scalars(mine)) == ["appointment"]


def test_cancelling_a_session_tells_everybody_once_and_frees_the_time(
    app: Flask, database: Database, world: World, ask_as: AskAs, made: Made, joined: Joined, now: datetime
) -> None:
    group = made()
    joined(group, world.participant)
    with database.reading() as fresh:
        first = sessions(fresh, group)[0]
    for _twice in range(2):
        with database.transaction() as fresh:
            session_service.cancel_session(fresh, ask_as(world.coach), first.id, now, seen=0)
    told = messages(database, "meeting_cancelled")
    assert [one.body for one in told] == ["Mötet tisdag 1 december klockan 10.00 är inställt."]
    with database.reading() as fresh:
        assert fresh.scalar(select(func.count()).where(BusyTime.starts_at == first.starts_at)) == 0
        assert sessions(fresh, group)[0].revision == 1


def test_only_whoever_leads_the_group_or_the_team_moves_and_cancels(
    app: Flask, database: Database, world: World, ask_as: AskAs, made: Made, now: datetime
) -> None:
    group = made()
    with database.reading() as fresh:
        first = sessions(fresh, group)[0]
    for stranger in (world.other_coach, world.far_coach):
        with database.transaction() as fresh, pytest.raises(NoResultFound):
            session_service.cancel_session(fresh, ask_as(stranger), first.id, now, seen=0)
    with database.transaction() as fresh:
        session_service.cancel_session(fresh, ask_as(world.lead), first.id, now, seen=0)


def test_a_leader_who_is_busy_makes_no_group(
    app: Flask, database: Database, world: World, made: Made
) -> None:
    made()
    with pytest.raises(session_service.LeaderBusy) as said:
        made()
    assert said.value.starts == tuple(one.start for one in spans())
    with database.reading() as fresh:
        assert fresh.scalar(select(func.count()).select_from(Group)) == 1


def asker_marks(
    database: Database, asker: Asker, group: Group, marks: dict[int, tuple[str, str]], at: datetime
) -> int:
    with database.transaction() as fresh:
        first = sessions(fresh, group)[0]
        parts = session_service.parts_of(fresh, first)
        chosen = {parts[number].id: mark for number, mark in marks.items()}
        return attendance_service.note_attendance(fresh, asker, first.id, chosen, at).done


def test_who_came_is_noted_for_all_at_once_and_what_another_noted_stays(
    app: Flask,
    database: Database,
    world: World,
    ask_as: AskAs,
    crowd: Crowd,
    made: Made,
    joined: Joined,
    now: datetime,
) -> None:
    group, people = made(capacity=4), crowd(4)
    for one in people:
        joined(group, one)
    coach, lead = ask_as(world.coach), ask_as(world.lead)
    with pytest.raises(session_service.TooEarly):
        asker_marks(database, coach, group, {0: ("none", "came")}, now)
    at = FIRST + timedelta(minutes=10)
    marks = {0: ("none", "came"), 1: ("none", "late"), 2: ("none", "sent_word"), 3: ("none", "absent")}
    assert asker_marks(database, coach, group, marks, at) == 4
    # Whoever opened the page before writes over nothing that they have not seen.
    assert asker_marks(database, lead, group, {0: ("none", "none"), 1: ("none", "came")}, at) == 0
    assert asker_marks(database, lead, group, {0: ("came", "came"), 1: ("late", "came")}, at) == 1
    with database.reading() as fresh:
        parts = session_service.parts_of(fresh, sessions(fresh, group)[0])
        assert [one.attendance for one in parts] == ["came", "came", "sent_word", "absent"]
        assert [one.attendance_by for one in parts][:2] == [world.coach.id, world.lead.id]
    assert asker_marks(database, coach, group, {0: ("came", "none")}, at) == 1
    with database.reading() as fresh:
        assert session_service.parts_of(fresh, sessions(fresh, group)[0])[0].attended_at is None
