"""Coming in without SMS: a code on the coach's screen and the PIN, on any device (S34)."""

import re
import threading
from datetime import datetime, timedelta
from queue import Queue
from typing import Any

import pytest
from sqlalchemy import func, select, update

from portal.config import DEMO_KEY
from portal.db import Database
from portal.identity.models import Person
from portal.identity.session_models import AttemptCounter, DeskCode, WebSession
from portal.identity.signin import attempts_service, desk_queries, desk_service, hashing, rules
from portal.identity.signin.service import CodeNotValid
from portal.journal.models import JournalRow
from tests.conftest import FrozenClock, SignIn
from tests.signin.test_first_door import fresh, work
from tests.support.objects import asker_of
from tests.support.pages import Client, text_of
from tests.support.signing_in import PIN, another, code_in, give_pin, messages
from tests.support.world import World

DOOR = "/norrby/sign-in/coach"
WRONG = "Det stämmer inte. Titta på koden och pinkoden igen, eller be om en ny kod."


@pytest.fixture
def unsafe(database: Database, world: World) -> Person:
    """The participant, for whom SMS is not safe; with a PIN of old."""
    give_pin(database, world.participant)
    change(database, world.participant, sms_unsafe=True)
    return world.participant


@pytest.fixture
def coach(sign_in: SignIn, world: World) -> Client:
    return sign_in(world.coach)


def change(database: Database, person: Person, **values: Any) -> None:
    with database.transaction() as session:
        session.execute(update(Person).where(Person.id == person.id).values(**values))


def shown(coach: Client, person: Person, **fields: str) -> str:
    """The code that the coach's screen shows."""
    page = coach.post(f"/staff/people/{person.id}/reach/code", data=fields)
    assert page.status_code == 200
    return code_in(text_of(page))


def tiers(database: Database, person: Person) -> list[int]:
    with database.reading() as session:
        alive = select(WebSession.tier).where(
            WebSession.person_id == person.id, WebSession.ended_at.is_(None)
        )
        return list(session.scalars(alive))


def test_code_and_pin_together_let_in_behind_both_doors_on_any_device(
    client: Client, database: Database, coach: Client, unsafe: Person
) -> None:
    """S34, S16: a browser that never asked for anything, and a session of its own."""
    code = shown(coach, unsafe)
    answer = client.post(DOOR, data={"code": f"{code[:4]} {code[4:]}", "pin": PIN, "next": "/plan"})
    assert (answer.status_code, answer.location) == (303, "/plan")
    assert tiers(database, unsafe) == [2]
    assert "Amina" in text_of(client.get("/home"))
    assert messages(database) == []


def test_whoever_has_no_code_finds_the_number_where_it_is_asked_for(client: Client, world: World) -> None:
    """Everybody who stands at the door reads the same: it tells nothing of whom it concerns (S15)."""
    assert "Ring oss och be om en kod 010-123 45 67" in text_of(client.get(DOOR))
    client.post("/norrby/sign-in", data={"phone": "070-000 00 00"})
    page = client.get("/norrby/sign-in/code")
    assert "Har du stoppat alla SMS? Då får du koden av din coach." in text_of(page)
    assert f'href="{DOOR}"' in page.get_data(as_text=True)


def test_a_code_works_once_and_ten_minutes(
    client: Client, database: Database, coach: Client, unsafe: Person, frozen: FrozenClock
) -> None:
    """S10"""
    code = shown(coach, unsafe)
    assert client.post(DOOR, data={"code": code, "pin": PIN}).status_code == 303
    assert fresh(client).post(DOOR, data={"code": code, "pin": PIN}).status_code == 422
    later = shown(coach, unsafe)
    frozen.move(timedelta(minutes=10))
    assert fresh(client).post(DOOR, data={"code": later, "pin": PIN}).status_code == 422
    assert tiers(database, unsafe) == [2]


def test_a_newer_code_makes_the_older_one_void(client: Client, coach: Client, unsafe: Person) -> None:
    first, second = shown(coach, unsafe), shown(coach, unsafe)
    assert client.post(DOOR, data={"code": first, "pin": PIN}).status_code == 422
    assert client.post(DOOR, data={"code": second, "pin": PIN}).status_code == 303


def test_the_code_is_stored_as_a_keyed_hash_and_shown_once(
    database: Database, coach: Client, unsafe: Person
) -> None:
    """S10"""
    code = shown(coach, unsafe)
    with database.reading() as session:
        row = session.scalars(select(DeskCode)).one()
        assert code.encode() not in row.code_hash
        assert len(row.code_hash) == 32
    page = text_of(coach.get(f"/staff/people/{unsafe.id}/reach"))
    assert code not in page
    assert f"{code[:4]} {code[4:]}" not in page


def test_a_right_and_a_wrong_code_are_answered_alike(
    client: Client, database: Database, coach: Client, unsafe: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S15: status, body, headers and the same work, whichever of the two did not fit."""
    code = shown(coach, unsafe)
    seen = []
    for typed in (code, another(code)):
        with work(database, monkeypatch) as done:
            answer = fresh(client).post(DOOR, data={"code": typed, "pin": another(PIN)})
        text = text_of(answer).replace(typed, "CODE")
        seen.append((answer.status_code, text, sorted(answer.headers.keys()), done))
    assert seen[0] == seen[1]
    assert seen[0][0] == 422
    assert WRONG in seen[0][1]


def test_five_wrong_pins_lock_the_pin_and_the_answer_stays_the_same(
    client: Client, database: Database, coach: Client, unsafe: Person
) -> None:
    """S12, S13: counted for the person, whoever asks from wherever, and over new codes."""
    code = shown(coach, unsafe)
    for number in range(5):
        address = {"REMOTE_ADDR": f"10.0.0.{number}"}
        wrong = {"code": code, "pin": another(PIN)}
        answer = fresh(client).post(DOOR, data=wrong, environ_overrides=address)
        assert answer.status_code == 422
    for typed in (code, shown(coach, unsafe)):
        answer = fresh(client).post(DOOR, data={"code": typed, "pin": PIN})
        assert answer.status_code == 422
        assert WRONG in text_of(answer)
    assert "Låst" in text_of(coach.get(f"/staff/people/{unsafe.id}/pin"))


def test_guessing_codes_costs_its_address_and_nobody_else(
    client: Client, database: Database, coach: Client, unsafe: Person, frozen: FrozenClock
) -> None:
    """S12: two hundred guesses from an address, then no more for an hour; the person's PIN is untouched."""
    code = shown(coach, unsafe)
    with database.transaction() as session:
        session.add(
            AttemptCounter(
                kind="code_guesses_from",
                key_hash=attempts_service.key("address", "10.9.9.9"),
                since=frozen.moment,
                count=200,
            )
        )
    crowded = {"REMOTE_ADDR": "10.9.9.9"}
    answer = fresh(client).post(DOOR, data={"code": code, "pin": PIN}, environ_overrides=crowded)
    assert answer.status_code == 429
    assert client.post(DOOR, data={"code": code, "pin": PIN}).status_code == 303


def test_a_wrong_code_sounds_the_alarm_over_all_accounts_too(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """S12: as a code by SMS, a PIN or a password that does not fit."""
    monkeypatch.setattr(rules, "FAILURES", rules.Limit("failures", 3, rules.HOUR))
    for number in range(3):
        fresh(client).post(DOOR, data={"code": f"1234567{number}", "pin": PIN})
    assert "3 failed tries" in caplog.text


def test_a_success_costs_its_address_nothing(
    client: Client, database: Database, coach: Client, unsafe: Person
) -> None:
    client.post(DOOR, data={"code": shown(coach, unsafe), "pin": PIN})
    with database.reading() as session:
        counts = select(AttemptCounter.count).where(AttemptCounter.kind == "code_guesses_from")
        assert session.scalars(counts).all() == [0]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"code": "", "pin": PIN}, "Skriv koden som står på din coachs skärm."),
        ({"code": "1234 567", "pin": PIN}, "Koden har 8 siffror."),
        ({"code": "abc", "pin": PIN}, "Koden har bara siffror."),
        ({"code": "1234 5678", "pin": ""}, "Skriv din pinkod."),
        ({"code": "1234 5678", "pin": "123"}, "Pinkoden har 6 siffror."),
    ],
)
def test_what_is_no_code_is_said_beside_its_field(
    client: Client, world: World, fields: dict[str, str], sentence: str
) -> None:
    """The code stands there still, the PIN never comes back."""
    page = client.post(DOOR, data=fields)
    assert page.status_code == 422
    assert sentence in text_of(page)
    assert f'value="{fields["code"]}"' in page.text
    assert PIN not in page.text


def test_disabling_in_between_makes_it_void(
    client: Client, database: Database, coach: Client, unsafe: Person, sign_in: SignIn, world: World
) -> None:
    """S18"""
    code = shown(coach, unsafe)
    sign_in(world.admin).post(f"/staff/people/{unsafe.id}/disable")
    assert client.post(DOOR, data={"code": code, "pin": PIN}).status_code == 422
    assert tiers(database, unsafe) == []


def test_another_organisations_door_knows_nothing_of_it(
    client: Client, coach: Client, unsafe: Person
) -> None:
    """S4"""
    code = shown(coach, unsafe)
    assert client.post("/soderby/sign-in/coach", data={"code": code, "pin": PIN}).status_code == 422


def test_who_gets_codes_by_sms_is_shown_none(coach: Client, world: World, database: Database) -> None:
    give_pin(database, world.participant)
    answer = coach.post(f"/staff/people/{world.participant.id}/reach/code")
    assert answer.status_code == 303
    assert "Personen får koder i SMS." in text_of(coach.get(answer.location))
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(DeskCode)) == 0


def test_somebody_without_a_number_comes_in_the_same_way(
    client: Client, coach: Client, world: World, database: Database
) -> None:
    give_pin(database, world.participant)
    change(database, world.participant, phone_hash=None, phone_sealed=None)
    assert client.post(DOOR, data={"code": shown(coach, world.participant), "pin": PIN}).status_code == 303


def test_another_coach_shows_no_code(sign_in: SignIn, world: World, unsafe: Person) -> None:
    """S2: the person's own coach and lead alone; not even an admin, who may clear the PIN."""
    for other in (world.other_coach, world.far_coach, world.admin):
        answer = sign_in(other).post(f"/staff/people/{unsafe.id}/reach/code", data={"here": "here"})
        assert answer.status_code == 404
    shown(sign_in(world.lead), unsafe)


def test_showing_and_using_a_code_is_in_the_journal(
    client: Client, database: Database, coach: Client, unsafe: Person, world: World
) -> None:
    client.post(DOOR, data={"code": shown(coach, unsafe), "pin": PIN})
    with database.reading() as session:
        rows = session.execute(
            select(JournalRow.actor_id, JournalRow.subject_id)
            .where(JournalRow.kind == "desk_code", JournalRow.action == "change")
            .order_by(JournalRow.number)
        ).all()
    assert [tuple(row) for row in rows] == [(world.coach.id, unsafe.id), (unsafe.id, unsafe.id)]


# --- choosing a PIN with the code (S13) ------------------------------------------------------------


@pytest.fixture
def without_pin(database: Database, world: World) -> Person:
    change(database, world.participant, sms_unsafe=True)
    return world.participant


def test_who_has_no_pin_chooses_it_with_the_code_while_the_coach_sits_there(
    client: Client, database: Database, coach: Client, without_pin: Person, world: World, sign_in: SignIn
) -> None:
    """S13: the coach says that they sit together, and then the code stands for one PIN alone."""
    page = coach.post(f"/staff/people/{without_pin.id}/reach/code")
    assert page.status_code == 422
    assert "Välj ett svar." in text_of(page)
    code = shown(coach, without_pin, here="here")
    chosen = {"code": code, "pin": PIN, "pin_again": PIN}
    assert client.post(DOOR, data={"code": code, "pin": PIN}).status_code == 422
    assert client.post(f"{DOOR}/pin", data=chosen).location == "/home"
    assert tiers(database, without_pin) == [2]
    with database.reading() as session:
        stored = session.get_one(Person, without_pin.id)
        assert hashing.pin_fits(stored.pin_hash, PIN, DEMO_KEY)
    assert fresh(client).post(f"{DOOR}/pin", data=chosen).status_code == 422
    access = text_of(sign_in(world.admin).get(f"/staff/people/{without_pin.id}/access"))
    assert "Karin Lund, på plats" in access


def test_the_page_of_the_pin_leads_to_the_code(
    coach: Client, without_pin: Person, sign_in: SignIn, world: World
) -> None:
    """An admin, who may clear the PIN, is told where it is chosen, and shows no code."""
    at, code = f"/staff/people/{without_pin.id}/pin", f"/staff/people/{without_pin.id}/reach"
    assert f'href="{code}"' in coach.get(at).text
    page = sign_in(world.admin).get(at)
    assert "med en kod från sin coachs skärm" in text_of(page)
    assert f'href="{code}"' not in page.text


def test_a_code_for_somebody_with_a_pin_chooses_no_other(
    client: Client, coach: Client, unsafe: Person, database: Database
) -> None:
    """S13: neither the coach nor whoever overhears the code gets past the PIN that is there."""
    code = shown(coach, unsafe, here="here")
    other = another(PIN)
    answer = client.post(f"{DOOR}/pin", data={"code": code, "pin": other, "pin_again": other})
    assert answer.status_code == 422
    assert tiers(database, unsafe) == []


def test_a_pin_that_was_chosen_meanwhile_stays(
    client: Client, coach: Client, without_pin: Person, database: Database, now: datetime, world: World
) -> None:
    """S13: a code for choosing a PIN changes none, whenever the other one came."""
    code = shown(coach, without_pin, here="here")
    with database.reading() as session:
        before = desk_queries.live(session, world.organisation.id, code, now)
    give_pin(database, without_pin)
    other = {"code": code, "pin": another(PIN), "pin_again": another(PIN)}
    assert client.post(f"{DOOR}/pin", data=other).status_code == 422
    assert before is not None
    with pytest.raises(CodeNotValid), database.transaction() as session:
        desk_service.redeem(session, before, now, new_pin_hash="another")
    with database.reading() as session:
        stored = session.get_one(Person, without_pin.id).pin_hash
    assert hashing.pin_fits(stored, PIN, DEMO_KEY)
    assert tiers(database, without_pin) == []


def test_a_pin_that_others_guess_is_refused(client: Client, coach: Client, without_pin: Person) -> None:
    code = shown(coach, without_pin, here="here")
    for weak, sentence in (("123456", "Siffror i rad"), ("701740", "telefonnummer")):
        page = client.post(f"{DOOR}/pin", data={"code": code, "pin": weak, "pin_again": weak})
        assert page.status_code == 422
        assert sentence in text_of(page)
    page = client.post(f"{DOOR}/pin", data={"code": code, "pin": PIN, "pin_again": another(PIN)})
    assert "Siffrorna är inte samma" in text_of(page)
    assert client.post(f"{DOOR}/pin", data={"code": code, "pin": PIN, "pin_again": PIN}).status_code == 303


def test_twenty_at_once_let_in_one(database: Database, world: World, unsafe: Person, now: datetime) -> None:
    """S10: of many with the same code one gets in."""
    with database.transaction() as session:
        code = desk_service.show(
            session,
            asker_of(session, world.coach),
            session.get_one(Person, unsafe.id),
            is_here=False,
            now=now,
        )
        found = desk_queries.live(session, world.organisation.id, code, now)
    assert found is not None
    results: Queue[str] = Queue()

    def redeem() -> None:
        try:
            with database.transaction() as own:
                desk_service.redeem(own, found, now)
            results.put("in")
        except CodeNotValid:
            results.put("out")

    crowd = [threading.Thread(target=redeem) for _ in range(20)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert sorted(results.get() for _ in crowd) == ["in"] + ["out"] * 19


def test_the_phones_page_leads_there(client: Client, world: World) -> None:
    page = client.get("/norrby/sign-in?next=/plan")
    assert "Jag har en kod från min coach" in text_of(page)
    link = re.search(r'href="(/norrby/sign-in/coach[^"]*)"', page.text)
    assert link
    assert 'name="next" value="/plan"' in client.get(link[1]).text
