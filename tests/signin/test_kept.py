"""S17: what was typed when a session ended, from the door where it was kept to the page that takes it."""

import re
import uuid
from datetime import timedelta
from typing import cast

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from portal.db import Database
from portal.identity.session_models import KeptForm
from portal.plan import service as plans
from portal.plan.models import Plan
from portal.web import access
from tests.conftest import FrozenClock, SignIn
from tests.support.pages import Client, text_of
from tests.support.signing_in import HOME, PIN, come_in, give_pin
from tests.support.world import World

KNOWN, SECOND = "070-174 06 05", "070-174 06 06"
WORDS = "Jag vill bli kock och laga mat"
GOAL, TYPED = "/plan/goal", {"goal": WORDS, "version": "0"}
BOOK, CHOSEN = "/meetings/book", {"at": "2026-11-26T10:00Z", "mode": "phone"}


def kept(database: Database) -> int:
    """How many forms are kept."""
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(KeptForm)) or 0


def goals(database: Database) -> list[str]:
    """The goals that stand in plans."""
    with database.reading() as session:
        return [plan.goal for plan in session.scalars(select(Plan)) if plan.goal]


def past_both(client: Client, world: World, database: Database) -> None:
    """Come in through both doors."""
    give_pin(database, world.participant)
    come_in(client, database, KNOWN)
    client.post("/pin", data={"pin": PIN})


def too_late(
    client: Client, frozen: FrozenClock, path: str = GOAL, typed: dict[str, str] | None = None
) -> None:
    """Post a form a while after the session ran out."""
    frozen.move(timedelta(minutes=20))
    answer = client.post(path, data=typed or TYPED)
    assert (answer.status_code, answer.location) == (303, HOME)


def come_back(client: Client, database: Database) -> None:
    """Come in again, led through the PIN to what was kept."""
    assert come_in(client, database, KNOWN).location == "/pin?next=/kept"
    assert "Vi sparade det du skrev" in text_of(client.get("/pin?next=/kept"))
    assert client.post("/pin", data={"pin": PIN, "next": "/kept"}).location == "/kept"


def send(client: Client, path: str = GOAL, typed: dict[str, str] | None = None) -> int:
    """Press "send now" as a browser does, which posts the same body where it is sent; the last status."""
    body = typed or TYPED
    answer = client.post("/kept/send", data=body)
    assert (answer.status_code, answer.location) == (307, path)
    return client.post(path, data=body).status_code


def test_what_was_typed_comes_back_to_the_same_person(
    client: Client, world: World, database: Database, frozen: FrozenClock
) -> None:
    """S17: sealed, shown after sign-in with where it belongs, sent again to the same address."""
    past_both(client, world, database)
    too_late(client, frozen)
    with database.reading() as session:
        row = session.scalars(select(KeptForm)).one()
    assert row.fields_sealed is not None
    assert WORDS.encode() not in row.fields_sealed
    come_back(client, database)
    page = client.get("/kept")
    assert WORDS in text_of(page)
    assert "Det hör till: Min plan." in text_of(page)
    assert f'name="goal" value="{WORDS}"' in page.get_data(as_text=True)
    assert send(client) == 303
    assert kept(database) == 0
    assert goals(database) == [WORDS]
    assert client.post("/kept/send", data=TYPED).location == "/home"


def test_it_stays_until_it_has_come_there(
    client: Client, world: World, database: Database, frozen: FrozenClock
) -> None:
    """S17, S57: the network fails between the tap and the form's own address."""
    past_both(client, world, database)
    too_late(client, frozen)
    come_back(client, database)
    assert client.post("/kept/send", data=TYPED).status_code == 307
    assert WORDS in text_of(client.get("/kept"))
    assert send(client) == 303
    assert kept(database) == 0


def test_it_stays_until_it_was_taken(
    client: Client, world: World, database: Database, frozen: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S17, S51: neither a database that does not answer nor a form that must be mended loses it."""
    past_both(client, world, database)
    too_late(client, frozen)
    come_back(client, database)

    def refuse(*_: object, **__: object) -> None:
        raise OperationalError("UPDATE", {}, Exception("locked"))

    monkeypatch.setattr(plans, "write_goal", refuse)
    assert send(client) == 503
    monkeypatch.undo()
    assert kept(database) == 1
    assert client.post(GOAL, data={"goal": "", "version": "0"}).status_code == 422
    assert kept(database) == 1
    assert client.post(GOAL, data={"goal": f"{WORDS}!", "version": "0"}).status_code == 303
    assert kept(database) == 0


def test_another_form_does_not_use_it_up(
    client: Client, world: World, database: Database, frozen: FrozenClock
) -> None:
    """S17: what is sent elsewhere meanwhile is another thing."""
    past_both(client, world, database)
    too_late(client, frozen)
    come_back(client, database)
    client.post("/kept/send", data=TYPED)
    assert client.post("/language", data={"language": "sv"}).status_code == 303
    assert client.post("/pin/choose/ask").status_code == 303
    assert kept(database) == 1


def test_its_own_page_that_is_sent_too_late_keeps_what_was_there(
    client: Client, world: World, database: Database, frozen: FrozenClock
) -> None:
    """S17: whoever looks at it for a quarter of an hour gets it once more, and not a circle."""
    past_both(client, world, database)
    too_late(client, frozen)
    come_back(client, database)
    frozen.move(timedelta(minutes=20))
    assert client.post("/kept/send", data=TYPED).location == HOME
    come_back(client, database)
    assert send(client) == 303
    assert goals(database) == [WORDS]


def test_what_was_typed_is_never_somebody_elses(
    client: Client, world: World, database: Database, frozen: FrozenClock
) -> None:
    """S17: another person in the same browser neither sees, sends nor throws it away."""
    past_both(client, world, database)
    give_pin(database, world.second_participant)
    too_late(client, frozen)
    assert come_in(client, database, SECOND).location == "/home"
    assert client.post("/pin", data={"pin": PIN}).location == "/home"
    assert client.get("/kept").location == "/home"
    assert client.post("/kept/send", data=TYPED).location == "/home"
    client.post("/kept/drop")
    assert client.post(GOAL, data=TYPED).status_code == 303
    assert kept(database) == 1


def test_the_same_person_gets_it_in_another_browser_too(
    client: Client, world: World, database: Database, frozen: FrozenClock
) -> None:
    """S17: and once it was taken there, the first browser finds nothing."""
    past_both(client, world, database)
    too_late(client, frozen)
    other = cast(Client, client.application.test_client())
    come_back(other, database)
    assert WORDS in text_of(other.get("/kept"))
    assert send(other) == 303
    frozen.move(timedelta(minutes=2))
    assert come_in(client, database, KNOWN).location == "/home"
    assert client.get("/kept").location == "/home"


def test_an_answer_typed_at_the_first_door_waits_behind_the_second(
    client: Client, world: World, database: Database, frozen: FrozenClock
) -> None:
    """S17, S30: whoever holds the phone and its code must not read what its owner answered."""
    give_pin(database, world.participant)
    come_in(client, database, KNOWN)
    answer = {"comment": WORDS, "act": "next"}
    too_late(client, frozen, f"/check-in/{uuid.uuid4()}/2", answer)
    assert come_in(client, database, KNOWN).location == "/pin?next=/kept"
    assert client.get("/kept").location == "/pin?next=/kept"
    assert client.post("/kept/send", data=answer).location == "/home"
    for page in ("/home", "/pin?next=/kept", "/meetings", "/me"):
        assert WORDS not in client.get(page).text
    assert client.post("/pin", data={"pin": PIN}).location == "/kept"
    page = text_of(client.get("/kept"))
    assert WORDS in page
    assert "Dina svar på frågorna" in page


def test_without_a_pin_it_waits_and_nobody_is_led_astray(
    client: Client, world: World, database: Database, frozen: FrozenClock
) -> None:
    """S30."""
    come_in(client, database, KNOWN)
    too_late(client, frozen, f"/check-in/{uuid.uuid4()}/2", {"comment": WORDS})
    assert come_in(client, database, KNOWN).location == "/home"
    page = text_of(client.get("/home"))
    assert "Vi har sparat det du skrev. Välj en pinkod i dag, så får du tillbaka det." in page
    assert WORDS not in page
    assert kept(database) == 1


def test_a_time_chosen_at_the_first_door_comes_back_there(
    client: Client, world: World, database: Database, frozen: FrozenClock
) -> None:
    """S17: a meeting's time says nothing that the first door does not show anyway."""
    come_in(client, database, KNOWN)
    too_late(client, frozen, BOOK, CHOSEN)
    assert come_in(client, database, KNOWN).location == "/kept"
    assert "Det hör till: Möten." in text_of(client.get("/kept"))
    send(client, BOOK, CHOSEN)


def test_what_was_typed_can_be_thrown_away_and_goes_by_itself_in_a_day(
    client: Client, world: World, database: Database, frozen: FrozenClock
) -> None:
    """S17."""
    come_in(client, database, KNOWN)
    too_late(client, frozen, BOOK, CHOSEN)
    come_in(client, database, KNOWN)
    client.post("/kept/drop")
    assert kept(database) == 0
    too_late(client, frozen, BOOK, CHOSEN)
    frozen.move(timedelta(hours=24))
    assert come_in(client, database, KNOWN).location == "/home"


@pytest.mark.parametrize("name", ["pin", "password", "code"])
def test_a_secret_is_not_kept(
    client: Client, world: World, database: Database, frozen: FrozenClock, name: str
) -> None:
    """S17."""
    come_in(client, database, KNOWN)
    too_late(client, frozen, GOAL, {"goal": WORDS, name: "402957"})
    assert kept(database) == 0


def test_an_address_that_is_too_long_to_lead_back_is_not_kept(
    client: Client, world: World, database: Database, frozen: FrozenClock
) -> None:
    """S25."""
    come_in(client, database, KNOWN)
    too_late(client, frozen, f"{GOAL}?{'a' * 600}")
    assert kept(database) == 0


def test_what_was_typed_before_the_second_door_is_kept_for_behind_it(
    world: World, database: Database, sign_in: SignIn
) -> None:
    """S17, S30: the plan's form in a tab whose session is at the first door."""
    give_pin(database, world.participant)
    browser = sign_in(world.participant, 1)
    rules = [
        (rule, access.declared(browser.application)[rule.endpoint])
        for rule in browser.application.url_map.iter_rules()
    ]
    path = next(
        re.sub("<uuid:[^>]+>", str(uuid.uuid4()), rule.rule)
        for rule, demanded in rules
        if demanded.kind == access.PARTICIPANT and demanded.tier == 2 and "POST" in (rule.methods or ())
    )
    assert browser.post(path, data={"goal": WORDS}).location == "/pin"
    with database.reading() as session:
        row = session.scalars(select(KeptForm)).one()
    assert (row.person_id, row.tier, row.path) == (world.participant.id, 2, path)
    assert browser.post("/pin", data={"pin": PIN}).location == "/kept"


def test_after_signing_out_nothing_is_kept(client: Client, world: World, database: Database) -> None:
    """S17: whoever leaves on purpose leaves nothing."""
    come_in(client, database, KNOWN)
    before = client.get_cookie("stigen", domain="127.0.0.1")
    client.post("/leave", csrf=False)
    assert before is not None
    client.set_cookie("stigen", before.value, domain="127.0.0.1")
    client.post(BOOK, data=CHOSEN)
    assert kept(database) == 0
