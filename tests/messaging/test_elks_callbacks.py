"""What a report of 46elks can do to a message, and what nobody else's can: its address is its proof."""

import uuid
from dataclasses import replace
from datetime import datetime

import pytest
from werkzeug.test import TestResponse

from portal.app import create_app
from portal.config import Settings
from portal.crypto import Keyring
from portal.db import Database
from portal.messaging import rules, sender
from portal.messaging.gateways.elks import Elks, secret_of
from tests.support import fake_elks, outbox
from tests.support.fake_elks import FakeElks
from tests.support.fake_provider import Accept, Sms
from tests.support.pages import Client

HOME = "http://127.0.0.1:8000"


@pytest.fixture
def settings(settings: Settings, elks: FakeElks) -> Settings:
    return replace(
        settings,
        sms_provider="46elks",
        elks_username=fake_elks.USERNAME,
        elks_password=fake_elks.PASSWORD,
        elks_sender=fake_elks.SENDER,
        elks_base_url=elks.url,
    )


@pytest.fixture
def sms(database: Database, settings: Settings, elks: FakeElks, now: datetime) -> Sms:
    """A message that the provider has taken on."""
    with database.transaction() as session:
        outbox.put(session, now)
    sender.send_due(database, Elks(settings), lambda: now, lambda *_: rules.Go())
    return elks.accepted[-1]


def tell(client: Client, report: tuple[str, dict[str, str], dict[str, str]]) -> TestResponse:
    address, form, headers = report
    return client.post(address.removeprefix(HOME), data=form, headers=headers, csrf=False)


@pytest.mark.parametrize("status, state", [("delivered", rules.DELIVERED), ("failed", rules.FAILED)])
def test_a_report_settles_a_message(
    client: Client, database: Database, elks: FakeElks, sms: Sms, status: str, state: str
) -> None:
    answer = tell(client, elks.report(sms, status))
    assert (answer.status_code, answer.data) == (204, b"")
    assert outbox.only(database).state == state


def test_a_report_settles_what_we_lost_the_answer_to(
    client: Client, database: Database, settings: Settings, elks: FakeElks, now: datetime
) -> None:
    """S53."""
    elks.will(outbox.PHONE, Accept(lost=True))
    with database.transaction() as session:
        outbox.put(session, now)
    sender.send_due(database, Elks(settings), lambda: now, lambda *_: rules.Go())
    assert outbox.only(database).state == rules.UNKNOWN
    tell(client, elks.report(elks.accepted[0], "delivered"))
    settled = outbox.only(database)
    assert (settled.state, settled.provider_reference) == (rules.DELIVERED, elks.accepted[0].sid)


def test_without_the_right_secret_nothing_changes(
    client: Client, database: Database, elks: FakeElks, sms: Sms
) -> None:
    """S26: neither a guess, nor another message's, nor one made with another key."""
    address, form, _ = elks.report(sms, "delivered")
    own, _, secret = address.rpartition("/")
    foreign = Keyring({"a": b"k" * 32}, b"k" * 32).keyed_hash("46elks receipt", str(outbox.only(database).id))
    before = outbox.snapshot(database)
    wrong = ["x", "å", secret[:-1], secret.upper(), secret + "0", secret_of(uuid.uuid4()), foreign.hex()]
    for told in wrong:
        assert tell(client, (f"{own}/{told}", form, {})).status_code == 403, told
    for path in (own, own + "/", f"{own}/{secret}/"):
        assert tell(client, (path, form, {})).status_code == 404, path
    assert outbox.snapshot(database) == before


def test_a_secret_opens_no_other_message(
    client: Client, database: Database, elks: FakeElks, sms: Sms
) -> None:
    """S26: nor does Twilio's door take it."""
    address, form, _ = elks.report(sms, "delivered")
    before = outbox.snapshot(database)
    other = address.replace(str(outbox.only(database).id), str(uuid.uuid4()))
    assert tell(client, (other, form, {})).status_code == 403
    assert tell(client, (f"{HOME}/sms/twilio/{outbox.only(database).id}", form, {})).status_code == 403
    assert outbox.snapshot(database) == before


def test_an_unknown_message_is_not_found(client: Client, elks: FakeElks, sms: Sms) -> None:
    """S26: a row that was forgotten."""
    gone = uuid.uuid4()
    address = f"{HOME}/sms/46elks/{gone}/{secret_of(gone)}"
    assert tell(client, elks.report(replace(sms, callback=address), "delivered")).status_code == 404


@pytest.mark.parametrize(
    "status, changes",
    [
        ("received", {}),
        ("", {}),
        ("delivered", {"id": "s1"}),
        ("delivered", {"id": ""}),
        ("delivered", {"id": "s" + "a" * 32}),
    ],
)
def test_a_report_that_says_nothing_we_know_changes_nothing(
    client: Client, database: Database, elks: FakeElks, sms: Sms, status: str, changes: dict[str, str]
) -> None:
    """S26: an unknown word, no name of theirs, or another sending's."""
    before = outbox.snapshot(database)
    assert tell(client, elks.report(sms, status, **changes)).status_code == 204
    assert outbox.snapshot(database) == before


def test_replayed_and_reordered_reports_never_go_back(
    client: Client, database: Database, elks: FakeElks, sms: Sms
) -> None:
    """S26: 46elks tells again for six hours."""
    for status in ("sent", "delivered", "created", "sent", "delivered", "failed"):
        assert tell(client, elks.report(sms, status)).status_code == 204
    assert outbox.only(database).state == rules.DELIVERED


def test_a_report_changes_nothing_but_the_status(
    client: Client, database: Database, elks: FakeElks, sms: Sms
) -> None:
    """S7, S26: whatever else stands in the form."""
    before = outbox.snapshot(database)
    extra = {"message": "ny text", "kind": "x", "state": "queued", "revision": "9", "to": "+46"}
    tell(client, elks.report(sms, "delivered", **extra))
    changed = {name for name in before if before[name] != outbox.snapshot(database)[name]}
    assert changed == {"state"}


def test_a_report_cannot_be_fetched(client: Client, sms: Sms) -> None:
    """S24: no GET writes."""
    assert client.get(sms.callback.removeprefix(HOME)).status_code == 404


def test_an_installation_without_46elks_takes_none_of_its_reports(
    settings: Settings, database: Database, elks: FakeElks, sms: Sms
) -> None:
    """S26."""
    app = create_app(replace(settings, sms_provider="console", elks_password=""), database)
    app.test_client_class = Client
    client = app.test_client()
    assert isinstance(client, Client)
    assert tell(client, elks.report(sms, "delivered")).status_code == 403
    assert outbox.only(database).state == rules.SENT
