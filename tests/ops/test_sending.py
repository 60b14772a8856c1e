"""The page on which an admin lets messages leave again after a restore (S55)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.db import Database
from portal.journal.models import JournalRow
from portal.messaging import rules
from portal.messaging.models import OutboxMessage
from portal.ops import queries, service
from portal.worker import Worker
from tests.conftest import FrozenClock, SignIn
from tests.support import outbox
from tests.support.pages import Client, text_of
from tests.support.world import World


def test_an_admin_sees_why_and_lets_it_go(
    world: World, database: Database, sign_in: SignIn, frozen: FrozenClock, client: Client
) -> None:
    admin = sign_in(world.admin)
    assert "skickas som vanligt" in text_of(admin.get("/staff/sending"))
    with database.transaction() as session:
        doubtful = outbox.put(session, frozen.moment, organisation_id=world.organisation.id)
        doubtful.state, doubtful.error_code = rules.UNKNOWN, "stopped"
        elsewhere = outbox.put(session, frozen.moment, organisation_id=world.elsewhere.organisation.id)
        elsewhere.state, elsewhere.error_code = rules.UNKNOWN, "stopped"
        person = world.participant
        outbox.put_code(session, frozen.moment, recipient_id=person.id, address=person.phone)
        service.hold(session, frozen.moment, copied_at=frozen.moment - timedelta(hours=9))
    shown = text_of(admin.get("/staff/sending"))
    assert "Inga meddelanden skickas" in shown
    assert "1 meddelande kan ha gått ut" in shown
    assert "klockan 00.00" in shown
    health = client.get("/health")
    assert (health.status_code, health.get_json()["held"]) == (503, True)
    assert Worker(admin.application).once()
    assert _states(database) == {rules.UNKNOWN, rules.QUEUED}
    assert "skickas igen" in text_of(admin.post("/staff/sending/release", follow_redirects=True))
    assert Worker(admin.application).once()
    assert rules.QUEUED not in _states(database)
    with database.reading() as session:
        assert queries.held_since(session) is None
        noted = session.scalars(select(JournalRow).where(JournalRow.kind == "worker_released")).one()
    assert (noted.actor_id, noted.action) == (world.admin.id, "change")


def _states(database: Database) -> set[str]:
    with database.reading() as session:
        return set(session.scalars(select(OutboxMessage.state)))


def test_whoever_cannot_find_out_whether_to_wait_waits(
    world: World, database: Database, sign_in: SignIn, frozen: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = sign_in(world.admin).application
    with database.transaction() as session:
        outbox.put(session, frozen.moment, recipient_id=world.participant.id)

    def away(_: object) -> None:
        raise LookupError

    monkeypatch.setattr(queries, "held_since", away)
    worker = Worker(app)
    assert not worker.once()
    assert {name for lane in worker.lanes for name in lane.failing} == {"hold"}
    assert _states(database) == {rules.QUEUED}
