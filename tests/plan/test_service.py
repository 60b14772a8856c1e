"""Changing a plan on both databases: nothing is lost, nothing is written twice, nobody else's is touched."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.identity.models import Enrolment
from portal.journal.service import NOTES
from portal.plan import rules, service
from portal.plan.models import Plan, PlanEvent, PlanStep
from tests.plan.conftest import Desk, asker_of


def events(session: Session) -> list[PlanEvent]:
    return list(session.scalars(select(PlanEvent).order_by(PlanEvent.number)))


def write_goal(desk: Desk, words: str, version: int, *, as_coach: bool = False) -> None:
    asker = desk.coach if as_coach else desk.own
    service.write_goal(
        desk.session, asker, person_id=desk.person_id, words=words, version=version, now=desk.now
    )


def move(desk: Desk, step: PlanStep, way: str) -> None:
    service.move(
        desk.session,
        desk.coach,
        person_id=desk.person_id,
        step_id=step.id,
        way=way,
        version=step.version,
        now=desk.now,
    )


def undo(desk: Desk, event: PlanEvent) -> None:
    service.undo(desk.session, desk.coach, person_id=desk.person_id, event_id=event.id, now=desk.now)


def order(desk: Desk) -> list[str]:
    plan = desk.session.scalars(select(Plan).where(Plan.person_id == desk.person_id)).one()
    return [step.text for step in rules.in_order(service.steps_of(desk.session, plan))]


def test_the_first_change_makes_the_plan_of_the_open_enrolment(desk: Desk) -> None:
    write_goal(desk, "Jag vill laga mat", 0)
    plan = desk.session.scalars(select(Plan)).one()
    assert (plan.person_id, plan.goal, plan.version) == (desk.person_id, "Jag vill laga mat", 1)


def test_earlier_words_of_the_goal_are_kept(desk: Desk) -> None:
    write_goal(desk, "Jag vill laga mat", 0)
    write_goal(desk, "Jag vill bli kock", 1, as_coach=True)
    assert ['"Jag vill laga mat"' in event.before for event in events(desk.session)] == [False, True]


def test_the_same_goal_twice_is_once_even_with_an_old_version(desk: Desk) -> None:
    """A double tap sends the same words with the version it had."""
    write_goal(desk, "Jag vill laga mat", 0)
    write_goal(desk, "Jag vill laga mat", 0)
    assert len(events(desk.session)) == 1


def test_two_tabs_never_overwrite_the_goal_silently(desk: Desk) -> None:
    """S49: the second tab is told."""
    write_goal(desk, "Första fliken", 0)
    with pytest.raises(service.Stale):
        write_goal(desk, "Andra fliken", 0)
    assert desk.session.scalars(select(Plan)).one().goal == "Första fliken"


def test_free_text_is_sealed(desk: Desk) -> None:
    """S38: no word of a plan stands readable in any column of its tables."""
    write_goal(desk, "hemlighet i målet", 0)
    step = desk.add("hemlighet i steget", doer="other", doer_name="hemlighet hos läkaren", when="hemlig vår")
    desk.put(step, "now")
    for table in ("plan", "plan_step", "plan_event"):
        for row in desk.session.execute(text(f"SELECT * FROM {table}")):
            assert b"hemlig" not in b"|".join(
                bytes(value) if isinstance(value, (bytes, memoryview)) else str(value).encode()
                for value in row
            )


def test_a_step_is_added_last_and_planned(desk: Desk) -> None:
    first, second = desk.add("Ett"), desk.add("Två", day=date(2026, 12, 1))
    assert (first.state, second.state) == ("planned", "planned")
    assert first.position < second.position
    assert second.day == date(2026, 12, 1)


def test_the_same_form_twice_adds_one_step(desk: Desk) -> None:
    """S40: a double tap, or a resend after a lost answer."""
    step_id = uuid.uuid4()

    def add(words: str) -> PlanStep:
        return service.add_step(
            desk.session,
            desk.coach,
            person_id=desk.person_id,
            step_id=step_id,
            kind="step",
            wording=rules.Wording(words),
            now=desk.now,
        )

    assert add("Ring skolan").id == add("Ring skolan").id == step_id
    other = add("Ring läkaren")
    assert other.id != step_id
    assert order(desk) == ["Ring skolan", "Ring läkaren"]


def test_a_form_sent_again_after_undo_adds_the_step_again(desk: Desk) -> None:
    step_id = uuid.uuid4()
    for _ in range(2):
        service.add_step(
            desk.session,
            desk.coach,
            person_id=desk.person_id,
            step_id=step_id,
            kind="step",
            wording=rules.Wording("Ring skolan"),
            now=desk.now,
        )
        assert order(desk) == ["Ring skolan"]
        undo(desk, [event for event in events(desk.session) if event.action == "add"][-1])
        assert order(desk) == []


def test_an_id_from_somebody_elses_plan_adds_nothing(desk: Desk) -> None:
    """S3: ids never decide ownership."""
    theirs = desk.add("Ett steg")
    other = asker_of(desk.world.other_coach, "coach")
    with pytest.raises(NoResultFound):
        service.add_step(
            desk.session,
            other,
            person_id=desk.world.other_participant.id,
            step_id=theirs.id,
            kind="step",
            wording=rules.Wording("Mitt"),
            now=desk.now,
        )


def test_several_steps_are_now_at_once(desk: Desk) -> None:
    one, two = desk.add("Ett"), desk.add("Två")
    desk.put(one, "now")
    desk.put(two, "now")
    assert {one.state, two.state} == {"now"}


def test_a_state_twice_is_once_and_a_wrong_way_is_refused(desk: Desk) -> None:
    step = desk.add()
    desk.put(step, "paused")
    desk.put(step, "paused")
    assert len(events(desk.session)) == 2
    desk.put(step, "dropped")
    with pytest.raises(service.NotFromHere):
        desk.put(step, "done")


def test_two_tabs_never_overwrite_a_step_silently(desk: Desk) -> None:
    """S49: an old version is refused, whatever is changed."""
    step = desk.add("Ring skolan")
    old = step.version
    desk.put(step, "now")
    with pytest.raises(service.Stale):
        service.change_step(
            desk.session,
            desk.coach,
            person_id=desk.person_id,
            step_id=step.id,
            wording=rules.Wording("Ring läkaren"),
            version=old,
            now=desk.now,
        )
    assert step.text == "Ring skolan"


def test_a_change_that_changes_nothing_leaves_no_event(desk: Desk) -> None:
    step = desk.add("Ring skolan")
    service.change_step(
        desk.session,
        desk.coach,
        person_id=desk.person_id,
        step_id=step.id,
        wording=rules.Wording("Ring skolan"),
        version=-1,
        now=desk.now,
    )
    assert len(events(desk.session)) == 1


def test_a_sub_goal_of_another_plan_cannot_be_named(desk: Desk) -> None:
    theirs = service.add_step(
        desk.session,
        asker_of(desk.world.other_coach, "coach"),
        person_id=desk.world.other_participant.id,
        step_id=uuid.uuid4(),
        kind="subgoal",
        wording=rules.Wording("Deras delmål"),
        now=desk.now,
    )
    with pytest.raises(NoResultFound):
        desk.add("Mitt steg", subgoal_id=theirs.id)
    mine = desk.add("Mitt delmål", kind="subgoal")
    assert desk.add("Mitt steg", subgoal_id=mine.id).subgoal_id == mine.id


def test_a_step_moves_up_and_down_and_stops_at_the_ends(desk: Desk) -> None:
    one, two, three = desk.add("Ett"), desk.add("Två"), desk.add("Tre")
    move(desk, three, "up")
    assert order(desk) == ["Ett", "Tre", "Två"]
    move(desk, one, "up")
    assert order(desk) == ["Ett", "Tre", "Två"]
    move(desk, one, "down")
    assert order(desk) == ["Tre", "Ett", "Två"]
    assert len(events(desk.session)) == 5
    assert two.version > 1


def test_undo_goes_back_one_change_at_a_time_to_the_very_beginning(desk: Desk) -> None:
    write_goal(desk, "Jag vill laga mat", 0)
    one, two = desk.add("Ett"), desk.add("Två", when="i mars")
    desk.put(one, "now")
    move(desk, desk.add("Tre"), "up")
    while (last := rules.last_change(events(desk.session))) is not None:
        undo(desk, last)
    assert order(desk) == []
    assert desk.session.scalars(select(Plan)).one().goal == ""
    assert desk.session.scalar(select(func.count()).select_from(PlanStep)) == 3, "nothing is deleted"
    assert two.withdrawn


def test_undo_gives_back_every_word_of_a_changed_step(desk: Desk) -> None:
    goal = desk.add("Delmål", kind="subgoal")
    step = desk.add("Ring", doer="other", doer_name="läkaren", day=date(2026, 12, 1), subgoal_id=goal.id)
    before = (step.text, step.doer, step.doer_name, step.day, step.when, step.subgoal_id)
    service.change_step(
        desk.session,
        desk.coach,
        person_id=desk.person_id,
        step_id=step.id,
        wording=rules.Wording("Skriv", when="snart"),
        version=step.version,
        now=desk.now,
    )
    assert (step.text, step.day, step.when) == ("Skriv", None, "snart")
    undo(desk, events(desk.session)[-1])
    assert (step.text, step.doer, step.doer_name, step.day, step.when, step.subgoal_id) == before


def test_undo_twice_is_once_and_only_the_last_change_can_be_undone(desk: Desk) -> None:
    step = desk.add("Ett")
    desk.put(step, "now")
    added, started = events(desk.session)
    with pytest.raises(service.Stale):
        undo(desk, added)
    undo(desk, started)
    undo(desk, started)
    assert step.state == "planned"
    assert [event.action for event in events(desk.session)] == ["add", "state", "undo"]


def test_an_event_of_another_plan_is_not_undone(desk: Desk) -> None:
    desk.add("Ett")
    other = asker_of(desk.world.other_coach, "coach")
    with pytest.raises(service.Stale):
        service.undo(
            desk.session,
            other,
            person_id=desk.world.other_participant.id,
            event_id=events(desk.session)[0].id,
            now=desk.now,
        )
    assert order(desk) == ["Ett"]


def test_the_participant_finishes_a_step_and_takes_it_back(desk: Desk) -> None:
    step = desk.add("Ett")
    desk.put(step, "now")
    desk.finish(step)
    desk.finish(step)
    assert step.state == "done"
    service.unfinish(desk.session, desk.own, step_id=step.id, now=desk.now)
    service.unfinish(desk.session, desk.own, step_id=step.id, now=desk.now)
    assert step.state == "now"
    assert [event.action for event in events(desk.session)] == ["add", "state", "state", "state"]


def test_the_participant_takes_back_only_their_own_done(desk: Desk) -> None:
    step = desk.add("Ett")
    desk.put(step, "done")
    with pytest.raises(service.NotFromHere):
        service.unfinish(desk.session, desk.own, step_id=step.id, now=desk.now)
    assert step.state == "done"


def test_the_participant_does_not_finish_what_somebody_else_does(desk: Desk) -> None:
    step = desk.add("Ett", doer="coach")
    with pytest.raises(service.NotFromHere):
        desk.finish(step)


def test_done_on_a_page_from_before_a_change_is_told(desk: Desk) -> None:
    step = desk.add("Ett")
    old = step.version
    desk.put(step, "dropped")
    with pytest.raises(service.Stale):
        service.finish(desk.session, desk.own, step_id=step.id, version=old, now=desk.now)


@pytest.mark.parametrize("who", ["other_coach", "admin", "far_coach", "translator"])
def test_nobody_else_changes_the_plan(desk: Desk, who: str) -> None:
    """S2, S4: like a person who does not exist."""
    step = desk.add("Ett")
    role = {"other_coach": "coach", "far_coach": "coach"}.get(who, who)
    stranger = asker_of(getattr(desk.world, who), role)
    with pytest.raises(NoResultFound):
        service.set_state(
            desk.session,
            stranger,
            person_id=desk.person_id,
            step_id=step.id,
            state="done",
            version=step.version,
            now=desk.now,
        )
    with pytest.raises(NoResultFound):
        service.finish(
            desk.session,
            asker_of(desk.world.second_participant, "participant"),
            step_id=step.id,
            version=step.version,
            now=desk.now,
        )
    assert step.state == "planned"


def test_a_coach_cannot_reach_a_step_through_another_of_their_participants(desk: Desk) -> None:
    step = desk.add("Ett")
    with pytest.raises(NoResultFound):
        service.set_state(
            desk.session,
            desk.coach,
            person_id=desk.world.second_participant.id,
            step_id=step.id,
            state="done",
            version=step.version,
            now=desk.now,
        )


def test_a_closed_enrolment_keeps_its_plan_and_a_new_one_begins_another(desk: Desk) -> None:
    desk.add("Ett")
    enrolment = desk.session.scalars(select(Enrolment).where(Enrolment.person_id == desk.person_id)).one()
    enrolment.closed_on = date(2026, 11, 20)
    desk.session.flush()
    with pytest.raises(service.NotOpen):
        desk.add("Två")
    again = Enrolment(
        person_id=desk.person_id,
        programme_id=enrolment.programme_id,
        team_id=enrolment.team_id,
        coach_id=enrolment.coach_id,
        applied_on=date(2026, 11, 23),
    )
    desk.session.add(again)
    desk.session.flush()
    desk.add("Tre")
    plans = desk.session.scalars(select(Plan)).all()
    assert {plan.enrolment_id for plan in plans} == {enrolment.id, again.id}


def test_every_change_is_in_the_journal(desk: Desk) -> None:
    """S42: the reading and the change, with ids only."""
    step = desk.add("Ett")
    notes = desk.session.info[NOTES].values()
    assert {"change", "read"} == {note["action"] for note in notes}
    assert all(note["subject_id"] == desk.person_id and note["kind"] == "plan" for note in notes)
    assert step.id in {note["object_id"] for note in notes}


def test_an_event_says_who_and_when(desk: Desk) -> None:
    step = desk.add("Ett")
    desk.now = datetime(2026, 11, 24, 8, 0, tzinfo=UTC) + timedelta(hours=1)
    desk.finish(step)
    added, done = events(desk.session)
    assert (added.by_id, done.by_id) == (desk.coach.person_id, desk.person_id)
    assert done.at - added.at == timedelta(hours=1)
    assert (step.changed_by, step.changed_at) == (desk.person_id, desk.now)
