"""What a translator can open: what somebody needs now, never what staff have hidden since (S33)."""

import uuid
from datetime import datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.db import Database
from portal.identity.models import Enrolment
from portal.plan import service as plans
from portal.plan import texts_service
from portal.plan.models import PlanStep
from portal.plan.rules import Wording
from portal.web.asker import Asker
from portal.wording import queries, service
from portal.wording.models import SourceText
from tests.conftest import FrozenClock, SignIn
from tests.journeys.test_query_plans import listen
from tests.plan.conftest import Desk, asker_of
from tests.support.world import World
from tests.wording.conftest import Translate, source_of

HIDDEN = "Fråga om skulder"


def refused(session: Session, tara: Asker, text_id: uuid.UUID, desk: Desk) -> bool:
    """Whether the text is neither there to read nor to write."""
    with pytest.raises(NoResultFound):
        queries.work(session, tara, text_id, "ar")
    with pytest.raises(NoResultFound):
        service.write(session, tara, text_id, "ar", text="x", confirm=True, seen="", now=desk.now)
    return True


def test_what_is_hidden_is_gone_and_its_new_words_are_not_kept(
    arabic: Desk, tara: Asker, session: Session
) -> None:
    """S33: whoever had its address reads nothing, and the words stand in the plan alone."""
    step = arabic.add("Ring skolan")
    found = source_of(session, step)
    arabic.change(step, HIDDEN, in_portal=False)
    assert refused(session, tara, found.id, arabic)
    assert (found.source, found.wanted) == ("Ring skolan", False)
    arabic.change(step, HIDDEN, in_portal=True)
    assert queries.work(session, tara, found.id, "ar").source == HIDDEN


def test_what_was_hidden_from_the_start_is_known_without_its_words(arabic: Desk, session: Session) -> None:
    """S33"""
    step = arabic.add(HIDDEN, in_portal=False)
    found = source_of(session, step)
    assert (found.source, found.source_sealed, found.wanted) == ("", None, False)
    assert found.source_hash == queries.text_hash("")


def test_what_is_dropped_or_left_behind_cannot_be_opened(arabic: Desk, tara: Asker, session: Session) -> None:
    dropped, left = arabic.add("Ring skolan"), arabic.add("Ring Ebba")
    dropped_id, left_id = source_of(session, dropped).id, source_of(session, left).id
    arabic.put(dropped, "dropped")
    assert refused(session, tara, dropped_id, arabic)
    assert queries.work(session, tara, left_id, "ar").source == "Ring Ebba"
    enrolments = select(Enrolment).where(Enrolment.person_id == arabic.person_id)
    session.scalars(enrolments).one().closed_on = arabic.now.date()
    session.flush()
    assert refused(session, tara, left_id, arabic)


def test_a_translation_of_what_is_hidden_is_suggested_to_nobody(
    arabic: Desk, tara: Asker, session: Session, translate: Translate
) -> None:
    """S33"""
    step = arabic.add("Ring skolan")
    translate(step, "اتصل بالمدرسة")
    other = plans.add_step(
        session,
        arabic.coach,
        person_id=arabic.world.second_participant.id,
        step_id=uuid.uuid4(),
        kind="step",
        wording=Wording("Ring skolan"),
        now=arabic.now,
    )
    again = source_of(session, other).id
    assert queries.work(session, tara, again, "ar").suggested == "اتصل بالمدرسة"
    arabic.change(step, "Ring skolan", in_portal=False)
    assert queries.work(session, tara, again, "ar").suggested == ""


def test_an_old_address_is_a_404(
    database: Database, world: World, frozen: FrozenClock, sign_in: SignIn
) -> None:
    """S33"""
    with database.transaction() as session:
        desk = Desk(
            session, world, frozen.moment, asker_of(world.coach, "coach"), asker_of(world.participant, "")
        )
        step = desk.add("Ring skolan")
        address = f"/staff/translations/{source_of(session, step).id}/ar"
    browser = sign_in(world.translator)
    assert browser.get(address).status_code == 200
    with database.transaction() as session:
        desk.session = session
        desk.change(session.get_one(PlanStep, step.id), HIDDEN, in_portal=False)
    for answer in (
        browser.get(address),
        browser.post(address, data={"text": "x", "seen": "", "confirm": "1"}),
    ):
        assert answer.status_code == 404
        assert HIDDEN not in answer.text


def test_what_is_known_already_is_not_written_over_by_the_worker(arabic: Desk, session: Session) -> None:
    """The worker has read the plan a moment ago; the coach has saved since."""
    step = arabic.add("Ring skolan")
    person = (arabic.coach.organisation_id, arabic.person_id)
    assert not service.know(session, service.Text(person, "step", step.id, "Ring", wanted=True), arabic.now)
    assert source_of(session, step).source == "Ring skolan"
    assert texts_service.collect(session, arabic.now, texts_service.Bookmark()) == 0


def test_of_a_hidden_step_the_worker_takes_in_nothing(arabic: Desk, session: Session) -> None:
    """S33"""
    session.delete(source_of(session, arabic.add(HIDDEN, in_portal=False)))
    assert texts_service.collect(session, arabic.now, texts_service.Bookmark()) == 0
    assert session.scalars(select(SourceText)).all() == []


def test_what_was_said_before_is_found_by_its_words(
    database: Database, world: World, now: datetime, tara: Asker
) -> None:
    """Not by reading every translation of the organisation."""
    with database.transaction() as session:
        desk = Desk(session, world, now, asker_of(world.coach, "coach"), asker_of(world.participant, ""))
        found = source_of(session, desk.add("Ring skolan")).id
    asked = listen(database)
    with database.reading() as session:
        queries.work(session, tara, found, "ar")
    (said_before,) = (one for one in asked.items() if "ORDER BY translation.confirmed_at" in one[0])
    sqlite = database.engine.dialect.name == "sqlite"
    with database.engine.connect() as connection:
        if not sqlite:
            # In small tables anything is cheap: here each is read by itself, and by an index.
            connection.execute(text("SET LOCAL enable_seqscan = off"))
            connection.execute(text("SET LOCAL enable_nestloop = off"))
            # Which of two indexes is cheaper depends on what other tests have left; this is taken back.
            connection.execute(
                text("ALTER TABLE translation DROP CONSTRAINT uq_translation_source_id_language")
            )
        how = "EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN "
        plan = [str(row[-1]) for row in connection.exec_driver_sql(how + said_before[0], said_before[1])]
    assert any("ix_translation_from_hash_language" in line for line in plan), plan
