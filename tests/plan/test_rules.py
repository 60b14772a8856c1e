"""States, order and undo of a plan: pure rules."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.plan import rules

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)


@dataclass(frozen=True)
class Step:
    id: UUID
    state: str = "planned"
    kind: str = "step"
    doer: str = "participant"
    day: date | None = None
    position: int = 1


@dataclass(frozen=True)
class Event:
    id: UUID
    action: str = "change"
    undoes: UUID | None = None


steps = st.builds(
    Step,
    id=st.uuids(),
    state=st.sampled_from(rules.STATES),
    kind=st.sampled_from(rules.KINDS),
    doer=st.sampled_from(rules.DOERS),
    day=st.none() | st.dates(date(2026, 1, 1), date(2027, 1, 1)),
    position=st.integers(1, 5),
)
plans = st.lists(steps, max_size=8, unique_by=lambda step: step.id)


@pytest.mark.parametrize("state", rules.STATES)
def test_a_step_may_stay_where_it_is(state: str) -> None:
    assert rules.may_become(state, state)


@pytest.mark.parametrize(
    "old, new, allowed",
    [
        ("planned", "done", True),
        ("planned", "now", True),
        ("now", "planned", True),
        ("paused", "now", True),
        ("done", "now", True),
        ("dropped", "planned", True),
        ("done", "dropped", False),
        ("dropped", "done", False),
        ("paused", "done", False),
    ],
)
def test_which_state_leads_where(old: str, new: str, allowed: bool) -> None:
    assert rules.may_become(old, new) is allowed


def test_every_state_has_a_way_out_and_leads_only_to_known_states() -> None:
    for state in rules.STATES:
        assert rules.next_states(state)
        assert set(rules.next_states(state)) <= set(rules.STATES) - {state}


def test_no_staircase_several_steps_are_now_at_once() -> None:
    both = [Step(uuid4(), "now", position=2), Step(uuid4(), "now", position=1)]
    assert len(rules.whats_next(both)) == 2


@pytest.mark.parametrize(
    "step, allowed",
    [
        (Step(uuid4(), "now"), True),
        (Step(uuid4(), "planned"), True),
        (Step(uuid4(), "paused"), False),
        (Step(uuid4(), "done"), False),
        (Step(uuid4(), "dropped"), False),
        (Step(uuid4(), "now", doer="coach"), False),
        (Step(uuid4(), "now", doer="other"), False),
        (Step(uuid4(), "now", kind="subgoal"), False),
    ],
)
def test_the_participant_finishes_only_their_own_live_steps(step: Step, allowed: bool) -> None:
    assert rules.may_finish(step) is allowed


def test_next_puts_own_steps_first_then_the_nearest_date_then_the_order() -> None:
    coach = Step(uuid4(), "now", doer="coach", day=TODAY, position=1)
    late = Step(uuid4(), "now", day=TODAY + timedelta(days=9), position=2)
    undated = Step(uuid4(), "now", position=3)
    undated_after = Step(uuid4(), "now", position=4)
    soon = Step(uuid4(), "now", day=TODAY + timedelta(days=1), position=5)
    found = rules.whats_next([undated_after, coach, late, undated, soon])
    assert found == (soon, late, undated, undated_after, coach)


def test_when_nothing_is_now_the_first_planned_step_is_next() -> None:
    first, second = Step(uuid4(), position=1), Step(uuid4(), position=2)
    paused = Step(uuid4(), "paused", position=0)
    assert rules.whats_next([second, paused, first]) == (first,)
    assert rules.whats_next([paused]) == ()


@given(plans)
def test_next_never_shows_a_subgoal_or_what_is_over(plan: list[Step]) -> None:
    found = rules.whats_next(plan)
    assert all(step.kind == "step" and step.state in {"now", "planned"} for step in found)
    live = [s for s in plan if s.kind == "step" and s.state in {"now", "planned"}]
    assert bool(found) is bool(live)


@given(plans)
def test_the_groups_share_out_every_step_once(plan: list[Step]) -> None:
    shared = [s for kind in rules.KINDS for state in rules.STATES for s in rules.in_state(plan, state, kind)]
    assert sorted(shared, key=lambda s: s.id) == sorted(plan, key=lambda s: s.id)


@given(plans, st.data())
def test_moving_up_then_down_changes_nothing(plan: list[Step], data: st.DataObject) -> None:
    if not plan:
        assert rules.last_place(plan) == 1
        return
    plan = [replace(step, position=n) for n, step in enumerate(plan)]
    moving = data.draw(st.sampled_from(plan))
    found = rules.swap(plan, moving.id, "up")
    group = rules.in_state(plan, moving.state, moving.kind)
    assert (found is None) is (group[0].id == moving.id)
    if found is None:
        return
    one, other = found
    moved = [_placed(step, one, other) for step in plan]
    assert [s.id for s in rules.in_state(moved, moving.state, moving.kind)] != [s.id for s in group]
    back = rules.swap(moved, moving.id, "down")
    assert back is not None
    assert back[1].id == other.id


def _placed(step: Step, one: Step, other: Step) -> Step:
    if step.id == one.id:
        return replace(step, position=other.position)
    return replace(step, position=one.position) if step.id == other.id else step


def test_the_ends_of_a_list_do_not_move_and_groups_do_not_mix() -> None:
    now, planned = Step(uuid4(), "now", position=1), Step(uuid4(), "planned", position=2)
    assert rules.swap([now, planned], planned.id, "up") is None
    assert rules.swap([now, planned], now.id, "down") is None


def test_a_new_step_comes_last() -> None:
    assert rules.last_place([Step(uuid4(), position=7), Step(uuid4(), position=3)]) == 8


@dataclass(frozen=True)
class Touched:
    changed_at: datetime
    changed_by: UUID
    state: str = "now"


def test_fresh_is_what_somebody_else_changed_lately() -> None:
    me, coach = uuid4(), uuid4()
    assert rules.is_fresh(Touched(NOW - timedelta(days=6), coach), me, NOW)
    assert not rules.is_fresh(Touched(NOW - timedelta(days=6), me), me, NOW)
    assert not rules.is_fresh(Touched(NOW - timedelta(days=7), coach), me, NOW)


def test_just_done_is_what_the_person_finished_since_yesterday() -> None:
    me, coach = uuid4(), uuid4()
    hour_ago, yesterday = NOW - timedelta(hours=1), NOW - timedelta(days=1)
    assert rules.is_just_done(Touched(hour_ago, me, "done"), me, NOW)
    assert not rules.is_just_done(Touched(hour_ago, coach, "done"), me, NOW)
    assert not rules.is_just_done(Touched(hour_ago, me, "now"), me, NOW)
    assert not rules.is_just_done(Touched(yesterday, me, "done"), me, NOW)


def test_undo_takes_the_latest_change_then_the_one_before() -> None:
    first, second = Event(uuid4(), "add"), Event(uuid4(), "state")
    assert rules.last_change([first, second]) == second
    undo = Event(uuid4(), "undo", undoes=second.id)
    assert rules.last_change([first, second, undo]) == first
    undo_first = Event(uuid4(), "undo", undoes=first.id)
    assert rules.last_change([first, second, undo, undo_first]) is None


def test_a_question_and_its_answer_are_never_undone() -> None:
    change = Event(uuid4(), "change")
    asked, closed = Event(uuid4(), "help_asked"), Event(uuid4(), "help_closed")
    assert rules.last_change([change, asked, closed]) == change
    assert rules.last_change([asked]) is None


@given(st.lists(st.booleans(), max_size=20))
def test_undo_is_a_stack(undoes: list[bool]) -> None:
    """Whatever is done and undone, what lasts is what a plain stack would hold."""
    events: list[Event] = []
    stack: list[Event] = []
    for undo in undoes:
        last = rules.last_change(events)
        assert last == (stack[-1] if stack else None)
        if undo and last is not None:
            events.append(Event(uuid4(), "undo", undoes=last.id))
            stack.pop()
        elif not undo:
            events.append(Event(uuid4()))
            stack.append(events[-1])
    assert list(rules.lasting(events)) == stack


def test_an_undo_of_something_older_is_told_as_a_fact() -> None:
    undo = Event(uuid4(), "undo", undoes=uuid4())
    assert rules.lasting([undo]) == (undo,)


@pytest.mark.parametrize(
    "day, words, before, problem",
    [
        (None, "", None, None),
        (None, "i mars", None, None),
        (TODAY, "", None, None),
        (TODAY + timedelta(days=1), "", None, None),
        (TODAY - timedelta(days=1), "", None, "past"),
        (TODAY - timedelta(days=1), "", TODAY - timedelta(days=1), None),
        (TODAY, "i mars", None, "both"),
    ],
)
def test_when_is_a_date_or_words(
    day: date | None, words: str, before: date | None, problem: str | None
) -> None:
    assert rules.when_problem(day, words, TODAY, before) == problem


@pytest.mark.parametrize(
    "old, new, kept",
    [
        ("", "", ""),
        ("", "Jag hittar inte dit", "Jag hittar inte dit"),
        ("Jag hittar inte dit", "", "Jag hittar inte dit"),
        ("Jag hittar inte dit", "Jag hittar inte dit", "Jag hittar inte dit"),
        ("Jag hittar inte dit", "Vem ringer jag?", "Jag hittar inte dit\nVem ringer jag?"),
        ("Jag hittar inte dit", "Jag", "Jag hittar inte dit\nJag"),
    ],
)
def test_words_of_two_tabs_are_both_kept(old: str, new: str, kept: str) -> None:
    assert rules.joined_words(old, new) == kept


@given(st.text(), st.text())
def test_asking_again_loses_nothing_and_repeats_nothing(old: str, new: str) -> None:
    kept = rules.joined_words(old, new)
    assert old in kept
    assert new in kept
    assert rules.joined_words(kept, new) == kept
