"""A call that reads a message aloud: what the provider is asked, and what each answer means."""

import xml.etree.ElementTree as ET
from dataclasses import replace
from typing import Any

import pytest

from portal.config import Settings
from portal.languages import LANGUAGES
from portal.messaging import rules
from portal.messaging.gateways import base, router, twilio_calls
from portal.messaging.gateways.base import Gateway, Outcome, Outgoing
from portal.messaging.gateways.twilio import Twilio
from portal.messaging.voice_rules import VOICES, Voice, voice_of
from tests.messaging.test_gateways import PHONE, outgoing
from tests.messaging.test_gateways import SETTINGS as BY_SMS
from tests.support import fake_twilio
from tests.support.fake_twilio import Accept, FakeTwilio, Refuse

SETTINGS = replace(BY_SMS, twilio_voice_number=fake_twilio.SENDER)
SWEDISH = VOICES["sv"]


def call(**changes: Any) -> Outgoing:
    return replace(outgoing(), channel=rules.VOICE, **changes)


@pytest.fixture
def gateway(twilio: FakeTwilio) -> Gateway:
    return router.gateway(replace(SETTINGS, twilio_base_url=twilio.url))


def test_a_request_has_the_shape_that_twilio_publishes(twilio: FakeTwilio, gateway: Gateway) -> None:
    message = call()
    outcome = gateway.send(message)
    (made,) = twilio.accepted
    assert outcome == Outcome(rules.SENT, made.sid, "", "twilio")
    assert made.sid.startswith("CA")
    assert made.fields == {
        "To": PHONE,
        "From": fake_twilio.SENDER,
        "Twiml": twilio_calls.words(message.body, SWEDISH),
        "Timeout": "30",
        "TimeLimit": "120",
        "StatusCallback": f"https://stigen.example.se/voice/twilio/{message.id}",
        "StatusCallbackEvent": "completed",
    }
    assert twilio.problems == []


def test_it_is_said_slowly_and_twice_by_a_voice_of_its_language() -> None:
    said = ET.fromstring(twilio_calls.words("Du har ett möte.", SWEDISH))
    assert [part.tag for part in said] == ["Pause", "Say", "Pause", "Say"]
    for part in said.findall("Say"):
        assert part.attrib == {"voice": "Polly.Astrid", "language": "sv-SE"}
        assert [(one.tag, one.text, one.attrib) for one in part] == [
            ("prosody", "Du har ett möte.", {"rate": "85%"})
        ]


def test_words_cannot_become_marks() -> None:
    """S28: a wording of the house is said, whatever signs are in it."""
    told = '</Say><Dial>+46</Dial> & "vi" <ses>'
    said = ET.fromstring(twilio_calls.words(told, Voice('a"b', "sv-SE")))
    assert {part.tag for part in said.iter()} == {"Response", "Pause", "Say", "prosody"}
    assert said.findall("Say/prosody")[1].text == told


def test_the_longest_wording_fits_in_a_request() -> None:
    """Of 320 signs, each of which takes as many as XML needs for one, said twice."""
    assert len(twilio_calls.words("&" * 360, SWEDISH)) <= twilio_calls.LONGEST_WORDS


def test_each_language_of_the_portal_has_a_voice_that_speaks_it() -> None:
    """Whoever adds a language says here whether there is one: it is not offered where there is none."""
    assert set(VOICES) == set(LANGUAGES)
    assert voice_of("so") is None


@pytest.mark.parametrize(
    "answer, state, code",
    [
        (Accept("queued"), rules.SENT, ""),
        (Accept("ringing"), rules.SENT, ""),
        (Accept("in-progress"), rules.SENT, ""),
        (Accept("completed"), rules.DELIVERED, ""),
        (Accept("busy"), rules.FAILED, "call busy"),
        (Accept("no-answer"), rules.FAILED, "call no-answer"),
        (Accept("failed"), rules.FAILED, "call failed"),
        (Accept("canceled"), rules.FAILED, "call canceled"),
        (Accept("a word of tomorrow"), rules.SENT, ""),
        (Refuse(400, 21211), rules.FAILED, "21211"),
        (Refuse(400, 21214), rules.FAILED, "21214"),
        (Refuse(429, 20429, "7"), rules.QUEUED, "20429"),
        (Refuse(401, 20003), rules.QUEUED, "20003"),
        (Refuse(500), rules.UNKNOWN, "http 500"),
        (Accept(lost=True), rules.UNKNOWN, "no answer"),
    ],
)
def test_each_answer_means_what_it_means_of_an_sms(
    twilio: FakeTwilio, gateway: Gateway, answer: fake_twilio.Answer, state: str, code: str
) -> None:
    """S53: nobody is rung up a second time unless they were surely not rung up a first."""
    twilio.will(PHONE, answer)
    outcome = gateway.send(call())
    assert (outcome.state, outcome.error_code) == (state, code)
    assert outcome.retry_after == (7 if code == "20429" else None)


def test_a_slow_answer_is_unknown(twilio: FakeTwilio, monkeypatch: pytest.MonkeyPatch) -> None:
    """S53."""
    monkeypatch.setattr(base, "TIMEOUT_SECONDS", 0.2)
    twilio.will(PHONE, Accept(seconds=5))
    assert Twilio(replace(SETTINGS, twilio_base_url=twilio.url)).send(call()).state == rules.UNKNOWN


def test_the_provider_can_be_asked(twilio: FakeTwilio, gateway: Gateway) -> None:
    sid = gateway.send(call()).reference
    assert gateway.look_up(sid, "twilio") is None
    twilio.states[sid] = ("no-answer", None)
    assert gateway.look_up(sid, "twilio") == Outcome(rules.FAILED, sid, "call no-answer", "twilio")
    twilio.states[sid] = ("a word of tomorrow", None)
    assert gateway.look_up(sid, "twilio") is None


@pytest.mark.parametrize("told", [None, "", "SM" + "a" * 32, "CA" + "g" * 32, "CA" + "a" * 32 + "\n"])
def test_only_a_name_of_theirs_is_kept_as_the_reference(told: object) -> None:
    """S28."""
    assert twilio_calls.reference_of(told) == ""


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"twilio_voice_number": ""}, call()),
        ({}, call(language="so")),
        ({"elks_sender": "Portalen", "elks_password": "x"}, call(provider="46elks")),
    ],
)
def test_who_cannot_ring_says_so_and_sends_nothing(
    twilio: FakeTwilio, changes: dict[str, Any], message: Outgoing
) -> None:
    """No number to ring from, no voice, a provider that reads nothing aloud: the coach is told."""
    settings: Settings = replace(SETTINGS, twilio_base_url=twilio.url, **changes)
    outcome = router.gateway(settings).send(message)
    assert (outcome.state, outcome.error_code) == (rules.FAILED, rules.NO_VOICE)
    assert twilio.requests == 0


def test_a_phone_of_the_demo_rings_until_it_is_answered() -> None:
    demo = router.gateway(replace(SETTINGS, sms_provider="console"))
    message = call()
    assert demo.send(message) == Outcome(rules.SENT, str(message.id), provider="console")
