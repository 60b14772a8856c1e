"""A coach who is away: what the participant reads before writing, and who answers instead."""

import uuid
from datetime import timedelta

import pytest

from portal.conversation import service
from portal.conversation.service import Letter
from portal.db import Database
from portal.identity.absence import service as absence
from portal.identity.absence.service import Wish
from portal.identity.models import Person
from tests.conftest import FrozenClock, SignIn
from tests.plan.conftest import hidden
from tests.support.objects import asker_of
from tests.support.pages import text_of
from tests.support.world import World

WEEK = timedelta(days=6)


def go_away(database: Database, world: World, frozen: FrozenClock, stand_in: Person | None) -> None:
    """Karin is away from today for a week."""
    with database.transaction() as session:
        today = frozen.moment.date()
        wish = Wish(today, today + WEEK, stand_in.id if stand_in else None)
        absence.take(session, asker_of(session, world.coach), world.coach.id, wish, frozen.moment)


def write(database: Database, world: World, frozen: FrozenClock) -> None:
    with database.transaction() as session:
        own = asker_of(session, world.participant)
        service.write(session, own, Letter(uuid.uuid4(), "Vem svarar mig?", "sv"), frozen.moment)


def test_with_somebody_standing_in_the_promise_stays(
    sign_in: SignIn, database: Database, world: World, frozen: FrozenClock
) -> None:
    go_away(database, world, frozen, world.other_coach)
    told = text_of(sign_in(world.participant).get("/messages"))
    assert f"{world.other_coach.first_name} svarar i stället." in told
    assert "Du får svar senast torsdag 26 november." in told


def test_with_nobody_standing_in_the_promise_counts_from_the_return(
    sign_in: SignIn, database: Database, world: World, frozen: FrozenClock
) -> None:
    """Away from Tuesday 24 to Monday 30 November: two working days on is Wednesday 2 December."""
    go_away(database, world, frozen, None)
    told = text_of(sign_in(world.participant).get("/messages"))
    assert "borta till och med måndag 30 november" in told
    assert "Du får svar senast onsdag 2 december." in told


def test_the_stand_in_answers_and_is_named(
    sign_in: SignIn, database: Database, world: World, frozen: FrozenClock
) -> None:
    go_away(database, world, frozen, world.other_coach)
    write(database, world, frozen)
    desk = sign_in(world.other_coach)
    assert "Vem svarar mig?" in text_of(desk.get("/staff"))
    at = f"/staff/people/{world.participant.id}/conversation"
    page = desk.get(at).get_data(as_text=True)
    data = {"words": "Det gör jag.", "letter_id": hidden(page, "letter_id"), "upto": hidden(page, "upto")}
    assert desk.post(at, data=data).status_code == 303
    told = text_of(sign_in(world.participant).get("/messages"))
    assert f"{world.other_coach.first_name} skrev" in told
    frozen.move(timedelta(days=7))
    assert sign_in(world.other_coach).get(at).status_code == 404


@pytest.mark.parametrize("covered", [True, False])
def test_a_week_with_the_coach_away(
    sign_in: SignIn, database: Database, world: World, frozen: FrozenClock, covered: bool
) -> None:
    """Nothing is late on the lead's list before it was promised, and what nobody answered is on it then."""
    go_away(database, world, frozen, world.other_coach if covered else None)
    write(database, world, frozen)
    due = timedelta(days=3 if covered else 9)
    frozen.move(due - timedelta(days=1))
    assert "Alla har fått svar i tid." in text_of(sign_in(world.lead).get("/staff"))
    frozen.move(timedelta(days=1))
    assert "1 deltagare har inte fått svar i tid." in text_of(sign_in(world.lead).get("/staff"))
