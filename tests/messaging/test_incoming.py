"""What comes in by SMS is kept once, if it is proved who brings it; of strangers nothing is kept."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from portal import cli
from portal.app import create_app
from portal.config import Settings
from portal.crypto import Keyring, lookup_hash
from portal.db import Database
from portal.messaging import incoming_service, rules
from portal.messaging.gateways.elks import incoming_secret, secret_of
from portal.messaging.models import IncomingMessage
from tests.support import fake_elks, fake_twilio
from tests.support.pages import Client
from tests.support.world import World

HOME = "http://127.0.0.1:8000"
STRANGER = "+46701740699"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(
        settings,
        sms_provider="twilio",
        twilio_account_sid=fake_twilio.ACCOUNT,
        twilio_auth_token=fake_twilio.TOKEN,
        twilio_sender=fake_twilio.SENDER,
        elks_username=fake_elks.USERNAME,
        elks_password=fake_elks.PASSWORD,
        elks_sender=fake_elks.SENDER,
    )


def kept(database: Database) -> Sequence[IncomingMessage]:
    with database.reading() as session:
        return session.scalars(select(IncomingMessage)).all()


def by_twilio(client: Client, told: tuple[str, dict[str, str], dict[str, str]]) -> TestResponse:
    address, form, headers = told
    return client.post(address.removeprefix(HOME), data=form, headers=headers, csrf=False)


def by_elks(client: Client, form: dict[str, str], secret: str = "") -> TestResponse:
    return client.post(f"/sms/46elks/incoming/{secret or incoming_secret()}", data=form, csrf=False)


def test_twilio_brings_a_message(client: Client, database: Database, world: World, now: datetime) -> None:
    answer = by_twilio(client, fake_twilio.incoming(world.participant.phone, "Ja"))
    assert (answer.status_code, answer.data) == (200, b"<Response/>")
    assert answer.mimetype == "text/xml"
    (row,) = kept(database)
    assert (row.address, row.body, row.provider) == (world.participant.phone, "Ja", "twilio")
    assert (row.state, row.taken_as, row.received_at) == (rules.NEW, "", now)
    assert row.organisation_id == world.organisation.id
    assert row.address_hash == world.participant.phone_hash == lookup_hash("phone", row.address)
    assert b"Ja" not in (row.body_sealed or b"")


def test_46elks_brings_a_message(client: Client, database: Database, world: World) -> None:
    answer = by_elks(client, fake_elks.incoming(world.participant.phone, "Ja"))
    assert (answer.status_code, answer.data) == (204, b"")
    (row,) = kept(database)
    assert (row.address, row.body, row.provider) == (world.participant.phone, "Ja", "46elks")


@pytest.mark.parametrize(
    "longest", ["a" * rules.LONGEST_INCOMING, "\u0645" * rules.MOST_PARTS * rules.UCS2_PART]
)
def test_the_longest_sms_that_there_is_is_kept_whole(
    client: Client, database: Database, world: World, longest: str
) -> None:
    by_elks(client, fake_elks.incoming(world.participant.phone, longest))
    (row,) = kept(database)
    assert row.body == longest


def test_without_proof_nothing_is_kept(client: Client, database: Database, world: World) -> None:
    """S26: a wrong or missing signature, a changed form, a guessed, foreign or another message's secret."""
    address, form, headers = fake_twilio.incoming(world.participant.phone, "Ja")
    wrong = {"X-Twilio-Signature": fake_twilio.signature(address, form, token="another token")}
    for told in ({}, {"X-Twilio-Signature": "åäö"}, wrong):
        assert by_twilio(client, (address, form, told)).status_code == 403
    assert by_twilio(client, (address, {**form, "Body": "AVBOKA"}, headers)).status_code == 403
    foreign = Keyring({"a": b"k" * 32}, b"k" * 32).keyed_hash("46elks incoming").hex()
    mine = fake_elks.incoming(world.participant.phone, "Ja")
    for secret in ("x", "å", incoming_secret()[:-1], foreign, secret_of(world.participant.id)):
        assert by_elks(client, mine, secret).status_code == 403, secret
    assert kept(database) == []


def test_an_installation_without_a_provider_takes_nothing_from_it(
    settings: Settings, database: Database, world: World
) -> None:
    """S26: an empty token signs nothing."""
    app = create_app(
        replace(settings, sms_provider="console", twilio_auth_token="", elks_password=""), database
    )
    app.test_client_class = Client
    client = app.test_client()
    assert isinstance(client, Client)
    address, form, _ = fake_twilio.incoming(world.participant.phone, "Ja")
    signed = {"X-Twilio-Signature": fake_twilio.signature(address, form, token="")}
    assert by_twilio(client, (address, form, signed)).status_code == 403
    assert by_elks(client, fake_elks.incoming(world.participant.phone, "Ja")).status_code == 403
    assert kept(database) == []


def test_a_message_told_twice_is_one(client: Client, database: Database, world: World) -> None:
    """S26: also when the second telling says something else."""
    for words in ("Ja", "Ja", "AVBOKA"):
        sid = "SM" + "a" * 32
        assert by_twilio(client, fake_twilio.incoming(world.participant.phone, words, sid)).status_code == 200
        told = fake_elks.incoming(world.participant.phone, words, "s" + "a" * 32)
        assert by_elks(client, told).status_code == 204
    assert sorted((row.provider, row.body) for row in kept(database)) == [("46elks", "Ja"), ("twilio", "Ja")]


def test_of_a_stranger_nothing_is_kept_and_the_answer_is_the_same(
    client: Client, database: Database, world: World
) -> None:
    """S15, S35: an unknown number learns nothing, and neither its number nor its text stays."""
    known = by_twilio(client, fake_twilio.incoming(world.participant.phone, "Ja"))
    strange = by_twilio(client, fake_twilio.incoming(STRANGER, "Hemligt"))
    assert (strange.status_code, strange.data) == (known.status_code, known.data)
    assert strange.headers.to_wsgi_list() == known.headers.to_wsgi_list()
    (row,) = [one for one in kept(database) if one.taken_as]
    assert (row.taken_as, row.state) == (rules.UNKNOWN_NUMBER, rules.DONE)
    assert (row.organisation_id, row.person_id, row.address_hash) == (None, None, None)
    assert (row.address, row.body) == ("", "")


@pytest.mark.parametrize("sid", ["", "x", "SM1", "SM" + "a" * 31 + "\n"])
def test_a_message_without_a_name_of_theirs_is_passed_over(
    client: Client, database: Database, world: World, sid: str
) -> None:
    told = fake_twilio.incoming(world.participant.phone, "Ja", MessageSid=sid)
    assert by_twilio(client, told).status_code == 200
    assert by_elks(client, fake_elks.incoming(world.participant.phone, "Ja", id=sid)).status_code == 204
    assert kept(database) == []


def test_nothing_comes_in_by_asking(client: Client, world: World) -> None:
    """S24: no GET writes."""
    assert client.get("/sms/twilio/incoming").status_code == 404
    assert client.get(f"/sms/46elks/incoming/{incoming_secret()}").status_code == 404


def test_a_week_later_number_and_text_are_forgotten_but_not_that_it_came(
    database: Database, world: World, now: datetime
) -> None:
    with database.transaction() as session:
        for words in ("Ja", "Nej"):
            row = incoming_service.receive(
                session,
                provider="twilio",
                reference=words,
                address=world.participant.phone,
                body=words,
                homes=[world.organisation.id],
                now=now,
            )
        incoming_service.take(row, rules.OTHER)
    with database.transaction() as session:
        week = rules.REMEMBERED
        assert incoming_service.forget_texts(session, now + week * 0.9) == 0
        assert incoming_service.forget_texts(session, now + week) == 1
    with database.reading() as session:
        gone = session.scalars(
            select(IncomingMessage).where(IncomingMessage.provider_reference == "Nej")
        ).one()
        assert (gone.address, gone.body, gone.address_hash) == ("", "", None)
        assert session.scalar(select(func.count()).select_from(IncomingMessage)) == 2


def test_a_month_later_nothing_is_known_of_numbers_that_nobody_has(
    database: Database, world: World, now: datetime
) -> None:
    with database.transaction() as session:
        for reference, homes in (("known", [world.organisation.id]), ("unknown", [])):
            incoming_service.receive(
                session,
                provider="twilio",
                reference=reference,
                address=world.participant.phone,
                body="Ja",
                homes=homes,
                now=now,
            )
    with database.transaction() as session:
        month = rules.UNKNOWN_KEPT
        assert incoming_service.forget_unknown(session, now + month - timedelta(seconds=1)) == 0
        assert incoming_service.forget_unknown(session, now + month) == 1
    assert [one.provider_reference for one in kept(database)] == ["known"]


def test_the_addresses_are_printed_for_what_is_set_up(settings: Settings, database: Database) -> None:
    app = create_app(settings, database)
    cli.install(app)
    said = app.test_cli_runner().invoke(args=["sms", "addresses"]).output.splitlines()
    assert said == [
        f"Twilio: {HOME}/sms/twilio/incoming",
        f"46elks: {HOME}/sms/46elks/incoming/{incoming_secret()}",
    ]
