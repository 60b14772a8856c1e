"""What staff keep for themselves leaves no trace for the participant (S33): every page is as without it."""

import re
import uuid
from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.db import Database
from portal.journal.models import JournalRow
from portal.plan import (
    ahead_queries,
    change_queries,
    help_service,
    news_queries,
    news_service,
    queries,
    service,
)
from portal.plan.models import PlanEvent, PlanStep
from portal.plan.rules import Wording
from tests.conftest import FrozenClock, SignIn
from tests.guards.access_table import TABLE
from tests.guards.test_access import rules as routes
from tests.plan.conftest import Desk, asker_of
from tests.support.matrix import path_of
from tests.support.objects import populate
from tests.support.pages import Client
from tests.support.world import World

CANARY = "gömd-koltrast"
# Another one each time: tokens, a form's own new id, the seconds that a session has left.
PASSING = re.compile(
    r'<input[^>]*name="(csrf_token|request_id|letter_id|key)"[^>]*>|data-session-ends="[^"]*"'
)


def pages(app: Flask, objects: Mapping[str, Mapping[str, object]]) -> dict[str, str]:
    """Every page that a participant opens, by its name."""
    return {
        name: path_of(app, routes(app)[name], row.holds, dict.fromkeys(row.holds, "participant"), objects)
        for name, row in TABLE.items()
        if name.startswith("GET ") and row.who.startswith(("participant", "signed_in")) and row.only is None
    }


def read(client: Client, walked: dict[str, str]) -> dict[str, str]:
    """What each page says, without what is another one each time."""
    # A file is no text, but says the same all the same.
    said = {name: client.get(path).get_data().decode(errors="replace") for name, path in walked.items()}
    return {name: PASSING.sub("", text) for name, text in said.items()}


def keep_to_themselves(session: Session, world: World, frozen: FrozenClock) -> None:
    """Everything that a coach does with steps and sub-goals that are theirs alone."""
    coach = asker_of(world.coach, "coach")
    who: dict[str, Any] = {"person_id": world.participant.id, "now": frozen.moment}
    for kind in ("subgoal", "step", "step"):
        step = service.add_step(
            session,
            coach,
            step_id=uuid.uuid4(),
            kind=kind,
            wording=Wording(f"{kind} {CANARY}", in_portal=False),
            **who,
        )
        reworded = Wording(f"{kind} igen {CANARY}", when=CANARY, in_portal=False)
        service.change_step(session, coach, step_id=step.id, wording=reworded, version=step.version, **who)
        service.set_state(session, coach, step_id=step.id, state="now", version=step.version, **who)


def test_every_page_of_the_participant_is_as_without_it(
    app: Flask, database: Database, world: World, frozen: FrozenClock, sign_in: SignIn
) -> None:
    """S33: no gap, no count, no notice, no entry, on any page that the access table knows."""
    with database.transaction() as session:
        objects = populate(session, world, frozen.moment)
    amina, walked = sign_in(world.participant), pages(app, objects)
    assert {"GET home.show_home", "GET plan.show_plan", "GET plan.news.show_news"} <= walked.keys()
    # Looking itself is noted, and stands on the page of who has looked: the second look is as the third.
    read(amina, walked)
    without = read(amina, walked)
    with database.transaction() as session:
        keep_to_themselves(session, world, frozen)
    along = read(amina, walked)
    assert {name for name in along if along[name] != without[name]} == set()
    assert not any(CANARY in text for text in along.values())
    karin = sign_in(world.coach)
    assert CANARY in karin.get(f"/staff/people/{world.participant.id}/plan").text, "staff have it"


def test_a_step_that_is_hidden_later_is_gone_with_all_that_was_said_of_it(desk: Desk) -> None:
    """S33"""
    step = desk.add("Fråga om skulder")
    given = desk.answer("disagree")
    help_service.ask_help(
        desk.session, desk.own, step_id=step.id, request_id=uuid.uuid4(), words="Hur?", now=desk.now
    )
    desk.change(step, step.text, in_portal=False)
    page = queries.own_plan(desk.session, desk.own, desk.now)
    assert (page.steps, page.helps, page.answers, page.news) == ((), (), (), ())
    assert ahead_queries.whats_next(desk.session, desk.own, 2) == ahead_queries.Ahead()
    assert change_queries.own_changes(desk.session, desk.own) == ()
    with pytest.raises(NoResultFound):
        news_queries.own_answer(desk.session, desk.own, given.id)
    assert [row.answer for row in news_queries.open_questions(desk.session, desk.coach)] == ["disagree"]


def test_the_participant_can_do_nothing_to_a_hidden_step(desk: Desk) -> None:
    """S33: it is not there, like one that never was; withdrawn or not."""
    step = desk.add("Fråga om skulder", in_portal=False)
    event = desk.last()
    acts = (
        lambda: service.finish(desk.session, desk.own, step_id=step.id, version=1, now=desk.now),
        lambda: service.unfinish(desk.session, desk.own, step_id=step.id, now=desk.now),
        lambda: help_service.ask_help(
            desk.session, desk.own, step_id=step.id, request_id=uuid.uuid4(), words="", now=desk.now
        ),
        lambda: queries.own_step(desk.session, desk.own, step.id),
        lambda: news_service.answer(desk.session, desk.own, event_id=event.id, said="talk", now=desk.now),
    )
    for withdrawn in (False, True):
        if withdrawn:
            desk.undo()
        for act in acts:
            with pytest.raises(NoResultFound):
                act()


def test_what_a_coach_did_to_it_is_not_told_by_who_has_looked(
    database: Database, world: World, frozen: FrozenClock, sign_in: SignIn
) -> None:
    """S33, S42: the journal has it; the page of who has looked leaves it out."""
    karin, amina = sign_in(world.coach), sign_in(world.participant)
    path = f"/staff/people/{world.participant.id}/plan/add/step"
    form = {"text": "Fråga om skulder", "doer": "coach", "step_id": str(uuid.uuid4()), "hidden": "y"}
    amina.get("/me/looked")
    karin.get(path)
    before = amina.get("/me/looked").get_data(as_text=True)
    assert karin.post(path, data=form).status_code == 303
    assert PASSING.sub("", amina.get("/me/looked").text) == PASSING.sub("", before)
    with database.reading() as session:
        step = session.scalars(select(PlanStep)).one()
        noted = select(JournalRow.action).where(JournalRow.object_id == step.id)
        assert session.scalars(noted).all() == ["change"]


def test_undo_puts_it_back_where_it_was(desk: Desk) -> None:
    step = desk.add("Ring skolan")
    desk.change(step, "Ring skolan", in_portal=False)
    desk.undo()
    assert desk.session.get_one(PlanStep, step.id).in_portal


def test_an_event_from_before_there_were_hidden_steps_is_of_a_shown_one(desk: Desk) -> None:
    """What an older version has written says nothing of it."""
    step = desk.add("Ring skolan")
    desk.change(step, "Mejla skolan")
    event = desk.session.scalars(select(PlanEvent).order_by(PlanEvent.number.desc()).limit(1)).one()
    event.before = event.before.replace(', "in_portal": true', "")
    assert "in_portal" not in event.before
    desk.session.flush()
    desk.undo()
    assert (step.text, step.in_portal) == ("Ring skolan", True)


def test_what_staff_read_can_be_shown_to_others_without_it(desk: Desk) -> None:
    """S33, S8: the same page without what is theirs alone."""
    desk.add("Ring skolan")
    desk.add("Fråga om skulder", in_portal=False)
    page = queries.persons_plan(desk.session, desk.coach, desk.person_id, desk.now)
    assert len(page.steps) == 2
    assert [step.text for step in page.shown().steps] == ["Ring skolan"]
