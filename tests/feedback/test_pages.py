"""The check-in on the phone: bad input beside the field, nothing lost, nothing read back to a stranger."""

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.db import Database
from portal.instruments.models import Response, ResponseLine
from portal.instruments.service import Writer, start
from portal.languages import language as language_of
from tests.conftest import FrozenClock, SignIn
from tests.feedback.conftest import HOUR, People, open_address
from tests.support.pages import Client, parse, text_of
from tests.support.world import World

Open = Callable[..., str]
WEEK = timedelta(days=7)


@pytest.fixture
def open_one(database: Database, people: People, frozen: FrozenClock) -> Open:
    """`open_one("after", person=…)` begins a check-in, committed, and gives its address."""

    def opened(instrument: str = "before", person: Any = None) -> str:
        asker = people.of(person or people.world.participant)
        with database.transaction() as fresh:
            return open_address(fresh, asker, instrument, frozen.moment)

    return opened


@pytest.fixture
def phone(sign_in: SignIn, world: World) -> Client:
    """The first participant's phone, through the first door."""
    return sign_in(world.participant, tier=1)


def stored(database: Database) -> dict[str, int | None]:
    with database.reading() as fresh:
        return {row.line: row.tenths for row in fresh.scalars(select(ResponseLine))}


def box(page: TestResponse) -> str | None:
    """What stands in the number box."""
    (field,) = [found for found in parse(page.text).iter("input") if found.get("id") == "value"]
    return field.get("value")


def key_of(page: TestResponse) -> str:
    found = re.search(r'name="key" value="([0-9a-f-]+)"', page.text)
    assert found
    return found[1]


def answer_all(phone: Client, at: str, lines: int = 5) -> None:
    for number in range(1, lines + 1):
        assert phone.post(f"{at}/{number}", data={"value": "5"}).status_code == 303


def test_before_the_first_question_it_says_who_reads_and_where_to_turn_now(
    phone: Client, open_one: Open
) -> None:
    page = phone.get(open_one())
    text = text_of(page)
    assert "Din coach läser dina svar före ert möte. Ingen läser dem direkt." in text
    assert "112" in text
    assert "90101" in text
    assert "5 frågor. Det tar ungefär 2 minuter." in text
    assert text.index("Ingen läser dem direkt") < text.index("Börja")


def test_the_whole_way_to_thanks(database: Database, phone: Client, open_one: Open) -> None:
    """S57: without a script, from the first question to thanks, each answer stored as it is given."""
    at = open_one("after")
    assert f'{at}/1"' in phone.get(at).text
    for number, (line, value) in enumerate(
        {"understood": "7,5", "listened": "٧", "topics": "0", "pace": "10", "next": "3.2"}.items(), start=1
    ):
        page = phone.get(f"{at}/{number}")
        assert box(page) is None
        assert f"Fråga {number} av 6" in text_of(page)
        answer = phone.post(f"{at}/{number}", data={"value": value, "act": "next"})
        assert (answer.status_code, answer.location) == (303, f"{at}/{number + 1}")
        assert line in stored(database)
    assert phone.post(f"{at}/6", data={"comment": " Mer <b>tid</b> 😀\r\n"}).location == f"{at}/check"
    assert stored(database) == {"understood": 75, "listened": 70, "topics": 0, "pace": 100, "next": 32}
    check = phone.get(f"{at}/check")
    assert 'aria-label="7,5 av 10"' in check.text
    assert "Mer <b>tid</b> 😀" in text_of(check)
    assert phone.post(f"{at}/send", data={"key": key_of(check)}).location == f"{at}/thanks"
    assert "Dina svar är skickade." in text_of(phone.get(f"{at}/thanks"))
    with database.reading() as fresh:
        response = fresh.scalars(select(Response)).one()
        assert (response.total, response.comment) == (277, "Mer <b>tid</b> 😀")


@pytest.mark.parametrize(
    "typed, said",
    [
        ("11", "Skriv ett tal från 0 till 10."),
        ("-1", "Skriv ett tal från 0 till 10."),
        ("sju", "Skriv ett tal, till exempel 7 eller 7,5."),
        ("<script>", "Skriv ett tal, till exempel 7 eller 7,5."),
        ("7,55", "Skriv högst en siffra efter kommat."),
        ("", "Svara först, eller tryck på Hoppa över."),
        ("7\x00", "Texten har ett tecken som vi inte kan spara."),
        ("😀" * 3, "Skriv ett tal, till exempel 7 eller 7,5."),
        ("7" * 10_000, "Texten är för lång."),
    ],
)
def test_what_is_no_number_is_kept_with_a_sentence_beside_it(
    database: Database, phone: Client, open_one: Open, typed: str, said: str
) -> None:
    page = phone.post(f"{open_one()}/1", data={"value": typed, "act": "next"})
    assert page.status_code == 422
    field = next(found for found in parse(page.text).iter("input") if found.get("id") == "value")
    assert field.get("aria-invalid") == "true"
    assert field.get("aria-describedby") == "value-error"
    assert said in text_of(page)
    assert (field.get("value") or "") == typed.replace("\x00", "")
    assert stored(database) == {}


def test_the_ring_is_absent_until_touched(phone: Client, open_one: Open) -> None:
    """No middle default: an untouched question has no value at all."""
    at = open_one()
    assert [box(phone.get(f"{at}/{number}")) for number in range(1, 6)] == [None] * 5


def test_skip_and_back(database: Database, phone: Client, open_one: Open) -> None:
    at = open_one()
    assert phone.post(f"{at}/1", data={"act": "skip", "value": "4"}).location == f"{at}/2"
    assert stored(database) == {"energy": None}
    assert phone.post(f"{at}/2", data={"act": "back", "value": "4"}).location == f"{at}/1"
    assert stored(database) == {"energy": None, "everyday": 40}
    assert phone.post(f"{at}/2", data={"act": "back", "value": "x"}).location == f"{at}/1"
    assert phone.post(f"{at}/1", data={"act": "back", "value": ""}).location == at
    assert stored(database)["everyday"] == 40
    assert box(phone.get(f"{at}/2")) == "4"


def test_what_was_skipped_can_be_passed_again(phone: Client, open_one: Open) -> None:
    at = open_one()
    phone.post(f"{at}/1", data={"act": "skip"})
    assert phone.post(f"{at}/1", data={"act": "next", "value": ""}).location == f"{at}/2"


def test_change_from_the_look_at_the_answers_goes_back_to_it(
    database: Database, phone: Client, open_one: Open
) -> None:
    at = open_one()
    answer_all(phone, at)
    page = phone.get(f"{at}/3?back=check")
    assert f'action="{at}/3?back=check"' in page.text
    assert phone.post(f"{at}/3?back=check", data={"value": "9"}).location == f"{at}/check"
    assert stored(database)["contact"] == 90


def test_a_later_session_goes_on_at_the_first_empty_question_and_reads_nothing(
    database: Database, sign_in: SignIn, world: World, open_one: Open
) -> None:
    """S30: the phone may be in other hands by now."""
    at = open_one("after")
    first = sign_in(world.participant, tier=1)
    first.post(f"{at}/1", data={"value": "8,7"})
    first.post(f"{at}/6", data={"comment": "hemlig sak"})
    assert box(first.get(f"{at}/1")) == "8.7"
    later = sign_in(world.participant, tier=1)
    assert f'{at}/2"' in later.get(at).text
    for page in (later.get(f"{at}/1"), later.get(f"{at}/6"), later.get(f"{at}/check")):
        shown = text_of(page) + "".join(str(found.attrib) for found in parse(page.text).iter("input"))
        assert not re.search(r"8[.,]7", shown)
        assert "hemlig sak" not in page.text
        assert "sparat" in text_of(page).lower()
    assert later.post(f"{at}/1", data={"value": ""}).location == f"{at}/2"
    assert later.post(f"{at}/6", data={"comment": ""}).location == f"{at}/check"
    with database.reading() as fresh:
        assert fresh.scalars(select(Response)).one().comment == "hemlig sak"
    assert stored(database) == {"understood": 87}


def test_a_long_comment_comes_back_with_a_sentence(database: Database, phone: Client, open_one: Open) -> None:
    at = open_one("after")
    page = phone.post(f"{at}/6", data={"comment": "å" * 2001, "act": "back"})
    assert page.status_code == 422
    assert "å" * 2001 in page.text
    assert "Skriv högst 2000 tecken" in text_of(page)
    assert phone.post(f"{at}/6", data={"comment": "å" * 2000}).status_code == 303


def test_a_double_tap_and_a_resend_lead_to_the_same_thanks(
    database: Database, phone: Client, open_one: Open, frozen: FrozenClock
) -> None:
    """S40"""
    at = open_one()
    answer_all(phone, at)
    key = key_of(phone.get(f"{at}/check"))
    sent_at = frozen.moment
    for _tap in range(3):
        assert phone.post(f"{at}/send", data={"key": key}).location == f"{at}/thanks"
        frozen.move(timedelta(minutes=5))
    with database.reading() as fresh:
        assert fresh.scalars(select(Response)).one().sent_at == sent_at


def test_after_sending_nothing_changes_and_it_says_so(
    database: Database, phone: Client, open_one: Open
) -> None:
    at = open_one()
    answer_all(phone, at)
    phone.post(f"{at}/send", data={"key": key_of(phone.get(f"{at}/check"))})
    late = phone.post(f"{at}/1", data={"value": "0"})
    assert late.status_code == 422
    assert "Ditt sista svar är inte sparat Du svarade: 0" in text_of(late)
    assert phone.post(f"{at}/1", data={"value": "5"}).location == at, "a second tap has lost nothing"
    assert phone.post(f"{at}/1", data={"value": "1", "act": "skip"}).location == at
    assert phone.get(f"{at}/1").location == phone.get(f"{at}/check").location == at
    assert "Du har redan skickat dina svar." in text_of(phone.get(at))
    assert stored(database)["energy"] == 50


@pytest.mark.parametrize("key", ["", "x", "0f8fad5b-d9cb-469f-a165-70867728950e"])
def test_another_key_sends_nothing(database: Database, phone: Client, open_one: Open, key: str) -> None:
    at = open_one()
    answer_all(phone, at)
    assert phone.post(f"{at}/send", data={"key": key}).location == f"{at}/check"
    with database.reading() as fresh:
        assert fresh.scalars(select(Response)).one().sent_at is None


def test_what_is_unfinished_says_what_is_left_and_may_be_sent(phone: Client, open_one: Open) -> None:
    at = open_one()
    assert phone.get(f"{at}/check").location == at
    for number in (1, 3, 4, 5):
        phone.post(f"{at}/{number}", data={"value": "5"})
    check = phone.get(f"{at}/check")
    assert "Du har inte svarat på: Vardag. Du kan skicka ändå." in text_of(check)
    assert f'href="{at}/2"' in check.text
    assert phone.post(f"{at}/send", data={"key": key_of(check)}).location == f"{at}/thanks"


def test_stopping_keeps_what_stands_there_and_says_so(
    database: Database, phone: Client, open_one: Open
) -> None:
    at = open_one("after")
    assert phone.post(f"{at}/1", data={"act": "later", "value": "4"}).location == "/home"
    assert "Det du har svarat är sparat. Du kan fortsätta senare." in text_of(phone.get("/home"))
    assert phone.post(f"{at}/2", data={"act": "later", "value": ""}).location == "/home"
    assert phone.post(f"{at}/6", data={"act": "later", "comment": "Mer tid"}).location == "/home"
    assert stored(database) == {"understood": 40}
    assert f'href="{at}/2"' in phone.get(at).text
    with database.reading() as fresh:
        assert fresh.scalars(select(Response)).one().comment == "Mer tid"


@pytest.mark.parametrize(
    "hours, said", [(-3, "Det är för tidigt att svara."), (3, "Tiden för att svara är slut.")]
)
def test_outside_its_time_it_says_so_in_plain_words(
    database: Database,
    world: World,
    sign_in: SignIn,
    open_one: Open,
    frozen: FrozenClock,
    hours: int,
    said: str,
) -> None:
    at = open_one("after")
    frozen.move(hours * HOUR)
    phone = sign_in(world.participant, tier=1)
    page = phone.get(at)
    assert page.status_code == 200
    assert said in text_of(page)
    assert "Börja" not in text_of(page).replace("Du kan börja", "")
    assert phone.get(f"{at}/1").location == at
    for path, data in (("1", {"value": "5,5"}), ("6", {"comment": "Jag vill <b>prata</b>"})):
        late = phone.post(f"{at}/{path}", data=data)
        assert late.status_code == 422
        assert said in text_of(late)
        assert ("Du svarade: 5,5" in text_of(late)) == (path == "1")
        assert ("Du svarade: Jag vill <b>prata</b>" in text_of(late)) == (path == "6")
    assert phone.post(f"{at}/send", data={"key": str(uuid.uuid4())}).status_code == 303
    assert stored(database) == {}


@pytest.mark.parametrize("path", ["", "/1", "/6", "/check", "/thanks"])
def test_someone_elses_check_in_looks_like_none_at_all(
    database: Database, sign_in: SignIn, world: World, open_one: Open, path: str
) -> None:
    """S2, S4: another participant, another organisation, and staff; the same 404 as for nothing."""
    at = open_one("after")
    for person in (world.second_participant, world.far_participant, world.coach, world.admin):
        browser = sign_in(person)
        missing = browser.get(f"/check-in/{uuid.uuid4()}{path}")
        theirs = browser.get(f"{at}{path}")
        assert theirs.status_code == missing.status_code == 404
        assert text_of(theirs) == text_of(missing)
        if path == "/1":
            assert browser.post(f"{at}{path}", data={"value": "1"}).status_code == 404
    assert stored(database) == {}


def test_signed_out_is_led_to_sign_in(client: Client, open_one: Open) -> None:
    assert client.get(open_one()).status_code in {302, 303}


@pytest.mark.parametrize("number", [0, 7, 99])
def test_a_question_that_is_not_there(phone: Client, open_one: Open, number: int) -> None:
    at = open_one("after")
    assert phone.get(f"{at}/{number}").status_code == 404
    assert phone.post(f"{at}/{number}", data={"value": "1"}).status_code == 404


def test_only_the_forms_own_fields_change_anything(database: Database, phone: Client, open_one: Open) -> None:
    """S7: every column name of the tables is posted along."""
    at = open_one()
    columns = {column.name for table in (Response, ResponseLine) for column in table.__table__.columns}
    data = dict.fromkeys(columns, "99") | {"value": "5", "number": "3", "person_id": str(uuid.uuid4())}
    phone.post(f"{at}/1", data=data)
    assert stored(database) == {"energy": 50}
    with database.reading() as fresh:
        response = fresh.scalars(select(Response)).one()
        assert (response.version, response.total, response.sent_at) == (1, None, None)


def test_in_arabic_the_questions_are_arabic_and_stored_as_mirrored(
    database: Database, sign_in: SignIn, world: World, open_one: Open
) -> None:
    phone = sign_in(world.second_participant, tier=1)
    at = open_one("before", world.second_participant)
    page = phone.get(f"{at}/1")
    assert 'dir="rtl"' in page.text
    assert "كم كانت طاقتك هذا الأسبوع؟" in text_of(page)
    phone.post(f"{at}/1", data={"value": "٨٫٥"})
    with database.reading() as fresh:
        line = fresh.scalars(select(ResponseLine)).one()
        assert (line.tenths, line.language, line.direction) == (85, "ar", "rtl")


def test_a_response_without_an_occasion_is_nobodys(
    database: Database, phone: Client, people: People, frozen: FrozenClock
) -> None:
    """The response's own id opens nothing: only its check-in does, for its person."""
    from portal.instruments.queries import current

    writer = Writer(uuid.uuid4(), language_of("sv"), frozen.moment)
    with database.transaction() as fresh:
        made = start(fresh, current("before"), writer).id
    assert phone.get(f"/check-in/{made}").status_code == 404
