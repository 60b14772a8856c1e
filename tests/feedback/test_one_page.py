"""All questions of a check-in on one page, by choice: the same answers, nothing lost, remembered."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.db import Database
from portal.feedback import service
from portal.identity.models import Person
from portal.instruments.models import Response, ResponseLine
from portal.journal.models import JournalRow
from tests.conftest import FrozenClock, SignIn
from tests.feedback.conftest import HOUR, People
from tests.support.forms import forms_of
from tests.support.pages import Client, parse, text_of
from tests.support.world import World

Open = Callable[..., str]


@pytest.fixture
def open_one(database: Database, people: People, frozen: FrozenClock) -> Open:
    """`open_one("after")` begins the first participant's check-in, committed, and gives its address."""

    def opened(instrument: str = "before") -> str:
        with database.transaction() as fresh:
            made = service.begin(
                fresh,
                people.participant,
                reference=uuid.uuid4(),
                instrument=instrument,
                opens_at=frozen.moment - HOUR,
                closes_at=frozen.moment + HOUR,
                language="sv",
                direction="ltr",
                now=frozen.moment,
            )
            return f"/check-in/{made.id}"

    return opened


@pytest.fixture
def phone(sign_in: SignIn, world: World) -> Client:
    return sign_in(world.participant, tier=1)


def stored(database: Database) -> dict[str, int | None]:
    with database.reading() as fresh:
        return {row.line: row.tenths for row in fresh.scalars(select(ResponseLine))}


def typed(**values: str) -> dict[str, str]:
    """`typed(v1="7", s2="y")` is what the form sends: values and ticks by the line's number."""
    names = {"v": "value", "s": "skip"}
    return {f"line{name[1:]}-{names[name[0]]}": value for name, value in values.items()}


def test_all_answers_at_once_are_the_same_answers(database: Database, phone: Client, open_one: Open) -> None:
    """S57: without a script, each line with its own answer, and the same look at them before sending."""
    at = open_one("after")
    data = typed(v1="7,5", v2="٧", v3="0", s4="y", v5="10")
    answer = phone.post(f"{at}/all", data={**data, "comment": "Mer tid"})
    assert (answer.status_code, answer.location) == (303, f"{at}/check")
    assert stored(database) == {"understood": 75, "listened": 70, "topics": 0, "pace": None, "next": 100}
    assert "Du hoppade över frågan" in text_of(phone.get(f"{at}/check"))
    with database.reading() as fresh:
        assert fresh.scalars(select(Response)).one().comment == "Mer tid"


def test_what_is_wrong_stands_beside_its_line_and_everything_typed_is_kept(
    database: Database, phone: Client, open_one: Open
) -> None:
    at = open_one("after")
    data = {**typed(v1="11", v2="7,5", v4="3", s4="y", s5="y"), "comment": "Mer <b>tid</b>"}
    page = phone.post(f"{at}/all", data=data)
    assert page.status_code == 422
    (form,) = [one for one in forms_of(page.text) if one.action == f"{at}/all"]
    assert {key: value for key, value in form.untouched().items() if value and key != "csrf_token"} == data
    fields = {field.get("name"): field for field in parse(page.text).iter("input")}
    for number, wrong in ((1, True), (2, False), (3, True), (4, True), (5, False)):
        assert (fields[f"line{number}-value"].get("aria-invalid") == "true") is wrong
    text = text_of(page)
    assert "Skriv ett tal från 0 till 10." in text
    assert "Svara först, eller tryck på Hoppa över." in text
    assert "Du har både svarat och hoppat över. Välj ett av dem." in text
    assert stored(database) == {}


def test_what_was_answered_is_read_back_only_in_its_own_session(
    database: Database, phone: Client, sign_in: SignIn, world: World, open_one: Open
) -> None:
    """S30: another session sees that there is an answer, not which, and may leave it as it is."""
    at = open_one()
    phone.post(f"{at}/all", data=typed(v1="7,5", v2="3", v3="4", v4="5", s5="y"))
    assert 'value="7.5"' in phone.get(f"{at}/all").text
    later = sign_in(world.participant, tier=1)
    page = later.get(f"{at}/all")
    assert 'value="7.5"' not in page.text
    (form,) = [one for one in forms_of(page.text) if one.action == f"{at}/all"]
    assert not any(value for name, value in form.untouched().items() if name != "csrf_token")
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
    page = phone.post(f"{at}/all", data=typed(v1="7,5", v2="3", s3="y", s4="y", s5="y"))
    assert page.status_code == 422
    assert "Tiden för att svara är slut." in text_of(page)
    assert "7,5" in text_of(page)
    assert phone.get(f"{at}/all").location == at
    assert "sju" in text_of(phone.post(f"{at}/all", data=typed(v1="sju")))
    assert phone.post(f"{at}/all", data=typed(s1="y")).location == at
