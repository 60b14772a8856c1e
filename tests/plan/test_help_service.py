"""Asking for help and answering: received once, promised a day, closed only by an outcome."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from portal.organisation.models import Organisation
from portal.plan import change_queries, help_service, queries, rules, service
from portal.plan.models import HelpRequest, PlanEvent, PlanStep
from tests.plan.conftest import Desk, asker_of


def ask(desk: Desk, step: PlanStep, words: str = "", request_id: uuid.UUID | None = None) -> HelpRequest:
    return help_service.ask_help(
        desk.session,
        desk.own,
        step_id=step.id,
        request_id=request_id or uuid.uuid4(),
        words=words,
        now=desk.now,
    )


def close(desk: Desk, asked: HelpRequest, outcome: str = "talked", words: str = "") -> None:
    help_service.close_help(
        desk.session,
        desk.coach,
        person_id=desk.person_id,
        request_id=asked.id,
        outcome=outcome,
        words=words,
        now=desk.now,
    )


def test_the_question_is_received_with_a_promised_day(desk: Desk) -> None:
    asked = ask(desk, desk.add(), "Jag hittar inte dit")
    assert (asked.words, asked.outcome, asked.closed_at) == ("Jag hittar inte dit", "", None)
    assert asked.due_on == date(2026, 11, 26)


def test_the_organisation_decides_how_long_an_answer_may_take(desk: Desk) -> None:
    organisation = desk.session.get_one(Organisation, desk.own.organisation_id)
    organisation.settings = {"answer_working_days": 5}
    desk.session.flush()
    assert ask(desk, desk.add()).due_on == date(2026, 12, 1)


def test_the_promise_counts_from_the_local_day(desk: Desk) -> None:
    """23.30 UTC on Tuesday is Wednesday in Stockholm."""
    desk.now = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    assert ask(desk, desk.add()).due_on == date(2026, 11, 27)


def test_the_same_form_twice_asks_once_also_after_the_answer(desk: Desk) -> None:
    """S40: back and resend after the coach has answered does not ask again."""
    step, request_id = desk.add(), uuid.uuid4()
    asked = ask(desk, step, "Hjälp", request_id)
    assert ask(desk, step, "Hjälp", request_id).id == asked.id
    close(desk, asked)
    assert ask(desk, step, "Hjälp", request_id).id == asked.id
    assert asked.outcome == "talked"


def test_two_tabs_ask_one_question_with_the_words_of_both(desk: Desk) -> None:
    step = desk.add()
    first, second = ask(desk, step, "Var är det?"), ask(desk, step, "När är det?")
    assert first.id == second.id
    assert first.words == "Var är det?\nNär är det?"
    ask(desk, step, "Var är det?")
    ask(desk, step, "")
    assert first.words == "Var är det?\nNär är det?"


def test_other_words_under_a_used_id_are_a_new_question_when_the_first_is_answered(desk: Desk) -> None:
    step, request_id = desk.add(), uuid.uuid4()
    first = ask(desk, step, "Var är det?", request_id)
    close(desk, first)
    second = ask(desk, step, "När är det?", request_id)
    assert second.id != first.id
    assert second.outcome == ""


@pytest.mark.parametrize("outcome", rules.OUTCOMES)
def test_only_an_outcome_closes_it(desk: Desk, outcome: str) -> None:
    step = desk.add()
    asked = ask(desk, step)
    desk.put(step, "done")
    assert asked.outcome == "", "a done step does not answer the question"
    close(desk, asked, outcome, "Vi ses på torsdag")
    assert (asked.outcome, asked.outcome_words, asked.closed_by) == (
        outcome,
        "Vi ses på torsdag",
        desk.coach.person_id,
    )


@pytest.mark.parametrize("outcome", ["", "other"])
def test_an_unknown_outcome_is_refused(desk: Desk, outcome: str) -> None:
    asked = ask(desk, desk.add())
    with pytest.raises(ValueError, match="outcome"):
        close(desk, asked, outcome)
    assert asked.closed_at is None


def test_the_same_answer_twice_is_once_and_another_is_told(desk: Desk) -> None:
    asked = ask(desk, desk.add())
    close(desk, asked, "talked", "Ja")
    close(desk, asked, "talked", "Ja")
    with pytest.raises(service.NotFromHere):
        close(desk, asked, "booked", "Nej")
    assert (asked.outcome, asked.outcome_words) == ("talked", "Ja")
    actions = desk.session.scalars(select(PlanEvent.action)).all()
    assert actions.count("help_closed") == 1


def reopen(desk: Desk, asked: HelpRequest, answered_at: datetime | None = None) -> bool:
    return help_service.reopen_help(
        desk.session,
        desk.coach,
        person_id=desk.person_id,
        request_id=asked.id,
        answered_at=answered_at or desk.now,
        now=desk.now,
    )


def test_an_answer_given_by_mistake_is_taken_back_once(desk: Desk) -> None:
    asked = ask(desk, desk.add(), "Hjälp")
    due_on = asked.due_on
    close(desk, asked, "talked", "Ja")
    assert reopen(desk, asked)
    assert reopen(desk, asked), "twice is once"
    assert (asked.outcome, asked.outcome_words, asked.closed_at, asked.due_on) == ("", "", None, due_on)
    close(desk, asked, "booked")
    reopen(desk, asked)
    told = rules.lasting(change_queries.changes(desk.session, desk.coach, desk.person_id))
    assert [change.action for change in told] == ["add", "help_asked"]


def test_a_colleagues_later_answer_stands(desk: Desk) -> None:
    asked = ask(desk, desk.add(), "Hjälp")
    close(desk, asked, "talked", "Ja")
    reopen(desk, asked)
    desk.now += timedelta(minutes=1)
    close(desk, asked, "booked", "Torsdag klockan 10")
    assert not reopen(desk, asked, desk.now - timedelta(minutes=1))
    assert (asked.outcome, asked.outcome_words) == ("booked", "Torsdag klockan 10")


def test_a_question_asked_again_keeps_the_old_answer(desk: Desk) -> None:
    step = desk.add()
    first = ask(desk, step, "Var?")
    close(desk, first)
    second = ask(desk, step, "När?")
    assert not reopen(desk, first)
    assert (first.outcome, second.outcome) == ("talked", "")


def test_help_with_somebody_elses_step_is_not_found(desk: Desk) -> None:
    """S2: the participant's own plan only."""
    step = desk.add()
    stranger = asker_of(desk.world.second_participant, "participant")
    with pytest.raises(NoResultFound):
        help_service.ask_help(
            desk.session, stranger, step_id=step.id, request_id=uuid.uuid4(), words="", now=desk.now
        )


@pytest.mark.parametrize("who", ["other_coach", "far_coach"])
def test_another_coach_cannot_answer(desk: Desk, who: str) -> None:
    asked = ask(desk, desk.add())
    stranger = asker_of(getattr(desk.world, who), "coach")
    with pytest.raises(NoResultFound):
        help_service.close_help(
            desk.session,
            stranger,
            person_id=desk.person_id,
            request_id=asked.id,
            outcome="talked",
            words="",
            now=desk.now,
        )


def test_an_answer_through_another_person_is_not_found(desk: Desk) -> None:
    asked = ask(desk, desk.add())
    with pytest.raises(NoResultFound):
        help_service.close_help(
            desk.session,
            desk.coach,
            person_id=desk.world.second_participant.id,
            request_id=asked.id,
            outcome="talked",
            words="",
            now=desk.now,
        )


def test_undo_of_a_change_leaves_the_question_standing(desk: Desk) -> None:
    step = desk.add()
    asked = ask(desk, step, "Hjälp")
    last = rules.last_change(desk.session.scalars(select(PlanEvent).order_by(PlanEvent.number)).all())
    assert last is not None
    service.undo(desk.session, desk.coach, person_id=desk.person_id, event_id=last.id, now=desk.now)
    assert step.withdrawn
    (row,) = queries.open_help(desk.session, desk.coach)
    assert (row.id, row.step_text) == (asked.id, "Ring skolan")
