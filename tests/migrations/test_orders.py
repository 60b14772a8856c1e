"""Interpreters and orders come and go with data; what was booked with an interpreter is asked for (S56)."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from portal import schema
from portal.availability.models import BusyTime
from portal.db import Database
from portal.interpreting import assign_service, letter_service, order_service
from portal.interpreting.letter_rules import Mailed, Said
from portal.interpreting.order_models import Interpreter, InterpreterOrder
from portal.interpreting.order_rules import Needed
from portal.interpreting.rules import Talk
from portal.notices import agency_service
from tests.migrations.test_audits import before
from tests.migrations.test_migrations import NOW, bare, tables
from tests.support import outbox
from tests.support.meetings import add_meeting
from tests.support.objects import asker_of
from tests.support.ordering import outside
from tests.support.world import build

__all__ = ["bare"]

TABLES = {"interpreter", "interpreter_language", "interpreter_order", "interpreter_wish"}
AHEAD = datetime(2060, 1, 2, 9, tzinfo=UTC)
"""Far ahead: the migration asks the machine what time it is."""


def test_orders_go_and_are_made_anew_for_what_is_booked(bare: Database) -> None:
    """S56"""
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        world = build(session, NOW)
        speaks = {"interpreter_language": "ar"}
        add_meeting(session, world.participant, world.coach, AHEAD, NOW, **speaks)
        add_meeting(session, world.participant, world.coach, NOW, NOW, **speaks)
        add_meeting(session, world.second_participant, world.coach, AHEAD, NOW)
        gone = {"state": "cancelled", "cancelled_at": NOW}
        add_meeting(session, world.participant, world.coach, AHEAD, NOW, **speaks, **gone)
        hidden = add_meeting(
            session, world.participant, world.coach, AHEAD, NOW, mode="phone", in_portal=False, **speaks
        )
    for _ in range(2):
        schema.downgrade(bare.url, before("Interpreters and the orders for them"))
        assert not TABLES & tables(bare)
        with bare.engine.connect() as connection:
            held = text("SELECT count(*) FROM busy_time WHERE cause_kind = 'interpreter'")
            assert connection.execute(held).scalar() == 0
        schema.upgrade(bare.url)
        with bare.transaction() as session:
            rows = session.scalars(select(InterpreterOrder).order_by(InterpreterOrder.way)).all()
            assert [(row.state, row.language, row.way, row.hidden) for row in rows] == [
                ("asked", "ar", "phone", True),
                ("asked", "ar", "place", False),
            ]
            assert rows[0].meeting_id == hidden.id
            assert {(row.starts_at, row.ends_at) for row in rows} == {(AHEAD, AHEAD + timedelta(hours=1))}
            coach = asker_of(session, world.coach)
            samir = outside(session, coach, NOW)
            assign_service.assign(session, coach, rows[0].id, samir.id, NOW)
            assert session.scalar(select(func.count()).select_from(BusyTime)) == 1
    for statement in (
        "UPDATE interpreter_order SET state = 'sulky'",
        "UPDATE interpreter_order SET by_agency = true",
        "UPDATE interpreter SET person_id = (SELECT id FROM person LIMIT 1)",
    ):
        with pytest.raises(DBAPIError), bare.engine.begin() as connection:
            connection.execute(text(statement))
    with bare.reading() as session:
        assert session.scalar(select(func.count()).select_from(Interpreter)) == 1


def test_what_an_agency_was_told_goes_and_the_order_stays(bare: Database) -> None:
    """S56"""
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        world = build(session, NOW)
        meeting = add_meeting(
            session, world.participant, world.coach, AHEAD, NOW, interpreter_language="ar", mode="phone"
        )
        talk = Talk(meeting.id, world.participant.id, meeting.starts_at, meeting.ends_at)
        coach = asker_of(session, world.coach)
        row = order_service.keep_up(session, coach, Needed(talk, "ar", "phone"), NOW)
        assert row is not None
        letter_id = uuid.uuid4()
        agency_service.send(session, coach, letter_id, "bokning@tolkbyran.se", ("Tolk", "Hej!"), NOW)
        letter_service.keep(session, letter_id, [(row, Mailed(Said("new", "a", "b")))])
        outbox.put(session, NOW)
    schema.downgrade(bare.url, before("What an agency was last told of an order by e-mail"))
    with bare.engine.connect() as connection:
        left = text("SELECT (SELECT count(*) FROM interpreter_order), (SELECT count(*) FROM outbox_message)")
        assert tuple(connection.execute(left).one()) == (1, 1)
    schema.upgrade(bare.url)
    with bare.reading() as session:
        found = session.scalars(select(InterpreterOrder)).one()
        assert (found.letter_id, found.letter_said) == (None, "")
