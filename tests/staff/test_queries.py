"""Who is on a coach's list: own participants alone, each once, at the same cost for 3 and for 30."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from portal.db import Database
from portal.identity.models import Enrolment, Person
from portal.identity.people.rules import PAGE_SIZE
from portal.journal import service as journal
from portal.journal.service import NOTES
from portal.staff import overview_queries, queries, rules, service
from portal.staff.service import Handling
from tests.support.objects import asker_of
from tests.support.paper import typed
from tests.support.world import World, add_participant


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The SELECTs of a block."""
    found: list[str] = []

    def note(*call: object) -> None:
        statement = str(call[2])
        if statement.lstrip().upper().startswith("SELECT"):
            found.append(statement)

    for engine in database.engines:
        event.listen(engine, "before_cursor_execute", note)
    yield found
    for engine in database.engines:
        event.remove(engine, "before_cursor_execute", note)


def test_the_list_has_ones_own_people_with_their_reasons(
    busy_world: World, session: Session, now: datetime
) -> None:
    """S2, S4"""
    today = queries.today(session, asker_of(session, busy_world.coach), now)
    assert [(row.name, [cause.kind for cause in row.need.causes]) for row in today.needs.items] == [
        ("Amina H.", [rules.HELP]),
        ("Yonas T.", [rules.MISSED, rules.NO_MEETING]),
    ]
    assert [meeting.person for meeting in today.meetings] == ["Amina H."]
    assert (today.participants, today.name) == (2, "Karin")


def test_everybody_named_in_the_morning_is_noted_as_read(
    busy_world: World, session: Session, now: datetime
) -> None:
    """S42: who missed a meeting or has none is on the list, and the participant can see who has looked."""
    coach = asker_of(session, busy_world.coach)
    queries.today(session, coach, now)
    noted = {note["subject_id"] for note in journal.take_notes(session) if note["kind"] == "attention"}
    assert noted == {busy_world.participant.id, busy_world.second_participant.id}


def test_a_lead_sees_the_team(busy_world: World, session: Session, now: datetime) -> None:
    today = queries.today(session, asker_of(session, busy_world.lead), now)
    assert {row.name for row in today.needs.items} == {"Amina H.", "Yonas T."}


def test_handled_is_gone_and_can_be_taken_back(busy_world: World, session: Session, now: datetime) -> None:
    coach = asker_of(session, busy_world.coach)
    need = queries.need_of(session, coach, busy_world.second_participant.id, now)
    keys = tuple(cause.key for cause in need.need.causes)
    service.handle(session, coach, Handling(need.need.person_id, keys, rules.CALLED), now)
    later = queries.today(session, coach, now + timedelta(days=9))
    assert "Yonas T." not in [row.name for row in later.needs.items]
    assert [(row.name, row.outcome) for row in queries.today(session, coach, now).handled] == [
        ("Yonas T.", "called")
    ]
    service.take_back(session, coach, need.need.person_id, now, now)
    assert "Yonas T." in [row.name for row in queries.today(session, coach, now).needs.items]


def test_somebody_who_has_left_is_on_no_list(busy_world: World, session: Session, now: datetime) -> None:
    enrolment = session.query(Enrolment).filter_by(person_id=busy_world.participant.id).one()
    enrolment.closed_on = now.date()
    session.flush()
    today = queries.today(session, asker_of(session, busy_world.coach), now)
    assert [row.name for row in today.needs.items] == ["Yonas T."]


def test_a_protected_person_is_on_no_list(busy_world: World, session: Session, now: datetime) -> None:
    """S37"""
    found = session.get(Person, busy_world.participant.id)
    assert found is not None
    found.protected = True
    session.flush()
    today = queries.today(session, asker_of(session, busy_world.coach), now)
    assert [row.name for row in today.needs.items] == ["Yonas T."]
    assert today.meetings == ()


def add_many(session: Session, world: World, count: int, now: datetime) -> None:
    """So many more participants for the world's coach."""
    for number in range(count):
        phone = f"+4670174{660 + number:04d}"
        add_participant(session, world.here, f"Person {number}", now, coach=world.coach, phone=phone)


def test_thirty_participants_cost_as_many_questions_as_two(
    busy_world: World, database: Database, session: Session, now: datetime
) -> None:
    coach = asker_of(session, busy_world.coach)
    with counted(database) as few:
        queries.today(session, coach, now)
    add_many(session, busy_world, 28, now)
    with counted(database) as many:
        found = queries.today(session, coach, now)
    assert found.participants == 30
    assert len(found.needs.items) == 30
    assert len(many) == len(few)


def test_a_long_list_comes_page_by_page_and_names_only_whom_it_shows(
    busy_world: World, session: Session, now: datetime
) -> None:
    """S42: only who stands on the page is noted as read."""
    coach = asker_of(session, busy_world.coach)
    add_many(session, busy_world, 40, now)
    first = queries.today(session, coach, now)
    noted = [one for one in session.info[NOTES].values() if one["kind"] == "attention"]
    assert {one["subject_id"] for one in noted} == {row.need.person_id for row in first.needs.items}
    second = queries.today(session, coach, now, number=2)
    shown = [row.need.person_id for row in (*first.needs.items, *second.needs.items)]
    assert len(first.needs.items) == PAGE_SIZE
    assert len(shown) == len(set(shown)) == first.needs.total == first.participants
    assert queries.today(session, coach, now, number=9).needs.number == 2


def test_a_page_about_one_person_notes_nobody_else(
    busy_world: World, session: Session, now: datetime
) -> None:
    """S42: that others have answered, fallen or asked for help is not looked up for it."""
    world, coach = busy_world, asker_of(session, busy_world.coach)
    for person in (world.participant, world.second_participant):
        typed(session, coach, person.id, (60, 60, 60, 60), now - timedelta(days=14))
        typed(session, coach, person.id, (40, 40, 40, 40), now - timedelta(days=1))
    for asker in (coach, asker_of(session, world.lead)):
        for open_page in (overview_queries.overview, queries.need_of):
            for person in (world.participant, world.second_participant):
                journal.take_notes(session)
                open_page(session, asker, person.id, now)
                assert {note["subject_id"] for note in journal.take_notes(session)} == {person.id}


def test_a_page_of_the_list_notes_whose_answers_and_plans_it_shows(
    busy_world: World, session: Session, now: datetime
) -> None:
    """S42: of the others, neither what their first reading says nor what is on the next page."""
    coach = asker_of(session, busy_world.coach)
    for number in range(PAGE_SIZE + 5):
        phone = f"+4670174{660 + number:04d}"
        person = add_participant(
            session, busy_world.here, f"Person {number}", now, coach=busy_world.coach, phone=phone
        )
        typed(session, coach, person.id, (60, 60, 60, 60), now - timedelta(days=14))
        if number % 2 or number > PAGE_SIZE:
            typed(session, coach, person.id, (40, 40, 40, 40), now - timedelta(days=1, minutes=number))
    typed(session, coach, busy_world.participant.id, (60, 60, 60, 60), now - timedelta(days=1))
    seen = set()
    for number in (1, 2):
        journal.take_notes(session)
        page = queries.today(session, coach, now, number=number)
        notes = {(note["kind"], note["subject_id"]) for note in journal.take_notes(session)}
        kinds = {row.need.person_id: {cause.kind for cause in row.need.causes} for row in page.needs.items}
        fallen = {person_id for person_id, why in kinds.items() if rules.SCALE in why}
        asking = {person_id for person_id, why in kinds.items() if rules.HELP in why}
        # Amina's meeting is today, so that her first reading stands beside it.
        answers = fallen | {busy_world.participant.id}
        assert {one for kind, one in notes if kind == "answers"} == answers
        assert {one for kind, one in notes if kind == "plan"} == asking
        seen |= fallen
    assert len(seen) == 19


def test_news_are_what_came_after_the_last_copy(busy_world: World, session: Session, now: datetime) -> None:
    coach, amina = asker_of(session, busy_world.coach), busy_world.participant.id
    first = overview_queries.news(session, coach, amina, now)
    assert (len(first.meetings), [change.action for change in first.changes]) == (1, ["help_asked", "add"])
    service.mark_copied(session, coach, amina, now)
    assert overview_queries.news(session, coach, amina, now + timedelta(hours=1)).empty


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "2026-11-24T08:00:00",
        "2999-01-01T00:00:00+00:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
    ],
)
def test_a_page_from_no_time_or_from_the_future_counts_as_now(text: str, now: datetime) -> None:
    assert overview_queries.read_moment(text, now) == now


def test_a_page_says_when_it_was_made(now: datetime) -> None:
    earlier = now - timedelta(minutes=3)
    assert overview_queries.read_moment(earlier.isoformat(), now) == earlier
