"""46elks: what is asked of it, and what each of its answers, and each lack of one, means."""

import logging
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest

from portal.config import Settings
from portal.messaging import rules
from portal.messaging.gateways import base, elks, router
from portal.messaging.gateways.base import Gateway, Outcome, Outgoing
from tests.support import fake_elks, outbox
from tests.support.fake_elks import FakeElks
from tests.support.fake_provider import Accept, Answer, Refuse, closed_port

SETTINGS = replace(
    Settings.from_environment(
        {
            "DEPLOYMENT": "demo",
            "SMS_PROVIDER": "46elks",
            "ELKS_USERNAME": fake_elks.USERNAME,
            "ELKS_PASSWORD": fake_elks.PASSWORD,
            "ELKS_SENDER": fake_elks.SENDER,
        }
    ),
    public_base_url="https://stigen.example.se",
)
PHONE = "+46701740605"


def outgoing(kind: str = "reminder_one_day") -> Outgoing:
    return Outgoing(
        uuid.uuid4(),
        PHONE,
        "Du har ett möte på tisdag.",
        600,
        organisation_id=outbox.ORGANISATION,
        kind=kind,
    )


@pytest.fixture
def provider() -> Iterator[FakeElks]:
    with FakeElks() as running:
        yield running
    assert running.problems == []


@pytest.fixture
def gateway(provider: FakeElks) -> Gateway:
    return router.gateway(replace(SETTINGS, elks_base_url=provider.url))


def test_a_request_has_the_shape_that_46elks_documents(provider: FakeElks, gateway: Gateway) -> None:
    message = outgoing()
    outcome = gateway.send(message)
    (sms,) = provider.accepted
    assert outcome == Outcome(rules.SENT, sms.sid, "", "46elks")
    assert sms.fields == {
        "from": fake_elks.SENDER,
        "to": PHONE,
        "message": "Du har ett möte på tisdag.",
        "whendelivered": f"https://stigen.example.se/sms/46elks/{message.id}/{elks.secret_of(message.id)}",
        "dontlog": "message",
    }


@pytest.mark.parametrize("of_codes, sender", [("", fake_elks.SENDER), ("+46700000001", "+46700000001")])
def test_a_code_may_have_a_sender_of_its_own(provider: FakeElks, of_codes: str, sender: str) -> None:
    way = elks.Elks(replace(SETTINGS, elks_base_url=provider.url, elks_code_sender=of_codes))
    way.send(outgoing(kind=rules.SIGN_IN_CODE))
    way.send(outgoing())
    assert [sms.fields["from"] for sms in provider.accepted] == [sender, fake_elks.SENDER]


@pytest.mark.parametrize(
    "answer, state, code",
    [
        (Accept("created"), rules.SENT, ""),
        (Accept("sent"), rules.SENT, ""),
        (Accept("delivered"), rules.DELIVERED, ""),
        (Accept("failed"), rules.FAILED, ""),
        (Accept("a word of tomorrow"), rules.SENT, ""),
        (Refuse(400), rules.FAILED, "http 400"),
        (Refuse(404), rules.FAILED, "http 404"),
        (Refuse(401), rules.QUEUED, "http 401"),
        (Refuse(403), rules.QUEUED, "http 403"),
        (Refuse(429), rules.QUEUED, "http 429"),
        (Refuse(302), rules.UNKNOWN, "http 302"),
        (Refuse(500), rules.UNKNOWN, "http 500"),
        (Refuse(503), rules.UNKNOWN, "http 503"),
    ],
)
def test_each_answer_has_its_own_meaning(
    provider: FakeElks, gateway: Gateway, answer: Answer, state: str, code: str
) -> None:
    """S53: only what was surely not accepted may be tried again."""
    provider.will(PHONE, answer)
    outcome = gateway.send(outgoing())
    assert (outcome.state, outcome.error_code, outcome.provider) == (state, code, "46elks")


@pytest.mark.parametrize("told", ["120", "Tue, 24 Nov 2026 08:02:00 GMT"])
@pytest.mark.parametrize("http, state", [(429, rules.QUEUED), (503, rules.UNKNOWN)])
def test_what_the_provider_asks_us_to_wait_is_told(
    provider: FakeElks, gateway: Gateway, now: datetime, http: int, state: str, told: str
) -> None:
    """S52: in seconds or as a date."""
    provider.will(PHONE, Refuse(http, retry_after=told))
    outcome = gateway.send(outgoing())
    assert (outcome.state, outcome.retry_after) == (state, 120)


@pytest.mark.parametrize("body", ["", "[]", "{}", '"s1"', "<html>", '{"id": "s1", "status": "created"}'])
def test_a_success_that_cannot_be_read_is_unknown(gateway: Gateway, provider: FakeElks, body: str) -> None:
    """S53: it was taken on, under a name that we cannot ask by."""
    provider.will(PHONE, Accept(body=body))
    assert gateway.send(outgoing()).state == rules.UNKNOWN


@pytest.mark.parametrize("told", [None, "", "s1", "s" + "g" * 32, "../me", "s" + "a" * 32 + "\n"])
def test_only_a_name_of_theirs_is_kept_as_the_reference(told: object) -> None:
    """S28."""
    assert elks.reference_of(told) == ""
    assert elks.reference_of("s" + "a" * 32) == "s" + "a" * 32


def test_an_answer_lost_after_acceptance_is_unknown(provider: FakeElks, gateway: Gateway) -> None:
    """S53."""
    provider.will(PHONE, Accept(lost=True))
    assert gateway.send(outgoing()).state == rules.UNKNOWN
    assert len(provider.accepted) == 1


def test_a_slow_answer_is_unknown(
    provider: FakeElks, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S53: there is a time limit, and after it nobody knows."""
    monkeypatch.setattr(base, "TIMEOUT_SECONDS", 0.2)
    provider.will(PHONE, Accept(seconds=5))
    assert gateway.send(outgoing()).state == rules.UNKNOWN
    assert len(provider.accepted) == 1


@pytest.mark.parametrize("host", ["127.0.0.1:{port}", "no-such-host.invalid"])
def test_nobody_there_is_tried_again(host: str) -> None:
    """S52."""
    url = "http://" + host.format(port=closed_port())
    outcome = elks.Elks(replace(SETTINGS, elks_base_url=url)).send(outgoing())
    assert (outcome.state, outcome.error_code) == (rules.QUEUED, "unreachable")


def test_the_provider_can_be_asked(provider: FakeElks, gateway: Gateway) -> None:
    reference = gateway.send(outgoing()).reference
    assert gateway.look_up(reference, "46elks") is None
    provider.states[reference] = ("failed", None)
    assert gateway.look_up(reference, "46elks") == Outcome(rules.FAILED, reference, "", "46elks")
    provider.states[reference] = ("a word of tomorrow", None)
    assert gateway.look_up(reference, "46elks") is None


def test_nobody_there_to_ask_says_nothing() -> None:
    gateway = elks.Elks(replace(SETTINGS, elks_base_url=f"http://127.0.0.1:{closed_port()}"))
    assert gateway.look_up("s" + "a" * 32, "46elks") is None


def test_the_log_names_neither_number_nor_text_nor_secret(
    provider: FakeElks, gateway: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    """S44: the provider repeats the number in its error texts; our log does not."""
    caplog.set_level(logging.DEBUG, logger="portal")
    provider.will(PHONE, Refuse(400), Accept(lost=True), Refuse(500))
    messages = [outgoing() for _ in range(3)]
    for message in messages:
        gateway.send(message)
        assert elks.secret_of(message.id) not in caplog.text
    assert PHONE.lstrip("+") not in caplog.text
    assert "möte" not in caplog.text
    assert "no answer" in caplog.text
