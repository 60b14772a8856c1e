"""The sound of a call: it comes before the words, from an address of ours that lasts for a while."""

import uuid
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from werkzeug.test import TestResponse

from portal.config import Settings
from portal.db import Database
from portal.languages import LANGUAGES
from portal.messaging import fetch_rules
from portal.messaging.gateways import router, twilio_calls
from portal.messaging.voice_rules import VOICES
from portal.notices import recording_service, sound_rules
from tests.conftest import FrozenClock
from tests.messaging.test_calls import SETTINGS, call
from tests.support.fake_twilio import FakeTwilio
from tests.support.objects import asker_of
from tests.support.pages import Client
from tests.support.sounds import mp3, record, wav
from tests.support.world import World

HOME = "https://stigen.example.se"
ADDRESS = f"{HOME}/voice/sound/x?a=1&b=2"
LIFE = fetch_rules.FETCHED_WITHIN


def test_it_is_played_before_the_words_each_time() -> None:
    told = ET.fromstring(twilio_calls.words("tisdag", VOICES["sv"], ADDRESS))
    assert [part.tag for part in told] == ["Pause", "Play", "Say", "Pause", "Play", "Say"]
    assert [(part.text, part.attrib) for part in told.findall("Play")] == [(ADDRESS, {})] * 2


def test_it_fits_in_a_request_beside_the_longest_wording(now: datetime) -> None:
    address = fetch_rules.address(HOME, uuid.uuid4(), now)
    assert len(twilio_calls.words("&" * 320, VOICES["sv"], address)) <= twilio_calls.LONGEST_WORDS


def test_a_call_lasts_shorter_than_its_address() -> None:
    seconds = twilio_calls.RINGS_SECONDS + 5 + twilio_calls.LONGEST_SECONDS
    assert timedelta(seconds=2 * seconds) < LIFE


def test_the_provider_is_told_an_address_of_ours(twilio: FakeTwilio, frozen: FrozenClock) -> None:
    gateway = router.gateway(replace(SETTINGS, twilio_base_url=twilio.url))
    recording = uuid.uuid4()
    gateway.send(call(recording_id=recording))
    (made,) = twilio.accepted
    played = ET.fromstring(made.fields["Twiml"]).findall("Play")
    assert {one.text for one in played} == {fetch_rules.address(HOME, recording, frozen.moment)}
    assert twilio.problems == []


# --- fetching --------------------------------------------------------------------------------------


@pytest.fixture
def path(database: Database, world: World, now: datetime) -> str:
    """Where the sound of the reminder lies now."""
    with database.transaction() as session:
        made = record(session, asker_of(session, world.admin), now, occasions=["reminder"])[0]
        return fetch_rules.address("", made.id, now)


def test_whoever_has_the_address_gets_the_sound(client: Client, path: str, settings: Settings) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.data) == (200, mp3())
    assert answer.headers["Content-Type"] == "audio/mpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Length"] == str(len(mp3()))
    assert "Set-Cookie" not in answer.headers
    head = client.head(path)
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == str(len(mp3()))


def test_a_part_of_it_can_be_asked_for(client: Client, path: str) -> None:
    answer = client.get(path, headers={"Range": "bytes=4-9"})
    assert (answer.status_code, answer.data) == (206, mp3()[4:10])
    assert answer.headers["Content-Range"] == f"bytes 4-9/{len(mp3())}"
    assert client.get(path, headers={"Range": "bytes=99999999-"}).status_code == 416


def test_everything_else_is_the_same_nothing(
    client: Client, path: str, frozen: FrozenClock, world: World
) -> None:
    """S26: another secret, another time, another recording, too late."""
    start, recording, until, secret = path.rsplit("/", 3)
    other = fetch_rules.address("", uuid.uuid4(), frozen.moment)

    def refused(address: str) -> TestResponse:
        answer = client.get(address)
        assert answer.status_code == 404
        return answer

    nothing = {
        refused(address).data
        for address in (
            f"{start}/{recording}/{until}/{secret[:-1]}x",
            f"{start}/{recording}/{until}/å",
            f"{start}/{recording}/{int(until) + 1}/{secret}",
            f"{start}/{uuid.uuid4()}/{until}/{secret}",
            other,
        )
    }
    frozen.move(LIFE - timedelta(seconds=1))
    assert client.get(path).status_code == 200
    frozen.move(timedelta(seconds=1))
    nothing.add(refused(path).data)
    assert len(nothing) == 1
    assert client.post(path, csrf=False).status_code == 404


def test_a_call_that_rings_still_gets_one_that_was_just_removed(
    client: Client, path: str, database: Database, world: World, frozen: FrozenClock
) -> None:
    """It must not say a day and a time alone."""
    with database.transaction() as session:
        admin = asker_of(session, world.admin)
        recording_service.remove(session, admin, "reminder", LANGUAGES["sv"], frozen.moment)
    frozen.move(LIFE - timedelta(seconds=1))
    with database.transaction() as session:
        recording_service.forget(session, frozen.moment)
    assert client.get(path).status_code == 200
    frozen.move(timedelta(seconds=2))
    with database.transaction() as session:
        recording_service.forget(session, frozen.moment)
    assert client.get(path).status_code == 404


def test_a_wav_is_told_as_one(database: Database, client: Client, world: World, now: datetime) -> None:
    with database.transaction() as session:
        made = recording_service.record(
            session,
            asker_of(session, world.admin),
            "moved",
            LANGUAGES["sv"],
            sound_rules.read(wav()),
            words="Hej.",
            now=now,
        )
        address = fetch_rules.address("", made.id, now)
    assert client.get(address).headers["Content-Type"] == "audio/wav"
