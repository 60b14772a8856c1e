"""Answering on the phone: said plainly, nothing lost, nothing kept, and sent by nobody in particular."""

import re
import uuid
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask, request
from flask import session as cookie
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError

from portal.db import Database
from portal.identity.models import Person
from portal.identity.session_models import KeptForm, WebSession
from portal.user_audit import answer_service
from portal.user_audit.models import AuditIssue, AuditUrn
from portal.user_audit.urn_rules import Urn
from tests.conftest import FrozenClock, SignIn
from tests.support.forms import PageForm, forms_of
from tests.support.pages import Client, text_of
from tests.support.world import World
from tests.user_audit.conftest import Audited, open_audit

WORDS = "Jag vill ha fika"


@pytest.fixture
def phone(audited: Audited, sign_in: SignIn) -> Client:
    """The first participant's phone, through the first door."""
    return sign_in(audited.world.participant, tier=1)


def form_to(page: str, place: str) -> PageForm:
    return next(form for form in forms_of(page) if place in form.action)


def press(browser: Client, page: str, place: str, *, code: int = 200, **data: Any) -> str:
    """Send the form that leads there as its page would."""
    form = form_to(page, place)
    sent = {field.name: field.value or "" for field in form.fields if field.kind != "button"}
    answer = browser.post(form.action, data={**sent, **data})
    assert answer.status_code == code, (place, answer.status_code)
    return answer.get_data(as_text=True)


def begun(browser: Client, audited: Audited) -> str:
    """The first question."""
    start = browser.get(f"/audits/{audited.audit_id}").get_data(as_text=True)
    return press(browser, start, "/answer")


def checked(browser: Client, audited: Audited, words: str = WORDS) -> str:
    """A look at all answers."""
    page = begun(browser, audited)
    steps: list[dict[str, Any]] = [{"value": "long"}, {"value": "yes"}, {"act": "skip"}]
    for given in [*steps, {"words": words, "act": "next"}]:
        page = press(browser, page, "/answer", **given)
    return page


def urn(audited: Audited) -> Urn:
    with audited.database.reading() as session:
        return Urn.unpacked(session.get_one(AuditUrn, audited.audit_id).content)


def count(database: Database, table: type[Any]) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


# --- before, while, and after -------------------------------------------------------------------


def test_what_is_anonymous_and_what_is_not_is_said_before_the_first_question(
    phone: Client, audited: Audited
) -> None:
    """S39"""
    said = text_of(phone.get(f"/audits/{audited.audit_id}"))
    for sentence in (
        "Hur är det hos oss?",
        "4 frågor.",
        "Ingen i teamet och ingen granskare kan se vem som har svarat vad.",
        "Vi skriver upp att du är med.",
        "Är det färre än 5 som svarar på en fråga? Då visar vi inga svar på den frågan.",
        "Någon kan känna igen hur du skriver.",
        "De som sköter våra datorer kan ta reda på mer än andra.",
        "Om du stänger sidan är de borta.",
    ):
        assert sentence in said
    assert "Amina" not in said


def test_the_whole_way_is_one_answer(phone: Client, audited: Audited, database: Database) -> None:
    page = checked(phone, audited)
    assert WORDS in page
    assert "6 månader eller mer" in page
    page = press(phone, page, "/send")
    assert "Stäng inte sidan innan du har skickat." in page
    assert urn(audited).count == 0
    thanks = press(phone, page, "/unnamed/")
    assert "Ingen kan se att de är dina." in thanks
    found = urn(audited)
    assert found.count == 1
    assert found.texts == {audited.question("good"): [("", WORDS)]}
    assert "Vad tycker du om oss?" not in text_of(phone.get("/home"))
    said = text_of(phone.get(f"/audits/{audited.audit_id}"))
    assert "Du har tagit bort ditt namn från dina svar." in said


def test_the_first_of_two_steps_does_not_claim_to_send_and_nobody_claims_to_know_what_came(
    phone: Client, audited: Audited
) -> None:
    """Whoever stops in between has sent nothing; the portal cannot know whether they did."""
    page = checked(phone, audited)
    assert "Sedan är det två steg kvar: ta bort ditt namn, och skicka." in page
    assert [button for button in re.findall(r"<button[^>]*>(.*?)</button>", page) if "Skicka" in button] == []
    assert "Nästa: ta bort mitt namn" in page
    ticket = press(phone, page, "/send")
    assert urn(audited).count == 0
    for sent in (False, True):
        if sent:
            press(phone, ticket, "/unnamed/")
        said = text_of(phone.get(f"/audits/{audited.audit_id}"))
        assert "Vi vet inte om du sedan skickade svaren." in said
        assert "Har du kvar sidan med knappen Skicka utan namn?" in said
        assert "Tack" not in said


def test_the_ticket_page_can_be_sent_again_and_again(phone: Client, audited: Audited) -> None:
    """S40"""
    checked_page = checked(phone, audited)
    page, again = press(phone, checked_page, "/send"), press(phone, checked_page, "/send")
    for ticket in (page, page, again):
        assert "Tack!" in press(phone, ticket, "/unnamed/")
    assert urn(audited).count == 1


def test_another_form_of_the_same_person_gets_no_ticket(phone: Client, audited: Audited) -> None:
    """S40"""
    first, second = checked(phone, audited), checked(phone, audited)
    press(phone, first, "/send")
    press(phone, second, "/send", code=303)
    assert count(audited.database, AuditIssue) == 1


def test_one_goes_back_changes_and_skips(phone: Client, audited: Audited) -> None:
    page = press(phone, begun(phone, audited), "/answer", value="long")
    page = press(phone, page, "/answer", act="back")
    assert "Fråga 1 av 4" in page
    assert 'value="long" aria-pressed="true"' in page
    page = press(phone, page, "/answer", value="short")
    assert "Fråga 2 av 4" in page
    steps: list[dict[str, Any]] = [{"act": "skip"}, {"act": "skip"}, {"words": WORDS, "act": "next"}]
    for act in steps:
        page = press(phone, page, "/answer", **act)
    change = [form for form in forms_of(page) if form.action.endswith("/answer")][3]
    hidden = {field.name: field.value or "" for field in change.fields}
    page = phone.post(change.action, data=hidden).get_data(as_text=True)
    assert f">\r\n{WORDS}</textarea>" in page or f">\n{WORDS}</textarea>" in page
    page = press(phone, page, "/answer", words="Mer fika", act="next")
    press(phone, press(phone, page, "/send"), "/unnamed/")
    assert urn(audited).counts == {"short": 1}
    assert urn(audited).texts == {audited.question("good"): [("", "Mer fika")]}


def test_a_question_needs_an_answer_or_a_skip(phone: Client, audited: Audited) -> None:
    page = press(phone, begun(phone, audited), "/answer", code=422)
    assert "Svara först, eller tryck på Hoppa över." in page
    page = press(phone, page, "/answer", code=422, value="nonsense")
    assert "Fråga 1 av 4" in page


def test_a_text_that_is_too_long_comes_back_whole(phone: Client, audited: Audited) -> None:
    page = begun(phone, audited)
    for _ in range(3):
        page = press(phone, page, "/answer", act="skip")
    page = press(phone, page, "/answer", code=422, words="ö" * 1001, act="next")
    assert "ö" * 1001 in page
    assert 'role="alert"' in page
    page = press(phone, page, "/answer", code=422, words="ö" * 1001, act="back")
    assert "Fråga 4 av 4" in page
    assert "ö" * 1001 in page, "going back loses nothing"
    assert 'role="alert"' in page
    assert "Fråga 3 av 4" in press(phone, page, "/answer", words="ö" * 1000, act="back")


def test_nothing_to_send_is_not_sent(phone: Client, audited: Audited) -> None:
    page = begun(phone, audited)
    for _ in range(4):
        page = press(phone, page, "/answer", act="skip")
    assert "Det finns inget att skicka." in page
    sealed = form_to(page, "/answer").untouched()["answers"]
    assert phone.post(f"/audits/{audited.audit_id}/send", data={"answers": sealed}).status_code == 422
    assert count(audited.database, AuditIssue) == 0


@pytest.mark.parametrize("place", ["answer", "send"])
def test_what_cannot_be_read_begins_again(phone: Client, audited: Audited, place: str) -> None:
    answer = phone.post(f"/audits/{audited.audit_id}/{place}", data={"answers": "nonsense", "number": "1"})
    assert answer.status_code == 303
    assert "Svaren gick inte att läsa." in text_of(phone.get(f"/audits/{audited.audit_id}"))
    assert phone.get(f"/audits/{audited.audit_id}/{place}").status_code == 303


def test_the_questions_are_in_the_readers_language(
    audited: Audited, sign_in: SignIn, database: Database
) -> None:
    with database.transaction() as session:
        session.execute(update(Person).values(language="ar"))
    phone = sign_in(audited.world.participant, tier=1)
    page = begun(phone, audited)
    assert "منذ متى وأنت معنا؟" in page
    page = checked(phone, audited)
    page = press(phone, press(phone, page, "/send"), "/unnamed/")
    assert '<html lang="ar" dir="rtl"' in page


# --- what is kept, and of whom ------------------------------------------------------------------


@pytest.mark.parametrize("place", ["answer", "send"])
def test_a_session_that_ends_in_the_middle_keeps_nothing(
    phone: Client, audited: Audited, frozen: FrozenClock, database: Database, place: str
) -> None:
    """S39: what was typed is kept for the person elsewhere (S17), here never."""
    page = checked(phone, audited)
    form = form_to(page, "/answer").untouched()
    frozen.move(timedelta(minutes=16))
    data = {**form, "words": WORDS, "number": "4", "act": "next"}
    answer = phone.post(f"/audits/{audited.audit_id}/{place}", data=data, csrf=False)
    assert answer.status_code in (303, 419)
    answer = phone.post(f"/audits/{audited.audit_id}/{place}", data=data)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/norrby/sign-in")
    assert count(database, KeptForm) == 0


def test_a_request_without_a_name_reaches_the_app_without_one(
    phone: Client, audited: Audited, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S39: neither cookie nor address nor what the browser says of itself; and no cookie is set."""
    ticket = form_to(press(phone, checked(phone, audited), "/send"), "/unnamed/").untouched()
    seen: list[dict[str, Any]] = []
    redeem = answer_service.redeem

    def watched(*given: Any) -> Any:
        seen.append({**request.environ, "cookies": dict(request.cookies), "session": dict(cookie)})
        return redeem(*given)

    monkeypatch.setattr(answer_service, "redeem", watched)
    with audited.database.reading() as session:
        before = session.scalars(select(WebSession.last_seen_at)).all()
    headers = {"User-Agent": "en telefon", "Accept-Language": "ar", "X-Forwarded-For": "192.0.2.7"}
    answer = phone.post("/unnamed/audit", data=ticket, headers=headers, csrf=False)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    (there,) = seen
    assert there["cookies"] == {}
    assert there["session"] == {}
    told = {key for key in there if not key.startswith(("wsgi.", "werkzeug.", "flask."))}
    assert told <= {
        *("REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL"),
        *("CONTENT_TYPE", "CONTENT_LENGTH", "HTTP_HOST", "HTTP_ACCEPT_ENCODING", "cookies", "session"),
    }
    assert "192.0.2.7" not in repr(there)
    with audited.database.reading() as session:
        assert session.scalars(select(WebSession.last_seen_at)).all() == before


def test_it_is_sent_just_as_well_from_a_browser_that_nobody_has_signed_in_to(
    phone: Client, client: Client, audited: Audited
) -> None:
    ticket = form_to(press(phone, checked(phone, audited), "/send"), "/unnamed/").untouched()
    assert client.post("/unnamed/audit", data=ticket, csrf=False).status_code == 200
    assert urn(audited).count == 1
    assert text_of(phone.get("/home"))


def test_a_busy_database_gives_the_ticket_back_and_lets_nobody_be_signed_out(
    phone: Client, audited: Audited, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S51: the same page can be sent again, and the cookie of whoever sends is untouched."""
    ticket = form_to(press(phone, checked(phone, audited), "/send"), "/unnamed/").untouched()

    def busy(*_: Any) -> None:
        raise OperationalError("UPDATE", {}, Exception("locked"))

    with monkeypatch.context() as patch:
        patch.setattr(answer_service, "redeem", busy)
        answer = phone.post("/unnamed/audit", data=ticket, csrf=False)
    assert answer.status_code == 503
    assert "Set-Cookie" not in answer.headers
    again = form_to(answer.get_data(as_text=True), "/unnamed/").untouched()
    assert again["ticket"] == ticket["ticket"]
    assert phone.post("/unnamed/audit", data=again, csrf=False).status_code == 200
    assert urn(audited).count == 1
    assert phone.get("/home").status_code == 200


def test_a_ticket_that_comes_too_late_or_broken_is_answered_in_words(phone: Client, audited: Audited) -> None:
    ticket = form_to(press(phone, checked(phone, audited), "/send"), "/unnamed/").untouched()
    broken = phone.post("/unnamed/audit", data={**ticket, "ticket": "x"}, csrf=False)
    assert broken.status_code == 422
    assert "Gå tillbaka ett steg" in text_of(broken)
    audited.close()
    late = phone.post("/unnamed/audit", data=ticket, csrf=False)
    assert late.status_code == 422
    assert "Det är inte ditt fel." in text_of(late)


# --- the first page, and what came of it --------------------------------------------------------


def test_the_first_page_asks_at_the_first_door_in_neutral_words(phone: Client, audited: Audited) -> None:
    said = text_of(phone.get("/home"))
    assert re.search(
        r"Vad tycker du om oss\? Utan ditt namn, till och med \w+ \d+ december · 2 minuter", said
    )
    assert "Hur är det hos oss?" not in said
    assert "Ni sa – vi gjorde" not in said


def test_two_that_ask_at_once_are_told_apart_by_their_last_day(
    phone: Client, audited: Audited, database: Database, world: World, now: datetime
) -> None:
    with database.transaction() as session:
        open_audit(session, world, now).ends_on = date(2026, 12, 24)
    said = text_of(phone.get("/home"))
    assert "till och med torsdag 24 december" in said
    assert said.count("Vad tycker du om oss?") == 2


def test_others_find_nothing(audited: Audited, sign_in: SignIn, world: World) -> None:
    """S2"""
    for stranger in (world.other_participant, world.far_participant):
        browser = sign_in(stranger)
        assert "Vad tycker du om oss?" not in text_of(browser.get("/home"))
        assert browser.get(f"/audits/{audited.audit_id}").status_code == 404
        assert browser.post(f"/audits/{audited.audit_id}/answer").status_code == 404


def test_before_and_after_its_days_nothing_can_be_answered(
    audited: Audited, sign_in: SignIn, frozen: FrozenClock
) -> None:
    frozen.move(timedelta(days=-5))
    early = sign_in(audited.world.participant, tier=1)
    assert "Det är för tidigt att svara." in text_of(early.get(f"/audits/{audited.audit_id}"))
    assert early.post(f"/audits/{audited.audit_id}/answer").status_code == 303
    frozen.move(timedelta(days=25))
    late = sign_in(audited.world.participant, tier=1)
    assert "Tiden för att svara är slut." in text_of(late.get(f"/audits/{audited.audit_id}"))


def test_nothing_to_read_yet_says_so(phone: Client) -> None:
    assert "Det finns inget att läsa här än." in text_of(phone.get("/you-said"))


def test_an_unknown_audit_is_no_page(phone: Client) -> None:
    assert phone.get(f"/audits/{uuid.uuid4()}").status_code == 404
