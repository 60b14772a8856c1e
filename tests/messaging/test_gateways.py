"""What each answer of the provider, and each lack of one, means."""

import logging
import uuid
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from portal.config import Settings
from portal.messaging import rules
from portal.messaging.gateways import base, router
from portal.messaging.gateways import twilio as provider
from portal.messaging.gateways.base import Gateway, Outcome, Outgoing
from portal.messaging.gateways.twilio import Twilio
from tests.support import fake_twilio, outbox
from tests.support.fake_twilio import Accept, FakeTwilio, Refuse

SETTINGS = replace(
    Settings.from_environment(
        {
            "DEPLOYMENT": "demo",
            "SMS_PROVIDER": "twilio",
            "TWILIO_ACCOUNT_SID": fake_twilio.ACCOUNT,
            "TWILIO_AUTH_TOKEN": fake_twilio.TOKEN,
            "TWILIO_SENDER": fake_twilio.SENDER,
        }
    ),
    public_base_url="https://stigen.example.se",
)
PHONE = "+46701740605"


def outgoing(seconds_left: int = 600, kind: str = "reminder_one_day") -> Outgoing:
    return Outgoing(
        uuid.uuid4(),
        PHONE,
        "Du har ett möte på tisdag.",
        seconds_left,
        organisation_id=outbox.ORGANISATION,
        kind=kind,
    )


@pytest.fixture
def gateway(twilio: FakeTwilio) -> Gateway:
    return router.gateway(replace(SETTINGS, twilio_base_url=twilio.url))


def test_a_request_has_the_shape_that_twilio_publishes(twilio: FakeTwilio, gateway: Gateway) -> None:
    message = outgoing(seconds_left=541)
    outcome = gateway.send(message)
    (sms,) = twilio.accepted
    assert outcome == Outcome(rules.SENT, sms.sid, "", "twilio")
    assert sms.fields == {
        "To": PHONE,
        "From": fake_twilio.SENDER,
        "Body": "Du har ett möte på tisdag.",
        "ValidityPeriod": "541",
        "StatusCallback": f"https://stigen.example.se/sms/twilio/{message.id}",
    }


def test_a_messaging_service_is_named_as_one(twilio: FakeTwilio) -> None:
    service = "MG" + "1" * 32
    Twilio(replace(SETTINGS, twilio_base_url=twilio.url, twilio_sender=service)).send(outgoing())
    assert twilio.accepted[0].fields["MessagingServiceSid"] == service
    assert "From" not in twilio.accepted[0].fields


@pytest.mark.parametrize("of_codes, sender", [("", fake_twilio.SENDER), ("Koden", "Koden")])
def test_a_code_may_have_a_sender_of_its_own(twilio: FakeTwilio, of_codes: str, sender: str) -> None:
    way = Twilio(replace(SETTINGS, twilio_base_url=twilio.url, twilio_code_sender=of_codes))
    way.send(outgoing(kind=rules.SIGN_IN_CODE))
    way.send(outgoing())
    assert [sms.fields["From"] for sms in twilio.accepted] == [sender, fake_twilio.SENDER]


@pytest.mark.parametrize("seconds, sent", [(0, "1"), (59, "59"), (36_000, "36000"), (200_000, "36000")])
def test_the_provider_drops_it_when_it_is_too_late(
    twilio: FakeTwilio, gateway: Gateway, seconds: int, sent: str
) -> None:
    """S52: the validity is the time left, within what Twilio takes."""
    gateway.send(outgoing(seconds_left=seconds))
    assert twilio.accepted[0].fields["ValidityPeriod"] == sent


@pytest.mark.parametrize(
    "answer, state, code",
    [
        (Accept("accepted"), rules.SENT, ""),
        (Accept("sending"), rules.SENT, ""),
        (Accept("delivered"), rules.DELIVERED, ""),
        (Accept("a word of tomorrow"), rules.SENT, ""),
        (Accept("failed"), rules.FAILED, ""),
        (Refuse(400, 21211), rules.FAILED, "21211"),
        (Refuse(400, 21610), rules.FAILED, "21610"),
        (Refuse(400, 30003), rules.FAILED, "30003"),
        (Refuse(422), rules.FAILED, "http 422"),
        (Refuse(429, 20429), rules.QUEUED, "20429"),
        (Refuse(429), rules.QUEUED, "http 429"),
        (Refuse(401, 20003), rules.QUEUED, "20003"),
        (Refuse(500), rules.UNKNOWN, "http 500"),
        (Refuse(503, 20503), rules.UNKNOWN, "20503"),
    ],
)
def test_each_answer_has_its_own_meaning(
    twilio: FakeTwilio,
    gateway: Gateway,
    answer: fake_twilio.Answer,
    state: str,
    code: str,
) -> None:
    """S53: only what was surely not accepted may be tried again."""
    twilio.will(PHONE, answer)
    outcome = gateway.send(outgoing())
    assert (outcome.state, outcome.error_code) == (state, code)


@pytest.mark.parametrize("told", [None, "", 0.5, "2121\r\n1", "+46701740605", "²", "1234567", "\u202e21211"])
def test_only_a_number_is_kept_as_the_reason(told: object) -> None:
    """S28, S44: the provider's own texts repeat the number that was written to."""
    assert provider.code_of(told) == ""
    assert provider.code_of(21211) == provider.code_of("21211") == "21211"


@pytest.mark.parametrize("told", [None, "", "SM1", "SM" + "g" * 32, "../Accounts", "SM" + "a" * 32 + "\n"])
def test_only_a_name_of_theirs_is_kept_as_the_reference(told: object) -> None:
    """S28."""
    assert provider.reference_of(told) == ""
    assert provider.reference_of("SM" + "a" * 32) == "SM" + "a" * 32


@pytest.mark.parametrize(
    "answer, state, seconds",
    [
        (Refuse(429, 20429, "7"), rules.QUEUED, 7),
        (Refuse(429, 20429), rules.QUEUED, None),
        (Refuse(503, None, "Tue, 24 Nov 2026 08:02:00 GMT"), rules.UNKNOWN, 120),
        (Refuse(500, None, "7"), rules.UNKNOWN, None),
        (Refuse(400, 21211, "7"), rules.FAILED, None),
    ],
)
def test_what_the_provider_asks_us_to_wait_is_told(
    twilio: FakeTwilio,
    gateway: Gateway,
    now: datetime,
    answer: fake_twilio.Answer,
    state: str,
    seconds: int | None,
) -> None:
    """S52: Twilio's own errors hide the header, our line sees it; it is of the last answer alone."""
    twilio.will(PHONE, answer)
    outcome = gateway.send(outgoing())
    assert (outcome.state, outcome.retry_after) == (state, seconds)
    assert gateway.send(outgoing()).retry_after is None


NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "told, seconds",
    [
        ("0", 0),
        (" 120 ", 120),
        ("3600", 3600),
        ("3601", base.LONGEST_ASKED),
        ("9" * 400, base.LONGEST_ASKED),
        ("Tue, 24 Nov 2026 08:00:30 GMT", 30),
        ("Tuesday, 24-Nov-26 08:00:30 GMT", 30),
        ("Tue Nov 24 08:00:30 2026", 30),
        ("Tue, 24 Nov 2026 07:00:00 GMT", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", base.LONGEST_ASKED),
        ("-1", None),
        ("1.5", None),
        ("²", None),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_both_forms_of_retry_after_are_read_and_bounded(told: str | None, seconds: int | None) -> None:
    """RFC 9110, 5.6.7 (three ways to write a date, all read by whoever receives) and 10.2.3."""
    assert base.seconds_asked(429, told, NOW) == seconds


def test_an_answer_lost_after_acceptance_is_unknown(twilio: FakeTwilio, gateway: Gateway) -> None:
    """S53."""
    twilio.will(PHONE, Accept(lost=True))
    assert gateway.send(outgoing()).state == rules.UNKNOWN
    assert len(twilio.accepted) == 1


def test_a_slow_answer_is_unknown(twilio: FakeTwilio, monkeypatch: pytest.MonkeyPatch) -> None:
    """S53: there is a time limit, and after it nobody knows."""
    monkeypatch.setattr(base, "TIMEOUT_SECONDS", 0.2)
    twilio.will(PHONE, Accept(seconds=5))
    assert Twilio(replace(SETTINGS, twilio_base_url=twilio.url)).send(outgoing()).state == (rules.UNKNOWN)
    assert len(twilio.accepted) == 1


@pytest.mark.parametrize("host", ["127.0.0.1:{port}", "no-such-host.invalid"])
def test_nobody_there_is_tried_again(host: str) -> None:
    """S52."""
    url = "http://" + host.format(port=fake_twilio.closed_port())
    outcome = Twilio(replace(SETTINGS, twilio_base_url=url)).send(outgoing())
    assert (outcome.state, outcome.error_code) == (rules.QUEUED, "unreachable")


def test_the_provider_can_be_asked(twilio: FakeTwilio, gateway: Gateway) -> None:
    sid = gateway.send(outgoing()).reference
    assert gateway.look_up(sid, "twilio") is None
    twilio.states[sid] = ("undelivered", 30003)
    assert gateway.look_up(sid, "twilio") == Outcome(rules.FAILED, sid, "30003", "twilio")
    twilio.states[sid] = ("a word of tomorrow", None)
    assert gateway.look_up(sid, "twilio") is None


def test_the_log_names_neither_number_nor_text(
    twilio: FakeTwilio, gateway: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    """S44: the provider repeats the number in its error texts; our log does not."""
    caplog.set_level(logging.DEBUG, logger="portal")
    twilio.will(PHONE, Refuse(400, 21211), Accept(lost=True), Refuse(500))
    for _ in range(3):
        gateway.send(outgoing())
    assert PHONE.lstrip("+") not in caplog.text
    assert "möte" not in caplog.text
    assert "no answer" in caplog.text


def test_the_demo_delivers_at_once_and_keeps_the_text() -> None:
    demo = router.gateway(replace(SETTINGS, sms_provider="console"))
    assert demo.send(outgoing()) == Outcome(rules.DELIVERED, provider="console")
    assert demo.keeps_text
