"""A reminder that becomes due rings with the recording, and without it where it has gone meanwhile."""

import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from portal import clock
from portal.config import Settings
from portal.db import Database
from portal.identity.models import Person
from portal.languages import LANGUAGES
from portal.messaging import rules, voice_rules
from portal.messaging.models import OutboxMessage
from portal.messaging.voice_rules import VOICES
from portal.notices import recording_service
from portal.reminders import service as reminders
from portal.worker import Worker
from tests.conftest import FrozenClock
from tests.support import fake_twilio, meetings
from tests.support.apps import shared_app
from tests.support.fake_twilio import FakeTwilio
from tests.support.objects import asker_of
from tests.support.sounds import mp3, record
from tests.support.world import World

DAY = timedelta(days=1)
SWEDISH, ARABIC = "sv", "ar"


@pytest.fixture
def app(settings: Settings, database: Database, frozen: FrozenClock, twilio: FakeTwilio) -> Flask:
    """The portal with Twilio for its calls."""
    made = shared_app(
        replace(
            settings,
            sms_provider="twilio",
            twilio_account_sid=fake_twilio.ACCOUNT,
            twilio_auth_token=fake_twilio.TOKEN,
            twilio_sender=fake_twilio.SENDER,
            twilio_voice_number=fake_twilio.SENDER,
            twilio_base_url=twilio.url,
        ),
        database,
    )
    clock.use(frozen)
    return made


def due(database: Database, world: World, frozen: FrozenClock, language: str) -> None:
    """Somebody who chose a voice is to be reminded today; the sentence is recorded in their language."""
    with database.transaction() as session:
        person = session.get_one(Person, world.participant.id)
        person.way, person.language = "voice", language
        meetings.add_meeting(session, person, world.coach, frozen.moment + DAY, frozen.moment - 9 * DAY)
        record(session, asker_of(session, world.admin), frozen.moment, language, occasions=["reminder"])
    frozen.move(timedelta(hours=2))


def remove(database: Database, world: World, frozen: FrozenClock, language: str) -> None:
    with database.transaction() as session:
        admin = asker_of(session, world.admin)
        recording_service.remove(session, admin, "reminder", LANGUAGES[language], frozen.moment)


def heard(twilio: FakeTwilio) -> list[tuple[str, str]]:
    """What the only call plays and says, once."""
    (made,) = twilio.accepted
    parts = list(ET.fromstring(made.fields["Twiml"]))
    half = [(part.tag, "".join(part.itertext())) for part in parts[: len(parts) // 2]]
    return [one for one in half if one[0] != "Pause"]


def outbox(database: Database) -> OutboxMessage:
    with database.reading() as session:
        return session.scalars(select(OutboxMessage)).one()


def test_it_leaves_with_the_recording_which_the_provider_can_fetch(
    app: Flask, database: Database, world: World, frozen: FrozenClock, twilio: FakeTwilio
) -> None:
    due(database, world, frozen, SWEDISH)
    assert Worker(app).once()
    (_, played), (_, said) = heard(twilio)
    assert said == "onsdag 25 november, klockan 9 noll noll."
    assert played.startswith("http://127.0.0.1:8000/voice/sound/")
    assert app.test_client().get(urlsplit(played).path, base_url="http://127.0.0.1:8000").data == mp3()
    assert Worker(app).once()
    assert len(twilio.accepted) == 1


def test_it_leaves_whole_where_the_recording_has_gone(
    app: Flask, database: Database, world: World, frozen: FrozenClock, twilio: FakeTwilio
) -> None:
    """Put in the outbox with it, at an hour when nobody is rung; removed in the evening; rung without."""
    due(database, world, frozen, SWEDISH)
    at_work, evening = frozen.moment, frozen.moment.replace(hour=22)
    frozen.move(evening - at_work)
    with app.app_context(), database.transaction() as session:
        assert reminders.tick(session, frozen.moment) == 1
    assert outbox(database).recording_id is not None
    assert Worker(app).once()
    assert twilio.accepted == []
    remove(database, world, frozen, SWEDISH)
    frozen.move(timedelta(hours=9, minutes=30))
    assert Worker(app).once()
    assert heard(twilio) == [("Say", "Kom ihåg: Du har ett möte onsdag 25 november klockan 9 noll noll.")]
    assert outbox(database).recording_id is None


def test_a_language_without_a_voice_rings_only_with_its_recording(
    app: Flask,
    database: Database,
    world: World,
    frozen: FrozenClock,
    twilio: FakeTwilio,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without it nobody is rung, and the coach reads why."""
    without = {code: one for code, one in VOICES.items() if code != ARABIC}
    monkeypatch.setattr(voice_rules, "VOICES", without)
    due(database, world, frozen, ARABIC)
    remove(database, world, frozen, ARABIC)
    assert Worker(app).once()
    row = outbox(database)
    assert (row.state, row.error_code, row.recording_id) == (rules.FAILED, rules.NO_VOICE, None)
    assert twilio.requests == 0
