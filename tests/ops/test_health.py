"""/health says which part is ill; /dev/phone is the demo's alone."""

import uuid
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from portal.app import create_app
from portal.config import Settings
from portal.db import Database
from portal.messaging import service as outbox
from portal.messaging.models import OutboxMessage
from portal.ops import service
from portal.ops.models import Heartbeat
from portal.ops.rules import Health, age
from portal.ops.service import beat
from tests.conftest import FrozenClock, SignIn
from tests.support.pages import Client, text_of
from tests.support.world import World


def test_ages_are_whole_and_never_negative(now: datetime) -> None:
    assert age(None, now) is None
    assert age(now - timedelta(seconds=90.7), now) == 90
    assert age(now + timedelta(hours=1), now) == 0


@pytest.mark.parametrize(
    "health, well",
    [
        (Health(True, True, 3, None), True),
        (Health(True, True, 60, 600), True),
        (Health(True, True, 61, None), False),
        (Health(True, True, None, None), False),
        (Health(True, True, 3, 601), False),
        (Health(True, False, 3, None), False),
        (Health(False, True, 3, None), False),
        (Health(True, True, 3, None, ("reminders",)), False),
    ],
)
def test_when_an_installation_is_well(health: Health, well: bool) -> None:
    assert health.well is well


def test_health_tells_the_worker_and_the_oldest_message(
    client: Client, world: World, database: Database, frozen: FrozenClock
) -> None:
    first = client.get("/health").get_json()
    assert (first["worker_seconds"], first["unsent_seconds"]) == (None, None)
    with database.transaction() as session:
        beat(session, frozen.moment)
        outbox.put(
            session,
            kind="meeting_booked",
            subject=uuid.uuid4(),
            revision=0,
            recipient_id=world.participant.id,
            organisation_id=world.organisation.id,
            address="+46701740605",
            body="Hej",
            language="sv",
            now=frozen.moment,
            expires_at=frozen.moment + timedelta(hours=5),
        )
    frozen.move(timedelta(seconds=30))
    found = client.get("/health").get_json()
    assert (found["database"], found["worker_seconds"], found["unsent_seconds"]) == (True, 30, 30)


def test_two_workers_that_live_for_the_first_time_at_one_moment(database: Database, now: datetime) -> None:
    """Neither has seen the other's row; the one that comes second has nothing to add."""
    with database.transaction() as session:
        beat(session, now)
    with database.transaction() as session:
        service._first(session, Heartbeat(name=service.WORKER, at=now + timedelta(seconds=1)))
    with database.transaction() as session:
        beat(session, now + timedelta(seconds=2))
    with database.reading() as session:
        assert session.scalars(select(Heartbeat.at)).all() == [now + timedelta(seconds=2)]


def test_a_database_that_does_not_answer_is_a_503_with_facts(settings: Settings, frozen: FrozenClock) -> None:
    broken = create_app(settings, Database(f"sqlite:///{settings.instance}/missing/no.db"))
    answer = broken.test_client().get("/health", base_url="http://127.0.0.1:8000")
    assert answer.status_code == 503
    assert answer.get_json()["database"] is False


def test_the_phones_show_what_has_arrived(
    client: Client, world: World, database: Database, frozen: FrozenClock
) -> None:
    """S23: what a message says is text, whatever it says."""
    with database.transaction() as session:
        message = outbox.put(
            session,
            kind="meeting_booked",
            subject=uuid.uuid4(),
            revision=0,
            recipient_id=world.participant.id,
            organisation_id=world.organisation.id,
            address="+46701740605",
            body="<b>Möte</b>",
            language="sv",
            now=frozen.moment,
            expires_at=frozen.moment + timedelta(hours=5),
        )
        session.get_one(OutboxMessage, message.id).state = "delivered"
    page = client.get("/dev/phone")
    assert "<b>Möte</b>" in text_of(page)
    assert "070-174 06 05" in text_of(page)


def test_the_demos_clock_moves(settings: Settings, database: Database, world: World) -> None:
    from typing import cast

    from portal import clock

    app = create_app(settings, database)
    app.test_client_class = Client
    browser = cast(Client, app.test_client())
    before = clock.now()
    assert browser.post("/dev/clock/day").status_code == 303
    assert clock.now() - before >= timedelta(days=1)
    browser.post("/dev/clock/now")
    assert clock.now() - before < timedelta(hours=1)
    clock.use(clock.system_time)


def test_production_does_not_know_the_demos_pages(
    settings: Settings, database: Database, sign_in: SignIn, frozen: FrozenClock
) -> None:
    real = create_app(replace(settings, deployment="production"), database)
    paths = {rule.rule for rule in real.url_map.iter_rules()}
    assert not [path for path in paths if path.startswith("/dev")]
