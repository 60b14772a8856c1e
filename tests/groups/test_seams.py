"""Where a group meets what else becomes of a person: closed sign-in, closing, another team, another place."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import NoResultFound

from portal.db import Database
from portal.groups import seat_service, service, session_service
from portal.groups.models import Group, GroupPart, GroupSeat
from portal.identity.models import Enrolment, Person
from portal.identity.people import course_service as enrolments
from portal.identity.people.course_service import Closure
from portal.journal import service as journal
from portal.messaging.models import OutboxMessage
from portal.reminders import call_queries
from portal.reminders import service as reminders
from portal.staff import course_service
from tests.booking.conftest import AskAs
from tests.conftest import SignIn
from tests.groups.conftest import FIRST, Made, about, seats, send_all, sessions, spans
from tests.support.world import World

Joined = Callable[..., GroupSeat]
Crowd = Callable[[int], list[Person]]
OFF = "meeting_cancelled_more"


def round_at(database: Database, at: datetime) -> int:
    with database.transaction() as fresh:
        return seat_service.round_of(fresh, at)


def would_send(database: Database, kind: str, at: datetime) -> list[str]:
    """What the outbox would do now with each message of a kind."""
    with database.transaction() as fresh:
        found = fresh.scalars(select(OutboxMessage).where(OutboxMessage.kind == kind)).all()
        return [type(reminders.check(fresh, one, at)).__name__ for one in found]


def change(database: Database, ask_as: AskAs, world: World, group: Group, at: datetime, **more: str) -> None:
    """The group becomes this."""
    with database.transaction() as fresh:
        service.change(fresh, ask_as(world.coach), group.id, about(**more), at)


def move(database: Database, ask_as: AskAs, world: World, group: Group, number: int, at: datetime) -> None:
    """One of its sessions is a day later, and people wait for the message about it."""
    with database.transaction() as fresh:
        one = sessions(fresh, group)[number]
        later = spans(1, one.starts_at + timedelta(days=1))[0]
        wish = session_service.Change(later, "")
        session_service.move_session(fresh, ask_as(world.coach), one.id, wish, at, seen=one.revision)


def close(database: Database, ask_as: AskAs, world: World, at: datetime) -> None:
    with database.transaction() as fresh:
        person = fresh.get_one(Person, world.participant.id)
        course_service.close(fresh, ask_as(world.coach), person, Closure(at.date(), "work"), now=at)
        journal.write(fresh, journal.take_notes(fresh), at)


def test_whoever_cannot_sign_in_for_a_moment_keeps_their_seat(
    app: Flask, database: Database, world: World, made: Made, joined: Joined, now: datetime
) -> None:
    group = made()
    joined(group, world.participant)
    with database.transaction() as fresh:
        fresh.get_one(Person, world.participant.id).disabled_at = now
    with database.transaction() as fresh:
        assert seat_service.round_of(fresh, now) == 0
    with database.reading() as fresh:
        assert seats(fresh, group)[world.participant.id].state == "in"


def test_whoever_is_closed_by_mistake_keeps_their_seat_once_that_is_undone(
    app: Flask, database: Database, world: World, ask_as: AskAs, made: Made, joined: Joined, now: datetime
) -> None:
    group = made()
    joined(group, world.participant)
    close(database, ask_as, world, now)
    assert round_at(database, now + timedelta(minutes=10)) == 0
    with database.transaction() as fresh:
        person = fresh.get_one(Person, world.participant.id)
        enrolments.reopen(fresh, ask_as(world.coach), person)
    assert round_at(database, now + timedelta(hours=2)) == 0
    with database.reading() as fresh:
        assert seats(fresh, group)[world.participant.id].state == "in"
    assert would_send(database, OFF, now) == []


def test_whoever_is_closed_for_good_is_told_once_that_nothing_of_the_group_is_theirs(
    app: Flask, database: Database, world: World, ask_as: AskAs, made: Made, joined: Joined, now: datetime
) -> None:
    group = made()
    joined(group, world.participant)
    close(database, ask_as, world, now)
    later = now + timedelta(minutes=61)
    assert round_at(database, later) == 1
    assert round_at(database, later) == 0
    assert would_send(database, OFF, later) == ["Go"]
    with database.reading() as fresh:
        assert seats(fresh, group)[world.participant.id].state == "left"


def test_whoever_is_closed_just_before_a_session_is_told_at_once(
    app: Flask, database: Database, world: World, ask_as: AskAs, made: Made, joined: Joined
) -> None:
    group = made()
    joined(group, world.participant)
    soon = FIRST - timedelta(minutes=30)
    close(database, ask_as, world, soon)
    assert round_at(database, soon) == 1
    assert would_send(database, OFF, soon) == ["Go"]


@pytest.mark.parametrize("unsafe", [False, True])
def test_whoever_goes_to_another_team_is_told_if_they_may_be(
    app: Flask, database: Database, world: World, made: Made, joined: Joined, now: datetime, unsafe: bool
) -> None:
    group = made()
    joined(group, world.participant)
    with database.transaction() as fresh:
        fresh.get_one(Person, world.participant.id).sms_unsafe = unsafe
        gone = update(Enrolment).where(Enrolment.person_id == world.participant.id)
        fresh.execute(gone.values(team_id=world.here.other_team.id))
    assert round_at(database, now) == 1
    assert would_send(database, OFF, now) == ([] if unsafe else ["Go"])


def test_that_a_session_is_moved_is_still_said_when_the_group_meets_elsewhere(
    app: Flask, database: Database, world: World, ask_as: AskAs, made: Made, joined: Joined, now: datetime
) -> None:
    group = made()
    joined(group, world.participant)
    move(database, ask_as, world, group, 2, now)
    change(database, ask_as, world, group, now, place="Biblioteket")
    # Of the next session: that it is changed. Of the one that was moved: both, in one message.
    assert would_send(database, "meeting_changed", now) == ["Go"]
    assert "Go" in would_send(database, "meeting_moved_more", now)
    assert "Go" not in would_send(database, "meeting_moved", now)


def test_whoever_was_told_that_the_next_session_is_elsewhere_is_not_reminded_of_it_too(
    app: Flask, database: Database, world: World, ask_as: AskAs, made: Made, joined: Joined, now: datetime
) -> None:
    group = made()
    joined(group, world.participant)
    later = FIRST - timedelta(hours=20)
    change(database, ask_as, world, group, later, place="Biblioteket")
    with database.reading() as fresh:
        parts = fresh.scalars(select(GroupPart)).all()
        first = sessions(fresh, group)[0].id
        assert {one.settled_at for one in parts if one.session_id == first} == {later}
        # What nobody is told of is as it was: reminders of it stay what they are.
        assert {(one.revision, one.settled_at) for one in parts if one.session_id != first} == {(0, now)}
    with database.transaction() as fresh:
        assert reminders.tick(fresh, later) == 0


def test_that_a_group_meets_by_video_from_now_on_is_told(
    app: Flask, database: Database, world: World, ask_as: AskAs, made: Made, joined: Joined, now: datetime
) -> None:
    group = made()
    joined(group, world.participant)
    change(database, ask_as, world, group, now, mode="on_site")
    assert would_send(database, "meeting_changed", now) == ["Go"]


def test_the_link_of_one_session_is_a_button_for_whoever_is_in_and_nothing_to_others(
    database: Database,
    world: World,
    ask_as: AskAs,
    made: Made,
    joined: Joined,
    sign_in: SignIn,
    now: datetime,
) -> None:
    group, link = made(), "https://video.example/hemligt"
    with database.transaction() as fresh:
        first = sessions(fresh, group)[0]
        wish = session_service.Change(spans(1)[0], link)
        session_service.move_session(fresh, ask_as(world.coach), first.id, wish, now, seen=0)
    browser = sign_in(world.participant)
    assert link not in browser.get(f"/groups/{group.id}").text
    assert link not in browser.get(f"/groups/{group.id}/join").text
    joined(group, world.participant)
    page = browser.get(f"/groups/{group.id}").text
    assert f'href="{link}"' in page
    assert page.count(link) == 1


def test_behind_the_first_door_nobody_reads_how_a_group_meets_s30(
    world: World, made: Made, joined: Joined, sign_in: SignIn
) -> None:
    group = made(mode="walk")
    joined(group, world.participant)
    words = "Promenad"
    assert words in sign_in(world.participant).get(f"/groups/{group.id}").text
    page = sign_in(world.participant, tier=1).get(f"/groups/{group.id}")
    assert page.status_code == 200
    assert words not in page.text
    assert "#walk" not in page.text


def test_nobody_is_hidden_in_a_group_that_the_whole_team_sees_s33(
    database: Database, world: World, ask_as: AskAs, made: Made, sign_in: SignIn
) -> None:
    group = made()
    desk, browser = sign_in(world.coach), sign_in(world.participant)
    wish = {"person": str(world.participant.id), "hidden": "1"}
    answer = desk.post(f"/staff/groups/{group.id}/people", data=wish, follow_redirects=True)
    assert "Alla i teamet ser gruppen. Därför kan ingen vara dold i den." in answer.text
    assert browser.get(f"/groups/{group.id}").status_code == 200
    with database.reading() as fresh:
        assert seats(fresh, group) == {}


def test_a_group_with_somebody_hidden_is_not_opened_to_the_team_s33(
    app: Flask, database: Database, world: World, ask_as: AskAs, made: Made, now: datetime
) -> None:
    group, coach = made(is_open=False), ask_as(world.coach)
    with database.transaction() as fresh:
        seat_service.put_in(fresh, coach, group.id, world.participant.id, now, in_portal=False)
    with database.transaction() as fresh, pytest.raises(service.SomebodyHidden):
        service.change(fresh, coach, group.id, about(), now)
    with database.transaction() as fresh:
        service.change(fresh, coach, group.id, about(is_open=False), now)


def queue_of(
    database: Database, ask_as: AskAs, made: Made, joined: Joined, people: Sequence[Person], now: datetime
) -> Group:
    """A group with one seat, which the first of these has just given up; the others wait."""
    group = made(capacity=1)
    for one in people:
        joined(group, one)
    with database.transaction() as fresh:
        seat_service.leave(fresh, ask_as(people[0]), group.id, now)
    return group


def states(database: Database, group: Group, people: Sequence[Person]) -> list[str]:
    with database.reading() as fresh:
        found = seats(fresh, group)
        return [found[one.id].state for one in people]


def test_a_seat_for_somebody_who_is_rung_up_stands_on_the_list_and_is_not_lost_unheard(
    app: Flask,
    database: Database,
    world: World,
    ask_as: AskAs,
    crowd: Crowd,
    made: Made,
    joined: Joined,
    sign_in: SignIn,
    now: datetime,
) -> None:
    people = crowd(3)
    with database.transaction() as fresh:
        fresh.get_one(Person, people[1].id).way = "call"
    group = queue_of(database, ask_as, made, joined, people, now)
    assert states(database, group, people) == ["left", "offered", "waiting"]
    until, coach = now + timedelta(hours=24), ask_as(world.coach)
    with database.reading() as fresh:
        found = call_queries.seats(fresh, coach, now)
        assert [(one.person_id, one.says, one.starts_at) for one in found] == [(people[1].id, "seat", until)]
    page = sign_in(world.coach).get("/staff/calls").text
    assert "en plats i en grupp är ledig" in page
    assert "Du har något att svara på." in page
    # Nobody has written to them: the seat goes to the next, and the turn is still theirs.
    assert round_at(database, until) == 1
    assert states(database, group, people) == ["left", "waiting", "offered"]
    with database.reading() as fresh:
        assert call_queries.seats(fresh, coach, until) == ()
    with database.transaction() as fresh:
        seat_service.decline(fresh, ask_as(people[2]), group.id, until)
    assert states(database, group, people) == ["left", "offered", "left"]


def test_an_offer_whose_message_has_not_left_does_not_lapse(
    app: Flask, database: Database, ask_as: AskAs, crowd: Crowd, made: Made, joined: Joined, now: datetime
) -> None:
    people = crowd(3)
    group = queue_of(database, ask_as, made, joined, people, now)
    assert round_at(database, now + timedelta(hours=24)) == 1
    assert states(database, group, people) == ["left", "waiting", "offered"]
    send_all(database)
    assert round_at(database, now + timedelta(days=3)) == 1
    assert states(database, group, people) == ["left", "offered", "lapsed"]


def test_whoever_cannot_be_told_of_a_seat_is_passed_over_and_has_it_once_they_can(
    app: Flask,
    database: Database,
    world: World,
    ask_as: AskAs,
    crowd: Crowd,
    made: Made,
    joined: Joined,
    sign_in: SignIn,
    now: datetime,
) -> None:
    people = crowd(4)
    with database.transaction() as fresh:
        fresh.get_one(Person, people[1].id).sms_unsafe = True
    group = queue_of(database, ask_as, made, joined, people[:3], now)
    assert states(database, group, people[:3]) == ["left", "waiting", "offered"]
    page = sign_in(world.coach).get(f"/staff/groups/{group.id}").text
    assert page.count("Kan inte få frågan om en plats. Kön går förbi.") == 1
    # A seat that nobody can be told of is not kept from whoever comes.
    with database.transaction() as fresh:
        seat_service.decline(fresh, ask_as(people[2]), group.id, now)
    assert joined(group, people[3]).state == "in"
    with database.transaction() as fresh:
        seat_service.leave(fresh, ask_as(people[3]), group.id, now)
        fresh.get_one(Person, people[1].id).sms_unsafe = False
    assert round_at(database, now) == 0
    assert states(database, group, people) == ["left", "offered", "left", "left"]


def test_whoever_stands_in_for_a_leader_cancels_their_session(
    app: Flask, database: Database, world: World, ask_as: AskAs, made: Made, joined: Joined, now: datetime
) -> None:
    group = made()
    joined(group, world.participant)
    with database.reading() as fresh:
        first = sessions(fresh, group)[0]
    colleague = ask_as(world.other_coach)
    with database.transaction() as fresh, pytest.raises(NoResultFound):
        session_service.cancel_session(fresh, colleague, first.id, now, seen=0)
    stand_in = replace(colleague, stands_in_for=frozenset({world.coach.id}))
    with database.transaction() as fresh:
        session_service.cancel_session(fresh, stand_in, first.id, now, seen=0)
    assert would_send(database, "meeting_cancelled", now) == ["Go"]
