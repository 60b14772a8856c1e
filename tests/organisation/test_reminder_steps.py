"""When an organisation reminds of meetings: how it is set, kept and read back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.db import Database
from portal.journal.models import JournalRow
from portal.organisation import reminder_rules, setting_rules
from portal.organisation.models import Organisation
from portal.organisation.rules import Rules
from tests.conftest import FrozenClock, SignIn
from tests.organisation.test_pages import BASE, rules_form, rules_of
from tests.support.pages import seen, text_of
from tests.support.world import World


def test_the_steps_are_kept_in_order_and_those_we_do_not_know_are_passed_over() -> None:
    assert Rules().reminder_steps == ("three_days", "one_day")
    for stored, read in (
        (["one_day", "week"], ("week", "one_day")),
        (["one_day", "fortnight"], ("one_day",)),
        (["fortnight"], reminder_rules.USUAL),
    ):
        assert Rules.from_json({"reminder_steps": stored}).reminder_steps == read


@pytest.mark.parametrize(
    "steps, problem",
    [
        (("one_day",), ""),
        (("one_day", "two_hours"), ""),
        (("two_hours",), "same_day_alone"),
        (reminder_rules.STEPS, "too_many"),
    ],
)
def test_which_steps_hold_together(steps: tuple[str, ...], problem: str) -> None:
    assert reminder_rules.problem(steps) == problem
    assert setting_rules.problems(Rules(reminder_steps=steps)) == (
        {"reminder_steps": problem} if problem else {}
    )


def test_whatever_is_chosen_is_three_reminders_at_most_and_one_that_is_never_too_late() -> None:
    for steps in reminder_rules.TIMINGS.values():
        assert reminder_rules.problem(steps) == ""
        assert list(steps) == [step for step in reminder_rules.STEPS if step in steps]


def test_nothing_is_offered_that_says_the_same_as_the_usual_but_what_one_has() -> None:
    assert reminder_rules.offered("usual", ("three_days", "one_day")) == ("usual", "one", "three", "near")
    assert reminder_rules.offered("two", ("three_days", "one_day")) == tuple(reminder_rules.TIMINGS)
    assert reminder_rules.offered("usual", ("week", "one_day")) == tuple(reminder_rules.TIMINGS)


def test_an_admin_sets_when_people_are_reminded(
    sign_in: SignIn, world: World, database: Database, frozen: FrozenClock
) -> None:
    browser = sign_in(world.admin)
    form = rules_form(seen=seen(browser, f"{BASE}/rules"), reminder_steps=["two_hours", "week", "one_day"])
    assert browser.post(f"{BASE}/rules", data=form).status_code == 303
    stored = rules_of(database, world)
    assert stored.reminder_steps == ("week", "one_day", "two_hours")
    since = stored.reminder_steps_since
    assert since == frozen.moment.isoformat()
    frozen.move(timedelta(minutes=5))
    form["seen"] = seen(browser, f"{BASE}/rules")
    assert browser.post(f"{BASE}/rules", data={**form, "meeting_minutes": "45"}).status_code == 303
    assert rules_of(database, world).reminder_steps_since == since
    with database.reading() as session:
        noted = session.scalars(select(JournalRow).where(JournalRow.kind == "rules")).all()
    assert len(noted) == 2


@pytest.mark.parametrize(
    "steps, sentence",
    [
        ([], "Välj minst en tid."),
        (["two_hours"], "Välj en dag också."),
        (["week", "three_days", "one_day", "two_hours"], "Välj högst 3."),
        (["fortnight"], "Välj något i listan."),
    ],
)
def test_what_cannot_be_set_is_told_beside_it(
    sign_in: SignIn, world: World, database: Database, steps: list[str], sentence: str
) -> None:
    browser = sign_in(world.admin)
    with database.reading() as session:
        before = session.get_one(Organisation, world.organisation.id).settings
    form = rules_form(seen=seen(browser, f"{BASE}/rules"), reminder_steps=steps, meeting_minutes="45")
    answer = browser.post(f"{BASE}/rules", data=form)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    with database.reading() as session:
        assert session.get_one(Organisation, world.organisation.id).settings == before
