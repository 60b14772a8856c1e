"""All questions of a check-in on one page, by choice: the same answers, nothing lost, remembered."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.db import Database
from portal.identity.models import Person
from portal.instruments.models import Response, ResponseLine
from portal.journal.models import JournalRow
from tests.conftest import FrozenClock, SignIn
from tests.feedback.conftest import HOUR, People, open_address
from tests.support.forms import forms_of
from tests.support.pages import Client, parse, text_of
from tests.support.world import World

Open = Callable[..., str]


@pytest.fixture
def open_one(database: Database, people: People, frozen: FrozenClock) -> Open:
    """`open_one("after")` begins the first participant's check-in, committed, and gives its address."""

    def opened(instrument: str = "before") -> str:
        with database.transaction() as fresh:
            return open_address(fresh, people.participant, instrument, frozen.moment)

    return opened


@pytest.fixture
def phone(sign_in: SignIn, world: World) -> Client:
    return sign_in(world.participant, tier=1)


def stored(database: Database) -> dict[str, int | None]:
    with database.reading() as fresh:
        return {row.line: row.tenths for row in fresh.scalars(select(ResponseLine))}


def typed(**values: str) -> dict[str, str]:
    """`typed(v1="7")` is what the form sends: values by the line's number."""
    return {f"line{name[1:]}-value": value for name, value in values.items()}


def test_all_answers_at_once_are_the_same_answers(database: Database, phone: Client, open_one: Open) -> None:
    """S57: without a script, each line with its own answer, and the same look at them before sending."""
    at = open_one("after")
    data = typed(v1="7,5", v2="٧", v3="0", v5="10")
    answer = phone.post(f"{at}/all", data={**data, "comment": "Mer tid"})
    assert (answer.status_code, answer.location) == (303, f"{at}/check")
    assert stored(database) == {"understood": 75, "listened": 70, "topics": 0, "next": 100}
    with database.reading() as fresh:
        assert fresh.scalars(select(Response)).one().comment == "Mer tid"


def test_a_line_without_an_answer_is_named_before_sending_and_is_then_skipped(
    database: Database, phone: Client, open_one: Open
) -> None:
    at = open_one()
    assert phone.post(f"{at}/all", data=typed(v1="7", v3="5")).location == f"{at}/check"
    look = phone.get(f"{at}/check")
    said = (
        "Du har inte svarat på: Vardag, Stegen i planen och Tro på arbete eller studier. Du kan skicka ändå."
    )
    assert said in text_of(look)
    (form,) = [one for one in forms_of(look.text) if one.action == f"{at}/send"]
    assert phone.post(f"{at}/send", data=form.untouched()).location == f"{at}/thanks"
    assert stored(database) == {"energy": 70, "everyday": None, "contact": 50, "steps": None, "belief": None}


def test_an_empty_page_is_not_taken_for_an_answer(database: Database, phone: Client, open_one: Open) -> None:
    at = open_one("after")
    page = phone.post(f"{at}/all", data={"comment": " "})
    assert page.status_code == 422
    assert "Svara på minst en fråga först." in text_of(page)
    assert phone.get(f"{at}/check").location == at
    assert phone.post(f"{at}/all", data={"act": "back"}).location == at
    assert stored(database) == {}


def test_an_answer_is_taken_away_by_emptying_its_box(
    database: Database, phone: Client, open_one: Open
) -> None:
    at = open_one()
    phone.post(f"{at}/all", data=typed(v1="7", v2="3"))
    phone.post(f"{at}/all", data=typed(v1="", v2="3"))
    assert stored(database) == {"energy": None, "everyday": 30}


@pytest.mark.parametrize("act, leads", [("back", ""), ("later", "/home")])
def test_every_way_off_the_page_keeps_what_was_answered(
    database: Database, phone: Client, open_one: Open, act: str, leads: str
) -> None:
    at = open_one()
    assert phone.post(f"{at}/all", data=typed(v2="3") | {"act": act}).location == (leads or at)
    assert stored(database) == {"everyday": 30}


def test_what_is_wrong_stands_beside_its_line_and_everything_typed_is_kept(
    database: Database, phone: Client, open_one: Open
) -> None:
    at = open_one("after")
    data = {**typed(v1="11", v2="7,5", v4="sju"), "comment": "Mer <b>tid</b>"}
    page = phone.post(f"{at}/all", data=data)
    assert page.status_code == 422
    (form,) = [one for one in forms_of(page.text) if one.action == f"{at}/all"]
    assert {
        key: value for key, value in form.untouched().items() if value and key not in {"csrf_token", "act"}
    } == data
    fields = {field.get("name"): field for field in parse(page.text).iter("input")}
    for number, wrong in ((1, True), (2, False), (3, False), (4, True), (5, False)):
        assert (fields[f"line{number}-value"].get("aria-invalid") == "true") is wrong
    text = text_of(page)
    assert "Skriv ett tal från 0 till 10." in text
    assert "Skriv ett tal, till exempel 7 eller 7,5." in text
    assert stored(database) == {}


def test_what_was_answered_is_read_back_only_in_its_own_session(
    database: Database, phone: Client, sign_in: SignIn, world: World, open_one: Open
) -> None:
    """S30: another session sees that there is an answer, not which, and may leave it as it is."""
    at = open_one()
    phone.post(f"{at}/all", data=typed(v1="7,5", v2="3", v3="4", v4="5"))
    phone.post(f"{at}/5", data={"act": "skip"})
    assert 'value="7.5"' in phone.get(f"{at}/all").text
    later = sign_in(world.participant, tier=1)
    page = later.get(f"{at}/all")
    assert 'value="7.5"' not in page.text
    (form,) = [one for one in forms_of(page.text) if one.action == f"{at}/all"]
    assert not any(value for name, value in form.untouched().items() if name not in {"csrf_token", "act"})
    assert text_of(page).count("Du har svarat på den här frågan. Svaret är sparat.") == 5
    assert later.post(f"{at}/all", data=typed(v2="9")).status_code == 303
    assert stored(database) == {"energy": 75, "everyday": 90, "contact": 40, "steps": 50, "belief": None}


def test_the_way_is_remembered_and_can_be_changed_back(
    database: Database, phone: Client, world: World, open_one: Open
) -> None:
    at = open_one()
    assert f'href="{at}/1"' in phone.get(at).text
    assert "Alla frågor på en sida" in text_of(phone.get(at))
    assert phone.post(f"{at}/way", data={"way": "page"}).location == f"{at}/all"
    start = phone.get(at)
    assert f'href="{at}/all"' in start.text
    assert "En fråga i taget" in text_of(start)
    with database.reading() as fresh:
        assert fresh.get_one(Person, world.participant.id).one_page
        changed = select(JournalRow).where(JournalRow.kind == "reading", JournalRow.action == "change")
        assert fresh.scalars(changed).one().subject_id == world.participant.id
    assert phone.post(f"{at}/way", data={"way": "steps"}).location == f"{at}/1"
    assert f'href="{at}/1"' in phone.get(at).text


def test_answers_that_come_too_late_are_shown_and_not_lost_in_silence(
    sign_in: SignIn, world: World, open_one: Open, frozen: FrozenClock
) -> None:
    at = open_one()
    frozen.move(HOUR + timedelta(seconds=1))
    phone = sign_in(world.participant, tier=1)
    page = phone.post(f"{at}/all", data=typed(v1="7,5", v2="3"))
    assert page.status_code == 422
    assert "Tiden för att svara är slut." in text_of(page)
    assert "7,5" in text_of(page)
    assert phone.get(f"{at}/all").location == at
    assert "sju" in text_of(phone.post(f"{at}/all", data=typed(v1="sju")))
    assert phone.post(f"{at}/all", data=typed(v1="")).location == at
