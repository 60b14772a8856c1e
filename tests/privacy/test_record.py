"""A participant takes out everything about themselves, to read and as data (S47)."""

import io
import json
import uuid
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.config import Settings
from portal.db import Database
from portal.identity.models import Enrolment, Person
from portal.identity.signin import hashing
from portal.journal.models import JournalRow
from portal.messaging.models import OutboxMessage
from portal.plan.models import Plan, PlanStep
from portal.privacy.holding_queries import HOLDINGS
from portal.privacy.holding_rules import Told
from portal.staff.models import Attention
from portal.surveys import queries as surveys
from portal.surveys.models import SurveyAnswer, SurveySheet
from portal.surveys.rules import own
from tests.conftest import FrozenClock, SignIn
from tests.support import meetings, objects, outbox
from tests.support.pages import Client, faults, text_of
from tests.support.world import CANARY, World

PIN = "270618"


@pytest.fixture
def me(database: Database, world: World, settings: Settings, sign_in: SignIn, frozen: FrozenClock) -> Client:
    """A participant about whom there is something of each kind, with a PIN."""
    with database.transaction() as session:
        objects.populate(session, world, frozen.moment)
        person = session.get_one(Person, world.participant.id)
        person.pin_hash = hashing.hash_pin(PIN, settings.pin_key)
        outbox.put(session, frozen.moment, recipient_id=person.id, body="Du har ett möte.")
        outbox.put_code(session, frozen.moment, recipient_id=person.id)
        noted = Attention(
            person_id=person.id,
            key="help:1",
            kind="help",
            outcome="called",
            handled_by=world.coach.id,
            handled_at=frozen.moment,
        )
        noted.note = "Ringde om bussen"
        session.add(noted)
    return sign_in(world.participant)


def opened(answer: Any) -> tuple[str, dict[str, Any]]:
    """The page and the data of a ZIP file."""
    assert answer.status_code == 200
    assert answer.mimetype == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as folder:
        assert sorted(folder.namelist()) == ["data.json", "mina-uppgifter.html"]
        return folder.read("mina-uppgifter.html").decode(), json.loads(folder.read("data.json"))


def test_everything_is_there_to_read_and_as_data(me: Client, world: World) -> None:
    page, data = opened(me.post("/me/data", data={"pin": PIN, "how": "file"}))
    assert not faults(page)
    for words in (
        "Amina Hassan",
        "Laga mat",
        "Ring skolan",
        "Hur?",
        "Karin",
        "Ringde om bussen",
        "Du har ett möte.",
    ):
        assert words in page, words
    assert CANARY not in page
    tables = data["tables"]
    assert tables["person"][0]["name"] == "Amina Hassan"
    assert tables["plan"][0]["goal"].startswith("Laga mat")
    assert len(tables["appointment"]) == 3
    assert data["people"][str(world.coach.id)] == "Karin"
    said = json.dumps(data)
    assert CANARY not in said
    for secret in ("pin_hash", "phone_hash", "token_hash", "argon2", "Din kod"):
        assert secret not in said
    read = text_of(me.post("/me/data", data={"pin": PIN, "how": "read"}))
    assert "Ring skolan" in read


def test_each_table_of_which_there_is_a_row_is_in_the_data(
    me: Client, database: Database, world: World
) -> None:
    """The list of what is kept is what is taken out: nothing is lost on the way."""
    _, data = opened(me.post("/me/data", data={"pin": PIN, "how": "file"}))
    with database.reading() as session:
        for holding in HOLDINGS:
            if holding.whose is None or not isinstance(holding.told, Told):
                continue
            query: Any = select(holding.model).where(holding.whose([world.participant.id]))
            found = session.scalars(query).all()
            codes = [row for row in found if isinstance(row, OutboxMessage) and row.is_secret]
            assert len(data["tables"].get(holding.table, [])) in (
                len(found) - len(codes),
                len(found) - len(codes) - 1,
            )


def test_what_must_leave_no_trace_comes_from_staff_alone(
    me: Client, database: Database, world: World, sign_in: SignIn, frozen: FrozenClock
) -> None:
    """S33, S47"""
    with database.transaction() as session:
        hidden = meetings.add_meeting(
            session,
            world.participant,
            world.coach,
            frozen.moment + timedelta(days=5),
            frozen.moment,
            in_portal=False,
        )
        hidden.place = "Gömda rummet"
        noted = Attention(
            person_id=world.participant.id,
            key=f"missed:{hidden.id}",
            kind="missed",
            outcome="called",
            handled_by=world.coach.id,
            handled_at=frozen.moment,
        )
        session.add(noted)
        session.add(
            JournalRow(
                at=frozen.moment,
                action="change",
                kind="meeting",
                subject_id=world.participant.id,
                object_id=hidden.id,
            )
        )
        trace = str(hidden.id)
    page, data = opened(me.post("/me/data", data={"pin": PIN, "how": "file"}))
    assert "Gömda" not in page
    assert trace not in json.dumps(data)
    assert len(data["tables"]["appointment"]) == 3
    coach = sign_in(world.coach)
    path = f"/staff/people/{world.participant.id}/record"
    assert "Läs igenom den innan" in text_of(coach.get(path))
    page, data = opened(coach.post(path))
    assert "Gömda rummet" in page
    assert len(data["tables"]["appointment"]) == 4


def test_a_step_that_staff_keep_for_themselves_leaves_no_trace(
    me: Client, database: Database, world: World, sign_in: SignIn
) -> None:
    """S33: neither the step, nor what was done with it, nor its translation; staff get it, and say so."""
    with database.transaction() as session:
        plans = select(Plan.id).where(Plan.person_id == world.participant.id)
        steps = session.scalars(select(PlanStep).where(PlanStep.plan_id.in_(plans))).all()
        assert steps
        for step in steps:
            step.in_portal = False
        traces = [str(step.id) for step in steps]
    page, data = opened(me.post("/me/data", data={"pin": PIN, "how": "file"}))
    assert "Ring skolan" not in page + json.dumps(data, ensure_ascii=False)
    assert not any(trace in json.dumps(data) for trace in traces)
    page, _ = opened(sign_in(world.coach).post(f"/staff/people/{world.participant.id}/record"))
    assert "Ring skolan" in page


def test_what_was_said_in_confidence_is_told_to_nobody_else(
    me: Client, database: Database, world: World, sign_in: SignIn, frozen: FrozenClock
) -> None:
    """S41: no staff role opens a single answer, also when everything is taken out."""
    with database.transaction() as session:
        survey = surveys.current()
        enrolment = session.scalars(
            select(Enrolment).where(Enrolment.person_id == world.participant.id)
        ).one()
        sheet = SurveySheet(
            person_id=world.participant.id,
            enrolment_id=enrolment.id,
            round="closure",
            survey=survey.key,
            version=survey.version,
            submission_key=uuid.uuid4(),
            begun_at=frozen.moment,
        )
        session.add(sheet)
        session.flush()
        asked = next(question for question in survey.questions if question.kind == "text")
        said = SurveyAnswer(
            sheet_id=sheet.id,
            question=asked.key,
            state="answered",
            language="sv",
            direction="ltr",
            session_id=uuid.uuid4(),
        )
        said.answer = "Ni ringer för sent"
        session.add(said)
        own_line = {"actor_id": world.participant.id, "subject_id": world.participant.id}
        session.add(
            JournalRow(at=frozen.moment, action="change", kind="survey", object_id=sheet.id, **own_line)
        )
    page, data = opened(me.post("/me/data", data={"pin": PIN, "how": "file"}))
    assert "Ni ringer för sent" in page
    assert "survey" in {line["kind"] for line in data["tables"]["journal"]}
    assert own(asked.texts, "sv").question in page
    page, data = opened(sign_in(world.coach).post(f"/staff/people/{world.participant.id}/record"))
    assert "Ni ringer" not in page + json.dumps(data, ensure_ascii=False)
    assert not {"survey_sheet", "survey_answer"} & data["tables"].keys()
    # Nor do they learn from the journal that there was an answer, or when.
    assert "survey" not in {line["kind"] for line in data["tables"]["journal"]}


def test_the_pin_is_asked_for_anew_and_counted(me: Client, world: World) -> None:
    """S13"""
    assert me.post("/me/data", data={"pin": "", "how": "file"}).status_code == 422
    for left in (4, 3, 2, 1):
        answer = me.post("/me/data", data={"pin": "135791", "how": "file"})
        assert answer.status_code == 422
        assert str(left) in text_of(answer) or left == 1
    me.post("/me/data", data={"pin": "135791", "how": "file"})
    locked = me.post("/me/data", data={"pin": PIN, "how": "file"})
    assert locked.status_code == 429
    assert "Ring oss" in text_of(locked)


def test_a_pin_that_fits_costs_no_try(me: Client) -> None:
    for _ in range(3):
        for _ in range(4):
            me.post("/me/data", data={"pin": "135791"})
        assert me.post("/me/data", data={"pin": PIN}).status_code == 200


def test_the_first_door_gets_nothing(world: World, me: Client, sign_in: SignIn) -> None:
    """S30"""
    first = sign_in(world.participant, tier=1)
    assert first.get("/me/data").location.startswith("/pin")
    assert first.post("/me/data", data={"pin": PIN, "how": "file"}).location.startswith("/pin")


def test_taking_it_out_is_in_the_journal(
    me: Client, database: Database, world: World, sign_in: SignIn
) -> None:
    """S42"""
    me.post("/me/data", data={"pin": PIN, "how": "file"})
    sign_in(world.coach).post(f"/staff/people/{world.participant.id}/record")
    with database.reading() as session:
        rows = session.scalars(
            select(JournalRow).where(JournalRow.action == "export").order_by(JournalRow.number)
        ).all()
    assert [(row.kind, row.actor_id) for row in rows] == [
        ("record", world.participant.id),
        ("record", world.coach.id),
    ]
    assert "Tog ut: allt om dig." in text_of(me.get("/me/looked"))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_it_is_in_the_persons_language(me: Client, database: Database, world: World, language: str) -> None:
    with database.transaction() as session:
        session.get_one(Person, world.participant.id).language = language
    page, _ = opened(me.post("/me/data", data={"pin": PIN, "how": "file"}))
    assert f'lang="{language}"' in page
    assert "Dina möten" not in page
    assert "Ring skolan" in page
