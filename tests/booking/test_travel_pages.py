"""Saying when one can come, and what it does to the times that one is shown."""

import re
from datetime import UTC, datetime, time
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from portal.availability.models import WeeklyHours
from portal.booking import queries, travel_service, words
from portal.booking.models import OwnTravel
from portal.booking.rules import read_start
from portal.booking.travel_rules import BEFORE_BUS, Travel, Window
from portal.db import Database
from portal.privacy import record_queries
from tests.booking.conftest import ZONE, AskAs, Booked
from tests.conftest import SignIn
from tests.support.pages import text_of
from tests.support.speaking import speaking_app
from tests.support.world import World

APP = speaking_app()
BUS = {"there_all": "09:40", "leave_all": "15:10", "energy": ""}


@pytest.fixture
def on_site_only(database: Database, open_world: World) -> World:
    """The coach meets people at the office alone, from nine to twelve and from one to four."""
    with database.transaction() as session:
        session.execute(update(WeeklyHours).values(modes=["on_site"]))
    return open_world


def stored(database: Database) -> list[Travel]:
    with database.reading() as session:
        return [row.as_travel for row in session.scalars(select(OwnTravel))]


def starts(html: str) -> list[time]:
    """The times of day, by Stockholm's clock, that a part of the page offers."""
    found = [read_start(unquote(text)) for text in re.findall(r"/meetings/book\?at=([^\"&]+)", html)]
    return [at.astimezone(ZONE).time() for at in found if at]


def offered(page: str) -> tuple[list[time], list[time]]:
    """Those that stand first, and those that fit worse."""
    first, _mark, worse = page.partition("Tider som passar dig sämre")
    return starts(first), starts(worse)


def test_times_for_the_bus_stand_first_and_the_others_say_why(
    database: Database, on_site_only: World, sign_in: SignIn
) -> None:
    browser = sign_in(on_site_only.participant)
    before = browser.get("/meetings/times").get_data(as_text=True)
    assert time(9) in starts(before)
    assert "/me/travel" in before
    answer = browser.post("/me/travel", data=BUS, follow_redirects=True)
    page, text = answer.get_data(as_text=True), text_of(answer)
    assert "Sparat. Tider som passar dig visas först." in text
    assert stored(database) == [Travel({"all": Window(time(9, 40), time(15, 10))})]
    first, worse = offered(page)
    assert first
    assert min(first) >= time(9, 40)
    assert max(first) <= time(14, 10)
    assert worse
    assert all(at < time(9, 40) or at > time(14, 10) for at in worse)
    assert "Du kan inte vara framme då." in text
    assert "Du måste gå innan mötet är slut." in text
    more = browser.get("/meetings/times?more=1").get_data(as_text=True)
    assert min(offered(more)[0]) >= time(9, 40)


def test_a_time_that_fits_badly_can_be_booked_all_the_same(
    database: Database, on_site_only: World, sign_in: SignIn
) -> None:
    browser = sign_in(on_site_only.participant)
    page = browser.post("/me/travel", data=BUS, follow_redirects=True).get_data(as_text=True)
    _first, _mark, worse = page.partition("Tider som passar dig sämre")
    link = re.search(r'href="(/meetings/book[^"]+)"', worse)
    assert link
    assert "Vill du boka den här tiden?" in text_of(browser.get(link[1].replace("&amp;", "&")))


def test_behind_the_first_door_they_are_sorted_and_nothing_is_said_of_why(
    database: Database, on_site_only: World, sign_in: SignIn, ask_as: AskAs, now: datetime
) -> None:
    """S30: what somebody has told about themselves is behind the second door."""
    amina = on_site_only.participant
    with database.transaction() as session:
        travel = Travel({"all": Window(time(9, 40))}, "morning")
        travel_service.set_travel(session, ask_as(amina), amina.id, travel, now)
    answer = sign_in(amina, tier=1).get("/meetings/times")
    first, worse = offered(answer.get_data(as_text=True))
    assert time(9) not in first
    assert time(9) in worse
    for said in words.MISFIT.values():
        assert str(said) not in text_of(answer)
    assert "/me/travel" not in answer.get_data(as_text=True)


def test_where_nothing_fits_what_there_is_stands_open(
    database: Database, on_site_only: World, sign_in: SignIn
) -> None:
    browser = sign_in(on_site_only.participant)
    data = {"there_all": "17", "leave_all": "", "energy": ""}
    answer = browser.post("/me/travel", data=data, follow_redirects=True)
    assert "Ingen ledig tid passar riktigt. Här är de som finns." in text_of(answer)
    assert "<details open>" in answer.get_data(as_text=True)


@pytest.mark.parametrize("mode", ["phone", "on_site"])
def test_of_a_meeting_that_moves_the_bus_matters_as_to_that_meeting(
    database: Database, open_world: World, booked: Booked, ask_as: AskAs, now: datetime, mode: str
) -> None:
    amina = open_world.participant
    meeting = booked(datetime(2026, 11, 27, 9, 0, tzinfo=UTC), mode=mode)
    with database.transaction() as session:
        travel = Travel({"all": Window(time(9, 40))})
        travel_service.set_travel(session, ask_as(amina), amina.id, travel, now)
    with database.reading() as session:
        offer = queries.offer(session, ask_as(amina), now, meeting.id)
    assert offer
    early = [one for one in offer.times if one.start.astimezone(ZONE).time() < time(9, 40)]
    assert early
    assert {one in offer.fitting for one in early} == {mode == "phone"}
    assert {why for _one, why in offer.others} <= {BEFORE_BUS}


def test_staff_see_what_fits_whom_they_book(database: Database, on_site_only: World, sign_in: SignIn) -> None:
    amina, browser = on_site_only.participant, sign_in(on_site_only.coach)
    path = f"/staff/people/{amina.id}/travel"
    saved = browser.post(path, data={**BUS, "energy": "morning"}, follow_redirects=True)
    assert "Sparat." in text_of(saved)
    form = browser.get(f"/staff/people/{amina.id}/meetings/book")
    text = text_of(form)
    assert "Tider som passar personen sämre" in text
    assert "Personen kan inte vara framme då." in text
    assert "Personen orkar mest en annan del av dagen." in text
    assert 'value="09:40"' in browser.get(path).get_data(as_text=True)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"there_all": "15.00", "leave_all": "9.40"}, "Den här tiden måste vara senare än den första."),
        ({"there_2": "tidigt"}, "Den tiden finns inte."),
        ({"there_0": "9.00", "leave_0": "9.00"}, "Den här tiden måste vara senare än den första."),
    ],
)
def test_what_cannot_be_is_given_back_with_a_sentence(
    database: Database, on_site_only: World, sign_in: SignIn, *, typed: dict[str, str], sentence: str
) -> None:
    browser = sign_in(on_site_only.participant)
    answer = browser.post("/me/travel", data={**typed, "energy": "afternoon"})
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    page = answer.get_data(as_text=True)
    assert all(f'value="{value}"' in page for value in typed.values())
    assert ("<details open>" in page) == ("there_all" not in typed)
    assert stored(database) == []


def test_emptied_nothing_is_sorted_any_longer(
    database: Database, on_site_only: World, sign_in: SignIn
) -> None:
    browser: FlaskClient = sign_in(on_site_only.participant)
    browser.post("/me/travel", data=BUS)
    page = browser.post("/me/travel", data={"energy": ""}, follow_redirects=True)
    assert stored(database) == [Travel()]
    assert "Tider som passar dig sämre" not in text_of(page)


def test_a_participant_takes_it_out_with_everything_else(
    database: Database, on_site_only: World, ask_as: AskAs, now: datetime
) -> None:
    """S47"""
    amina = on_site_only.participant
    with database.transaction() as session:
        windows = {"all": Window(time(9, 40), time(15, 10)), "1": Window(time(10, 15))}
        travel_service.set_travel(session, ask_as(amina), amina.id, Travel(windows, "morning"), now)
    with APP.test_request_context(), database.reading() as session:
        record = record_queries.record(session, ask_as(amina), amina, hidden_too=False)
        (chapter,) = [one for one in record.chapters if one.table == "own_travel"]
        told = {str(label): str(value) for label, value in chapter.entries[0]}
    assert told["Du kan vara här, alla dagar"] == "09:40–15:10"
    assert told["Du kan vara här, tisdag"] == "10:15–…"
    assert told["När orkar du mest?"] == "På förmiddagen"
