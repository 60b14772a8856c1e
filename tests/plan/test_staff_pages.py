"""The coach's page of a plan: add, order, change, take back, answer; never somebody else's."""

import uuid

import pytest
from sqlalchemy import func, select

from portal.db import Database
from portal.identity.models import Enrolment
from portal.plan import help_service, service
from portal.plan.models import HelpRequest, PlanEvent, PlanStep
from portal.plan.rules import Wording
from tests.conftest import FrozenClock, SignIn
from tests.plan.conftest import asker_of, hidden
from tests.support.pages import Client, text_of
from tests.support.world import World

ROOT = "/staff/people/{person}/plan"


@pytest.fixture
def root(world: World) -> str:
    """The address of Amina's plan."""
    return ROOT.format(person=world.participant.id)


@pytest.fixture
def karin(sign_in: SignIn, world: World) -> Client:
    """Karin's desk."""
    return sign_in(world.coach)


def add(client: Client, root: str, text: str, kind: str = "step", **more: str) -> int:
    """Add through the page, as a browser would."""
    form = client.get(f"{root}/add/{kind}").get_data(as_text=True)
    data = {"text": text, "doer": "participant", "step_id": hidden(form, "step_id"), **more}
    return client.post(f"{root}/add/{kind}", data=data).status_code


def steps(database: Database) -> list[PlanStep]:
    with database.reading() as session:
        rows = select(PlanStep).where(PlanStep.withdrawn.is_(False)).order_by(PlanStep.position)
        return list(session.scalars(rows))


def events(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(PlanEvent)) or 0


def test_an_empty_plan_says_what_to_do(karin: Client, root: str) -> None:
    told = text_of(karin.get(root))
    assert "Plan för Amina Hassan" in told
    assert "Inget mål är skrivet än." in told
    assert "Inga steg än." in told


def test_the_coach_adds_steps_and_sub_goals(karin: Client, root: str, database: Database) -> None:
    assert add(karin, root, "Hitta en praktikplats", "subgoal") == 303
    goal = str(steps(database)[0].id)
    assert add(karin, root, "Ring skolköket", doer="other", doer_name="handledaren", subgoal=goal) == 303
    assert add(karin, root, "Skriv ett brev", day="2026-12-01") == 303
    assert add(karin, root, "Prova på", when="i mars") == 303
    told = text_of(karin.get(root))
    for words in ("Ring skolköket", "handledaren", "Delmål: Hitta en praktikplats", "1 december", "i mars"):
        assert words in told


@pytest.mark.parametrize(
    "typed, complaint",
    [
        ({"text": ""}, "Fyll i det här."),
        ({"text": "x" * 10_000}, "Texten är för lång."),
        ({"text": "a\x00b"}, "ett tecken som vi inte kan spara"),
        ({"day": "2026-02-30"}, "Det datumet finns inte."),
        ({"day": "2026-11-23"}, "Dagen har redan varit."),
        ({"day": "2026-12-01", "when": "i mars"}, "Skriv ett datum eller egna ord, inte båda."),
        ({"doer": "other"}, "Skriv vem det är."),
        ({"doer": "chefen"}, "Välj något i listan."),
        ({"subgoal": str(uuid.uuid4())}, "Välj något i listan."),
        ({"when": "i" * 61}, "Texten är för lång."),
    ],
)
def test_what_cannot_be_kept_comes_back_beside_its_hidden(
    karin: Client, root: str, database: Database, typed: dict[str, str], complaint: str
) -> None:
    data = {"text": "Ring 🍲 <b>skolan</b>", "doer": "participant", **typed}
    answer = karin.post(f"{root}/add/step", data=data)
    assert answer.status_code == 422
    html = answer.get_data(as_text=True)
    assert complaint in html
    if "text" not in typed:
        assert "Ring 🍲 &lt;b&gt;skolan&lt;/b&gt;" in html
    if "day" in typed:
        assert f'value="{typed["day"]}"' in html
    assert steps(database) == []


def test_a_form_sent_twice_adds_once(karin: Client, root: str, database: Database) -> None:
    """S40."""
    data = {"text": "Ring skolan", "doer": "participant", "step_id": str(uuid.uuid4())}
    assert [karin.post(f"{root}/add/step", data=data).status_code for _ in range(2)] == [303, 303]
    assert len(steps(database)) == 1


def test_the_coach_orders_with_buttons(karin: Client, root: str, database: Database) -> None:
    for text in ("Ett", "Två", "Tre"):
        add(karin, root, text)
    last = steps(database)[2]
    data = {"way": "up", "version": str(last.version)}
    assert karin.post(f"{root}/steps/{last.id}/move", data=data).status_code == 303
    assert [step.text for step in steps(database)] == ["Ett", "Tre", "Två"]
    karin.post(f"{root}/steps/{last.id}/move", data=data)
    assert [step.text for step in steps(database)] == ["Ett", "Tre", "Två"], "a double tap moves once"
    html = karin.get(root).get_data(as_text=True)
    assert (html.count("Flytta upp"), html.count("Flytta ner")) == (2, 2)


@pytest.mark.parametrize("state", ["now", "paused", "dropped", "done"])
def test_the_coach_sets_the_state(karin: Client, root: str, database: Database, state: str) -> None:
    add(karin, root, "Ring skolan")
    step = steps(database)[0]
    data = {"state": state, "version": str(step.version)}
    assert karin.post(f"{root}/steps/{step.id}/state", data=data).status_code == 303
    assert steps(database)[0].state == state
    assert "Ring skolan" in text_of(karin.get(root))


def test_a_state_that_does_not_exist_changes_nothing(karin: Client, root: str, database: Database) -> None:
    add(karin, root, "Ring skolan")
    step = steps(database)[0]
    data = {"state": "gone", "version": str(step.version)}
    assert karin.post(f"{root}/steps/{step.id}/state", data=data).status_code == 303
    assert steps(database)[0].state == "planned"


def test_two_tabs_change_one_step_and_both_texts_are_shown(
    karin: Client, root: str, database: Database
) -> None:
    """S49."""
    add(karin, root, "Ring skolan", day="2026-12-01")
    path = f"{root}/steps/{steps(database)[0].id}"
    version = hidden(karin.get(path).get_data(as_text=True), "version")
    first = {"text": "Ring skolköket", "doer": "coach", "when": "i mars", "version": version}
    assert karin.post(path, data=first).status_code == 303
    second = {"text": "Ring rektorn", "doer": "participant", "version": version}
    answer = karin.post(path, data=second)
    assert answer.status_code == 422
    told = text_of(answer)
    assert "Någon annan har ändrat det här medan du skrev." in told
    for words in ("Ring skolköket", "Coachen", "i mars", "Ring rektorn"):
        assert words in told
    again = {**second, "version": hidden(answer.get_data(as_text=True), "version")}
    assert karin.post(path, data=again).status_code == 303
    assert steps(database)[0].text == "Ring rektorn"


def test_two_tabs_write_the_goal_and_both_texts_are_shown(karin: Client, root: str) -> None:
    version = hidden(karin.get(f"{root}/goal").get_data(as_text=True), "version")
    karin.post(f"{root}/goal", data={"goal": "Bli kock", "version": version})
    answer = karin.post(f"{root}/goal", data={"goal": "Bli bagare", "version": version})
    assert answer.status_code == 422
    told = text_of(answer)
    assert "Bli kock" in told
    assert "Bli bagare" in told


def test_a_step_whose_day_has_gone_by_can_still_be_reworded(
    karin: Client, root: str, database: Database, world: World, frozen: FrozenClock
) -> None:
    with database.transaction() as session:
        step = service.add_step(
            session,
            asker_of(world.coach, "coach"),
            person_id=world.participant.id,
            step_id=uuid.uuid4(),
            kind="step",
            wording=Wording("Ring", day=frozen.moment.date().replace(day=20)),
            now=frozen.moment,
        )
        path, version = f"{root}/steps/{step.id}", str(step.version)
    data = {"text": "Ring skolan", "doer": "participant", "version": version}
    assert karin.post(path, data={**data, "day": "2026-11-20"}).status_code == 303
    answer = karin.post(path, data={**data, "day": "2026-11-19", "version": "2"})
    assert "Dagen har redan varit." in answer.get_data(as_text=True)


def test_undo_with_who_and_when(karin: Client, root: str, database: Database) -> None:
    add(karin, root, "Ring skolan")
    html = karin.get(root).get_data(as_text=True)
    told = text_of(karin.get(root))
    assert "Senast ändrat tisdag 24 november klockan 09.00." in told
    assert 'Karin lade till "Ring skolan".' in told
    event = hidden(html, "event")
    for _ in range(2):
        assert karin.post(f"{root}/undo", data={"event": event}).status_code == 303
    assert steps(database) == []
    assert events(database) == 2
    told = text_of(karin.get(f"{root}/changes"))
    assert 'Karin ångrade en ändring av "Ring skolan".' in told
    assert "Ångrad" in told


@pytest.mark.parametrize("event", ["", "rubbish", "f9a22ad3-6d59-4560-82f5-71a160dc15c9"])
def test_undo_of_what_is_not_last_is_told(karin: Client, root: str, database: Database, event: str) -> None:
    add(karin, root, "Ring skolan")
    assert karin.post(f"{root}/undo", data={"event": event}).status_code == 303
    assert "Planen har ändrats." in text_of(karin.get(root))
    assert len(steps(database)) == 1


@pytest.fixture
def question(database: Database, world: World, frozen: FrozenClock) -> uuid.UUID:
    """Amina has asked for help."""
    with database.transaction() as session:
        step = service.add_step(
            session,
            asker_of(world.coach, "coach"),
            person_id=world.participant.id,
            step_id=uuid.uuid4(),
            kind="step",
            wording=Wording("Ring skolan"),
            now=frozen.moment,
        )
        asked = help_service.ask_help(
            session,
            asker_of(world.participant, "participant"),
            step_id=step.id,
            request_id=uuid.uuid4(),
            words="Vem frågar jag efter?",
            now=frozen.moment,
        )
        return asked.id


def test_the_coach_answers_and_the_participant_reads_it(
    karin: Client, root: str, question: uuid.UUID, sign_in: SignIn, world: World
) -> None:
    told = text_of(karin.get(root))
    assert "Har bett om hjälp" in told
    assert "Vem frågar jag efter?" in told
    assert "Svar senast torsdag 26 november" in told
    path = f"{root}/help/{question}"
    assert karin.get(path).status_code == 200
    data = {"outcome": "booked", "words": "Vi ses på torsdag klockan 10."}
    assert karin.post(path, data=data).status_code == 303
    assert "Har bett om hjälp" not in text_of(karin.get(root))
    told = text_of(sign_in(world.participant).get("/plan"))
    assert "Ni har bokat ett möte." in told
    assert "Vi ses på torsdag klockan 10." in told
    assert "Karin har fått din fråga" not in told


def test_an_answer_can_be_taken_back(karin: Client, root: str, question: uuid.UUID) -> None:
    karin.post(f"{root}/help/{question}", data={"outcome": "booked"})
    assert "Ångra svaret" in text_of(karin.get(root))
    assert karin.post(f"{root}/help/{question}/reopen").status_code == 303
    assert "Någon annan har ändrat." in text_of(karin.get(root)), "it names no answer"
    data = {"answered_at": hidden(karin.get(root).text, "answered_at")}
    assert karin.post(f"{root}/help/{question}/reopen", data=data).status_code == 303
    told = text_of(karin.get(root))
    assert "Frågan väntar på svar igen." in told
    assert "Har bett om hjälp" in told


def test_no_outcome_no_closing(karin: Client, root: str, question: uuid.UUID, database: Database) -> None:
    answer = karin.post(f"{root}/help/{question}", data={"words": "Jag ringer"})
    assert answer.status_code == 422
    assert "Jag ringer" in answer.get_data(as_text=True)
    with database.reading() as session:
        assert session.get_one(HelpRequest, question).outcome == ""


def test_two_answers_the_second_is_told_and_keeps_its_words(
    karin: Client, root: str, question: uuid.UUID
) -> None:
    path = f"{root}/help/{question}"
    first = {"outcome": "talked", "words": "Vi pratade"}
    assert [karin.post(path, data=first).status_code for _ in range(2)] == [303, 303]
    answer = karin.post(path, data={"outcome": "booked", "words": "Vi bokade"})
    assert answer.status_code == 422
    told = text_of(answer)
    assert "Frågan är redan besvarad av Karin: Vi har pratat om det." in told
    assert "Vi bokade" in told


def test_a_closed_plan_is_read_only(karin: Client, root: str, database: Database, world: World) -> None:
    add(karin, root, "Ring skolan")
    with database.transaction() as session:
        row = session.scalars(select(Enrolment).where(Enrolment.person_id == world.participant.id)).one()
        row.closed_on = row.started_on
    told = text_of(karin.get(root))
    assert "Det finns ingen pågående inskrivning." in told
    assert "Lägg till steg" not in told
    before = events(database)
    step = f"/steps/{steps(database)[0].id}"
    for path, field in (("/goal", "goal"), ("/add/step", "text"), ("/add/subgoal", "text"), (step, "text")):
        assert karin.get(f"{root}{path}").location == root
        answer = karin.post(f"{root}{path}", data={field: "Ring fabriken", "doer": "coach", "version": "0"})
        assert answer.status_code == 422
        for words in ("Planen är avslutad.", "Det du skrev finns kvar här.", "Ring fabriken"):
            assert words in text_of(answer)
    assert events(database) == before


def test_words_for_a_step_that_was_taken_back_can_become_a_new_step(
    karin: Client, root: str, database: Database, sign_in: SignIn, world: World
) -> None:
    add(karin, root, "Ring skolan")
    path = f"{root}/steps/{steps(database)[0].id}"
    lead = sign_in(world.lead)
    lead.post(f"{root}/undo", data={"event": hidden(lead.get(root).text, "event")})
    assert karin.get(path).location == root
    answer = karin.post(path, data={"text": "Ring fabriken", "doer": "coach", "when": "i mars"})
    assert answer.status_code == 422
    assert "Steget finns inte längre i planen." in text_of(answer)
    assert "Ring fabriken" in text_of(answer)
    assert 'value="i mars"' in answer.text
    data = {"text": "Ring fabriken", "doer": "coach", "step_id": hidden(answer.text, "step_id")}
    assert karin.post(f"{root}/add/step", data=data).status_code == 303
    assert [step.text for step in steps(database)] == ["Ring fabriken"]


def test_the_same_words_with_another_day_are_another_step(
    karin: Client, root: str, database: Database
) -> None:
    """Whoever went back and gave another day has not written it in vain."""
    data = {"text": "Ring skolan", "doer": "participant", "step_id": str(uuid.uuid4())}
    karin.post(f"{root}/add/step", data=data)
    karin.post(f"{root}/add/step", data={**data, "day": "2026-12-01"})
    assert [str(step.day) for step in steps(database)] == ["None", "2026-12-01"]


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "{{ 7*7 }}", "=1+1", "مرحبا"])
def test_whatever_the_coach_writes_is_inert_everywhere(
    karin: Client, root: str, sign_in: SignIn, world: World, text: str
) -> None:
    """S23."""
    add(karin, root, text, doer="other", doer_name=text, when=text)
    for path in (root, f"{root}/changes"):
        answer = karin.get(path)
        assert text in text_of(answer)
        assert "<script>alert" not in answer.get_data(as_text=True)
    assert text in text_of(sign_in(world.participant).get("/plan"))
