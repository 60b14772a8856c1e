"""Messages stand when they learn to go by e-mail, and what went so goes again with the column (S56)."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from portal import schema
from portal.db import Database
from portal.messaging.models import OutboxMessage
from tests.migrations.test_audits import before
from tests.migrations.test_migrations import NOW, bare
from tests.support import outbox

__all__ = ["bare"]

BY_MAIL = {"channel": "email", "address": "anna@example.se", "subject_line": "Ett test"}


def test_sms_stand_and_e_mail_comes_and_goes(bare: Database) -> None:
    """S56: an older version would hand an e-mail to the SMS provider."""
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        sms, mail = outbox.put(session, NOW), outbox.put(session, NOW, **BY_MAIL)
        assert (mail.subject_line, mail.address) == ("Ett test", "anna@example.se")
    schema.downgrade(bare.url, before("A message goes by SMS"))
    with bare.reading() as session:
        assert session.execute(text("SELECT count(*) FROM outbox_message")).scalar() == 1
    schema.upgrade(bare.url)
    with bare.reading() as session:
        left = session.scalars(select(OutboxMessage)).one()
        assert (left.id, left.channel, left.subject_line) == (sms.id, "sms", "")
        assert (left.address, left.body) == (outbox.PHONE, sms.body)


def test_there_is_no_third_channel(bare: Database) -> None:
    schema.upgrade(bare.url)
    with pytest.raises(IntegrityError), bare.transaction() as session:
        outbox.put(session, NOW).channel = "fax"


def test_the_partial_indexes_stand(bare: Database) -> None:
    """SQLite would lose their conditions if it built the table anew."""
    schema.upgrade(bare.url)
    if bare.engine.dialect.name == "sqlite":
        with bare.reading() as session:
            made = session.execute(text("SELECT sql FROM sqlite_master WHERE tbl_name = 'outbox_message'"))
            assert sum("IS NOT NULL" in (row[0] or "") for row in made) == 2


def test_calls_come_and_go_and_the_rest_stands(bare: Database) -> None:
    """S56: an older version would send what was to be read aloud as an SMS."""
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        kept = {outbox.put(session, NOW).id: "sms", outbox.put(session, NOW, **BY_MAIL).id: "email"}
        outbox.put(session, NOW, channel="voice")
    schema.downgrade(bare.url, before("A message may be a call"))
    with bare.reading() as session:
        assert session.execute(text("SELECT count(*) FROM outbox_message")).scalar() == 2
    with pytest.raises(IntegrityError), bare.transaction() as session:
        session.execute(text("UPDATE outbox_message SET channel = 'voice'"))
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        assert {one.id: one.channel for one in session.scalars(select(OutboxMessage))} == kept
        assert outbox.put(session, NOW, channel="voice").channel == "voice"
