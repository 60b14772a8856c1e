"""Numbers that no longer reach their person get no code, and nobody can tell (S36, S15)."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from portal.db import Database
from portal.identity.models import Person
from portal.identity.people import number_queries
from portal.messaging import rules as messaging
from portal.staff import queries as staff
from tests.conftest import FrozenClock, SignIn
from tests.signin.test_first_door import fresh, work
from tests.support import outbox
from tests.support.objects import asker_of
from tests.support.pages import Client, text_of
from tests.support.signing_in import HOME, ask, come_in, messages
from tests.support.world import World

KNOWN, OTHER = "070-174 06 05", "070-174 06 06"
DAY = timedelta(days=1)


def confirmed(database: Database, person: Person, at: datetime, **values: Any) -> None:
    with database.transaction() as session:
        changed = update(Person).where(Person.id == person.id)
        session.execute(changed.values(phone_confirmed_at=at, **values))


def settled(database: Database, person: Person, state: str, at: datetime, code: str = "") -> None:
    """An SMS to the person that was settled then."""
    with database.transaction() as session:
        row = outbox.put(session, at, recipient_id=person.id)
        row.state, row.changed_at, row.error_code = state, at, code


def codes(database: Database) -> int:
    return sum(one.kind == messaging.SIGN_IN_CODE for one in messages(database))


def test_a_number_that_was_silent_for_ninety_days_gets_no_code_until_it_is_confirmed(
    client: Client, world: World, database: Database, frozen: FrozenClock, sign_in: SignIn
) -> None:
    """S36: the coach is told, confirms the number, and then the code comes."""
    confirmed(database, world.participant, frozen.moment - 91 * DAY)
    assert ask(client, KNOWN).location == f"{HOME}/code"
    assert codes(database) == 0
    coach = sign_in(world.coach)
    assert "Numret har varit tyst sedan" in text_of(coach.get("/staff"))
    at = f"/staff/people/{world.participant.id}/reach"
    assert "Tyst nummer" in text_of(coach.get(at))
    assert coach.post(f"{at}/number").status_code == 422
    assert coach.post(f"{at}/number", data={"confirmed": "verified_call"}).status_code == 303
    assert "Numret har varit tyst" not in text_of(coach.get("/staff"))
    come_in(fresh(client), database, KNOWN)


def test_a_number_that_bounced_hard_gets_no_code_until_it_is_confirmed(
    client: Client, world: World, database: Database, frozen: FrozenClock, sign_in: SignIn
) -> None:
    """S36: the provider has said that the number does not exist."""
    confirmed(database, world.participant, frozen.moment - 2 * DAY)
    settled(database, world.participant, messaging.FAILED, frozen.moment - DAY, "30005")
    before = codes(database)
    assert ask(client, KNOWN).location == f"{HOME}/code"
    assert codes(database) == before
    at = f"/staff/people/{world.participant.id}/reach/number"
    assert sign_in(world.coach).post(at, data={"confirmed": "in_person"}).status_code == 303
    ask(fresh(client), KNOWN)
    assert codes(database) == before + 1


@pytest.mark.parametrize("days, sent", [(89, 1), (90, 1), (91, 0)])
def test_the_last_sign_of_life_counts(
    client: Client, world: World, database: Database, now: datetime, days: int, sent: int
) -> None:
    """S36: an SMS that arrived, or a code that came back, as much as a confirmation."""
    long_ago = now - 200 * DAY
    confirmed(database, world.participant, long_ago)
    settled(database, world.participant, messaging.DELIVERED, now - days * DAY)
    confirmed(database, world.second_participant, long_ago, phone_heard_at=now - days * DAY)
    ask(client, KNOWN)
    ask(fresh(client), OTHER)
    assert codes(database) == 2 * sent


def test_a_code_that_came_back_is_a_sign_of_life(
    client: Client, world: World, database: Database, now: datetime
) -> None:
    come_in(client, database, KNOWN)
    with database.reading() as session:
        assert session.get_one(Person, world.participant.id).phone_heard_at == now


def test_known_dead_and_silent_numbers_are_answered_alike(
    client: Client, world: World, database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S15, S36: status, body, and the same queries and hashes."""
    confirmed(database, world.second_participant, now - 91 * DAY)
    confirmed(database, world.other_participant, now - DAY)
    settled(database, world.other_participant, messaging.FAILED, now - timedelta(hours=1), "30005")
    seen = {}
    for phone in (KNOWN, OTHER, "070-174 06 07", "070-174 06 99"):
        browser = fresh(client)
        with work(database, monkeypatch) as done:
            asked = ask(browser, phone)
        page = text_of(browser.get(asked.location)).replace(phone, "NUMBER")
        seen[phone] = (asked.status_code, asked.location, page, done)
    assert codes(database) == 1
    assert all(one == seen[KNOWN] for one in seen.values())


def test_only_whose_sms_would_go_there_is_asked_about(
    database: Database, world: World, now: datetime
) -> None:
    """S37, S34: nobody with protected identity, nobody for whom SMS is not safe, nobody else's."""
    for person, values in (
        (world.participant, {}),
        (world.second_participant, {"sms_unsafe": True}),
        (world.other_participant, {}),
        (world.far_participant, {}),
    ):
        confirmed(database, person, now - 91 * DAY, **values)
    with database.reading() as session:
        everybody = staff.everybody(session, asker_of(session, world.coach))
        found = number_queries.silent(session, everybody, now)
        assert [(one.person_id, one.heard_at) for one in found] == [(world.participant.id, now - 91 * DAY)]
        assert number_queries.trouble(session, uuid.uuid4(), (None, None), now) == ""


def test_a_new_number_begins_anew(
    database: Database, world: World, now: datetime, sign_in: SignIn, client: Client
) -> None:
    """S35, S36: what was heard of the old number says nothing of the new one."""
    confirmed(database, world.participant, now - 91 * DAY, phone_heard_at=now - 91 * DAY)
    data = {"phone": "070-174 06 77", "confirmed": "in_person"}
    assert (
        sign_in(world.admin).post(f"/staff/people/{world.participant.id}/number", data=data).status_code
        == 303
    )
    with database.reading() as session:
        person = session.get_one(Person, world.participant.id)
        assert (person.phone_heard_at, person.phone_confirmed_at) == (None, now)
    come_in(client, database, "070-174 06 77")
    assert [one.address for one in messages(database)] == ["+46701740677"]
