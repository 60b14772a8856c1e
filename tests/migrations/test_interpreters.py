"""Meetings and plans of before interpreters and translations come through; who was let in asks anew (S56)."""

import uuid
from datetime import timedelta

from sqlalchemy import select, text

from portal import schema
from portal.booking import service as booking
from portal.booking.models import Appointment
from portal.booking.time_service import Wish
from portal.db import Database
from portal.interpreting import service as interpreting
from portal.interpreting.models import InterpreterGrant
from portal.interpreting.queries import guest
from portal.interpreting.rules import Talk
from portal.plan import service as plans
from portal.plan import texts_service
from portal.plan.rules import Wording
from portal.wording.models import SourceText
from tests.migrations.test_audits import before
from tests.migrations.test_migrations import NOW, bare
from tests.support.objects import asker_of
from tests.support.world import build

__all__ = ["bare"]


def test_a_meeting_has_no_interpreter_and_a_plans_texts_are_collected(bare: Database) -> None:
    """S56"""
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        world = build(session, NOW)
        coach, person_id = asker_of(session, world.coach), world.participant.id
        wish = Wish(NOW + timedelta(hours=1), "phone", interpreter="ar")
        booking.book_for(session, coach, person_id, wish, NOW, anyway=True)
        plans.add_step(
            session,
            coach,
            person_id=person_id,
            step_id=uuid.uuid4(),
            kind="step",
            wording=Wording("Ring skolan"),
            now=NOW,
        )
    schema.downgrade(bare.url, "0008")
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        assert session.scalars(select(Appointment.interpreter_language)).all() == [""]
        assert texts_service.collect(session, NOW, texts_service.Bookmark()) == 1
        assert [one.source for one in session.scalars(select(SourceText))] == ["Ring skolan"]


def test_whoever_was_let_in_asks_for_a_new_code_when_what_is_shown_is_told_otherwise(bare: Database) -> None:
    """S8, S56: what was left out does not say what was ticked: nobody reads by an older code, either way."""
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        world = build(session, NOW)
        coach, person_id = asker_of(session, world.coach), world.participant.id
        talk = Talk(uuid.uuid4(), person_id, NOW, NOW + timedelta(hours=1))
        shown = [uuid.uuid4()]
        token = interpreting.redeem(
            session, interpreting.let_in(session, coach, talk, language="ar", shown=shown, now=NOW), NOW
        )
        assert guest(session, token, NOW)
    schema.downgrade(bare.url, before("An interpreter reads what"))
    with bare.engine.connect() as connection:
        ended = connection.execute(text("SELECT ended_at IS NOT NULL, left_out FROM interpreter_grant")).one()
    assert (bool(ended[0]), ended[1] in ("[]", [])) == (True, True)
    schema.upgrade(bare.url)
    with bare.reading() as session:
        grant = session.scalars(select(InterpreterGrant)).one()
        assert (grant.shown, grant.ended_at) == ([], NOW)
        assert guest(session, token, NOW) is None
