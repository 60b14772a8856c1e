"""Whether there is news, asked in SQL for the first page, is what the rule says; on both databases."""

import random
from dataclasses import replace

import pytest

from portal.plan import ahead_queries, queries
from portal.plan.models import PlanStep
from tests.plan.conftest import Desk
from tests.support.objects import asker_of

STATES = ("now", "paused", "planned", "dropped")


def both_say(desk: Desk) -> tuple[bool, bool]:
    ruled = bool(queries.own_plan(desk.session, desk.own, desk.now).news)
    return ahead_queries.whats_next(desk.session, desk.own, 2).news, ruled


def act(desk: Desk, chance: random.Random, steps: list[PlanStep]) -> str:
    """Something that a coach or a participant may do next."""
    kind = chance.choice(
        ("add", "change", "hide", "state", "goal", "undo", "answer", "answer", "read", "move")
    )
    step = chance.choice(steps)
    if kind == "add" or step.withdrawn:
        steps.append(desk.add(f"Nummer {chance.random()}", in_portal=chance.random() < 0.6))
    elif kind == "change":
        desk.change(step, f"Ord {chance.random()}", in_portal=step.in_portal)
    elif kind == "hide":
        desk.change(step, step.text, in_portal=not step.in_portal)
    elif kind == "state" and step.state != "dropped":
        desk.put(step, chance.choice([one for one in STATES if one != step.state]))
    elif kind == "goal":
        desk.goal(f"Mål {chance.random()}")
    elif kind == "undo":
        desk.undo()
    elif kind == "read":
        desk.read_all()
    elif kind == "answer":
        for one in queries.own_plan(desk.session, desk.own, desk.now).news[:1]:
            event = desk.session.get_one(type(desk.last()), one.last.id)
            desk.answer(chance.choice(("understood", "talk")), event)
    return kind


@pytest.mark.parametrize("seed", range(12))
def test_the_first_page_and_the_rule_say_the_same(desk: Desk, seed: int) -> None:
    """Twelve lives of a plan, forty acts each, with steps that are hidden and shown (S33)."""
    chance = random.Random(seed)
    steps = [desk.add("Först"), desk.add("Gömd", in_portal=False)]
    said, acts = set(), []
    for _act in range(40):
        acts.append(act(desk, chance, steps))
        in_sql, ruled = both_say(desk)
        assert in_sql == ruled, acts
        said.add(ruled)
    assert said == {True, False}, "a life in which nothing is read proves nothing"


def test_a_plan_without_steps_has_news_too(desk: Desk) -> None:
    desk.goal("Laga mat")
    assert ahead_queries.whats_next(desk.session, desk.own, 2) == ahead_queries.Ahead((), True)


def test_what_somebody_else_said_of_their_own_goal_hides_nothing(desk: Desk) -> None:
    """S3: two goals have no step that tells them apart; only the plan does."""
    other = replace(desk, own=asker_of(desk.session, desk.world.second_participant))
    for number in range(3):
        other.goal(f"Mål {number}")
    other.answer("understood", other.last())
    desk.goal("Laga mat")
    assert both_say(desk) == (True, True)
    assert both_say(other) == (False, False)


def test_no_plan_no_news(desk: Desk) -> None:
    assert ahead_queries.whats_next(desk.session, desk.own, 2) == ahead_queries.Ahead((), False)
