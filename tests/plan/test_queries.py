"""Reading plans: whole, what is next, who waits, what has changed; never somebody else's."""

import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.identity.models import Enrolment, Person
from portal.journal.service import NOTES
from portal.plan import ahead_queries, change_queries, help_service, queries, rules, service
from portal.plan.models import HelpRequest, PlanEvent, PlanStep
from tests.plan.conftest import Desk, asker_of


def ask(desk: Desk, step: PlanStep, words: str = "") -> HelpRequest:
    return help_service.ask_help(
        desk.session, desk.own, step_id=step.id, request_id=uuid.uuid4(), words=words, now=desk.now
    )


def undo_last(desk: Desk) -> None:
    last = rules.last_change(desk.session.scalars(select(PlanEvent).order_by(PlanEvent.number)).all())
    assert last is not None
    service.undo(desk.session, desk.coach, person_id=desk.person_id, event_id=last.id, now=desk.now)


def close_enrolment(desk: Desk) -> None:
    row = desk.session.scalars(select(Enrolment).where(Enrolment.person_id == desk.person_id)).one()
    row.closed_on = desk.now.date()
    desk.session.flush()


def queries_run(session: Session) -> list[str]:
    """Every statement that the session's connection runs from here on."""
    run: list[str] = []
    event.listen(
        session.connection(), "before_cursor_execute", lambda *args: run.append(args[2]), retval=False
    )
    return run


def test_the_brief_says_what_the_plan_says(desk: Desk) -> None:
    """S2: and nobody else may ask for it."""
    step = desk.add("Ring skolan")
    desk.add("Senare")
    desk.put(step, "now")
    found = queries.brief(desk.session, desk.coach, desk.person_id)
    page = queries.persons_plan(desk.session, desk.coach, desk.person_id, desk.now)
    assert (found.goal, found.next) == (page.goal, page.next)
    assert [row.text for row in found.next] == ["Ring skolan"]
    assert queries.brief(desk.session, desk.coach, desk.world.second_participant.id).next == ()
    with pytest.raises(NoResultFound):
        queries.brief(desk.session, desk.coach, desk.world.other_participant.id)


def test_a_plan_that_is_not_begun_is_empty_and_can_be_written(desk: Desk) -> None:
    page = queries.own_plan(desk.session, desk.own, desk.now)
    assert (page.goal, page.steps, page.next, page.helps) == ("", (), (), ())
    assert page.can_change
    assert page.coach == "Karin"


def test_somebody_without_an_enrolment_reads_an_empty_page(desk: Desk) -> None:
    page = queries.own_plan(desk.session, asker_of(desk.world.admin, "participant"), desk.now)
    assert page.enrolled is None
    assert not page.can_change


def test_own_plan_is_whole_and_withdrawn_steps_are_not_in_it(desk: Desk) -> None:
    goal = desk.add("Delmål", kind="subgoal")
    one = desk.add("Ett", subgoal_id=goal.id, day=date(2026, 12, 1))
    two = desk.add("Två", doer="other", doer_name="läkaren", when="i mars")
    three = desk.add("Tre")
    desk.add("Ångrat")
    undo_last(desk)
    desk.put(two, "now")
    desk.put(three, "paused")
    page = queries.own_plan(desk.session, desk.own, desk.now)
    assert [step.text for step in page.steps] == ["Delmål", "Ett", "Två", "Tre"]
    assert [step.id for step in page.next] == [two.id]
    assert [step.id for step in page.later] == [one.id, three.id]
    assert [step.text for step in page.subgoals] == ["Delmål"]
    shown = page.step(two.id)
    assert shown is not None
    assert (shown.doer_name, shown.when, shown.day) == ("läkaren", "i mars", None)
    assert page.fresh == frozenset(), "in a new plan everything is new"


def test_what_one_finished_oneself_is_just_done_and_not_new(desk: Desk) -> None:
    step = desk.add("Ett")
    desk.finish(step)
    page = queries.own_plan(desk.session, desk.own, desk.now)
    assert page.just_done == {step.id}
    assert page.fresh == frozenset()
    tomorrow = queries.own_plan(desk.session, desk.own, desk.now + timedelta(days=1))
    assert tomorrow.just_done == frozenset()
    for_coach = queries.persons_plan(desk.session, desk.coach, desk.person_id, desk.now)
    assert for_coach.fresh == {step.id}
    assert for_coach.name == "Amina Hassan"


def test_what_is_new_is_marked_until_it_is_read(desk: Desk) -> None:
    old = desk.add("Ett")
    desk.now += timedelta(days=10)
    desk.read_all()
    new = desk.add("Två")
    page = queries.own_plan(desk.session, desk.own, desk.now)
    assert page.fresh == {new.id}
    assert page.is_added(new.id)
    desk.put(old, "now")
    page = queries.own_plan(desk.session, desk.own, desk.now + timedelta(days=30))
    assert page.fresh == {old.id, new.id}, "what has not been read is as new after a month"
    assert not page.is_added(old.id)
    desk.read_all()
    assert queries.own_plan(desk.session, desk.own, desk.now).fresh == frozenset()


def test_earlier_goals_come_latest_first(desk: Desk) -> None:
    for version, words in enumerate(["Kock", "Bagare", "Kock igen"]):
        service.write_goal(
            desk.session, desk.own, person_id=desk.person_id, words=words, version=version, now=desk.now
        )
    page = queries.own_plan(desk.session, desk.own, desk.now)
    assert page.goal == "Kock igen"
    assert [(change.earlier, change.by) for change in page.earlier_goals] == [
        ("Bagare", "Amina"),
        ("Kock", "Amina"),
    ]


def test_a_closed_plan_can_be_read_but_not_changed_and_has_no_next(desk: Desk) -> None:
    desk.put(desk.add("Ett"), "now")
    close_enrolment(desk)
    page = queries.own_plan(desk.session, desk.own, desk.now)
    assert [step.text for step in page.steps] == ["Ett"]
    assert not page.can_change
    assert ahead_queries.whats_next(desk.session, desk.own, 2) == ahead_queries.Ahead()


def test_whats_next_is_ones_own(desk: Desk) -> None:
    step = desk.add("Ett")
    assert [row.id for row in ahead_queries.whats_next(desk.session, desk.own, 2).steps] == [step.id]
    stranger = asker_of(desk.world.second_participant, "participant")
    assert ahead_queries.whats_next(desk.session, stranger, 2) == ahead_queries.Ahead()


def test_open_help_of_all_participants_takes_one_query(desk: Desk) -> None:
    """One query however many wait; the earliest promise first."""
    second = Desk(
        desk.session,
        desk.world,
        desk.now - timedelta(days=4),
        desk.coach,
        asker_of(desk.world.second_participant, "participant"),
    )
    for one in (desk, second):
        for text in ("Ett", "Två"):
            ask(one, one.add(text), f"Hjälp med {text}")
    desk.session.flush()
    run = queries_run(desk.session)
    rows = queries.open_help(desk.session, desk.coach)
    assert len(run) == 1
    assert [row.person_name for row in rows] == ["Yonas Tesfay"] * 2 + ["Amina Hassan"] * 2
    assert rows[0].due_on == date(2026, 11, 24)
    assert {row.answered_by for row in rows} == {"Karin"}


def test_open_help_leaves_out_what_is_answered(desk: Desk) -> None:
    asked = ask(desk, desk.add("Ett"))
    help_service.close_help(
        desk.session,
        desk.coach,
        person_id=desk.person_id,
        request_id=asked.id,
        outcome="booked",
        words="På torsdag",
        now=desk.now,
    )
    assert queries.open_help(desk.session, desk.coach) == ()
    (row,) = queries.own_plan(desk.session, desk.own, desk.now).helps
    assert (row.outcome, row.outcome_words, row.answered_by, row.is_open) == (
        "booked",
        "På torsdag",
        "Karin",
        False,
    )


@pytest.mark.parametrize(
    "who, role, sees",
    [
        ("coach", "coach", 1),
        ("lead", "lead", 1),
        ("other_coach", "coach", 0),
        ("far_coach", "coach", 0),
        ("admin", "admin", 0),
        ("translator", "translator", 0),
        ("user_auditor", "user_auditor", 0),
    ],
)
def test_open_help_keeps_to_the_scope(desk: Desk, who: str, role: str, sees: int) -> None:
    """S2, S4."""
    ask(desk, desk.add("Ett"))
    assert len(queries.open_help(desk.session, asker_of(getattr(desk.world, who), role))) == sees


def test_protected_people_are_not_in_the_list(desk: Desk) -> None:
    """S37."""
    ask(desk, desk.add("Ett"))
    desk.session.get_one(Person, desk.person_id).protected = True
    desk.session.flush()
    assert queries.open_help(desk.session, desk.coach) == ()


def test_changed_since_tells_what_when_and_by_whom(desk: Desk) -> None:
    desk.add("Förut")
    since, desk.now = desk.now, desk.now + timedelta(hours=1)
    step = desk.add("Ring skolan")
    desk.finish(step)
    ask(desk, desk.add("Ring läkaren"), "Jag hittar inte numret")
    rows = change_queries.changed_since(desk.session, desk.coach, desk.person_id, since)
    assert [(row.action, row.text, row.state, row.by, row.detail) for row in rows] == [
        ("add", "Ring skolan", "planned", "Karin", ""),
        ("state", "Ring skolan", "done", "Amina", ""),
        ("add", "Ring läkaren", "planned", "Karin", ""),
        ("help_asked", "Ring läkaren", "", "Amina", "Jag hittar inte numret"),
    ]
    assert {row.at for row in rows} == {desk.now}


def test_what_was_undone_is_not_new(desk: Desk) -> None:
    since, desk.now = desk.now, desk.now + timedelta(hours=1)
    desk.add("Ett")
    undo_last(desk)
    assert change_queries.changed_since(desk.session, desk.coach, desk.person_id, since) == ()
    told = change_queries.changes(desk.session, desk.coach, desk.person_id)
    assert [change.action for change in told] == ["add", "undo"]


@pytest.mark.parametrize("who", ["other_coach", "far_coach"])
def test_nobody_else_reads_the_plan(desk: Desk, who: str) -> None:
    """S2, S42: refused, and the refusal is noted."""
    asked = ask(desk, desk.add("Ett"))
    stranger = asker_of(getattr(desk.world, who), "coach")
    desk.session.info.pop(NOTES)
    with pytest.raises(NoResultFound):
        queries.persons_plan(desk.session, stranger, desk.person_id, desk.now)
    with pytest.raises(NoResultFound):
        change_queries.changed_since(desk.session, stranger, desk.person_id, desk.now)
    with pytest.raises(NoResultFound):
        change_queries.changes(desk.session, stranger, desk.person_id)
    with pytest.raises(NoResultFound):
        queries.help_request(desk.session, stranger, desk.person_id, asked.id)
    assert {note["action"] for note in desk.session.info[NOTES].values()} == {"refused"}


def test_somebody_elses_step_is_not_ones_own(desk: Desk) -> None:
    step = desk.add("Ett")
    assert queries.own_step(desk.session, desk.own, step.id).text == "Ett"
    with pytest.raises(NoResultFound):
        queries.own_step(desk.session, asker_of(desk.world.second_participant, "participant"), step.id)
    page = queries.persons_plan(desk.session, desk.coach, desk.world.second_participant.id, desk.now)
    with pytest.raises(NoResultFound):
        queries.in_page(page, step.id)


def test_reading_is_noted(desk: Desk) -> None:
    """S42."""
    queries.own_plan(desk.session, desk.own, desk.now)
    ahead_queries.whats_next(desk.session, desk.own, 2)
    (note,) = desk.session.info[NOTES].values()
    assert (note["action"], note["kind"], note["subject_id"]) == ("read", "plan", desk.person_id)
