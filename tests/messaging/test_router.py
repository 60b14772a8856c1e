"""Which provider a message takes, and who is asked about it afterwards."""

import uuid
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from portal.config import Settings
from portal.db import Database
from portal.messaging import queries, rules, sender
from portal.messaging.gateways.base import Gateway, Outcome, Outgoing
from portal.messaging.gateways.router import Router, gateway
from portal.messaging.models import OutboxMessage
from portal.organisation.models import Organisation
from tests.support import fake_elks, fake_twilio, outbox
from tests.support.fake_elks import FakeElks
from tests.support.fake_provider import Refuse
from tests.support.fake_twilio import FakeTwilio
from tests.support.world import World

BOTH = {
    "DEPLOYMENT": "demo",
    "SMS_PROVIDER": "twilio",
    "TWILIO_ACCOUNT_SID": fake_twilio.ACCOUNT,
    "TWILIO_AUTH_TOKEN": fake_twilio.TOKEN,
    "TWILIO_SENDER": fake_twilio.SENDER,
    "ELKS_USERNAME": fake_elks.USERNAME,
    "ELKS_PASSWORD": fake_elks.PASSWORD,
    "ELKS_SENDER": fake_elks.SENDER,
}


@pytest.fixture
def ways(twilio: FakeTwilio, elks: FakeElks) -> Gateway:
    return gateway(
        Settings.from_environment({**BOTH, "TWILIO_BASE_URL": twilio.url, "ELKS_BASE_URL": elks.url})
    )


def outgoing(provider: str) -> Outgoing:
    return Outgoing(
        uuid.uuid4(),
        outbox.PHONE,
        "Hej",
        60,
        organisation_id=outbox.ORGANISATION,
        kind="reminder_one_day",
        provider=provider,
    )


@pytest.mark.parametrize(
    "environment, providers",
    [
        ({"DEPLOYMENT": "demo"}, ("console",)),
        ({**BOTH, "SMS_PROVIDER": "console"}, ("console",)),
        (BOTH, ("twilio", "46elks")),
        ({**BOTH, "SMS_PROVIDER": "46elks"}, ("46elks", "twilio")),
        ({name: value for name, value in BOTH.items() if not name.startswith("ELKS")}, ("twilio",)),
    ],
)
def test_what_is_set_up_stands_with_the_installations_own_first(
    environment: dict[str, str], providers: tuple[str, ...]
) -> None:
    """The demo's console is the only one beside which there is nothing."""
    assert Settings.from_environment(environment).sms_providers == providers


@pytest.mark.parametrize("chosen, sent_by", [("", "twilio"), ("46elks", "46elks"), ("gone", "twilio")])
def test_a_message_takes_its_organisations_way(ways: Gateway, chosen: str, sent_by: str) -> None:
    """A provider that is no longer set up stops nothing: then it is the installation's."""
    assert ways.send(outgoing(chosen)).provider == sent_by
    assert not ways.keeps_text


def test_whoever_sent_it_is_asked(ways: Gateway, twilio: FakeTwilio, elks: FakeElks) -> None:
    by_twilio, by_elks = ways.send(outgoing("")).reference, ways.send(outgoing("46elks")).reference
    twilio.states[by_twilio], elks.states[by_elks] = ("delivered", None), ("failed", None)
    assert ways.look_up(by_twilio, "twilio") == Outcome(rules.DELIVERED, by_twilio, "", "twilio")
    assert ways.look_up(by_elks, "46elks") == Outcome(rules.FAILED, by_elks, "", "46elks")
    assert ways.look_up(by_elks, "gone") is None


def test_the_demo_goes_nowhere() -> None:
    demo = gateway(Settings.from_environment({"DEPLOYMENT": "demo"}))
    assert isinstance(demo, Router)
    assert demo.send(outgoing("twilio")) == Outcome(rules.DELIVERED, provider="console")
    assert demo.keeps_text


def choose(database: Database, world: World, provider: str) -> None:
    with database.transaction() as session:
        own = session.get_one(Organisation, world.organisation.id)
        own.settings = replace(own.rules, sms_provider=provider).to_json()


def test_an_organisations_choice_is_asked_for_just_before_sending(
    database: Database, world: World, ways: Gateway, twilio: FakeTwilio, elks: FakeElks, now: datetime
) -> None:
    """S52: what waits because one provider is away leaves by another as soon as an admin says so."""
    with database.transaction() as session:
        waits = outbox.put(session, now, organisation_id=world.organisation.id).id
        assert queries.chosen_providers(session) == {}
    twilio.always(Refuse(429))
    sender.send_due(database, ways, lambda: now, lambda *_: rules.Go())
    choose(database, world, "46elks")
    with database.reading() as session:
        assert queries.chosen_providers(session) == {world.organisation.id: "46elks"}
    sender.send_due(database, ways, lambda: now + timedelta(minutes=1), lambda *_: rules.Go())
    with database.reading() as session:
        row = session.get_one(OutboxMessage, waits)
    assert (row.state, row.provider, row.provider_reference) == (rules.SENT, "46elks", elks.accepted[0].sid)
    assert twilio.accepted == []


def test_what_was_sent_before_a_change_is_asked_of_whoever_sent_it(
    database: Database, world: World, ways: Gateway, elks: FakeElks, now: datetime
) -> None:
    choose(database, world, "46elks")
    with database.transaction() as session:
        sent = outbox.put(session, now, organisation_id=world.organisation.id).id
    sender.send_due(database, ways, lambda: now, lambda *_: rules.Go())
    choose(database, world, "twilio")
    elks.states[elks.accepted[0].sid] = ("delivered", None)
    assert sender.ask_next(database, ways, now + rules.ASK_AFTER + timedelta(minutes=1))
    with database.reading() as session:
        assert session.get_one(OutboxMessage, sent).state == rules.DELIVERED
