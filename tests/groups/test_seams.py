"""Where a group meets what else becomes of a person: closed sign-in, closing, another team, another place."""

from collections.abc import Callable
from datetime import datetime

from flask import Flask

from portal.db import Database
from portal.groups import seat_service
from portal.groups.models import GroupSeat
from portal.identity.models import Person
from tests.groups.conftest import Made, seats
from tests.support.world import World

Joined = Callable[..., GroupSeat]


def test_whoever_cannot_sign_in_for_a_moment_keeps_their_seat(
    app: Flask, database: Database, world: World, made: Made, joined: Joined, now: datetime
) -> None:
    group = made()
    joined(group, world.participant)
    with database.transaction() as fresh:
        fresh.get_one(Person, world.participant.id).disabled_at = now
    with database.transaction() as fresh:
        assert seat_service.round_of(fresh, now) == 0
    with database.reading() as fresh:
        assert seats(fresh, group)[world.participant.id].state == "in"
