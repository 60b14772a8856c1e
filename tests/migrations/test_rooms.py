"""Rooms go with what they hold, and meetings and hours stand as they stood (S56)."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from portal import schema
from portal.booking import service
from portal.booking.time_service import Wish
from portal.db import Database
from tests.migrations.test_audits import before
from tests.migrations.test_migrations import NOW, bare
from tests.support.objects import asker_of
from tests.support.rooms import add_room
from tests.support.world import build

__all__ = ["bare"]


def test_rooms_go_and_meetings_stand(bare: Database) -> None:
    """S56"""
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        world = build(session, NOW)
        room = add_room(session, world.coach)
        coach = asker_of(session, world.coach)
        wish = Wish(NOW.replace(hour=12), "on_site", room=room.id)
        service.book_for(session, coach, world.participant.id, wish, NOW, anyway=True)
    with pytest.raises(DBAPIError), bare.engine.begin() as connection:
        connection.execute(text("UPDATE room SET seats = 0"))
    with pytest.raises(DBAPIError), bare.engine.begin() as connection:
        connection.execute(text("DELETE FROM room"))
    schema.downgrade(bare.url, before("Rooms for meetings"))
    with bare.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM appointment")) == 1
        assert connection.scalar(text("SELECT count(*) FROM busy_time WHERE subject_kind = 'room'")) == 0
        assert connection.scalar(text("SELECT count(*) FROM busy_time")) == 2
    schema.upgrade(bare.url)
    with bare.engine.connect() as connection:
        assert connection.execute(text("SELECT state, room_id FROM appointment")).all() == [("booked", None)]
        assert connection.scalar(text("SELECT count(*) FROM room")) == 0
