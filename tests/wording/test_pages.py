"""A translator's desk, a coach who picks a phrase, and what the participant reads."""

import re
import uuid
from datetime import datetime

import pytest
from sqlalchemy import select

from portal.db import Database
from portal.identity.models import Person
from portal.plan import service as plans
from portal.plan.models import PlanStep
from portal.plan.rules import Wording
from portal.wording import queries
from portal.wording.models import SourceText, Translation
from tests.conftest import SignIn
from tests.journeys.test_selects import counted
from tests.plan.conftest import asker_of, hidden
from tests.support.pages import text_of
from tests.support.world import World


@pytest.fixture
def step(database: Database, world: World, now: datetime) -> PlanStep:
    """A free text in the plan of somebody who reads Arabic, by name."""
    with database.transaction() as session:
        session.get_one(Person, world.participant.id).language = "ar"
        return plans.add_step(
            session,
            asker_of(world.coach, "coach"),
            person_id=world.participant.id,
            step_id=uuid.uuid4(),
            kind="step",
            wording=Wording("Ring skolan"),
            now=now,
        )


def address(database: Database, step: PlanStep) -> str:
    with database.reading() as session:
        found = session.scalars(select(SourceText.id).where(SourceText.object_id == step.id)).one()
    return f"/staff/translations/{found}/ar"


def test_the_first_page_of_a_translator_is_the_list(sign_in: SignIn, world: World, step: PlanStep) -> None:
    """Without whose it is: no name, and no id of the person or the step, in page or address."""
    browser = sign_in(world.translator)
    assert browser.get("/staff").location == "/staff/translations"
    page = browser.get("/staff/translations")
    assert "Ring skolan" in text_of(page)
    assert "Inte översatt" in text_of(page)
    body = page.get_data(as_text=True)
    for told in ("Amina", "Hassan", str(world.participant.id), str(step.id)):
        assert told not in body
    assert "Inga texter väntar" in text_of(browser.get("/staff/translations?language=en"))
    assert "Ring skolan" in text_of(browser.get("/staff/translations?language=nonsense"))


def test_draft_then_confirmed_and_the_participant_reads_both(
    sign_in: SignIn, world: World, step: PlanStep, database: Database
) -> None:
    browser, phone = sign_in(world.translator), sign_in(world.participant)
    at = address(database, step)
    assert "هذا غير مترجم بعد." in text_of(phone.get("/plan"))
    seen = hidden(browser.get(at).get_data(as_text=True), "seen")
    browser.post(at, data={"text": "اتصل بالمدرسة", "seen": seen})
    assert "الترجمة ليست جاهزة بعد." in text_of(phone.get("/plan"))
    assert "اتصل" not in text_of(phone.get("/plan"))
    page = browser.get(at)
    assert "Ditt eget utkast." in text_of(page)
    seen = hidden(page.get_data(as_text=True), "seen")
    said = browser.post(
        at, data={"text": "اتصل بالمدرسة", "seen": seen, "confirm": "1"}, follow_redirects=True
    )
    assert "Översättningen är bekräftad." in text_of(said)
    plan = phone.get("/plan").get_data(as_text=True)
    assert "<h3><bdi>اتصل بالمدرسة</bdi></h3>" in plan
    assert '<p class="soft written" lang="sv" dir="ltr">Ring skolan</p>' in plan
    assert "اتصل بالمدرسة" in text_of(phone.get("/home"))
    news = phone.get("/plan/news").get_data(as_text=True)
    assert "<h2><bdi>اتصل بالمدرسة</bdi></h2>" in news
    assert '<p class="soft written" lang="sv" dir="ltr">Ring skolan</p>' in news


@pytest.mark.parametrize(
    ("draft", "told"), [(False, "هذا غير مترجم بعد."), (True, "الترجمة ليست جاهزة بعد.")]
)
def test_what_nobody_has_confirmed_is_read_in_swedish_and_said_to_be(
    sign_in: SignIn, world: World, step: PlanStep, database: Database, draft: bool, told: str
) -> None:
    if draft:
        browser, at = sign_in(world.translator), address(database, step)
        seen = hidden(browser.get(at).get_data(as_text=True), "seen")
        browser.post(at, data={"text": "اتصل", "seen": seen})
    phone = sign_in(world.participant)
    page = phone.get("/plan/news")
    assert '<h2><bdi lang="sv" dir="ltr">Ring skolan</bdi></h2>' in page.get_data(as_text=True)
    assert told in text_of(page)
    home = phone.get("/home").get_data(as_text=True)
    assert '<bdi lang="sv" dir="ltr">Ring skolan</bdi>' in home
    assert "اتصل" not in home


def test_the_participant_reads_what_is_outdated(
    sign_in: SignIn, world: World, step: PlanStep, database: Database
) -> None:
    browser, desk = sign_in(world.translator), sign_in(world.coach)
    at = address(database, step)
    seen = hidden(browser.get(at).get_data(as_text=True), "seen")
    browser.post(at, data={"text": "اتصل بالمدرسة", "seen": seen, "confirm": "1"})
    root = f"/staff/people/{world.participant.id}/plan"
    assert "Översatt" in text_of(desk.get(root))
    desk.post(f"{root}/steps/{step.id}", data={"text": "Ring i maj", "doer": "participant", "version": "1"})
    assert "Gammal översättning" in text_of(desk.get(root))
    phone = sign_in(world.participant)
    for path, heading in (("/plan", "h3"), ("/plan/news", "h2")):
        answer = phone.get(path)
        page = answer.get_data(as_text=True)
        assert f'<{heading}><bdi lang="sv"' in page, path
        assert f">Ring i maj</bdi></{heading}>" in page, path
        assert "النص السويدي جديد. والترجمة قديمة." in text_of(answer), path
        assert "<s><bdi>اتصل بالمدرسة</bdi></s>" in page, path
    home = phone.get("/home").get_data(as_text=True)
    assert '<bdi lang="sv" dir="ltr">Ring i maj</bdi>' in home
    assert "اتصل بالمدرسة" not in home
    page = text_of(browser.get(at))
    assert "Så här stod det när den översattes: Ring skolan" in page


def test_nothing_is_lost_when_the_swedish_changes_meanwhile(
    sign_in: SignIn, world: World, step: PlanStep, database: Database
) -> None:
    browser = sign_in(world.translator)
    at = address(database, step)
    seen = hidden(browser.get(at).get_data(as_text=True), "seen")
    sign_in(world.coach).post(
        f"/staff/people/{world.participant.id}/plan/steps/{step.id}",
        data={"text": "Ring i maj", "doer": "participant", "version": "1"},
    )
    answer = browser.post(at, data={"text": "اتصل", "seen": seen, "confirm": "1"})
    assert answer.status_code == 422
    assert "har ändrats medan du skrev" in text_of(answer)
    assert "اتصل" in text_of(answer)
    with database.reading() as session:
        assert session.scalars(select(Translation)).all() == []
    again = hidden(answer.get_data(as_text=True), "seen")
    assert browser.post(at, data={"text": "اتصل", "seen": again, "confirm": "1"}).status_code == 303


def test_an_empty_translation_is_not_kept(
    sign_in: SignIn, world: World, step: PlanStep, database: Database
) -> None:
    answer = sign_in(world.translator).post(address(database, step), data={"text": " ", "confirm": "1"})
    assert answer.status_code == 422
    assert "Fyll i det här." in text_of(answer)


def test_the_coach_picks_a_phrase_and_every_language_has_it(
    sign_in: SignIn, world: World, database: Database, step: PlanStep
) -> None:
    desk, root = sign_in(world.coach), f"/staff/people/{world.participant.id}/plan"
    form = {"doer": "participant", "phrase": "health-doctor"}
    both = desk.post(f"{root}/add/step", data={**form, "text": "Något eget"})
    assert both.status_code == 422
    assert "Ta bort en av dem." in text_of(both)
    assert "Något eget" in text_of(both)
    assert desk.post(f"{root}/add/step", data={**form, "phrase": "made-up"}).status_code == 422
    neither = desk.post(f"{root}/add/step", data={**form, "phrase": ""})
    assert "Fyll i det här." in text_of(neither)
    assert desk.post(f"{root}/add/step", data=form).status_code == 303
    plan = text_of(sign_in(world.participant).get("/plan"))
    assert "الذهاب إلى الطبيب" in plan
    assert "Gå till läkaren" in plan
    with database.reading() as session:
        made = session.scalars(select(SourceText).where(SourceText.phrase != "")).one()
    page = desk.get(f"{root}/steps/{made.object_id}").get_data(as_text=True)
    assert 'value="health-doctor" checked' in page


def test_the_coach_looks_for_a_phrase_and_keeps_what_is_written(
    sign_in: SignIn, world: World, step: PlanStep, database: Database
) -> None:
    """Without a script: by its words in Swedish or in the participant's language, and nothing is saved."""
    desk, path = sign_in(world.coach), f"/staff/people/{world.participant.id}/plan/add/step"
    every = desk.get(path)
    assert "Hälsa (" in text_of(every)
    assert "Gå till läkaren الذهاب إلى الطبيب" in text_of(every)
    assert "<details open>" not in every.text
    form = {"doer": "other", "doer_name": "läkaren", "text": "Något eget", "when": "i maj", "find": "1"}
    for query in ("LÄKAREN gå", "lakaren", "الطبيب"):
        found = desk.post(path, data={**form, "q": query})
        assert (found.status_code, 'role="alert"' in found.text) == (200, False)
        assert "Gå till läkaren" in text_of(found)
        assert "Gå till banken" not in text_of(found)
        assert "<details open>" in found.text
        assert 'value="i maj"' in found.text
        assert "Något eget" in found.text
    odd = desk.post(path, data={**form, "q": "l\u202e\x00äk", "when": "i\x00 maj"})
    assert not {"\x00", "\u202e"} & set(odd.text), "what nobody types does not come back"
    none = desk.post(path, data={**form, "q": "flygplan", "phrase": "health-doctor"})
    assert "Ingen färdig text hittades." in text_of(desk.post(path, data={**form, "q": "flygplan"}))
    assert 'value="health-doctor" checked' in none.text, "what is chosen stays, found or not"
    with database.reading() as session:
        assert len(session.scalars(select(PlanStep)).all()) == 1


def test_enter_saves_what_is_said_and_looks_where_nothing_is(
    sign_in: SignIn, world: World, step: PlanStep, database: Database
) -> None:
    desk, root = sign_in(world.coach), f"/staff/people/{world.participant.id}/plan"
    adding = desk.get(f"{root}/add/step")
    first = re.search(
        r'<button[^>]*type="submit"[^>]*>', adding.text[adding.text.index('method="post" novalidate') :]
    )
    assert first is not None
    assert 'name="enter"' in first.group()
    form = {"doer": "participant", "text": "", "step_id": hidden(adding.text, "step_id"), "enter": "1"}
    looked = desk.post(f"{root}/add/step", data={**form, "q": "läkaren"})
    assert (looked.status_code, "Gå till banken" in text_of(looked)) == (200, False)
    assert desk.post(f"{root}/add/step", data=form).status_code == 422, "nothing is said and nothing sought"
    changing = f"{root}/steps/{step.id}"
    kept = {"doer": "participant", "text": "Ring skolan", "version": "1", "enter": "1"}
    assert desk.post(changing, data={**kept, "q": "läkaren"}).status_code == 200
    assert (
        desk.post(f"{root}/add/step", data={**form, "q": "läkaren", "text": "Något eget"}).status_code == 303
    )
    with database.reading() as session:
        assert {one.text for one in session.scalars(select(PlanStep))} == {"Ring skolan", "Något eget"}


def test_a_reader_of_swedish_has_one_language_beside_the_phrases(sign_in: SignIn, world: World) -> None:
    page = sign_in(world.coach).get(f"/staff/people/{world.participant.id}/plan/goal")
    assert "Jag vill arbeta i ett kök." in page.text
    assert "I want to work in a kitchen." not in page.text


def test_the_participant_chooses_a_goal_in_their_own_language(
    sign_in: SignIn, world: World, step: PlanStep
) -> None:
    phone = sign_in(world.participant)
    assert "أريد أن أعمل في مطبخ." in phone.get("/plan/goal").get_data(as_text=True)
    phone.post("/plan/goal", data={"phrase": "goal-kitchen", "goal": "", "version": "0"})
    assert "أريد أن أعمل في مطبخ." in text_of(phone.get("/plan"))
    desk = sign_in(world.coach).get(f"/staff/people/{world.participant.id}/plan")
    assert "Jag vill arbeta i ett kök." in text_of(desk)


def test_a_second_language_costs_no_question_to_the_database(
    sign_in: SignIn, world: World, step: PlanStep, database: Database
) -> None:
    """Home asks at most four times and the plan eight, in Arabic as in Swedish."""
    asked = {}
    for language in ("ar", "sv"):
        with database.transaction() as session:
            session.get_one(Person, world.participant.id).language = language
        phone = sign_in(world.participant)
        for path, most in (("/home", 4), ("/plan", 8)):
            phone.get(path)
            with counted(database) as found:
                phone.get(path)
            asked[path, language] = len(found)
            assert len(found) <= most, found
    assert asked["/home", "ar"] == asked["/home", "sv"]
    assert asked["/plan", "ar"] == asked["/plan", "sv"]


def test_neither_the_phrase_nor_the_text_alone_is_called_a_wish(sign_in: SignIn, world: World) -> None:
    page = sign_in(world.coach).get(f"/staff/people/{world.participant.id}/plan/add/step")
    assert "Steget (om du vill)" not in text_of(page)
    assert "Datum (om du vill)" in text_of(page)


def test_a_mark_tells_wordings_and_versions_apart() -> None:
    marks = {queries.mark(queries.text_hash(text), version) for text in ("a", "b") for version in (0, 1)}
    assert len(marks) == 4
