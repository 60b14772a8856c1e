"""What a provider's report of a call can do, and what nobody else's can."""

import uuid
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from portal.config import Settings
from portal.db import Database
from portal.messaging import rules, sender
from portal.messaging.gateways import router
from tests.messaging.test_callbacks import tell
from tests.support import fake_twilio, outbox
from tests.support.fake_twilio import Accept, FakeTwilio, Sms
from tests.support.pages import Client


@pytest.fixture
def settings(settings: Settings, twilio: FakeTwilio) -> Settings:
    return replace(
        settings,
        sms_provider="twilio",
        twilio_account_sid=fake_twilio.ACCOUNT,
        twilio_auth_token=fake_twilio.TOKEN,
        twilio_sender=fake_twilio.SENDER,
        twilio_voice_number=fake_twilio.SENDER,
        twilio_base_url=twilio.url,
    )


def ring(database: Database, settings: Settings, now: datetime) -> None:
    with database.transaction() as session:
        outbox.put(session, now, channel=rules.VOICE)
    sender.send_due(database, router.gateway(settings), lambda: now, lambda *_: rules.Go())


@pytest.fixture
def call(database: Database, settings: Settings, twilio: FakeTwilio, now: datetime) -> Sms:
    """A call that the provider has taken on."""
    ring(database, settings, now)
    return twilio.accepted[-1]


def test_a_call_is_in_the_language_and_counts_as_no_sms(
    database: Database, twilio: FakeTwilio, call: Sms
) -> None:
    row = outbox.only(database)
    assert (row.channel, row.state, row.parts, row.provider_reference) == ("voice", rules.SENT, 1, call.sid)
    assert 'language="sv-SE"' in call.body
    assert call.to == outbox.PHONE


@pytest.mark.parametrize(
    "status, state, code",
    [
        ("completed", rules.DELIVERED, ""),
        ("busy", rules.FAILED, "call busy"),
        ("no-answer", rules.FAILED, "call no-answer"),
        ("failed", rules.FAILED, "call failed"),
        ("canceled", rules.FAILED, "call canceled"),
    ],
)
def test_a_signed_report_settles_a_call(
    client: Client,
    database: Database,
    twilio: FakeTwilio,
    call: Sms,
    status: str,
    state: str,
    code: str,
    frozen: object,
) -> None:
    assert tell(client, twilio.report_call(call, status)).status_code == 204
    assert (outbox.only(database).state, outbox.only(database).error_code) == (state, code)


def test_nobody_is_rung_twice(
    client: Client, database: Database, settings: Settings, twilio: FakeTwilio, call: Sms, now: datetime
) -> None:
    """S53: neither after an answer, nor after none; the coach rings then."""
    for status in ("ringing", "no-answer", "completed", "busy", "queued"):
        assert tell(client, twilio.report_call(call, status)).status_code == 204
    assert outbox.only(database).state == rules.FAILED
    later = now + timedelta(hours=1)
    sender.send_due(database, router.gateway(settings), lambda: later, lambda *_: rules.Go())
    assert len(twilio.accepted) == 1


def test_a_report_settles_what_we_lost_the_answer_to(
    client: Client, database: Database, settings: Settings, twilio: FakeTwilio, now: datetime
) -> None:
    """S53."""
    twilio.will(outbox.PHONE, Accept(lost=True))
    ring(database, settings, now)
    assert outbox.only(database).state == rules.UNKNOWN
    tell(client, twilio.report_call(twilio.accepted[0], "completed"))
    settled = outbox.only(database)
    assert (settled.state, settled.provider_reference) == (rules.DELIVERED, twilio.accepted[0].sid)


def test_a_lost_report_is_asked_for(
    database: Database, settings: Settings, twilio: FakeTwilio, call: Sms, now: datetime
) -> None:
    twilio.states[call.sid] = ("busy", None)
    gateway = router.gateway(settings)
    assert sender.ask_next(database, gateway, now + rules.ASK_AFTER + timedelta(minutes=1))
    assert outbox.only(database).error_code == "call busy"


@pytest.mark.parametrize("headers", [{}, {"X-Twilio-Signature": "AAAA"}, {"X-Twilio-Signature": "åäö"}])
def test_without_the_right_signature_nothing_changes(
    client: Client, database: Database, twilio: FakeTwilio, call: Sms, headers: dict[str, str]
) -> None:
    """S26."""
    address, form, _signed = twilio.report_call(call, "completed")
    before = outbox.snapshot(database)
    assert tell(client, (address, form, headers)).status_code == 403
    assert outbox.snapshot(database) == before


def test_a_changed_form_or_path_loses_its_signature(
    client: Client, database: Database, twilio: FakeTwilio, call: Sms
) -> None:
    """S26: a report of a call is none of an SMS, and none of another call."""
    before = outbox.snapshot(database)
    address, form, headers = twilio.report_call(call, "ringing")
    other = address.replace(address.rpartition("/")[2], str(uuid.uuid4()))
    assert tell(client, (address, {**form, "CallStatus": "completed"}, headers)).status_code == 403
    assert tell(client, (other, form, headers)).status_code == 403
    assert tell(client, (address.replace("/voice/", "/sms/"), form, headers)).status_code == 403
    assert outbox.snapshot(database) == before


@pytest.mark.parametrize(
    "status, changes",
    [
        ("in a hurry", {}),
        ("", {}),
        ("completed", {"CallSid": "SM" + "a" * 32}),
        ("completed", {"CallSid": "CA" + "0" * 32}),
        ("completed", {"CallSid": ""}),
    ],
)
def test_a_report_that_says_nothing_of_this_call_changes_nothing(
    client: Client, database: Database, twilio: FakeTwilio, call: Sms, status: str, changes: dict[str, str]
) -> None:
    """S26."""
    before = outbox.snapshot(database)
    assert tell(client, twilio.report_call(call, status, changes)).status_code == 204
    assert outbox.snapshot(database) == before


def test_a_report_cannot_be_fetched(client: Client, call: Sms) -> None:
    """S24: no GET writes."""
    assert client.get(call.callback.removeprefix("http://127.0.0.1:8000")).status_code == 404
