"""The code on the coach's screen, the interpreter's page, and what ends it."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.db import Database
from portal.identity.models import Person
from portal.identity.signin import rules
from portal.interpreting.models import InterpreterGrant
from portal.journal.models import JournalRow
from portal.organisation.models import Organisation
from portal.plan.models import PlanStep
from portal.wording.models import WantedLanguage
from tests.conftest import FrozenClock, SignIn
from tests.interpreter.conftest import HOUR, Talk
from tests.journeys.test_selects import counted
from tests.plan.conftest import Desk, asker_of
from tests.support.packs import MARK, install
from tests.support.pages import Client, text_of
from tests.support.world import World

MEETING = "/tolk/meeting"
ShowCode = Callable[..., str]


@pytest.fixture
def show_code(sign_in: SignIn, world: World, talk: Talk) -> ShowCode:
    """`show_code(without=text)`: the coach makes a code, with all of the plan but this; returns it."""

    def make(without: str = "") -> str:
        desk = sign_in(world.coach)
        html = desk.get(talk.page).get_data(as_text=True)
        boxes = re.findall(r'name="shown" type="checkbox" value="([^"]+)"></?[^>]*>?<span>([^<]+)', html)
        boxes += re.findall(r'name="shown"[^>]*value="([^"]+)"[^>]*><span>([^<]+)', html)
        ticked = [value for value, text in dict(boxes).items() if text != without]
        page = text_of(desk.post(f"{talk.page}/code", data={"shown": ticked}))
        found = re.search(r"\b(\d{4}) (\d{4})\b", page)
        assert found, page
        return found.group()

    return make


def test_code_on_the_coachs_screen_then_the_plan_in_both_languages(
    show_code: ShowCode, tablet: Client
) -> None:
    """S8: as it is read aloud, typed with or without the space, in the interpreter's own digits too."""
    answer = tablet.post(
        "/tolk", data={"code": show_code().translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))}
    )
    assert (answer.status_code, answer.location) == (303, MEETING)
    page = text_of(tablet.get(MEETING))
    assert "klockan 10.00" in page
    for both in (
        ("Jag vill arbeta i ett kök.", "أريد أن أعمل في مطبخ."),
        ("Gå till läkaren", "الذهاب إلى الطبيب"),
        ("Hur mycket kraft har du haft den här veckan?", "كم كانت طاقتك هذا الأسبوع؟"),
        ("sjukpenning", "بدل المرض"),
    ):
        for text in both:
            assert text in page
    assert "Ansök om sjukpenning" in page
    assert "Inte översatt. Tolka texten på svenska." in page


def test_nobodys_name_stands_there(show_code: ShowCode, tablet: Client, talk: Talk) -> None:
    """S8: neither the participant's nor the coach's, no number and no id."""
    tablet.post("/tolk", data={"code": show_code()})
    for path in (MEETING, "/tolk/words"):
        html = tablet.get(path).get_data(as_text=True)
        for told in ("Amina", "Hassan", "Karin", "174 06", str(talk.person_id), str(talk.meeting_id)):
            assert told not in html
        assert '<meta name="robots" content="noindex">' in html


def test_what_the_coach_left_out_is_not_there(show_code: ShowCode, tablet: Client) -> None:
    tablet.post("/tolk", data={"code": show_code(without="Ansök om sjukpenning")})
    page = text_of(tablet.get(MEETING))
    assert "sjukpenning" not in page
    assert "Gå till läkaren" in page


def test_an_interpreter_of_a_language_that_is_not_here_reads_in_swedish(
    show_code: ShowCode, tablet: Client, sign_in: SignIn, world: World, talk: Talk, database: Database
) -> None:
    desk = sign_in(world.coach)
    assert desk.post(f"{talk.page}/language", data={"language": "ti"}).status_code == 303
    assert "tigrinska" in text_of(desk.get(talk.page))
    tablet.post("/tolk", data={"code": show_code()})
    page = text_of(tablet.get(MEETING))
    assert "Ditt språk finns inte här än. Allt står på svenska." in page
    assert "Inte översatt" not in page, "it is said once"
    assert page.count("Hur mycket kraft har du haft den här veckan?") == 1
    assert page.count("Gå till läkaren") == 1
    assert tablet.get("/tolk/words").status_code == 200
    with database.reading() as session:
        assert not session.scalars(select(WantedLanguage).where(WantedLanguage.language == "ti")).all()


def test_what_is_written_or_shown_after_the_code_is_not_there(
    show_code: ShowCode, tablet: Client, database: Database, world: World, talk: Talk, frozen: FrozenClock
) -> None:
    """S8, S33: the interpreter reads what the coach ticked, until the coach makes a new code."""
    with database.transaction() as session:
        desk = Desk(
            session, world, frozen.moment, asker_of(world.coach, "coach"), asker_of(world.participant, "")
        )
        hidden = desk.add("Fråga om hyran", in_portal=False)
    tablet.post("/tolk", data={"code": show_code()})
    with database.transaction() as session:
        desk.session = session
        desk.add("Fråga om skulder")
        desk.change(session.get_one(PlanStep, hidden.id), "Fråga om hyran", in_portal=True)
        desk.goal("Jag vill arbeta i ett storkök.")
    page = text_of(tablet.get(MEETING))
    assert "skulder" not in page
    assert "hyran" not in page
    assert "storkök" in page, "what was ticked is read as it stands now"
    tablet.post("/tolk", data={"code": show_code()})
    page = text_of(tablet.get(MEETING))
    assert "skulder" in page
    assert "hyran" in page


def test_a_new_code_offers_what_the_last_one_showed(
    show_code: ShowCode, sign_in: SignIn, world: World, talk: Talk, tablet: Client
) -> None:
    show_code(without="Ansök om sjukpenning")
    desk = sign_in(world.coach)
    assert unticked(desk.get(talk.page).get_data(as_text=True)) == ["Ansök om sjukpenning"]
    desk.post(f"{talk.page}/close")
    assert unticked(desk.get(talk.page).get_data(as_text=True)) == []


def unticked(html: str) -> list[str]:
    """What the coach's page offers without a tick."""
    boxes = re.findall(r'<input([^>]*name="shown"[^>]*)>(?:</?[^>]*>)?<span>([^<]+)', html)
    assert boxes
    return [text for box, text in boxes if "checked" not in box]


def test_nothing_else_is_there(show_code: ShowCode, tablet: Client, app: Flask) -> None:
    """S8: every other page behind a door is a 404 like any other; without a grant so is the interpreter's."""
    assert tablet.get(MEETING).status_code == 404
    assert tablet.get("/plan").status_code == 303
    tablet.post("/tolk", data={"code": show_code()})
    missing = text_of(tablet.get("/no/such/page"))
    for path in ("/plan", "/home", "/meetings", "/me", "/staff", "/staff/people", "/staff/translations"):
        answer = tablet.get(path)
        assert answer.status_code == 404
        assert text_of(answer) == missing


def test_it_ends_an_hour_after_the_meeting_by_itself(
    show_code: ShowCode, tablet: Client, frozen: FrozenClock
) -> None:
    """S8"""
    tablet.post("/tolk", data={"code": show_code()})
    answer = tablet.get(MEETING)
    assert answer.headers["Refresh"] == str(3 * 3600 + 1)
    assert answer.headers["Cache-Control"] == "no-store"
    frozen.move(3 * HOUR - timedelta(seconds=1))
    assert tablet.get(MEETING).status_code == 200
    frozen.move(timedelta(seconds=1))
    assert tablet.get(MEETING).status_code == 404
    assert tablet.get("/tolk/words").status_code == 404
    assert "Koden från coachen" in text_of(tablet.get("/tolk"))


def test_the_coach_closes(
    show_code: ShowCode, tablet: Client, sign_in: SignIn, world: World, talk: Talk
) -> None:
    tablet.post("/tolk", data={"code": show_code()})
    desk = sign_in(world.coach)
    assert "En tolk läser sedan klockan 09.00." in text_of(desk.get(talk.page))
    said = desk.post(f"{talk.page}/close", follow_redirects=True)
    assert "Stängt. Tolken ser ingenting längre." in text_of(said)
    assert "Stäng för tolken" not in text_of(said)
    assert tablet.get(MEETING).status_code == 404


def test_an_open_page_asks_by_itself_and_is_led_away(
    show_code: ShowCode, tablet: Client, sign_in: SignIn, world: World, talk: Talk
) -> None:
    """S8: within a minute of the coach's closing, with a script or without."""
    tablet.post("/tolk", data={"code": show_code()})
    page = tablet.get(MEETING).get_data(as_text=True)
    assert 'hx-get="/tolk/still" hx-trigger="every 30s"' in page
    assert '<noscript><meta http-equiv="refresh" content="60"></noscript>' in page
    still = tablet.get("/tolk/still")
    assert (still.status_code, still.text, "HX-Redirect" in still.headers) == (204, "", False)
    sign_in(world.coach).post(f"{talk.page}/close")
    over = tablet.get("/tolk/still")
    assert (over.status_code, over.text, over.headers["HX-Redirect"]) == (200, "", "/tolk")


def test_the_interpreter_closes(show_code: ShowCode, tablet: Client, database: Database) -> None:
    tablet.post("/tolk", data={"code": show_code()})
    answer = tablet.post("/tolk/close")
    assert answer.location == "/tolk"
    assert "cache" in answer.headers["Clear-Site-Data"]
    assert tablet.get(MEETING).status_code == 404
    with database.reading() as session:
        assert session.scalars(select(InterpreterGrant.ended_at)).one() is not None


@pytest.mark.parametrize("way_out", ["/leave", "/leave?gone", "/sign-out"])
def test_every_way_out_ends_the_reading(
    show_code: ShowCode, tablet: Client, app: Flask, database: Database, way_out: str
) -> None:
    """S18, S32: what another browser has copied of the cookie opens nothing any more."""
    tablet.post("/tolk", data={"code": show_code()})
    held = tablet.get_cookie("stigen", domain="127.0.0.1")
    assert held
    copied = app.test_client()
    copied.set_cookie("stigen", held.value, domain="127.0.0.1")
    assert copied.get(MEETING).status_code == 200
    tablet.post(way_out)
    assert copied.get(MEETING).status_code == 404
    assert tablet.get(MEETING).status_code == 404
    with database.reading() as session:
        assert session.scalars(select(InterpreterGrant.ended_at)).one() is not None


def test_a_code_that_is_wrong_used_or_old_is_told_alike(
    show_code: ShowCode, tablet: Client, app: Flask, frozen: FrozenClock
) -> None:
    """S10"""
    code = show_code()
    assert tablet.post("/tolk", data={"code": code}, csrf=False).status_code == 419
    tablet.post("/tolk", data={"code": code})
    wrong = "1111 1111" if code != "1111 1111" else "2222 2222"
    second = show_code()
    frozen.move(timedelta(minutes=11))
    stranger = app.test_client()
    assert isinstance(stranger, Client)
    said = {
        text_of(stranger.post("/tolk", data={"code": typed})).replace(typed, "")
        for typed in (code, wrong, second)
    }
    assert len(said) == 1
    assert "Koden stämmer inte, eller gäller inte längre." in said.pop()


def test_tries_are_limited_per_address_and_over_all(
    tablet: Client, app: Flask, show_code: ShowCode, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S12: a dropped cookie and another browser change nothing; a right code costs nothing."""
    few = rules.Limit("interpreter_guesses_from", 2, HOUR)
    monkeypatch.setattr(rules, "INTERPRETER_GUESSES_FROM", few)
    for _ in range(3):
        assert tablet.post("/tolk", data={"code": show_code()}).status_code == 303
        tablet.post("/tolk/close")
    for expected in (422, 422, 429):
        browser = app.test_client()
        assert isinstance(browser, Client)
        assert browser.post("/tolk", data={"code": "0000 0001"}).status_code == expected
    assert tablet.post("/tolk", data={"code": show_code()}).status_code == 429


def test_over_all_addresses_there_is_an_end(
    app: Flask, tablet: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S12"""
    monkeypatch.setattr(rules, "INTERPRETER_GUESSES", rules.Limit("interpreter_guesses", 2, HOUR))
    statuses = [
        tablet.post(
            "/tolk", data={"code": "0000 0001"}, environ_overrides={"REMOTE_ADDR": f"192.0.2.{number}"}
        ).status_code
        for number in range(3)
    ]
    assert statuses == [422, 422, 429]


def test_whoever_is_signed_in_is_not_let_in_beside(
    show_code: ShowCode, sign_in: SignIn, world: World
) -> None:
    """S16: a tablet that the coach hands over must not hold the coach's session too."""
    desk = sign_in(world.coach)
    assert "logga ut först" in text_of(desk.get("/tolk"))
    assert desk.post("/tolk", data={"code": show_code()}).status_code == 422
    assert desk.get(MEETING).status_code == 404
    assert desk.get("/staff").status_code == 200


def test_the_reading_is_in_the_journal_of_the_person(
    show_code: ShowCode, tablet: Client, database: Database, talk: Talk
) -> None:
    """S42"""
    tablet.post("/tolk", data={"code": show_code()})
    tablet.get(MEETING)
    with database.reading() as session:
        row = session.scalars(
            select(JournalRow).where(JournalRow.kind == "interpreter", JournalRow.action == "read")
        ).one()
        grant = session.scalars(select(InterpreterGrant.id)).one()
    assert (row.actor_id, row.subject_id, row.object_id) == (grant, talk.person_id, talk.meeting_id)


def test_the_words_are_found_without_a_script(show_code: ShowCode, tablet: Client) -> None:
    tablet.post("/tolk", data={"code": show_code()})
    page = tablet.get("/tolk/words").get_data(as_text=True)
    assert page.count('class="pair"') >= 40
    assert 'href="#letter-1"' in page
    assert 'id="letter-1"' in page
    for sought in ("sjukpen", "بدل المرض", " SJUKPENNING "):
        found = text_of(tablet.get("/tolk/words", query_string={"q": sought}))
        assert "Pengar från Försäkringskassan när du är sjuk" in found
        assert "samtycke" not in found
    assert "Ordet finns inte i listan." in text_of(tablet.get("/tolk/words?q=zebra"))


def test_a_code_is_shown_from_24_hours_before(
    sign_in: SignIn, world: World, talk: Talk, database: Database, frozen: FrozenClock
) -> None:
    """S8"""
    frozen.moment = talk.starts_at - timedelta(hours=25)
    desk = sign_in(world.coach)
    assert "Koden till tolken kan du visa från måndag 23 november klockan 10.00." in text_of(
        desk.get(talk.page)
    )
    said = desk.post(f"{talk.page}/code", follow_redirects=True)
    assert "tidigast 24 timmar före mötet" in text_of(said)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(InterpreterGrant)) == 0


def test_the_coach_says_that_an_interpreter_will_be_there(sign_in: SignIn, world: World, talk: Talk) -> None:
    desk, phone = sign_in(world.coach), sign_in(world.participant)
    assert "En tolk ska vara med: arabiska." in text_of(phone.get("/meetings"))
    assert "En tolk ska vara med: arabiska. Vi söker en tolk." in text_of(phone.get("/home"))
    assert "Tolk: arabiska" in text_of(desk.get("/staff"))
    desk.post(f"{talk.page}/language", data={"language": "en"})
    assert "En tolk ska vara med: engelska." in text_of(phone.get("/meetings"))
    assert desk.post(f"{talk.page}/language", data={"language": "xx"}).status_code == 422
    desk.post(f"{talk.page}/language", data={"language": ""})
    assert "tolk" not in text_of(phone.get("/meetings")).lower()
    assert "Välj först tolkens språk." in text_of(desk.post(f"{talk.page}/code", follow_redirects=True))


def test_the_participants_language_is_offered_first(
    sign_in: SignIn, world: World, talk: Talk, database: Database
) -> None:
    with database.transaction() as session:
        session.get_one(Person, talk.person_id).language = "en"
    desk = sign_in(world.coach)
    desk.post(f"{talk.page}/language", data={"language": ""})
    assert '<option selected value="en">' in desk.get(talk.page).get_data(as_text=True)


def test_the_pages_ask_the_database_seldom(show_code: ShowCode, tablet: Client, database: Database) -> None:
    tablet.post("/tolk", data={"code": show_code()})
    for path, most in ((MEETING, 3), ("/tolk/words", 1), ("/tolk", 1)):
        with counted(database) as asked:
            tablet.get(path)
        assert len(asked) <= most, asked


def test_the_questions_are_those_that_the_house_asks(
    show_code: ShowCode, tablet: Client, database: Database, world: World, frozen: FrozenClock
) -> None:
    """A licensed scale on the phone is read with its notice; what is on paper is not among them."""
    with database.transaction() as session:
        house = session.get_one(Organisation, world.organisation.id)
        house.settings = {"before_with": "digital", "after_with": "paper"}
        install(session, "ors", frozen.moment)
    tablet.post("/tolk", data={"code": show_code()})
    page = text_of(tablet.get(MEETING))
    assert MARK in page
    assert "Påhittad fråga 1: Hur lång är den gröna stigen?" in page
    assert "Förstod du det som sades på mötet?" not in page
