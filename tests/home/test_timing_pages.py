"""When to be reminded: as a participant chooses it, and as their coach does."""

import re

import pytest

from portal.db import Database
from portal.identity.models import Person
from portal.organisation.models import Organisation
from tests.conftest import FrozenClock, SignIn
from tests.support.pages import text_of
from tests.support.world import World


def stored(database: Database, world: World) -> Person:
    with database.reading() as session:
        return session.get_one(Person, world.participant.id)


def change(database: Database, world: World, **facts: object) -> None:
    with database.transaction() as session:
        person = session.get_one(Person, world.participant.id)
        for name, value in facts.items():
            setattr(person, name, value)


def test_a_participant_chooses_when_to_be_reminded(
    sign_in: SignIn, world: World, database: Database, frozen: FrozenClock
) -> None:
    phone = sign_in(world.participant)
    page = text_of(phone.get("/me/reach"))
    assert "När vill du bli påmind?" in page
    assert "Som vanligt: 3 dagar före och dagen före" in page
    assert phone.post("/me/reminders", data={"timing": "near"}).location == "/me/reach"
    kept = stored(database, world)
    assert (kept.reminder_timing, kept.reminder_timing_at) == ("near", frozen.moment)
    saved = phone.get("/me/reach")
    assert "Sparat." in text_of(saved)
    assert [box for box in re.findall(r"<input[^>]*>", saved.text) if " checked" in box and "near" in box]


@pytest.mark.parametrize("typed", ["", "hourly", "two"])
def test_what_is_not_offered_is_not_kept(
    sign_in: SignIn, world: World, database: Database, typed: str
) -> None:
    """Also what says the same as the usual."""
    for who, path in (
        (world.participant, "/me/reminders"),
        (world.coach, f"/staff/people/{world.participant.id}/reach/timing"),
    ):
        answer = sign_in(who).post(path, data={"timing": typed})
        assert answer.status_code == 422
        assert "Något behöver ändras" in text_of(answer)
    assert stored(database, world).reminder_timing == "usual"


def test_the_usual_is_what_the_house_has_set(sign_in: SignIn, world: World, database: Database) -> None:
    with database.transaction() as session:
        session.get_one(Organisation, world.organisation.id).settings = {
            "reminder_steps": ["week", "one_day"]
        }
    for who, path in (
        (world.participant, "/me/reach"),
        (world.coach, f"/staff/people/{world.participant.id}/reach"),
    ):
        page = text_of(sign_in(who).get(path))
        assert "Som vanligt: en vecka före och dagen före" in page
        assert "3 dagar före och dagen före" in page


def test_it_is_asked_of_nobody_who_gets_no_sms(sign_in: SignIn, world: World, database: Database) -> None:
    phone = sign_in(world.participant)
    for facts in ({"way": "call"}, {"way": "sms", "sms_unsafe": True}):
        change(database, world, **facts)
        assert "När vill du bli påmind?" not in text_of(phone.get("/me/reach"))


def test_it_is_asked_of_whoever_is_told_by_e_mail(sign_in: SignIn, world: World, database: Database) -> None:
    phone = sign_in(world.participant)
    change(database, world, way="email")
    page = text_of(phone.get("/me/reach"))
    assert "När vill du bli påmind?" in page
    assert "Tid på dagen" in page


def test_a_coach_sets_it_for_their_participant_and_it_is_noted(
    sign_in: SignIn, world: World, database: Database
) -> None:
    coach = sign_in(world.coach)
    path = f"/staff/people/{world.participant.id}/reach"
    assert "När personen blir påmind" in text_of(coach.get(path))
    assert coach.post(f"{path}/timing", data={"timing": "one"}).location == path
    assert stored(database, world).reminder_timing == "one"
    phone = sign_in(world.participant)
    assert "Ändrade: hur vi når dig." in text_of(phone.get("/me/looked"))


def test_another_team_sets_nothing(sign_in: SignIn, world: World, database: Database) -> None:
    """S2."""
    path = f"/staff/people/{world.participant.id}/reach/timing"
    assert sign_in(world.other_coach).post(path, data={"timing": "one"}).status_code == 404
    assert stored(database, world).reminder_timing == "usual"
