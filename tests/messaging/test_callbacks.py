"""What a provider's report can do to a message, and what nobody else's can."""

import uuid
from dataclasses import replace
from datetime import datetime

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal.app import create_app
from portal.config import Settings
from portal.db import Database
from portal.messaging import rules, sender
from portal.messaging.gateways.twilio import Twilio
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
        twilio_base_url=twilio.url,
    )


@pytest.fixture
def sms(database: Database, settings: Settings, twilio: FakeTwilio, now: datetime) -> Sms:
    """A message that the provider has taken on."""
    with database.transaction() as session:
        outbox.put(session, now)
    sender.send_due(database, Twilio(settings), lambda: now, lambda *_: rules.Go())
    return twilio.accepted[-1]


def tell(client: Client, report: tuple[str, dict[str, str], dict[str, str]]) -> TestResponse:
    address, form, headers = report
    path = address.removeprefix("http://127.0.0.1:8000")
    return client.post(path, data=form, headers=headers, csrf=False)


def test_a_signed_report_settles_a_message(
    client: Client, database: Database, twilio: FakeTwilio, sms: Sms, frozen: object
) -> None:
    assert tell(client, twilio.report(sms, "delivered")).status_code == 204
    assert outbox.only(database).state == rules.DELIVERED


def test_a_failure_brings_its_reason(
    client: Client, database: Database, twilio: FakeTwilio, sms: Sms
) -> None:
    tell(client, twilio.report(sms, "undelivered", 30003))
    assert (outbox.only(database).state, outbox.only(database).error_code) == (rules.FAILED, "30003")


def test_a_report_settles_what_we_lost_the_answer_to(
    client: Client, database: Database, settings: Settings, twilio: FakeTwilio, now: datetime
) -> None:
    """S53."""
    twilio.will(outbox.PHONE, Accept(lost=True))
    with database.transaction() as session:
        outbox.put(session, now)
    sender.send_due(database, Twilio(settings), lambda: now, lambda *_: rules.Go())
    assert outbox.only(database).state == rules.UNKNOWN
    tell(client, twilio.report(twilio.accepted[0], "delivered"))
    settled = outbox.only(database)
    assert (settled.state, settled.provider_reference) == (rules.DELIVERED, twilio.accepted[0].sid)


@pytest.mark.parametrize(
    "spoil",
    [
        {},
        {"X-Twilio-Signature": ""},
        {"X-Twilio-Signature": "AAAA"},
        {"X-Twilio-Signature": "åäö"},
        {"X-Twilio-Signature": "other"},
    ],
)
def test_without_the_right_signature_nothing_changes(
    client: Client, database: Database, twilio: FakeTwilio, sms: Sms, spoil: dict[str, str]
) -> None:
    """S26."""
    address, form, _headers = twilio.report(sms, "delivered")
    if spoil.get("X-Twilio-Signature") == "other":
        spoil = {"X-Twilio-Signature": fake_twilio.signature(address, form, token="another token")}
    before = outbox.snapshot(database)
    assert tell(client, (address, form, spoil)).status_code == 403
    assert outbox.snapshot(database) == before


def test_a_changed_form_or_path_loses_its_signature(
    client: Client, database: Database, twilio: FakeTwilio, sms: Sms
) -> None:
    """S26: a report for one message cannot be turned on another, nor its status changed."""
    before = outbox.snapshot(database)
    address, form, headers = twilio.report(sms, "sent")
    other = address.replace(address.rpartition("/")[2], str(uuid.uuid4()))
    assert tell(client, (address, {**form, "MessageStatus": "delivered"}, headers)).status_code == 403
    assert tell(client, (other, form, headers)).status_code == 403
    assert tell(client, (address + "?x=1", form, headers)).status_code == 403
    assert outbox.snapshot(database) == before


@pytest.mark.parametrize("query", ["\xff", "%ff", "a=\x00", "bodySHA256=x"])
def test_whatever_stands_in_an_address_is_refused_without_a_signature_of_it(
    client: Client, twilio: FakeTwilio, sms: Sms, query: str
) -> None:
    """S26: and is no error of ours that anybody could fill the log with."""
    address, form, headers = twilio.report(sms, "delivered")
    path, asked = address.removeprefix("http://127.0.0.1:8000"), {"QUERY_STRING": query}
    answer = client.post(path, data=form, headers=headers, csrf=False, environ_overrides=asked)
    assert answer.status_code == 403


def test_an_address_with_a_question_is_signed_with_it(client: Client, twilio: FakeTwilio, sms: Sms) -> None:
    _, form, _ = twilio.report(sms, "delivered")
    address = f"{sms.callback}?try=1"
    headers = {"X-Twilio-Signature": fake_twilio.signature(address, form)}
    assert tell(client, (address, form, headers)).status_code == 204


def test_an_unknown_message_is_not_found(client: Client, twilio: FakeTwilio, sms: Sms) -> None:
    """S26."""
    gone = replace(sms, callback=f"http://127.0.0.1:8000/sms/twilio/{uuid.uuid4()}")
    assert tell(client, twilio.report(gone, "delivered")).status_code == 404


@pytest.mark.parametrize(
    "status, changes",
    [
        ("received", {}),
        ("read", {}),
        ("", {}),
        ("delivered", {"MessageSid": "SM1"}),
        ("delivered", {"MessageSid": ""}),
    ],
)
def test_a_report_that_says_nothing_we_know_changes_nothing(
    client: Client, database: Database, twilio: FakeTwilio, sms: Sms, status: str, changes: dict[str, str]
) -> None:
    """S26."""
    before = outbox.snapshot(database)
    assert tell(client, twilio.report(sms, status, changes=changes)).status_code == 204
    assert outbox.snapshot(database) == before


def test_replayed_and_reordered_reports_never_go_back(
    client: Client, database: Database, twilio: FakeTwilio, sms: Sms
) -> None:
    """S26."""
    for status in ("sent", "delivered", "queued", "sent", "delivered", "undelivered", "failed"):
        assert tell(client, twilio.report(sms, status)).status_code == 204
    assert outbox.only(database).state == rules.DELIVERED


def test_a_report_changes_nothing_but_the_status(
    client: Client, database: Database, twilio: FakeTwilio, sms: Sms
) -> None:
    """S7, S26: whatever else stands in the form."""
    before = outbox.snapshot(database)
    extra = {
        "Body": "ny text",
        "kind": "x",
        "state": "queued",
        "revision": "9",
        "address": "+46",
        "ErrorCode": "<b>",
    }
    tell(client, twilio.report(sms, "delivered", changes=extra))
    changed = {name for name in before if before[name] != outbox.snapshot(database)[name]}
    assert changed == {"state"}


def test_a_report_cannot_be_fetched(client: Client, sms: Sms) -> None:
    """S24: no GET writes."""
    assert client.get(sms.callback.removeprefix("http://127.0.0.1:8000")).status_code == 404


def test_the_demo_takes_no_reports_at_all(
    settings: Settings, database: Database, twilio: FakeTwilio, sms: Sms
) -> None:
    """S26: without a token of ours, an empty one signs nothing."""
    app: Flask = create_app(replace(settings, sms_provider="console", twilio_auth_token=""), database)
    app.test_client_class = Client
    address, form, _ = twilio.report(sms, "delivered")
    client = app.test_client()
    assert isinstance(client, Client)
    signed = {"X-Twilio-Signature": fake_twilio.signature(address, form, token="")}
    assert tell(client, (address, form, signed)).status_code == 403
    assert outbox.only(database).state == rules.SENT
