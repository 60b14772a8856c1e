"""An admin words an SMS: the list, the text with its preview and price, what is refused beside the box."""

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.db import Database
from portal.journal.models import JournalRow
from portal.notices.models import NoticeTemplate
from portal.organisation.models import Organisation
from tests.conftest import SignIn
from tests.support.pages import Client, parse, seen, text_of
from tests.support.world import World

LIST = "/staff/organisation/texts"
BOOKED = f"{LIST}/meeting_booked/sv"
OWN = "Vi ses {dag} klockan {tid}."


@pytest.fixture
def admin(sign_in: SignIn, world: World) -> Client:
    return sign_in(world.admin)


def save(browser: Client, text: str, path: str = BOOKED, **more: str) -> TestResponse:
    return browser.post(path, data={"text": text, "seen": seen(browser, path), **more})


def stored(database: Database) -> list[tuple[str, int, str]]:
    with database.reading() as session:
        rows = session.scalars(select(NoticeTemplate).order_by(NoticeTemplate.version))
        return [(row.language, row.version, row.text) for row in rows]


def box(page: str) -> str:
    return next(str(one.text).strip() for one in parse(page).iter("textarea"))


@pytest.mark.parametrize("who", ["coach", "lead", "translator", "participant"])
def test_texts_are_for_admins(sign_in: SignIn, world: World, who: str) -> None:
    browser = sign_in(getattr(world, who))
    assert [browser.get(path).status_code for path in (LIST, BOOKED)] == [404, 404]
    assert browser.post(BOOKED, data={"text": OWN}).status_code == 404


def test_an_own_text_is_saved_and_the_other_languages_are_named(
    admin: Client, world: World, database: Database
) -> None:
    assert box(admin.get(BOOKED).text) == "Du har ett möte {dag} klockan {tid}."
    assert "egna på svenska" not in text_of(admin.get(LIST))
    answer = save(admin, OWN)
    assert answer.status_code == 303
    assert stored(database) == [("sv", 1, OWN)]
    page = text_of(admin.get(BOOKED))
    assert "har fortfarande portalens text: engelska och arabiska." in page
    assert "Er egen text" in page
    listed = text_of(admin.get(LIST))
    assert "Har portalens text: engelska och arabiska" in listed
    assert "svenska: er egen" in listed
    save(admin, "Meeting {dag} {tid}", f"{LIST}/meeting_booked/en")
    assert "Har portalens text: arabiska" in text_of(admin.get(LIST))
    with database.reading() as session:
        kinds = session.scalars(select(JournalRow.kind).where(JournalRow.action == "change")).all()
    assert kinds.count("sms_text") == 2


def test_a_language_lags_no_more_once_the_house_does_not_offer_it(
    admin: Client, world: World, database: Database
) -> None:
    save(admin, OWN)
    with database.transaction() as session:
        session.get_one(Organisation, world.organisation.id).languages = ["en"]
    assert "Har portalens text: engelska" in text_of(admin.get(LIST))
    assert admin.get(f"{LIST}/meeting_booked/ar").status_code == 404


@pytest.mark.parametrize(
    "text, sentence",
    [
        (
            "Hej {namn}, {dag} {tid}",
            "Fältet {namn} finns inte. Ta bort det, eller använd {dag}, {tid} och {datum}.",
        ),
        ("Möte {dag}", "Fältet {tid} saknas. Skriv {tid} där det ska stå i texten."),
        ("Möte {dag {tid}", "En klammer är inte stängd."),
        ("Möte {dag} {tid} mote.nu", "”mote.nu” blir en länk i telefonen. Vi skickar aldrig länkar."),
        ("Samordningen: {dag} {tid}", "Kan det här visa vem som skriver, eller varför: ”Samordningen”?"),
        ("x" * 400, "Texten är för lång"),
    ],
)
def test_what_cannot_be_sent_is_told_beside_it_and_stays(
    admin: Client, world: World, database: Database, text: str, sentence: str
) -> None:
    """S31"""
    with database.transaction() as session:
        session.get_one(Organisation, world.organisation.id).name = "Samordningen"
    answer = save(admin, text)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert box(answer.text) == text
    assert stored(database) == []
    shown = admin.post(f"{BOOKED}/preview", data={"text": text})
    assert shown.status_code == 200
    assert sentence in text_of(shown) or len(text) > 320


def test_a_word_that_means_something_else_is_let_through_by_a_tick(admin: Client, database: Database) -> None:
    text = "Din planerade tid: {dag} {tid}"
    answer = save(admin, text)
    assert answer.status_code == 422
    assert 'name="neutral"' in answer.text
    assert save(admin, text, neutral="y").status_code == 303
    assert stored(database) == [("sv", 1, text)]


def test_lines_and_turning_signs_are_not_kept(admin: Client, database: Database) -> None:
    """S28"""
    assert save(admin, "Vi ses\r\n{ Dag }\u200f klockan {tid}.").status_code == 303
    assert stored(database) == [("sv", 1, "Vi ses {dag} klockan {tid}.")]


def test_the_preview_shows_the_text_its_parts_and_its_price(admin: Client, database: Database) -> None:
    page = admin.post(f"{BOOKED}/preview", data={"text": OWN})
    tree = parse(page.text)
    assert [one.findtext("p") for one in tree.iter("figure")] == [
        "Vi ses torsdag 10 september klockan 13.00."
    ]
    said = text_of(page)
    assert "Texten tar 1 SMS, lika många som i dag." in said
    assert "Kostar ungefär 0,5 kr" in said
    assert "Räknat på 50 öre" in said
    assert "GSM-7: 160 tecken" in said
    long = text_of(admin.post(f"{BOOKED}/preview", data={"text": OWN + "a" * 150}))
    assert "I dag: 1 SMS. Med den här texten: 2 SMS." in long
    assert "Kostar ungefär 1 kr" in long
    assert stored(database) == []


def test_signs_that_double_the_price_are_replaced_by_one_button(admin: Client) -> None:
    text = "Vi ses – som ”vanligt” – {dag}\u00a0klockan {tid}. Kom ihåg att ta med papperen 😀."
    page = admin.post(f"{BOOKED}/preview", data={"text": text})
    said = text_of(page)
    assert "Utan dem: 1 SMS i stället för 2 SMS." in said
    assert "–: skriv -" in said
    assert "😀: ta bort det" in said
    swapped = admin.post(f"{BOOKED}/preview", data={"text": text, "cheaper": "1"})
    assert box(swapped.text) == 'Vi ses - som "vanligt" - {dag} klockan {tid}. Kom ihåg att ta med papperen .'
    assert "Tecken som gör" not in text_of(swapped)


def test_arabic_stands_from_the_right_and_no_sign_of_it_is_blamed(admin: Client) -> None:
    """S28: the time is isolated, whoever wrote the text."""
    page = admin.post(f"{LIST}/meeting_booked/ar/preview", data={"text": "موعد {dag} {tid}"})
    (phone,) = parse(page.text).iter("figure")
    said = phone.find("p")
    assert said is not None
    assert (said.get("lang"), said.get("dir")) == ("ar", "rtl")
    assert "\u206613:00\u2069" in str(said.text)
    assert "Tecken som gör" not in text_of(page)
    assert "UCS-2: 70 tecken" in text_of(page)
    assert "På svenska i dag" in text_of(page)


def test_an_older_text_is_taken_up_again_and_ours_too(admin: Client, database: Database) -> None:
    save(admin, OWN)
    save(admin, "Nytt: {dag} {tid}")
    page = admin.get(f"{BOOKED}?version=1")
    assert box(page.text) == OWN
    assert "En äldre text står i rutan" in text_of(page)
    save(admin, OWN)
    save(admin, "")
    assert [text for _language, _version, text in stored(database)] == [OWN, "Nytt: {dag} {tid}", OWN, ""]
    assert box(admin.get(BOOKED).text) == "Du har ett möte {dag} klockan {tid}."
    assert admin.get(f"{BOOKED}?version=9").status_code == 404


def test_of_two_who_change_a_text_the_second_is_told(admin: Client, database: Database) -> None:
    before = seen(admin, BOOKED)
    save(admin, OWN)
    answer = admin.post(BOOKED, data={"text": "Nytt: {dag} {tid}", "seen": before})
    assert answer.status_code == 422
    assert f"Nu står det: {OWN}" in text_of(answer)
    assert len(stored(database)) == 1
    again = admin.post(BOOKED, data={"text": OWN, "seen": before})
    assert again.status_code == 303
    assert len(stored(database)) == 1


def test_a_participant_sees_the_houses_own_words_before_choosing(
    admin: Client, sign_in: SignIn, world: World
) -> None:
    """S31: the very text."""
    save(admin, OWN)
    said = text_of(sign_in(world.participant).get("/me/sms/text?coach=y"))
    assert "Vi ses " in said
    assert "Kom ihåg: Du har ett möte" in said
