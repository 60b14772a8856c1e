"""Meetings and plans of before interpreters and translations come through (S56)."""

import uuid
from datetime import timedelta

from sqlalchemy import select

from portal import schema
from portal.booking import service as booking
from portal.booking.models import Appointment
from portal.booking.time_service import Wish
from portal.db import Database
from portal.plan import service as plans
from portal.plan import texts_service
from portal.plan.rules import Wording
from portal.wording.models import SourceText
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
        assert [text.source for text in session.scalars(select(SourceText))] == ["Ring skolan"]
