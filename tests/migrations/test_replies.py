"""What comes back by SMS can be taken away again: people, messages and the outbox stand (S56)."""

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from portal import schema
from portal.db import Database
from portal.identity.models import Person
from portal.messaging import incoming_service, rules
from portal.messaging.models import IncomingMessage, OutboxMessage
from portal.reminders import code_service
from tests.migrations.test_audits import before
from tests.migrations.test_migrations import NOW, bare
from tests.support import outbox
from tests.support.world import build

__all__ = ["bare"]


def test_answers_come_and_go_and_people_stand(bare: Database) -> None:
    """S56: whoever wants no SMS is rung up in the version before, which knows no STOP."""
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        person = build(session, NOW).participant
        person.sms_stopped_at = NOW
        coming = {"provider": "twilio", "reference": "SM1", "address": person.phone, "body": "Ja"}
        incoming_service.receive(session, **coming, homes=[person.organisation_id], now=NOW)
        code_service.keep(session, person.id, "1234", meeting_id=person.id, revision=0, now=NOW)
        outbox.put(session, NOW, kind=rules.CANCEL_CODE, recipient_id=person.id)
        reminder = outbox.put(session, NOW, recipient_id=person.id)
    schema.downgrade(bare.url, before("What comes back by SMS"))
    with bare.reading() as session:
        assert session.execute(text("SELECT count(*) FROM outbox_message")).scalar() == 1
        assert session.execute(text("SELECT count(*) FROM person WHERE calls")).scalar() == 1
    schema.upgrade(bare.url)
    with bare.reading() as session:
        stands = session.get_one(Person, person.id)
        assert (stands.sms_stopped_at, stands.way, stands.phone) == (None, "call", person.phone)
        assert session.scalars(select(OutboxMessage.id)).all() == [reminder.id]
        assert incoming_service.waiting(session) == []
        assert code_service.sent_to(session, person.id) is None


@pytest.mark.parametrize("state, taken_as", [("new", "yes"), ("done", ""), ("lost", ""), ("done", "maybe")])
def test_what_is_done_says_what_became_of_it(bare: Database, state: str, taken_as: str) -> None:
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        row = incoming_service.receive(
            session, provider="x", reference="x", address="", body="", homes=[], now=NOW
        )
    with bare.writing() as session, pytest.raises(IntegrityError):
        session.execute(update(IncomingMessage).values(state=state, taken_as=taken_as))
    assert row.taken_as == rules.UNKNOWN_NUMBER
