"""The second door: a PIN, five tries, and choosing one while the coach confirms."""

import uuid
from datetime import timedelta
from typing import cast

import pytest
from sqlalchemy import select, update

from portal.db import Database
from portal.identity.models import Person
from portal.identity.session_models import PinRequest, WebSession
from portal.journal.models import JournalRow
from tests.conftest import FrozenClock, SignIn
from tests.support.pages import Client, text_of
from tests.support.signing_in import PIN, another, come_in, give_pin
from tests.support.world import World

KNOWN = "070-174 06 05"


def person(database: Database, world: World) -> Person:
    """The participant as stored now."""
    with database.reading() as session:
        return session.scalars(select(Person).where(Person.id == world.participant.id)).one()


def wish(database: Database) -> PinRequest:
    """The newest wish to choose a PIN."""
    with database.reading() as session:
        return session.scalars(select(PinRequest).order_by(PinRequest.asked_at.desc()).limit(1)).one()


def tiers(database: Database) -> list[int]:
    """The tiers of the sessions opened so far."""
    with database.reading() as session:
        return list(session.scalars(select(WebSession.tier).order_by(WebSession.created_at, WebSession.tier)))


def confirm(coach: Client, world: World, database: Database, **fields: str) -> int:
    """Confirm the newest wish; the status of the answer."""
    page = f"/staff/people/{world.participant.id}/pin/confirm"
    data = {"wish": str(wish(database).id), "how": "desk", **fields}
    return coach.post(page, data=data).status_code


# --- giving it -------------------------------------------------------------------------------------


def test_the_pin_opens_the_second_door_in_a_new_session(
    client: Client, world: World, database: Database
) -> None:
    """S13, S16."""
    give_pin(database, world.participant)
    come_in(client, database, KNOWN)
    before = client.get_cookie("stigen", domain="127.0.0.1")
    answer = client.post("/pin", data={"pin": f"{PIN[:3]} {PIN[3:]}", "next": "/plan?step=1"})
    assert (answer.status_code, answer.location) == (303, "/plan?step=1")
    assert tiers(database) == [1, 2]
    assert client.get("/pin?next=/plan").location == "/plan"
    assert before is not None
    old = cast(Client, client.application.test_client())
    old.set_cookie("stigen", before.value, domain="127.0.0.1")
    assert old.get("/pin").status_code == 200


def test_the_session_of_before_is_over_half_a_minute_later(
    client: Client, world: World, database: Database, frozen: FrozenClock
) -> None:
    """S16: long enough for a double tap, and never more than the first door."""
    give_pin(database, world.participant)
    come_in(client, database, KNOWN)
    before = client.get_cookie("stigen", domain="127.0.0.1")
    client.post("/pin", data={"pin": PIN})
    assert before is not None
    client.set_cookie("stigen", before.value, domain="127.0.0.1")
    frozen.move(timedelta(seconds=31))
    assert "/sign-in" in client.get("/me").location


def test_what_is_half_written_in_another_tab_can_still_be_sent(
    client: Client, world: World, database: Database
) -> None:
    """S17; but whoever held this browser before leaves no token behind (S16, S24)."""
    give_pin(database, world.participant)
    planted = client.token()
    come_in(client, database, KNOWN)
    written = client.token()
    assert client.post("/pin", data={"pin": PIN}).status_code == 303
    answers = [
        client.post("/plan/goal", data={"goal": "Kock", "csrf_token": token}, csrf=False).status_code
        for token in (planted, written)
    ]
    assert answers[0] == 419
    assert answers[1] != 419


def test_the_pin_leads_only_inside(client: Client, world: World, database: Database) -> None:
    """S25."""
    give_pin(database, world.participant)
    come_in(client, database, KNOWN)
    assert client.post("/pin", data={"pin": PIN, "next": "//evil.example/"}).location == "/home"


def test_five_wrong_pins_lock_it_in_every_session_until_staff_clear_it(
    client: Client, world: World, database: Database, sign_in: SignIn, frozen: FrozenClock
) -> None:
    """S13: time does not unlock it, nor a new session; a counter in the database refuses the right one."""
    give_pin(database, world.participant)
    come_in(client, database, KNOWN)
    for left in (4, 3, 2, 1):
        answer = client.post("/pin", data={"pin": another(PIN)})
        assert answer.status_code == 422
        assert f"{left} gång" in text_of(answer)
        assert another(PIN) not in answer.get_data(as_text=True)
    assert client.post("/pin", data={"pin": another(PIN)}).status_code == 303
    assert "låst" in text_of(client.get("/pin"))
    frozen.move(timedelta(days=2))
    later = cast(Client, client.application.test_client())
    come_in(later, database, KNOWN)
    assert later.post("/pin", data={"pin": PIN}).status_code == 429
    coach = sign_in(world.coach)
    assert "Låst" in text_of(coach.get(f"/staff/people/{world.participant.id}/pin"))
    coach.post(f"/staff/people/{world.participant.id}/pin/reset")
    assert person(database, world).pin_hash is None


def test_a_right_pin_forgets_the_wrong_ones(client: Client, world: World, database: Database) -> None:
    give_pin(database, world.participant)
    for _ in range(3):
        come_in(client, database, KNOWN)
        for _ in range(4):
            client.post("/pin", data={"pin": another(PIN)})
        assert client.post("/pin", data={"pin": PIN}).status_code == 303
        client.post("/sign-out")


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "4029571"])
def test_what_is_no_pin_costs_no_try(client: Client, world: World, database: Database, typed: str) -> None:
    give_pin(database, world.participant)
    come_in(client, database, KNOWN)
    for _ in range(6):
        assert client.post("/pin", data={"pin": typed}).status_code == 422
    assert client.post("/pin", data={"pin": PIN}).status_code == 303


def test_forgotten_says_what_to_do_and_whom_to_ring(client: Client, world: World, database: Database) -> None:
    come_in(client, database, KNOWN)
    page = client.get("/pin/forgotten")
    assert b"tel:0101234567" in page.data


# --- choosing it -------------------------------------------------------------------------------------


def test_a_pin_is_chosen_while_the_coach_confirms(
    client: Client, world: World, database: Database, sign_in: SignIn
) -> None:
    """S13: the whole way, and the journal knows who confirmed."""
    come_in(client, database, KNOWN)
    assert client.get("/pin").location.startswith("/pin/choose")
    client.post("/pin/choose/ask")
    shown = wish(database).shown_code
    assert shown in text_of(client.get("/pin/choose"))
    assert client.post("/pin/choose", data={"pin": PIN, "pin_again": PIN}).status_code == 303
    assert person(database, world).pin_hash is None

    coach = sign_in(world.coach)
    assert shown in text_of(coach.get(f"/staff/people/{world.participant.id}/pin"))
    assert confirm(coach, world, database, how="call") == 303
    stored = wish(database)
    assert (stored.confirmed_by, stored.confirmed_how) == (world.coach.id, "call")

    assert "Spara pinkoden" in text_of(client.get("/pin/choose/waiting"))
    answer = client.post("/pin/choose", data={"pin": PIN, "pin_again": PIN, "next": "/plan"})
    assert (answer.status_code, answer.location) == (303, "/plan")
    assert tiers(database)[-1] == 2 or 2 in tiers(database)
    assert person(database, world).pin_hash is not None
    with database.reading() as session:
        changes = session.scalars(
            select(JournalRow.actor_id).where(JournalRow.action == "change", JournalRow.kind == "pin")
        ).all()
    assert set(changes) == {world.coach.id, world.participant.id}


@pytest.mark.parametrize(
    ("pin", "again", "sentence"),
    [
        ("123456", "123456", "i rad"),
        ("111111", "111111", "Samma siffra"),
        ("850312", "850312", "födelsedag"),
        ("701740", "701740", "telefonnummer"),
        (PIN, another(PIN), "inte samma"),
        (PIN, "", "Skriv din pinkod"),
        ("12", "12", "6 siffror"),
    ],
)
def test_a_weak_or_mistyped_pin_says_why(
    client: Client,
    world: World,
    database: Database,
    sign_in: SignIn,
    pin: str,
    again: str,
    sentence: str,
) -> None:
    come_in(client, database, KNOWN)
    client.post("/pin/choose/ask")
    confirm(sign_in(world.coach), world, database)
    answer = client.post("/pin/choose", data={"pin": pin, "pin_again": again})
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert person(database, world).pin_hash is None


def test_another_session_of_the_same_person_cannot_use_the_coachs_yes(
    client: Client, world: World, database: Database, sign_in: SignIn, frozen: FrozenClock
) -> None:
    """S13: what was confirmed is one session; a photographed page or a second browser gets nothing."""
    come_in(client, database, KNOWN)
    client.post("/pin/choose/ask")
    frozen.move(timedelta(minutes=2))
    thief = cast(Client, client.application.test_client())
    come_in(thief, database, KNOWN)
    confirm(sign_in(world.coach), world, database)
    assert thief.post("/pin/choose", data={"pin": PIN, "pin_again": PIN}).status_code == 303
    assert person(database, world).pin_hash is None
    assert client.post("/pin/choose", data={"pin": PIN, "pin_again": PIN}).status_code == 303
    assert person(database, world).pin_hash is not None


def test_the_wish_lives_ten_minutes_and_the_yes_ten_more(
    client: Client, world: World, database: Database, sign_in: SignIn, frozen: FrozenClock
) -> None:
    """S13."""
    come_in(client, database, KNOWN)
    client.post("/pin/choose/ask")
    frozen.move(timedelta(minutes=10))
    coach = sign_in(world.coach)
    assert confirm(coach, world, database) == 422
    client.post("/pin/choose/ask")
    assert confirm(coach, world, database) == 303
    frozen.move(timedelta(minutes=10))
    client.post("/pin/choose", data={"pin": PIN, "pin_again": PIN})
    assert person(database, world).pin_hash is None


def test_a_yes_is_used_once(client: Client, world: World, database: Database, sign_in: SignIn) -> None:
    """S13."""
    come_in(client, database, KNOWN)
    client.post("/pin/choose/ask")
    coach = sign_in(world.coach)
    assert confirm(coach, world, database) == 303
    assert confirm(coach, world, database) == 422
    client.post("/pin/choose", data={"pin": PIN, "pin_again": PIN})
    first = person(database, world).pin_hash
    client.post("/pin/choose", data={"pin": another(PIN), "pin_again": another(PIN)})
    assert person(database, world).pin_hash == first


def test_who_has_a_pin_cannot_ask_to_choose_another(client: Client, world: World, database: Database) -> None:
    """S13: whoever took the phone must not get past the PIN by asking anew."""
    give_pin(database, world.participant)
    come_in(client, database, KNOWN)
    client.post("/pin/choose/ask")
    with database.reading() as session:
        assert session.scalars(select(PinRequest)).all() == []


def test_waiting_does_not_keep_the_session_awake(
    client: Client, world: World, database: Database, frozen: FrozenClock
) -> None:
    """S17: a page that asks by itself is nobody's touch."""
    come_in(client, database, KNOWN)
    for _ in range(8):
        frozen.move(timedelta(minutes=2))
        answer = client.get("/pin/choose/waiting", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"].endswith("/sign-in")


@pytest.mark.parametrize(
    ("who", "may_see", "may_confirm", "may_reset"),
    [
        ("coach", True, True, True),
        ("lead", True, True, True),
        ("admin", True, False, True),
        ("other_coach", False, False, False),
        ("far_coach", False, False, False),
        ("translator", False, False, False),
        ("second_participant", False, False, False),
    ],
)
def test_who_may_confirm_and_clear(
    client: Client,
    world: World,
    database: Database,
    sign_in: SignIn,
    who: str,
    may_see: bool,
    may_confirm: bool,
    may_reset: bool,
) -> None:
    """S2: an admin, who may change a number, must not open the second door as well."""
    come_in(client, database, KNOWN)
    client.post("/pin/choose/ask")
    browser = sign_in(getattr(world, who))
    page = f"/staff/people/{world.participant.id}/pin"
    assert (browser.get(page).status_code == 200) is may_see
    assert (confirm(browser, world, database) == 303) is may_confirm
    assert (wish(database).confirmed_at is not None) is may_confirm
    give_pin(database, world.participant)
    assert (browser.post(f"{page}/reset").status_code == 303) is may_reset
    assert (person(database, world).pin_hash is None) is may_reset


def test_clearing_ends_every_session(
    client: Client, world: World, database: Database, sign_in: SignIn
) -> None:
    """S18."""
    come_in(client, database, KNOWN)
    inside = sign_in(world.participant, 2)
    sign_in(world.lead).post(f"/staff/people/{world.participant.id}/pin/reset")
    assert client.get("/me").status_code == inside.get("/me").status_code == 303


@pytest.mark.parametrize(
    "fields", [{"wish": "x"}, {"how": "letter"}, {"how": ""}, {"wish": str(uuid.uuid4())}]
)
def test_a_forged_yes_is_refused(
    client: Client, world: World, database: Database, sign_in: SignIn, fields: dict[str, str]
) -> None:
    """S3."""
    come_in(client, database, KNOWN)
    client.post("/pin/choose/ask")
    assert confirm(sign_in(world.coach), world, database, **fields) == 422
    assert wish(database).confirmed_at is None


def test_a_coach_cannot_confirm_somebody_elses_participant_under_their_own(
    client: Client, world: World, database: Database, sign_in: SignIn
) -> None:
    """S3: the wish belongs to the person in the address."""
    come_in(client, database, KNOWN)
    client.post("/pin/choose/ask")
    with database.transaction() as session:
        session.execute(update(PinRequest).values(person_id=world.other_participant.id))
    assert confirm(sign_in(world.coach), world, database) == 422
    assert wish(database).confirmed_at is None


def test_of_two_sessions_with_a_yes_the_second_changes_nothing(
    client: Client, world: World, database: Database, sign_in: SignIn, frozen: FrozenClock
) -> None:
    """S13: whoever else holds the person's SMS must not replace the PIN that the person has just chosen."""
    coach, thief = sign_in(world.coach), cast(Client, client.application.test_client())
    for browser in (client, thief):
        come_in(browser, database, KNOWN)
        browser.post("/pin/choose/ask")
        assert confirm(coach, world, database) == 303
        frozen.move(timedelta(minutes=2))
    client.post("/pin/choose", data={"pin": PIN, "pin_again": PIN})
    own = person(database, world).pin_hash
    assert own is not None
    thief.post("/pin/choose", data={"pin": another(PIN), "pin_again": another(PIN)})
    assert person(database, world).pin_hash == own
    assert thief.get("/plan").status_code == 303


def test_who_has_a_pin_gets_no_yes_to_choose_another(
    client: Client, world: World, database: Database, sign_in: SignIn
) -> None:
    """S13: a wish from before the PIN was chosen is worth nothing after."""
    come_in(client, database, KNOWN)
    client.post("/pin/choose/ask")
    give_pin(database, world.participant)
    assert confirm(sign_in(world.coach), world, database) == 422
