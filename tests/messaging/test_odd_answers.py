"""Answers to a message sent through Twilio that its documentation does not know."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from portal.messaging import rules
from portal.messaging.gateways import base
from portal.messaging.gateways.twilio import Twilio
from tests.messaging.test_gateways import PHONE, SETTINGS, outgoing
from tests.support.fake_twilio import Accept, FakeTwilio, Refuse


@pytest.fixture
def gateway(twilio: FakeTwilio) -> Twilio:
    return Twilio(replace(SETTINGS, twilio_base_url=twilio.url))


def problem(status: object, code: object = 21211) -> str:
    """An error in the form of RFC 9457, which Twilio's client reads too."""
    return json.dumps({"type": "about:blank", "title": "Bad", "status": status, "code": code})


@pytest.mark.parametrize("body", ["", "<html>", "[]", '{"sid": "SM', "{}", '{"status": "queued"}', '"SM1"'])
def test_a_success_that_cannot_be_read_is_unknown(twilio: FakeTwilio, gateway: Twilio, body: str) -> None:
    """S53: it may have been taken on, under a name that we cannot ask by."""
    twilio.will(PHONE, Accept(body=body))
    assert gateway.send(outgoing()).state == rules.UNKNOWN


@pytest.mark.parametrize(
    "answer, state, code",
    [
        (Refuse(429, body="<html>"), rules.QUEUED, "http 429"),
        (Refuse(400, body="<html>"), rules.FAILED, "http 400"),
        (Refuse(502, body="<html>"), rules.UNKNOWN, "http 502"),
        (Refuse(302, body=""), rules.UNKNOWN, "http 302"),
        (Refuse(400, body="[]"), rules.FAILED, "http 400"),
        (Refuse(400, body=problem(400)), rules.FAILED, "21211"),
        # What was answered counts, and not what the body says of it.
        (Refuse(500, body=problem(400)), rules.UNKNOWN, "21211"),
        (Refuse(400, body=problem(None)), rules.FAILED, "21211"),
        (Refuse(429, body=problem("soon", None)), rules.QUEUED, "http 429"),
    ],
)
def test_an_error_counts_by_its_status_whatever_stands_in_it(
    twilio: FakeTwilio, gateway: Twilio, answer: Refuse, state: str, code: str
) -> None:
    """S53: and nothing that a provider says is raised."""
    twilio.will(PHONE, answer)
    outcome = gateway.send(outgoing())
    assert (outcome.state, outcome.error_code) == (state, code)


def test_a_senders_queue_that_is_full_is_tried_again(twilio: FakeTwilio, gateway: Twilio) -> None:
    """S52: it was not taken on, and the number is not to blame; whoever sends too fast waits."""
    twilio.will(PHONE, Refuse(400, 21611))
    outcome = gateway.send(outgoing())
    assert (outcome.state, outcome.error_code) == (rules.QUEUED, "21611")
    assert rules.pause(rules.LEASE, outcome.error_code, outcome.retry_after) == rules.LEASE


@pytest.mark.parametrize("zone", ["+" + "9" * 30, "-2500"])
def test_a_date_in_no_zone_says_nothing(zone: str) -> None:
    told = f"Tue, 24 Nov 2026 08:00:30 {zone}"
    assert base.seconds_asked(429, told, datetime(2026, 11, 24, 8, 0, tzinfo=UTC)) is None
