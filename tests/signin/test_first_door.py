"""The first door: a number, a code by SMS in the same browser, and nothing said to anybody else."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, cast

import pytest
from sqlalchemy import event, func, select, update

from portal.crypto import Keyring, lookup_hash
from portal.db import Database
from portal.identity.models import Person
from portal.identity.session_models import AttemptCounter, SignInCode, WebSession
from portal.messaging.models import OutboxMessage
from portal.organisation.models import Organisation
from tests.conftest import FrozenClock
from tests.support.pages import Client, text_of
from tests.support.signing_in import HOME, another, ask, code_in, come_in, messages
from tests.support.world import World

KNOWN, UNKNOWN = "070-174 06 05", "070-174 06 99"


def fresh(client: Client) -> Client:
    """Another browser."""
    return cast(Client, client.application.test_client())


def sent_code(database: Database) -> str:
    """The code in the newest SMS."""
    return code_in(messages(database)[-1].body)


@pytest.mark.parametrize(
    "typed",
    [
        "0701740605",
        "070-174 06 05",
        "+46 70 174 06 05",
        "0046701740605",
        "(070) 174.06.05",
        "٠٧٠١٧٤٠٦٠٥",
        "\u2066070-174 06 05\u2069",
    ],
)
def test_the_number_may_be_typed_any_way(
    client: Client, world: World, database: Database, typed: str
) -> None:
    response = ask(client, typed)
    assert response.status_code == 303
    assert response.location == f"{HOME}/code"
    (sent,) = messages(database)
    assert sent.address == "+46701740605"
    assert sent.recipient_id == world.participant.id


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Skriv ditt telefonnummer."),
        ("08-123 456 78", "kan inte få SMS"),
        ("+47 912 34 567", "inte svenskt"),
        ("070-123", "för kort"),
        ("070-123 45 67 89 01", "för långt"),
        ("hej\x00<b>", "inget telefonnummer"),
        ("0" * 10_000, "för långt"),
        ("😀", "inget telefonnummer"),
    ],
)
def test_a_number_that_cannot_get_an_sms_says_so_beside_the_field(
    client: Client, world: World, database: Database, typed: str, sentence: str
) -> None:
    response = ask(client, typed)
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert not messages(database)


def test_what_was_typed_is_given_back(client: Client, world: World) -> None:
    assert b'value="08-123 456 78"' in ask(client, "08-123 456 78").data
    assert b"&lt;b&gt;hej&lt;/b&gt;" in ask(client, "<b>hej</b>").data


def test_the_way_in(client: Client, world: World, database: Database) -> None:
    """A code lets in to the first door, in a session of its own."""
    response = come_in(client, database, KNOWN)
    assert (response.status_code, response.location) == (303, "/home")
    with database.reading() as session:
        opened = session.scalars(select(WebSession)).one()
    assert (opened.person_id, opened.tier, opened.roles) == (world.participant.id, 1, ["participant"])
    assert client.get("/me").status_code == 200
    assert client.get("/").location == "/home"


def test_the_sms_says_nothing_of_us(client: Client, world: World, database: Database) -> None:
    """S31: the code in two groups, and a warning, in the person's language; it leaves first and dies soon."""
    ask(client, KNOWN)
    ask(fresh(client), "070-174 06 06")
    swedish, arabic = sorted(messages(database), key=lambda message: message.language, reverse=True)
    assert swedish.body == f"{swedish.body[:9]}\nSäg inte koden till någon."
    assert swedish.parts == arabic.parts == 1
    assert arabic.language == "ar"
    # Two groups change places in a right-to-left line unless they are kept together.
    assert arabic.body[0] == "\u2066"
    assert arabic.body[10] == "\u2069"
    assert swedish.priority == 0
    assert swedish.expires_at - swedish.created_at == timedelta(minutes=10)


def test_the_code_may_be_typed_any_way(client: Client, world: World, database: Database) -> None:
    ask(client, KNOWN)
    code = sent_code(database)
    typed = f"{code[:4]}-{code[4:]}".translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert client.post(f"{HOME}/code", data={"code": typed}).status_code == 303


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("", "Skriv koden"), ("1234", "8 siffror"), ("abcdefgh", "bara siffror"), ("\x00" * 9, "Skriv koden")],
)
def test_what_is_no_code_costs_no_try(
    client: Client, world: World, database: Database, typed: str, sentence: str
) -> None:
    ask(client, KNOWN)
    response = client.post(f"{HOME}/code", data={"code": typed})
    assert response.status_code == 422
    assert sentence in text_of(response)
    with database.reading() as session:
        assert session.scalar(select(SignInCode.tries)) == 0


def test_the_code_is_stored_as_a_keyed_hash(client: Client, world: World, database: Database) -> None:
    """S10."""
    ask(client, KNOWN)
    with database.reading() as session:
        row = session.scalars(select(SignInCode)).one()
    stored = b"".join(value for value in vars(row).values() if isinstance(value, bytes))
    assert sent_code(database).encode() not in stored
    assert len(row.code_hash) == 32


def test_a_code_works_once(client: Client, world: World, database: Database) -> None:
    """S10."""
    come_in(client, database, KNOWN)
    with database.transaction() as session:
        session.execute(update(WebSession).values(ended_at=WebSession.created_at))
    code = sent_code(database)
    assert client.post(f"{HOME}/code", data={"code": code}).location == HOME
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(WebSession)) == 1


def test_a_code_works_only_in_the_browser_that_asked(
    client: Client, world: World, database: Database
) -> None:
    """S11."""
    ask(client, KNOWN)
    thief = fresh(client)
    assert thief.post(f"{HOME}/code", data={"code": sent_code(database)}).location == HOME
    ask(thief, UNKNOWN)
    assert thief.post(f"{HOME}/code", data={"code": sent_code(database)}).status_code == 422
    assert thief.get("/me").status_code == 303


def test_a_code_lives_ten_minutes(
    client: Client, world: World, database: Database, frozen: FrozenClock
) -> None:
    """S10."""
    ask(client, KNOWN)
    frozen.move(timedelta(minutes=10))
    response = client.post(f"{HOME}/code", data={"code": sent_code(database)})
    assert (response.status_code, response.location) == (303, HOME)
    assert client.get("/me").status_code == 303


def test_five_tries_a_code(client: Client, world: World, database: Database) -> None:
    """S12."""
    ask(client, KNOWN)
    code = sent_code(database)
    for left in (4, 3, 2, 1):
        assert f"{left} gång" in text_of(client.post(f"{HOME}/code", data={"code": another(code)}))
    assert "ny kod" in text_of(client.post(f"{HOME}/code", data={"code": another(code)}))
    assert client.post(f"{HOME}/code", data={"code": code}).status_code == 422
    assert client.get("/me").status_code == 303


def test_guesses_are_counted_for_the_account_in_every_browser(
    client: Client, world: World, database: Database, frozen: FrozenClock
) -> None:
    """S12: a dropped cookie and a new code change nothing; the next day begins anew."""
    for _ in range(4):
        thief = fresh(client)
        ask(thief, KNOWN)
        for _ in range(5):
            thief.post(f"{HOME}/code", data={"code": another(sent_code(database))})
        frozen.move(timedelta(minutes=2))
    ask(client, KNOWN)
    response = client.post(f"{HOME}/code", data={"code": sent_code(database)})
    assert response.status_code == 429
    assert "010-123 45 67" in text_of(response)
    frozen.move(timedelta(days=1))
    assert come_in(client, database, KNOWN).location == "/home"


def test_guesses_are_counted_for_the_network_address(
    client: Client, world: World, database: Database, frozen: FrozenClock
) -> None:
    """S12."""
    ask(client, KNOWN)
    client.post(f"{HOME}/code", data={"code": another(sent_code(database))})
    with database.transaction() as session:
        session.execute(
            update(AttemptCounter).where(AttemptCounter.kind == "code_guesses_from").values(count=200)
        )
    code = sent_code(database)
    assert client.post(f"{HOME}/code", data={"code": code}).status_code == 429
    elsewhere = {"REMOTE_ADDR": "192.0.2.9"}
    answer = client.post(f"{HOME}/code", data={"code": code}, environ_overrides=elsewhere)
    assert answer.location == "/home"


def test_counters_survive_a_restart(client: Client, world: World, database: Database) -> None:
    """S12: they stand in the database, although every answer was a refusal."""
    ask(client, UNKNOWN)
    client.post(f"{HOME}/code", data={"code": "00000000"})
    with database.reading() as session:
        rows = session.scalars(select(AttemptCounter)).all()
        counted = {row.kind: row.count for row in rows}
        assert session.scalar(select(SignInCode.tries)) == 1
    assert counted == {
        "codes_to": 1,
        "codes_of": 0,
        "codes_from": 1,
        "code_guesses": 1,
        "code_guesses_from": 1,
        "failures": 1,
    }


def test_caps_for_a_number_and_a_day(
    client: Client, world: World, database: Database, frozen: FrozenClock
) -> None:
    """S14: ten codes to one number; known and unknown numbers stop alike."""
    answers = {}
    for phone in (KNOWN, UNKNOWN):
        for _ in range(10):
            assert ask(fresh(client), phone).status_code == 303
        answers[phone] = ask(fresh(client), phone)
    assert {answer.status_code for answer in answers.values()} == {429}
    assert answers[KNOWN].data == answers[UNKNOWN].data
    assert len(messages(database)) == 10
    frozen.move(timedelta(days=1))
    assert ask(fresh(client), KNOWN).status_code == 303


def test_cap_for_the_organisation(client: Client, world: World, database: Database) -> None:
    """S14: what is sent counts; a stranger who types numbers that are nobody's uses up nothing."""
    with database.transaction() as session:
        session.execute(update(Organisation).values(settings={"codes_a_day": 1}))
    for last in range(20, 25):
        assert ask(fresh(client), f"070-174 06 {last}").status_code == 303
    assert ask(fresh(client), KNOWN).status_code == 303
    assert ask(fresh(client), "070-174 06 06").status_code == 429
    assert ask(fresh(client), UNKNOWN).status_code == 429


@contextmanager
def work(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The statements (their first words) and keyed hashes of what happens inside."""
    done: list[str] = []
    plain = Keyring.keyed_hash

    def hashed(ring: Keyring, *parts: str) -> bytes:
        done.append(f"hash {parts[0]} {parts[1] if parts[0] == 'lookup' else ''}")
        return plain(ring, *parts)

    def stated(_c: Any, _k: Any, statement: str, *_: Any) -> None:
        ended = statement.startswith(("RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT"))
        done.append("the end of a savepoint" if ended else " ".join(statement.split()[:3]))

    monkeypatch.setattr(Keyring, "keyed_hash", hashed)
    for engine in database.engines:
        event.listen(engine, "before_cursor_execute", stated)
    yield done
    for engine in database.engines:
        event.remove(engine, "before_cursor_execute", stated)
    monkeypatch.undo()


def outsiders(database: Database, world: World) -> dict[str, str]:
    """Numbers that get no code: nobody's, another organisation's, disabled, protected, not safe, staff's."""
    with database.transaction() as session:
        for last, person, values in (
            ("31", world.other_participant, {"protected": True}),
            ("32", world.second_participant, {"sms_unsafe": True}),
            ("33", world.coach, {"phone_sealed": None}),
        ):
            found = lookup_hash("phone", f"+467017406{last}")
            session.execute(update(Person).where(Person.id == person.id).values(phone_hash=found, **values))
    return {
        "nobody": UNKNOWN,
        "another organisation": "070-174 06 08",
        "protected": "070-174 06 31",
        "SMS is not safe": "070-174 06 32",
        "staff": "070-174 06 33",
    }


def test_known_and_unknown_numbers_are_answered_alike(
    client: Client, world: World, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S15, S14, S29, S34, S37: status, body, headers, and the same queries and hashes."""
    numbers = {"known": KNOWN, **outsiders(database, world)}
    seen: dict[str, Any] = {}
    for who, phone in numbers.items():
        browser = fresh(client)
        with work(database, monkeypatch) as done:
            asked = ask(browser, phone)
        page = browser.get(asked.location)
        with work(database, monkeypatch) as guessing:
            wrong = browser.post(f"{HOME}/code", data={"code": "00000000"})
        seen[who] = (
            asked.status_code,
            asked.location,
            sorted(asked.headers.keys()),
            text_of(page).replace(phone, "NUMBER"),
            wrong.status_code,
            text_of(wrong).replace(phone, "NUMBER"),
            done,
            guessing,
        )
    assert len(messages(database)) == 1
    for who, answer in seen.items():
        for mine, known in zip(answer, seen["known"], strict=True):
            assert mine == known, who


def test_nothing_is_left_of_a_message_to_a_number_that_is_nobodys(
    client: Client, world: World, database: Database
) -> None:
    """S15: the message is taken back before anybody can send it."""
    ask(client, UNKNOWN)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 0
        assert session.scalars(select(SignInCode)).one().person_id is None


@pytest.mark.parametrize(
    "values",
    [{"protected": True}, {"sms_unsafe": True}, {"phone_hash": None, "phone_sealed": None}],
)
def test_what_happens_after_the_code_left_still_counts(
    client: Client, world: World, database: Database, values: dict[str, Any]
) -> None:
    """S6, S35, S37: the code is of no use to somebody who may no longer get one."""
    ask(client, KNOWN)
    with database.transaction() as session:
        session.execute(update(Person).where(Person.id == world.participant.id).values(**values))
    client.post(f"{HOME}/code", data={"code": sent_code(database)})
    assert client.get("/me").status_code == 303


def test_asking_again_waits_a_minute_and_then_the_newest_code_works(
    client: Client, world: World, database: Database, frozen: FrozenClock
) -> None:
    ask(client, KNOWN)
    first = sent_code(database)
    assert "om 60 sekunder" in text_of(client.get(f"{HOME}/code"))
    assert client.post(f"{HOME}/again").location == f"{HOME}/code"
    assert ask(client, KNOWN).status_code == 303
    assert len(messages(database)) == 1
    frozen.move(timedelta(seconds=61))
    client.post(f"{HOME}/again")
    assert len(messages(database)) == 2
    if first != sent_code(database):
        assert client.post(f"{HOME}/code", data={"code": first}).status_code == 422
    assert client.post(f"{HOME}/code", data={"code": sent_code(database)}).location == "/home"


def test_a_double_tap_on_the_code_ends_inside(client: Client, world: World, database: Database) -> None:
    """The second tap brings the cookie of before the first answer."""
    ask(client, KNOWN)
    code = sent_code(database)
    before = client.get_cookie("stigen", domain="127.0.0.1")
    token = client.token()
    assert client.post(f"{HOME}/code", data={"code": code}).location == "/home"
    second = fresh(client)
    assert before is not None
    second.set_cookie("stigen", before.value, domain="127.0.0.1")
    answer = second.post(f"{HOME}/code", data={"code": code, "csrf_token": token}, csrf=False)
    assert answer.location == "/home"
    assert second.get("/me").status_code == 303
