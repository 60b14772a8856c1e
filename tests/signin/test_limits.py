"""S12, S14: what is counted, against whom, and what costs nothing."""

from typing import cast

import pytest
from sqlalchemy import select, update

from portal.db import Database
from portal.identity.session_models import AttemptCounter
from portal.identity.signin import attempts_service, rules
from portal.organisation.models import Organisation
from tests.conftest import FrozenClock
from tests.signin.test_staff_door import NEW, sign_in_as
from tests.support.pages import Client, text_of
from tests.support.signing_in import (
    HOME,
    PASSWORD,
    PIN,
    another,
    ask,
    come_in,
    give_account,
    give_pin,
    messages,
)
from tests.support.world import World

KNOWN, SECOND, UNKNOWN = "070-174 06 05", "070-174 06 06", "070-174 06 99"
ADDRESS = "127.0.0.1"


def fresh(client: Client) -> Client:
    """Another browser."""
    return cast(Client, client.application.test_client())


def cap(database: Database, codes_a_day: int) -> None:
    """How many codes the organisation sends in a day."""
    with database.transaction() as session:
        session.execute(update(Organisation).values(settings={"codes_a_day": codes_a_day}))


def counted(database: Database) -> dict[str, int]:
    """Each counter's kind, and how much stands against it in all."""
    found: dict[str, int] = {}
    with database.reading() as session:
        for row in session.scalars(select(AttemptCounter)):
            found[row.kind] = found.get(row.kind, 0) + row.count
    return found


def crowd(database: Database, limit: rules.Limit, frozen: FrozenClock) -> None:
    """Let others at this network address have used up what may come from it."""
    own = attempts_service.key("address", ADDRESS)
    with database.transaction() as session:
        attempts_service.count(session, limit, own, frozen.moment, by=limit.most)


def test_one_number_cannot_use_up_the_organisations_codes(
    client: Client, world: World, database: Database
) -> None:
    """S14: whoever knows one enrolled number stops that number, and nobody else's."""
    cap(database, 12)
    for _ in range(30):
        ask(fresh(client), KNOWN)
    assert counted(database)["codes_of"] == len(messages(database)) == 10
    assert come_in(fresh(client), database, SECOND).location == "/home"


def test_when_no_codes_are_left_everybody_is_told_alike(
    client: Client, world: World, database: Database
) -> None:
    """S15: the number asked for next, known or not, meets the same answer, and refusals use up nothing."""
    cap(database, 1)
    assert ask(fresh(client), KNOWN).status_code == 303
    answers = [ask(fresh(client), phone) for phone in (UNKNOWN, SECOND, KNOWN, UNKNOWN)]
    assert {answer.status_code for answer in answers} == {429}
    assert len({answer.data for answer in answers}) == 1
    assert counted(database)["codes_of"] == 1


def test_a_crowded_address_costs_no_account_a_try(
    client: Client, world: World, database: Database, frozen: FrozenClock
) -> None:
    """S12: what is refused for its address was never looked at."""
    give_pin(database, world.participant)
    give_account(database, world.coach)
    come_in(client, database, KNOWN)
    before = counted(database)
    asker = fresh(client)
    ask(asker, SECOND)
    for limit in (
        rules.CODES_FROM,
        rules.CODE_GUESSES_FROM,
        rules.PIN_GUESSES_FROM,
        rules.STAFF_GUESSES_FROM,
    ):
        crowd(database, limit, frozen)
    assert ask(fresh(client), KNOWN).status_code == 429
    assert asker.post(f"{HOME}/code", data={"code": "00000000"}).status_code == 429
    assert client.post("/pin", data={"pin": PIN}).status_code == 429
    assert sign_in_as(fresh(client), frozen)[0] == 429
    after = counted(database)
    assert after["codes_to"] == before["codes_to"] + 1
    assert after["code_guesses"] == before["code_guesses"]
    assert after[rules.PIN_GUESSES.kind] == after["staff_guesses"] == 0
    elsewhere = {"REMOTE_ADDR": "192.0.2.9"}
    answer = client.post("/pin", data={"pin": PIN}, environ_overrides=elsewhere)
    assert (answer.status_code, answer.location) == (303, "/home")


def test_a_crowded_address_is_told_to_wait_and_not_that_the_pin_is_locked(
    client: Client, world: World, database: Database, frozen: FrozenClock
) -> None:
    """S12: nobody needs a new PIN because of what others did."""
    give_pin(database, world.participant)
    come_in(client, database, KNOWN)
    crowd(database, rules.PIN_GUESSES_FROM, frozen)
    page = client.post("/pin", data={"pin": PIN})
    assert page.status_code == 429
    assert "låst" not in text_of(page)
    assert "Prova igen om en timme" in text_of(page)
    assert 'href="/home"' in page.get_data(as_text=True)


def test_staff_at_a_crowded_address_are_told_how_long(
    client: Client, world: World, database: Database, frozen: FrozenClock
) -> None:
    """S12."""
    give_account(database, world.coach)
    crowd(database, rules.STAFF_GUESSES_FROM, frozen)
    assert "Vänta en timme" in sign_in_as(client, frozen)[1]


@pytest.mark.parametrize("right", [True, False])
def test_whoever_gets_in_costs_the_address_nothing(
    client: Client, world: World, database: Database, right: bool
) -> None:
    """S12: a hundred colleagues behind one address come in one after the other; failures stand."""
    give_pin(database, world.participant)
    if not right:
        ask(client, SECOND)
        client.post(f"{HOME}/code", data={"code": "00000000"})
    come_in(client, database, KNOWN)
    if not right:
        client.post("/pin", data={"pin": another(PIN)})
    assert client.post("/pin", data={"pin": PIN}).status_code == 303
    near = [counted(database)[kind] for kind in ("codes_from", "code_guesses_from", "pin_guesses_from")]
    assert near == ([0, 0, 0] if right else [1, 1, 1])


@pytest.mark.parametrize("right", [True, False])
def test_staff_who_get_in_cost_the_address_nothing(
    client: Client, world: World, database: Database, frozen: FrozenClock, right: bool
) -> None:
    """S12."""
    give_account(database, world.coach)
    wrong = {} if right else {"password": "something else"}
    assert sign_in_as(client, frozen, **wrong)[0] == (303 if right else 422)
    assert counted(database)["staff_guesses_from"] == (0 if right else 1)
    if right:
        data = {"password": PASSWORD, "new_password": NEW, "new_password_again": NEW}
        assert client.post("/staff/password", data=data).status_code == 303
        assert counted(database)["staff_guesses_from"] == 0


def test_failures_over_all_accounts_sound_an_alarm(
    client: Client,
    world: World,
    database: Database,
    frozen: FrozenClock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """S12: each account alone has few; what succeeds is none, and the next hour begins anew."""
    monkeypatch.setattr(rules, "FAILURES", rules.Limit("failures", 3, rules.HOUR))
    give_pin(database, world.participant)
    give_account(database, world.coach)
    come_in(client, database, KNOWN)
    client.post("/pin", data={"pin": another(PIN)})
    assert sign_in_as(fresh(client), frozen, password="something else")[0] == 422
    assert not caplog.records
    assert sign_in_as(fresh(client), frozen)[0] == 303
    stranger = fresh(client)
    ask(stranger, UNKNOWN)
    assert not caplog.records
    stranger.post(f"{HOME}/code", data={"code": "00000000"})
    assert "3 failed tries" in caplog.text
    frozen.move(rules.HOUR)
    ask(stranger, SECOND)
    stranger.post(f"{HOME}/code", data={"code": "00000000"})
    assert counted(database)["failures"] == 1
