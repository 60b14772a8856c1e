"""The participant's plan through its pages, as a phone without JavaScript meets them."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import brotli
import pytest
from sqlalchemy import func, select

from portal.db import Database
from portal.identity.models import Enrolment
from portal.journal.models import JournalRow
from portal.plan import rules, service
from portal.plan.models import HelpRequest, Plan, PlanEvent, PlanStep
from tests.conftest import FrozenClock, SignIn
from tests.plan.conftest import asker_of, hidden
from tests.support.pages import Client, text_of
from tests.support.world import World

Add = Callable[..., uuid.UUID]


@pytest.fixture
def add(database: Database, world: World, frozen: FrozenClock) -> Add:
    """`add("Ring skolan", state="now")` puts a step in Amina's plan, and gives its id."""

    def added(text: str, state: str = "now", kind: str = "step", **wording: Any) -> uuid.UUID:
        coach, person_id = asker_of(world.coach, "coach"), world.participant.id
        with database.transaction() as session:
            step = service.add_step(
                session,
                coach,
                person_id=person_id,
                step_id=uuid.uuid4(),
                kind=kind,
                wording=rules.Wording(text, **wording),
                now=frozen.moment,
            )
            service.set_state(
                session,
                coach,
                person_id=person_id,
                step_id=step.id,
                state=state,
                version=step.version,
                now=frozen.moment,
            )
            return step.id

    return added


@pytest.fixture
def amina(sign_in: SignIn, world: World) -> Client:
    """Amina's phone, behind the second door."""
    return sign_in(world.participant)


def page(client: Client, path: str = "/plan") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def tap_done(client: Client, step_id: uuid.UUID) -> int:
    path = f"/plan/steps/{step_id}/done"
    return client.post(path, data={"version": hidden(page(client), "version", path)}).status_code


def test_an_empty_plan_says_what_one_can_do(amina: Client) -> None:
    told = text_of(amina.get("/plan"))
    assert "Vad vill du? Skriv det med dina egna ord." in told
    assert "Det finns inga steg än." in told


def test_a_ready_goal_replaces_the_one_that_stands(amina: Client) -> None:
    """Whoever cannot write chooses; what the box held before is no second goal."""
    amina.post("/plan/goal", data={"goal": "Jobba med mat", "version": "0"})
    chosen = {"phrase": "goal-kitchen", "version": hidden(page(amina, "/plan/goal"), "version")}
    assert amina.post("/plan/goal", data={**chosen, "goal": "Två mål samtidigt"}).status_code == 422
    assert amina.post("/plan/goal", data={**chosen, "goal": " Jobba med mat\r\n"}).status_code == 303
    assert "Jobba med mat" not in page(amina, "/plan/goal")


@pytest.mark.parametrize("path", ["/plan", "/plan/goal", "/plan/steps/{step}/help"])
def test_the_first_door_shows_nothing_of_the_plan(sign_in: SignIn, world: World, add: Add, path: str) -> None:
    """S30: tier 1 never meets a word of it."""
    step = add("hemligt steg")
    answer = sign_in(world.participant, tier=1).get(path.format(step=step))
    assert answer.status_code != 200
    assert "hemligt" not in answer.get_data(as_text=True)


def test_the_plan_shows_next_first_and_several_now(amina: Client, add: Add) -> None:
    add("Läs en kurs", "planned", when="i mars")
    add("Träffa studievägledaren", "done")
    add("Praktik i skolköket")
    add("Ring skolan", doer="coach")
    add("Läkartid", "paused", doer="other", doer_name="vårdcentralen")
    add("Struket steg", "dropped")
    told = text_of(amina.get("/plan"))
    places = [
        told.index(words) for words in ("Praktik i skolköket", "Ring skolan", "Läs en kurs", "Läkartid")
    ]
    assert places == sorted(places)
    assert "Det här är nästa" in told
    assert "Karin gör det." in told
    assert "Vårdcentralen gör det." in told
    assert "i mars" in told
    assert "1 steg är klart" in told
    assert "Struket steg" not in told


def test_a_hard_word_is_explained_in_both_languages(
    amina: Client, add: Add, database: Database, world: World
) -> None:
    add("Praktik i skolköket")
    assert "Förklara ordet: Praktik" in text_of(amina.get("/plan"))
    with database.transaction() as session:
        session.get_one(type(world.participant), world.participant.id).language = "ar"
    html = page(amina)
    assert 'dir="rtl"' in html
    assert "تجرب العمل في مكان عمل" in html
    assert '<p lang="sv" dir="auto"><strong>praktik</strong>: Du provar att arbeta' in html


def test_the_goal_is_written_changed_and_its_earlier_words_kept(amina: Client) -> None:
    for words in ("Jag vill laga mat 🍲", "Jag vill bli kock"):
        form = page(amina, "/plan/goal")
        answer = amina.post("/plan/goal", data={"goal": words, "version": hidden(form, "version")})
        assert answer.status_code == 303
    told = text_of(amina.get("/plan"))
    assert "Ditt mål är sparat." in told
    assert told.index("Jag vill bli kock") < told.index("Jag vill laga mat 🍲")


@pytest.mark.parametrize(
    "words, complaint",
    [
        ("", "Fyll i det här."),
        ("   ", "Fyll i det här."),
        ("a" * 10_000, "Texten är för lång. Skriv högst 500 tecken."),
        ("Mitt\x00mål", "Texten har ett tecken som vi inte kan spara."),
        ("Mål \u202e bakvänt", "Texten har ett tecken som vi inte kan spara."),
    ],
)
def test_a_goal_that_cannot_be_kept_comes_back_with_a_sentence(
    amina: Client, words: str, complaint: str
) -> None:
    answer = amina.post("/plan/goal", data={"goal": words, "version": "0"})
    assert answer.status_code == 422
    html = answer.get_data(as_text=True)
    assert complaint in html
    assert words.replace("\x00", "").replace("\u202e", "").strip() in html


@pytest.mark.parametrize(
    "words", ["<script>alert(1)</script>", "{{ 7*7 }}", "%(name)s 100 %", "أريد أن أطبخ", 'O\'Neil "x"']
)
def test_whatever_is_written_is_shown_as_it_was_written(amina: Client, words: str) -> None:
    """S23."""
    amina.post("/plan/goal", data={"goal": words, "version": "0"})
    assert words in text_of(amina.get("/plan"))
    assert "<script>alert" not in page(amina)


def test_two_tabs_get_both_texts(amina: Client, sign_in: SignIn, world: World) -> None:
    """S49: the second tab reads what stands now, keeps its own words, and may save again."""
    first = hidden(page(amina, "/plan/goal"), "version")
    other = sign_in(world.participant)
    other.post("/plan/goal", data={"goal": "Från andra fliken", "version": first})
    answer = amina.post("/plan/goal", data={"goal": "Från första fliken", "version": first})
    assert answer.status_code == 422
    told = text_of(answer)
    assert "Målet har ändrats medan du skrev." in told
    assert "Från andra fliken" in told
    assert "Från första fliken" in told
    again = hidden(answer.get_data(as_text=True), "version")
    assert amina.post("/plan/goal", data={"goal": "Från första fliken", "version": again}).status_code == 303
    assert "Från andra fliken" in text_of(amina.get("/plan"))


def test_done_and_undone_with_a_tap(amina: Client, add: Add) -> None:
    step = add("Ring skolan")
    assert tap_done(amina, step) == 303
    assert "Bra! Det här är klart" in text_of(amina.get("/plan"))
    assert amina.post(f"/plan/steps/{step}/not-done").status_code == 303
    told = text_of(amina.get("/plan"))
    assert "Bra!" not in told
    assert "Ring skolan" in told


def test_undo_is_offered_for_a_day(amina: Client, add: Add, frozen: FrozenClock) -> None:
    step = add("Ring skolan")
    add("Något att göra")
    tap_done(amina, step)
    assert "Ångra" in text_of(amina.get("/plan"))
    frozen.move(timedelta(minutes=14))
    assert "Ångra" in text_of(amina.get("/plan"))


def test_done_from_an_old_page_is_told_and_changes_nothing(
    amina: Client, add: Add, database: Database
) -> None:
    step = add("Ring skolan")
    assert amina.post(f"/plan/steps/{step}/done", data={"version": "0"}).status_code == 303
    assert "Planen har ändrats." in text_of(amina.get("/plan"))
    with database.reading() as session:
        assert session.get_one(PlanStep, step).state == "now"


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30, "١"])
def test_a_version_that_is_rubbish_is_an_old_page(amina: Client, add: Add, version: str) -> None:
    step = add("Ring skolan")
    assert amina.post(f"/plan/steps/{step}/done", data={"version": version}).status_code == 303
    assert amina.post("/plan/goal", data={"goal": "Mål", "version": version}).status_code == 422


def send_help(client: Client, step: uuid.UUID, words: str, request_id: str | None = None) -> int:
    path = f"/plan/steps/{step}/help"
    request_id = request_id or hidden(page(client, path), "request_id")
    return client.post(path, data={"words": words, "request_id": request_id}).status_code


def test_help_is_received_by_name_with_a_day(amina: Client, add: Add) -> None:
    step = add("Ring skolan")
    assert "Du får svar senast torsdag 26 november." in text_of(amina.get(f"/plan/steps/{step}/help"))
    assert send_help(amina, step, "Vem ska jag fråga efter?") == 303
    told = text_of(amina.get("/plan"))
    assert told.count("Karin har fått din fråga.") == 2, "once as news, once at the step"
    assert "Vem ska jag fråga efter?" in told
    assert "Du får svar senast torsdag 26 november." in told
    assert "Jag behöver hjälp" not in told


def test_help_can_be_sent_without_a_word_and_a_double_tap_asks_once(
    amina: Client, add: Add, database: Database
) -> None:
    """S40."""
    step, request_id = add("Ring skolan"), str(uuid.uuid4())
    for _ in range(2):
        assert send_help(amina, step, "", request_id) == 303
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(HelpRequest)) == 1


def test_words_that_are_too_long_come_back(amina: Client, add: Add, database: Database) -> None:
    step = add("Ring skolan")
    answer = amina.post(f"/plan/steps/{step}/help", data={"words": "b" * 10_000, "request_id": "x"})
    assert answer.status_code == 422
    assert "b" * 10_000 in answer.get_data(as_text=True)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(HelpRequest)) == 0


def test_words_come_back_when_the_step_is_gone_or_the_plan_is_closed(
    amina: Client, add: Add, database: Database
) -> None:
    gone, kept = add("Ring skolan"), add("Skriv brev")
    with database.transaction() as session:
        session.get_one(PlanStep, gone).withdrawn = True
    assert amina.get(f"/plan/steps/{gone}/help").status_code == 404
    answer = amina.post(f"/plan/steps/{gone}/help", data={"words": "Hur gör jag?"})
    assert answer.status_code == 422
    for words in ("Steget finns inte längre i planen.", "Hur gör jag?"):
        assert words in text_of(answer)
    with database.transaction() as session:
        for row in session.scalars(select(Enrolment)):
            row.closed_on = row.started_on
    for path, field in ((f"/plan/steps/{kept}/help", "words"), ("/plan/goal", "goal")):
        answer = amina.post(path, data={field: "Jag vill bli kock", "version": "0"})
        assert answer.status_code == 422
        for words in ("Planen är avslutad.", "Det du skrev finns kvar här.", "Jag vill bli kock"):
            assert words in text_of(answer)
    assert amina.get("/plan/goal").location == "/plan"


def test_a_late_answer_says_whom_to_call(amina: Client, add: Add, database: Database) -> None:
    send_help(amina, add("Ring skolan"), "Hjälp")
    with database.transaction() as session:
        asked = session.scalars(select(HelpRequest)).one()
        asked.due_on -= timedelta(days=7)
    html = page(amina)
    assert "Svaret är sent." in html
    assert "010-123 45 67" in html


@pytest.mark.parametrize("act", ["done", "not-done", "help"])
@pytest.mark.parametrize("whose", ["theirs", "nobodys"])
def test_somebody_elses_step_is_like_one_that_is_not_there(
    sign_in: SignIn, world: World, add: Add, database: Database, act: str, whose: str
) -> None:
    """S2, S3: the same 404, and not a row changed."""
    step = add("Ring skolan") if whose == "theirs" else uuid.uuid4()
    stranger = sign_in(world.second_participant)
    with database.reading() as session:
        before = session.scalar(select(func.count()).select_from(PlanEvent))
    answer = stranger.post(f"/plan/steps/{step}/{act}", data={"version": "2", "words": "x"})
    assert answer.status_code == 404
    missing = stranger.post(f"/plan/steps/{uuid.uuid4()}/{act}", data={"version": "2"})
    assert text_of(answer) == text_of(missing)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(PlanEvent)) == before
        assert session.scalar(select(func.count()).select_from(HelpRequest)) == 0


def test_only_the_forms_own_fields_change(amina: Client, add: Add, database: Database) -> None:
    """S7: every column's name is posted; none but the form's is heard."""
    step = add("Ring skolan")
    names = {column.name for table in (Plan, PlanStep, HelpRequest) for column in table.__table__.c}
    rubbish = dict.fromkeys(names - {"id", "version"}, "1")
    amina.post(f"/plan/steps/{step}/done", data={**rubbish, "version": "2", "state": "dropped"})
    with database.reading() as session:
        row = session.get_one(PlanStep, step)
        assert (row.state, row.text, row.position, row.withdrawn) == ("done", "Ring skolan", 1, False)


def test_nothing_changes_without_a_token(amina: Client, add: Add) -> None:
    """S24."""
    step = add("Ring skolan")
    answer = amina.post(f"/plan/steps/{step}/done", data={"version": "2"}, csrf=False)
    assert answer.status_code == 400 or answer.status_code == 419


def test_own_reading_is_noted_once_a_session(amina: Client, database: Database) -> None:
    """S42."""
    page(amina)
    page(amina)
    with database.reading() as session:
        rows = session.scalars(select(JournalRow).where(JournalRow.kind == "plan")).all()
    assert [row.action for row in rows] == ["read"]


def test_a_whole_plan_is_light(amina: Client, add: Add) -> None:
    """S57: at most 10 kB on the wire, its styles inside."""
    for number in range(12):
        add(f"Praktik i skolköket, vecka {number}", "now" if number < 4 else "planned")
    assert len(brotli.compress(page(amina).encode(), quality=5)) <= 10_000
