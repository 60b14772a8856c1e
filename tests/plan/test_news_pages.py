"""What is new in the plan, through the participant's pages and the coach's list, without JavaScript."""

import re
import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

import brotli
import pytest

from portal.db import Database
from portal.plan import service
from portal.plan.models import Plan, PlanAnswer, PlanStep
from portal.plan.rules import Wording
from tests.conftest import FrozenClock, SignIn
from tests.plan.conftest import asker_of, hidden
from tests.support.pages import Client, text_of
from tests.support.world import World

Write = Callable[..., uuid.UUID]
ISOLATES = {0x2068: None, 0x2069: None}


@pytest.fixture
def write(database: Database, world: World, frozen: FrozenClock) -> Write:
    """`write("Ring skolan")` is a step that Karin adds to Amina's plan."""

    def written(text: str, **wording: Any) -> uuid.UUID:
        with database.transaction() as session:
            step = service.add_step(
                session,
                asker_of(world.coach, "coach"),
                person_id=world.participant.id,
                step_id=uuid.uuid4(),
                kind=wording.pop("kind", "step"),
                wording=Wording(text, **wording),
                now=frozen.moment,
            )
            return step.id

    return written


@pytest.fixture
def amina(sign_in: SignIn, world: World) -> Client:
    """Amina's phone, behind the second door."""
    return sign_in(world.participant)


@pytest.fixture
def karin(sign_in: SignIn, world: World) -> Client:
    """Karin's desk."""
    return sign_in(world.coach)


def said(client: Client, path: str) -> str:
    return text_of(client.get(path)).translate(ISOLATES)


def answer_path(client: Client) -> str:
    found = re.search(r'action="(/plan/news/[0-9a-f-]{36})"', client.get("/plan/news").text)
    assert found is not None
    return found.group(1)


def test_home_and_plan_lead_to_what_is_new(amina: Client, write: Write) -> None:
    assert "Nytt i din plan" not in said(amina, "/home")
    write("Ring skolan")
    assert "Nytt i din plan Läs och svara" in said(amina, "/home")
    assert "Nytt i din plan 1 sak att läsa" in said(amina, "/plan")
    told = said(amina, "/plan/news")
    assert "Karin har lagt till ett steg." in told
    assert "Jag håller inte med" in told


def test_the_first_door_says_nothing_of_it(sign_in: SignIn, world: World, write: Write) -> None:
    """S30"""
    write("Ring skolan")
    outside = sign_in(world.participant, tier=1)
    assert "Nytt i din plan" not in said(outside, "/home")
    assert outside.get("/plan/news").status_code == 303


def test_i_understand_is_one_tap(amina: Client, write: Write) -> None:
    write("Ring skolan")
    answer = amina.post(answer_path(amina), data={"answer": "understood"})
    assert (answer.status_code, answer.location) == (303, "/plan/news")
    told = said(amina, "/plan/news")
    assert "Bra! Ditt svar är sparat." in told
    assert "Det finns inget nytt just nu." in told
    assert "Nytt i din plan" not in said(amina, "/home")


def test_from_i_do_not_understand_to_we_have_talked(
    amina: Client, karin: Client, write: Write, world: World
) -> None:
    """The answer, its words, the coach's list, the talk, and what the participant reads of it."""
    write("Ring skolan")
    answer = amina.post(answer_path(amina), data={"answer": "not_understood"})
    assert "Karin ser ditt svar. Ni pratar om det." in said(amina, answer.location)
    assert "Förstår inte" in said(karin, "/staff"), "one tap is enough; the words are for who wants"
    amina.post(answer.location, data={"words": "Vilken skola?"})
    assert "Vilken skola?" in said(amina, "/plan/news")
    assert "Du svarade: Jag förstår inte." in said(amina, "/plan")

    assert 'Förstår inte "Ring skolan". Skrev: "Vilken skola?"' in said(karin, "/staff")
    person = f"/staff/people/{world.participant.id}"
    questions = f"{person}/plan/questions"
    assert f'href="{questions}"' in karin.get("/staff").text
    page = karin.get(questions)
    assert "Vilken skola?" in text_of(page)
    about = hidden_choice(page.text)
    done = {"about": about, "outcome": "talked", "words": "Grundskolan i Norrby."}
    assert karin.post(questions, data=done).location == f"{person}/plan"
    assert "Förstår inte" not in said(karin, "/staff")
    assert "Ni pratade om det" in said(karin, f"{person}/copy")

    told = said(amina, "/plan/news")
    assert "Ni har pratat om det tisdag 24 november." in told
    assert "Grundskolan i Norrby." in told
    assert "Ni har pratat om det tisdag 24 november." in said(amina, "/plan")


def hidden_choice(page: str) -> str:
    found = re.search(r"value=\"([0-9a-f-]{36})\"", page[page.index('name="about"') :])
    assert found is not None
    return found.group(1)


def test_a_talk_taken_back_is_on_the_list_again(
    amina: Client, karin: Client, write: Write, world: World
) -> None:
    write("Ring skolan")
    amina.post(answer_path(amina), data={"answer": "disagree"})
    plan = f"/staff/people/{world.participant.id}/plan"
    about = hidden_choice(karin.get(f"{plan}/questions").text)
    karin.post(f"{plan}/questions", data={"about": about, "outcome": "talked"})
    reopen = f"{plan}/questions/{about}/reopen"
    karin.post(reopen, data={"talked_at": hidden(karin.get(plan).text, "talked_at", reopen)})
    assert "Håller inte med" in said(karin, "/staff")


def test_a_tap_on_the_list_does_not_replace_the_talk(
    amina: Client, karin: Client, write: Write, world: World, database: Database
) -> None:
    """It can be put off; settled it is by the record of the talk alone."""
    write("Ring skolan")
    amina.post(answer_path(amina), data={"answer": "talk"})
    handle = f"/staff/people/{world.participant.id}/handle"
    mine = re.findall(r'name="key" value="(question:[^"]+)"', karin.get(handle).text)
    answer = karin.post(handle, data={"outcome": "called", "key": mine})
    assert answer.location == f"/staff/people/{world.participant.id}/plan/questions"
    assert "Vill prata" in said(karin, "/staff")
    karin.post(handle, data={"outcome": "later", "days": "3", "key": mine})
    assert "Vill prata om" not in said(karin, "/staff")
    amina.post(answer_path(amina), data={"answer": "disagree"})
    assert "Håller inte med" in said(karin, "/staff"), "another answer brings it back"
    with database.reading() as session:
        assert session.query(PlanAnswer).one().outcome == ""


def test_what_stood_before_is_told(amina: Client, write: Write, world: World, karin: Client) -> None:
    step = write("Ring skolan", when="i mars")
    amina.post("/plan/news/read", data={"upto": hidden(amina.get("/plan/news").text, "upto")})
    path = f"/staff/people/{world.participant.id}/plan/steps/{step}"
    form = {"text": "Mejla skolan", "doer": "coach", "when": "i april", "version": "1"}
    assert karin.post(path, data=form).status_code == 303
    told = said(amina, "/plan/news")
    for words in (
        "Karin har ändrat ett steg.",
        "Förut stod det: Ring skolan",
        "Förut var tiden: i mars",
        "Förut skulle den här personen göra det: du",
    ):
        assert words in told


def test_a_few_at_once_and_all_read_only_when_all_was_shown(
    amina: Client, write: Write, database: Database
) -> None:
    for number in range(6):
        write(f"Steg {number}")
    told = said(amina, "/plan/news")
    assert "Sedan kommer 2 saker till." in told
    assert "Jag har läst allt" not in told
    for _number in range(2):
        amina.post(answer_path(amina), data={"answer": "understood"})
    page = amina.get("/plan/news").text
    amina.post("/plan/news/read", data={"upto": hidden(page, "upto")})
    assert "Det finns inget nytt just nu." in said(amina, "/plan/news")
    with database.reading() as session:
        assert session.query(Plan).one().seen_number == 6


@pytest.mark.parametrize("data", [{}, {"answer": "maybe"}, {"answer": "' OR 1=1"}])
def test_an_answer_that_does_not_exist_is_answered_in_words(
    amina: Client, write: Write, data: dict[str, str], database: Database
) -> None:
    write("Ring skolan")
    assert amina.post(answer_path(amina), data=data).status_code == 303
    assert "Välj ett av de fyra svaren." in said(amina, "/plan/news")
    with database.reading() as session:
        assert session.query(PlanAnswer).count() == 0


def test_a_change_that_is_gone_meanwhile_says_so(
    amina: Client, karin: Client, write: Write, world: World
) -> None:
    write("Ring skolan")
    path, plan = answer_path(amina), f"/staff/people/{world.participant.id}/plan"
    karin.post(f"{plan}/undo", data={"event": hidden(karin.get(plan).text, "event")})
    amina.post(path, data={"answer": "talk"})
    assert "Planen har ändrats. Läs den igen" in said(amina, "/plan/news")


def test_words_that_come_too_late_come_back(amina: Client, karin: Client, write: Write, world: World) -> None:
    write("Ring skolan")
    path = amina.post(answer_path(amina), data={"answer": "talk"}).location
    questions = f"/staff/people/{world.participant.id}/plan/questions"
    karin.post(questions, data={"about": hidden_choice(karin.get(questions).text), "outcome": "talked"})
    answer = amina.post(path, data={"words": "En sak till"})
    assert answer.status_code == 422
    assert "En sak till" in answer.text
    assert "Ni har redan pratat om det." in text_of(answer)


def test_a_talk_without_a_question_is_refused_and_keeps_the_words(
    amina: Client, karin: Client, write: Write, world: World
) -> None:
    write("Ring skolan")
    amina.post(answer_path(amina), data={"answer": "talk"})
    questions = f"/staff/people/{world.participant.id}/plan/questions"
    answer = karin.post(questions, data={"outcome": "talked", "words": "Vi sågs"})
    assert answer.status_code == 422
    assert "Vi sågs" in answer.text
    assert "Välj minst en fråga." in text_of(answer)


def test_the_page_of_news_is_light(amina: Client, write: Write) -> None:
    """S57"""
    for number in range(12):
        write(f"Praktik i skolköket, vecka {number}", when="i mars")
    page = amina.get("/plan/news").get_data()
    assert len(brotli.compress(page, quality=5)) <= 10_000


def test_staff_mark_a_step_as_theirs_alone(karin: Client, world: World, database: Database) -> None:
    """S33: the tick on the form, and the mark on the coach's page."""
    plan = f"/staff/people/{world.participant.id}/plan"
    form = karin.get(f"{plan}/add/step").text
    data = {"text": "Fråga om skulder", "doer": "coach", "step_id": hidden(form, "step_id"), "hidden": "y"}
    karin.post(f"{plan}/add/step", data=data)
    assert "Fråga om skulder Bara för personal" in said(karin, plan)
    with database.reading() as session:
        step = session.query(PlanStep).one()
        assert not step.in_portal
    path = f"{plan}/steps/{step.id}"
    assert re.search(r"<input[^>]*checked[^>]*name=\"hidden\"", karin.get(path).text)
    karin.post(path, data={"text": "Fråga om skulder", "doer": "coach", "version": str(step.version)})
    assert 'Karin visade "Fråga om skulder" för deltagaren.' in said(karin, f"{plan}/changes")


def test_each_piece_of_news_says_who_does_it_and_when(amina: Client, write: Write) -> None:
    """As the plan does; a sub-goal is nobody's to do."""
    write("Ring skolan", day=date(2026, 12, 1))
    write("Skriv till Komvux", doer="coach", when="i mars")
    write("Skriv intyget", doer="other", doer_name="läkaren")
    write("Bli klar med svenskan", kind="subgoal")
    told = said(amina, "/plan/news")
    assert "Ring skolan tisdag 1 december, om 7 dagar Du gör det." in told
    assert "Skriv till Komvux i mars Karin gör det." in told
    assert "Skriv intyget Läkaren gör det." in told
    assert told.count("gör det.") == 3
