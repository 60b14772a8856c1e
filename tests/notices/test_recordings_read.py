"""Whoever reads what was sent reads what was played before it: staff, the demo's phones, the person."""

import uuid
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete

from portal.db import Database
from portal.messaging import rules
from portal.notices.models import Recording
from portal.privacy import record_service
from tests.conftest import SignIn
from tests.support import outbox
from tests.support.objects import asker_of
from tests.support.pages import text_of
from tests.support.sounds import SAID, record
from tests.support.world import World

BODY = "onsdag 25 november, klockan 9 noll noll."
GONE = "En inspelad röst, som är borttagen sedan dess."


@pytest.fixture
def rung(database: Database, world: World, now: datetime) -> uuid.UUID:
    """A call that was answered; returns what it played."""
    with database.transaction() as session:
        (played,) = record(session, asker_of(session, world.admin), now, occasions=["reminder"])
        row = outbox.put(
            session,
            now,
            kind="reminder_one_day",
            channel=rules.VOICE,
            recipient_id=world.participant.id,
            body=BODY,
            recording_id=played.id,
        )
        row.state, row.changed_at = rules.DELIVERED, now + timedelta(minutes=1)
        return played.id


@pytest.mark.parametrize("page", ["/dev/phone", "/staff/people/{}/messages"])
def test_a_page_tells_what_was_played_and_then_what_was_said(
    sign_in: SignIn, world: World, database: Database, rung: uuid.UUID, page: str
) -> None:
    browser, address = sign_in(world.coach), page.format(world.participant.id)
    assert f"Inspelad röst: {SAID} {BODY}" in text_of(browser.get(address))
    with database.transaction() as session:
        session.execute(delete(Recording))
    assert f"{GONE} {BODY}" in text_of(browser.get(address))


def test_everything_about_somebody_tells_it(
    app: Flask, database: Database, world: World, rung: uuid.UUID
) -> None:
    """S47"""
    with app.test_request_context(), database.writing() as session:
        found = record_service.record_of(session, asker_of(session, world.coach), world.participant.id)
        (told,) = (one for one in found.chapters if one.table == "outbox_message")
        pairs = {str(label): value for label, value in told.entries[0]}
    assert (pairs["Inspelad röst före texten"], pairs["Text"]) == (SAID, BODY)
    assert found.data["outbox_message"][0]["recording_id"] == str(rung)
