"""Answering question by question, over several sessions, and sending once; on both databases."""

import json
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.db import Database
from portal.identity.models import Person
from portal.identity.waiting_queries import waiting
from portal.journal.service import take_notes
from portal.organisation.rules import Rules
from portal.surveys import queries, service
from portal.surveys.models import SurveyAnswer, SurveySheet
from portal.surveys.service import AlreadySent, NotOpen, WrongKey
from portal.surveys.sheet_queries import sheet
from portal.web.asker import Asker, House
from tests.support.world import World
from tests.surveys.conftest import People, open_survey


@pytest.fixture
def me(asked: World, people: People) -> Asker:
    """The first participant, through the first door, while the survey is open."""
    return people.of(asked.participant, tier=1)


def states(session: Session) -> dict[str, str]:
    return {row.question: row.state for row in session.scalars(select(SurveyAnswer))}


def with_rules(asker: Asker, rules: Rules) -> Asker:
    return replace(asker, house=House(settings=json.dumps(rules.to_json())))


def test_every_way_to_answer_is_a_state_of_its_own(session: Session, me: Asker, now: datetime) -> None:
    for number, given in enumerate(("very-good", "dont_know", "not_for_me", ""), start=1):
        service.answer(session, me, "ongoing", number, given, now)
    assert states(session) == {
        "reception": "answered",
        "time": "dont_know",
        "reply": "not_for_me",
        "influence": "skipped",
    }


def test_an_answer_stores_its_version_language_and_direction_sealed(
    session: Session, asked: World, people: People, now: datetime
) -> None:
    reader = people.of(asked.second_participant, language="ar")
    service.answer(session, reader, "ongoing", 1, "very-bad", now)
    row = session.scalars(select(SurveyAnswer)).one()
    assert (row.language, row.direction, row.answer) == ("ar", "rtl", "very-bad")
    assert b"very-bad" not in (row.answer_sealed or b"")
    assert session.scalars(select(SurveySheet.version)).one() == queries.current().version


def test_a_new_answer_takes_the_place_of_the_old(session: Session, me: Asker, now: datetime) -> None:
    service.answer(session, me, "ongoing", 1, "bad", now)
    service.answer(session, me, "ongoing", 1, "good", now)
    assert [step.answer for step in sheet(session, me, "ongoing", now).steps][:2] == ["good", ""]


def test_another_session_goes_on_at_the_first_empty_question_and_reads_nothing_back(
    session: Session, me: Asker, now: datetime
) -> None:
    service.answer(session, me, "ongoing", 1, "bad", now)
    later = replace(me, session_id=uuid.uuid4())
    found = sheet(session, later, "ongoing", now)
    assert found.next_number == 2
    assert (found.steps[0].handled, found.steps[0].readable, found.steps[0].answer) == (True, False, "")
    behind = sheet(session, replace(later, tier=2), "ongoing", now)
    assert behind.steps[0].answer == "bad"


def test_nobody_else_finds_the_sheet(session: Session, me: Asker, people: People, now: datetime) -> None:
    """S2"""
    service.answer(session, me, "ongoing", 1, "bad", now)
    other = people.of(people.world.second_participant)
    assert not sheet(session, other, "ongoing", now).begun
    for who, role in (("coach", "coach"), ("lead", "lead"), ("admin", "admin")):
        with pytest.raises(NoResultFound):
            sheet(session, people.of(getattr(people.world, who), role), "ongoing", now)


def test_sending_passes_over_the_rest_and_is_done_once(session: Session, me: Asker, now: datetime) -> None:
    """S40"""
    service.answer(session, me, "ongoing", 1, "bad", now)
    key = sheet(session, me, "ongoing", now).key
    assert key
    with pytest.raises(WrongKey):
        service.send(session, me, "ongoing", uuid.uuid4(), now)
    assert service.send(session, me, "ongoing", key, now)
    assert not service.send(session, me, "ongoing", key, now + timedelta(days=90))
    found = states(session)
    assert len(found) == len(queries.current().questions)
    assert sorted(found.values()).count("skipped") == len(found) - 1
    with pytest.raises(AlreadySent):
        service.answer(session, me, "ongoing", 2, "often", now)


def test_what_was_never_begun_is_not_sent(session: Session, me: Asker, now: datetime) -> None:
    with pytest.raises(WrongKey):
        service.send(session, me, "ongoing", uuid.uuid4(), now)


def test_too_early_too_late_and_not_there(session: Session, me: Asker, now: datetime) -> None:
    for away in (timedelta(days=-5), timedelta(days=27)):
        with pytest.raises(NotOpen):
            service.answer(session, me, "ongoing", 1, "good", now + away)
    for number in (0, 15):
        with pytest.raises(NoResultFound):
            service.answer(session, me, "ongoing", number, "good", now)
    with pytest.raises(NoResultFound):
        service.answer(session, me, "closure", 1, "good", now)


def test_who_has_left_is_asked_the_other_round(
    session: Session, me: Asker, people: People, now: datetime
) -> None:
    open_survey(session, people.world.participant, closed_on=date(2026, 11, 20))
    with pytest.raises(NotOpen):
        service.answer(session, me, "ongoing", 1, "good", now)
    service.answer(session, me, "closure", 1, "good", now)
    assert sheet(session, me, "closure", now).window.last == date(2026, 12, 20)


def offered(session: Session, asker: Asker, rules: Rules, now: datetime) -> list[tuple[str, bool]]:
    found = waiting(session, asker, now, queries.waiting_selects(asker, rules, now))
    return [(todo.which, todo.begun) for todo in queries.todos(found, asker, rules, now)]


def test_the_first_page_is_told_what_waits(
    session: Session, me: Asker, people: People, now: datetime
) -> None:
    rules = Rules()
    assert offered(session, me, rules, now) == [("ongoing", False)]
    service.answer(session, me, "ongoing", 1, "good", now)
    assert offered(session, me, rules, now) == [("ongoing", True)]
    assert offered(session, me, Rules(survey_ongoing=False), now) == []
    assert offered(session, me, Rules(survey_ongoing=False, survey_closure=False), now) == []
    assert offered(session, me, rules, now - timedelta(days=5)) == []
    assert offered(session, me, rules, now + timedelta(days=27)) == []
    key = sheet(session, me, "ongoing", now).key
    assert key
    service.send(session, me, "ongoing", key, now)
    assert offered(session, me, rules, now) == []
    open_survey(session, people.world.participant, closed_on=date(2026, 11, 20))
    assert offered(session, me, rules, now) == [("closure", False)]


def test_who_is_not_three_months_in_is_not_asked(
    session: Session, world: World, people: People, now: datetime
) -> None:
    assert offered(session, people.of(world.participant), Rules(), now) == []


def test_nobody_with_protected_identity_is_asked(session: Session, me: Asker, now: datetime) -> None:
    """S37"""
    session.execute(update(Person).where(Person.id == me.person_id).values(protected=True))
    assert offered(session, me, Rules(), now) == []
    with pytest.raises(NoResultFound):
        sheet(session, me, "ongoing", now)


def test_a_round_that_is_not_asked_any_more_is_closed(session: Session, me: Asker, now: datetime) -> None:
    closed = with_rules(me, Rules(survey_ongoing=False))
    with pytest.raises(NoResultFound):
        sheet(session, closed, "ongoing", now)
    service.answer(session, me, "ongoing", 1, "good", now)
    assert sheet(session, closed, "ongoing", now).state == "late"
    with pytest.raises(NotOpen):
        service.answer(session, closed, "ongoing", 2, "good", now)


def test_the_journal_says_that_it_was_answered_and_not_what(
    session: Session, me: Asker, now: datetime
) -> None:
    """S42"""
    take_notes(session)
    service.answer(session, me, "ongoing", 1, "very-bad", now)
    notes = take_notes(session)
    assert {(row["action"], row["kind"]) for row in notes} == {("read", "survey"), ("change", "survey")}
    assert "very-bad" not in str(notes)


def test_two_first_taps_at_once_make_one_sheet(
    database: Database, asked: World, people: People, now: datetime
) -> None:
    me = people.of(asked.participant, tier=1)

    def tap(number: int) -> None:
        start.wait(30)
        with database.transaction() as fresh:
            service.answer(fresh, me, "ongoing", 1 + number % 2, "good" if number % 2 == 0 else "often", now)

    start = threading.Barrier(8)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(tap, range(8)))
    with database.reading() as fresh:
        assert fresh.scalar(select(func.count()).select_from(SurveySheet)) == 1
        assert fresh.scalar(select(func.count()).select_from(SurveyAnswer)) == 2
