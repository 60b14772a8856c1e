"""An admin writes the texts that staff send: title, each language, what is refused, what is used no more."""

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.db import Database
from portal.notices.models import OwnMessage, OwnMessageText
from tests.conftest import SignIn
from tests.support.pages import Client, seen, text_of
from tests.support.world import World

LIST = "/staff/organisation/own-texts"


@pytest.fixture
def admin(sign_in: SignIn, world: World) -> Client:
    return sign_in(world.admin)


@pytest.fixture
def one(admin: Client) -> str:
    """The address of a new text without words."""
    answer = admin.post(LIST, data={"title": "Öppet hus"})
    assert answer.status_code == 303
    return answer.headers["Location"].removesuffix("/sv")


def save(browser: Client, path: str, text: str, **more: str) -> TestResponse:
    return browser.post(path, data={"text": text, "seen": seen(browser, path), **more})


@pytest.mark.parametrize("who", ["coach", "lead", "translator", "participant"])
def test_writing_is_for_admins(sign_in: SignIn, world: World, one: str, who: str) -> None:
    """S31: who sends chooses among texts that somebody has looked through."""
    browser = sign_in(getattr(world, who))
    assert [browser.get(path).status_code for path in (LIST, f"{one}/sv")] == [404, 404]
    assert browser.post(f"{one}/sv", data={"text": "Stängt"}).status_code == 404


def test_from_a_title_to_texts_and_what_is_missing_is_named(
    admin: Client, one: str, database: Database
) -> None:
    assert "Ingen text än" in text_of(admin.get(LIST))
    assert "Skriv en text, så visas den här." in text_of(admin.get(f"{one}/sv"))
    assert save(admin, f"{one}/sv", "Välkommen på öppet hus klockan 13.").status_code == 303
    page = text_of(admin.get(f"{one}/sv"))
    assert "Texten saknas på: engelska och arabiska." in page
    assert "Texten tar 1 SMS, lika många som i dag." in page
    save(admin, f"{one}/ar", "أهلاً بك الساعة 13.")
    assert "Saknas på: engelska" in text_of(admin.get(LIST))
    with database.reading() as session:
        rows = session.scalars(select(OwnMessageText).order_by(OwnMessageText.version))
        assert [(row.language, row.version) for row in rows] == [("sv", 1), ("ar", 2)]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Vi ses {dag}", "Den här texten har inga fält."),
        ("Läs på norrby.se", "blir en länk i telefonen"),
        ("Öppet hus på Team Norr", "Kan det här visa vem som skriver, eller varför: ”Team Norr”?"),
        ("Träffa din coach klockan 13", "”coach”"),
    ],
)
def test_what_says_too_much_is_named_beside_the_box(
    admin: Client, one: str, text: str, sentence: str
) -> None:
    """S31"""
    answer = save(admin, f"{one}/sv", text)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert text in answer.text


def test_the_preview_saves_nothing_and_shows_parts_price_and_costly_signs(
    admin: Client, one: str, database: Database
) -> None:
    answer = admin.post(f"{one}/sv/preview", data={"text": "Stängt i dag – välkommen i morgon.", "show": "1"})
    page = text_of(answer)
    assert answer.status_code == 200
    assert "Texten tar 1 SMS." in page
    assert "–: skriv -" in page
    assert "Kostar ungefär 0,5 kr" in page
    with database.reading() as session:
        assert session.scalars(select(OwnMessageText)).all() == []


def test_an_older_text_comes_back_and_a_title_is_changed(admin: Client, one: str) -> None:
    save(admin, f"{one}/sv", "Stängt i dag.")
    save(admin, f"{one}/sv", "Stängt i morgon.")
    assert "Stängt i dag." in admin.get(f"{one}/sv?version=1").text
    assert admin.get(f"{one}/sv?version=9").status_code == 404
    assert admin.post(f"{one}/title", data={"title": "Stängt"}).status_code == 303
    assert "Stängt" in text_of(admin.get(LIST))
    answer = admin.post(f"{one}/title", data={"title": ""})
    assert answer.status_code == 422


def test_two_are_not_called_the_same_and_one_is_used_no_more(
    admin: Client, one: str, database: Database
) -> None:
    answer = admin.post(LIST, data={"title": "öppet hus"})
    assert (answer.status_code, "En annan text heter så." in text_of(answer)) == (422, True)
    assert admin.post(f"{one}/retire").status_code == 303
    assert "Används inte" in text_of(admin.get(LIST))
    admin.post(LIST, data={"title": "Öppet hus"})
    admin.post(f"{one}/restore")
    assert "Byt namn på den först." in text_of(admin.get(LIST))
    with database.reading() as session:
        assert len(session.scalars(select(OwnMessage)).all()) == 2
