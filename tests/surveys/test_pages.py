"""The survey on the phone: plain words first, every way to answer, nothing lost, nothing read back."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.db import Database
from portal.organisation.models import Organisation
from portal.surveys.models import SurveyAnswer, SurveySheet
from portal.surveys.queries import current
from tests.conftest import FrozenClock, SignIn
from tests.support.pages import Client, text_of
from tests.support.world import World

START = "/survey/ongoing"
QUESTIONS = len(current().questions)


@pytest.fixture
def phone(sign_in: SignIn, asked: World) -> Client:
    """The first participant's phone, through the first door, while the survey is open."""
    return sign_in(asked.participant, tier=1)


def stored(database: Database) -> dict[str, tuple[str, str]]:
    with database.reading() as fresh:
        return {row.question: (row.state, row.answer) for row in fresh.scalars(select(SurveyAnswer))}


def say(browser: Client, number: int, answer: str = "", act: str = "next", query: str = "") -> str | None:
    """Press a button on a question; gives where it leads."""
    data = {"words" if number > 12 else "answer": answer, "act": act}
    return browser.post(f"{START}/{number}{query}", data=data).location


def key_of(browser: Client) -> str:
    found = re.search(r'name="key" value="([0-9a-f-]+)"', browser.get(f"{START}/check").text)
    assert found
    return found[1]


def test_the_first_page_offers_it_and_the_start_says_who_sees_what(phone: Client) -> None:
    home = phone.get("/home")
    assert "Berätta hur det är hos oss" in text_of(home)
    assert f"{QUESTIONS} frågor" in text_of(home)
    assert f'href="{START}"' in home.text
    text = text_of(phone.get(START))
    for said in (
        "Ingen hos oss kan öppna dina svar. Din coach ser dem inte.",
        "Minst 5 måste ha svarat",
        "men ser inte vem du är",
        "Svaren ändrar inget för dig.",
        "Du får hoppa över frågor.",
        "till och med söndag 20 december",
    ):
        assert said in text


def test_who_is_not_asked_finds_no_survey(sign_in: SignIn, world: World) -> None:
    browser = sign_in(world.participant, tier=1)
    assert "Berätta hur det är" not in text_of(browser.get("/home"))
    assert "Det är för tidigt att svara." in text_of(browser.get(START))
    assert browser.get("/survey/closure").status_code == 404
    assert browser.get(f"{START}/1").location == START


def test_every_way_to_answer(phone: Client, database: Database) -> None:
    assert say(phone, 1, "bad") == f"{START}/2"
    assert say(phone, 2, "dont_know") == f"{START}/3"
    assert say(phone, 3, "not_for_me") == f"{START}/4"
    assert say(phone, 4, act="skip") == f"{START}/5"
    assert say(phone, 5, act="back") == f"{START}/4"
    assert say(phone, 13, "Jag vågar mer.") == f"{START}/14"
    assert say(phone, 14) == f"{START}/check"
    assert stored(database) == {
        "reception": ("answered", "bad"),
        "time": ("dont_know", ""),
        "reply": ("not_for_me", ""),
        "influence": ("skipped", ""),
        "change": ("answered", "Jag vågar mer."),
        "better": ("skipped", ""),
    }


def test_stopping_keeps_what_stands_there_and_says_so(phone: Client, database: Database) -> None:
    assert say(phone, 1, "bad", act="later") == "/home"
    assert "Det du har svarat är sparat. Du kan fortsätta senare." in text_of(phone.get("/home"))
    assert say(phone, 2, act="later") == "/home"
    assert stored(database) == {"reception": ("answered", "bad")}
    assert f'href="{START}/2"' in phone.get(START).text


def test_a_question_says_what_is_wrong_beside_it(phone: Client, database: Database) -> None:
    answer = phone.post(f"{START}/1", data={"act": "next"})
    assert answer.status_code == 422
    assert "Svara först, eller tryck på Hoppa över." in text_of(answer)
    assert phone.post(f"{START}/1", data={"act": "next", "answer": "perfect"}).status_code == 422
    long = phone.post(f"{START}/13", data={"act": "next", "words": "a" * 1001})
    assert long.status_code == 422
    assert "Skriv högst 1000 tecken. Nu är det 1001." in text_of(long)
    assert "a" * 1001 in long.text
    assert stored(database) == {}
    assert phone.get(f"{START}/15").status_code == 404


def test_the_question_has_its_own_words_for_not_for_me(phone: Client) -> None:
    assert "Jag behöver inget särskilt stöd" in text_of(phone.get(f"{START}/6"))
    assert "Jag har ingen tolk" in text_of(phone.get(f"{START}/7"))
    assert "Frågan gäller inte mig" in text_of(phone.get(f"{START}/1"))
    assert "Jag vet inte" in text_of(phone.get(f"{START}/1"))


def test_what_was_answered_stands_there_in_the_same_session_alone(
    phone: Client, sign_in: SignIn, asked: World
) -> None:
    say(phone, 1, "very-bad")
    say(phone, 13, "Hemlig mening")
    assert re.search(r'<input[^>]*checked[^>]*value="very-bad"', phone.get(f"{START}/1").text)
    assert "Hemlig mening" in phone.get(f"{START}/13").text
    assert "Mycket dåligt" in text_of(phone.get(f"{START}/check"))
    later = sign_in(asked.participant, tier=1)
    assert "Fortsätt berätta hur det är hos oss" in text_of(later.get("/home"))
    assert f'href="{START}/2"' in later.get(START).text
    for path in ("/1", "/13", "/check"):
        page = later.get(START + path)
        assert 'checked=""' not in page.text
        assert " checked " not in page.text
        assert "Hemlig mening" not in page.text
    assert "Svaret är sparat." in text_of(later.get(f"{START}/1"))
    assert "Mycket dåligt" not in text_of(later.get(f"{START}/check"))
    behind = sign_in(asked.participant, tier=2)
    assert "Hemlig mening" in behind.get(f"{START}/13").text


def test_going_on_from_an_answer_that_cannot_be_read_back_keeps_it(
    phone: Client, sign_in: SignIn, asked: World, database: Database
) -> None:
    say(phone, 1, "very-bad")
    say(phone, 13, "Hemlig mening")
    before = stored(database)
    later = sign_in(asked.participant, tier=1)
    assert say(later, 1) == f"{START}/2"
    assert say(later, 13) == f"{START}/14"
    assert stored(database) == before


def test_changing_from_the_look_leads_back_to_it(phone: Client, database: Database) -> None:
    say(phone, 1, "bad")
    assert f'href="{START}/1?back=check"' in phone.get(f"{START}/check").text
    assert say(phone, 1, "good", query="?back=check") == f"{START}/check"
    assert stored(database)["reception"] == ("answered", "good")


def test_sent_with_questions_left_and_thanked_once(phone: Client, database: Database) -> None:
    """S40"""
    assert phone.get(f"{START}/check").location == START
    say(phone, 1, "bad")
    look = text_of(phone.get(f"{START}/check"))
    assert "Du har inte svarat på: Tid för dig, Svar från oss, " in look
    assert "Kan bli bättre. Du kan skicka ändå." in look
    key = key_of(phone)
    assert phone.post(f"{START}/send", data={"key": "x"}).location == f"{START}/check"
    for _twice in range(2):
        assert phone.post(f"{START}/send", data={"key": key}).location == f"{START}/thanks"
    text = text_of(phone.get(f"{START}/thanks"))
    assert "Dina svar är skickade." in text
    assert "Ingen hos oss kan öppna dem." in text
    assert "Berätta hur det är" not in text_of(phone.get("/home"))
    assert "Du har redan skickat dina svar." in text_of(phone.get(START))
    assert phone.get(f"{START}/1").location == START
    assert len(stored(database)) == QUESTIONS


def test_an_answer_that_comes_too_late_is_shown_and_not_lost(
    phone: Client, frozen: FrozenClock, sign_in: SignIn, asked: World
) -> None:
    say(phone, 1, "bad")
    frozen.move(timedelta(days=27))
    late = sign_in(asked.participant, tier=1)
    answer = late.post(f"{START}/2", data={"act": "next", "answer": "never"})
    assert answer.status_code == 422
    text = text_of(answer)
    assert "Ditt sista svar är inte sparat" in text
    assert "Nej, aldrig" in text
    assert "Tiden för att svara är slut." in text
    assert "Dina svar är inte skickade. Ingen har sett dem." in text
    assert late.post(f"{START}/send", data={"key": "x"}).location == f"{START}/check"


def test_an_organisation_that_does_not_ask(phone: Client, asked: World, database: Database) -> None:
    with database.transaction() as session:
        own = session.get_one(Organisation, asked.organisation.id)
        own.settings = {"survey_ongoing": False}
    assert "Berätta hur det är" not in text_of(phone.get("/home"))
    assert phone.get(START).status_code == 404


def test_staff_meet_no_survey_and_no_sheet_of_anybody(sign_in: SignIn, asked: World, phone: Client) -> None:
    say(phone, 13, "kanariehemlighet")
    phone.post(f"{START}/send", data={"key": key_of(phone)})
    for who in ("coach", "lead", "admin", "translator", "user_auditor"):
        browser = sign_in(getattr(asked, who))
        assert browser.get(START).status_code == 404
        for path in (
            f"/staff/people/{asked.participant.id}",
            f"/staff/people/{asked.participant.id}/new",
            f"/staff/surveys/{asked.here.team.id}/ongoing",
            "/staff/surveys",
            "/staff",
        ):
            assert "kanariehemlighet" not in browser.get(path).text


def test_in_arabic_the_questions_are_arabic_and_so_is_what_is_stored(
    sign_in: SignIn, asked: World, database: Database
) -> None:
    browser = sign_in(asked.second_participant, tier=1)
    browser.post("/language", data={"language": "ar"})
    page = browser.get(f"{START}/1")
    assert 'dir="rtl"' in page.text
    assert "كيف نعاملك عندما نلتقي أو نتحدث؟" in text_of(page)
    say(browser, 1, "good")
    with database.reading() as session:
        row = session.scalars(select(SurveyAnswer)).one()
        assert (row.language, row.direction) == ("ar", "rtl")
        assert session.scalars(select(SurveySheet.person_id)).one() == asked.second_participant.id
