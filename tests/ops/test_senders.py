"""Who SMS come from, and whether one can answer, as an admin reads it."""

from dataclasses import replace
from typing import Any

import pytest

from portal.config import ELKS, TWILIO, Settings
from portal.db import Database
from portal.ops import rules
from portal.ops.rules import Senders
from portal.organisation.models import Organisation
from portal.senders import kind_of_sender
from tests.conftest import SignIn
from tests.support.pages import text_of
from tests.support.world import World

PAGE = "/staff/sending"
BOTH: dict[str, Any] = {
    "twilio_sender": "Portalen",
    "twilio_code_sender": "+46700000001",
    "elks_sender": "+46700000002",
}


@pytest.mark.parametrize(
    "chosen, found",
    [
        ("", Senders(TWILIO, "Portalen", "+46700000001")),
        (ELKS, Senders(ELKS, "+46700000002", "+46700000002")),
        ("gone", Senders(TWILIO, "Portalen", "+46700000001")),
    ],
)
def test_the_senders_are_those_of_the_organisations_provider(chosen: str, found: Senders) -> None:
    real = replace(Settings.from_environment({"DEPLOYMENT": "demo"}), sms_provider=TWILIO, **BOTH)
    assert rules.senders(real, chosen) == found


def test_a_voice_rings_from_a_number_where_the_provider_can() -> None:
    real = replace(Settings.from_environment({"DEPLOYMENT": "demo"}), sms_provider=TWILIO, **BOTH)
    real = replace(real, twilio_voice_number="+46700000003")
    callers = {chosen: rules.senders(real, chosen) for chosen in ("", ELKS)}
    assert {chosen: one and one.caller for chosen, one in callers.items()} == {"": "+46700000003", ELKS: ""}


def test_the_demo_has_no_sender() -> None:
    assert rules.senders(Settings.from_environment({"DEPLOYMENT": "demo"}), "") is None


@pytest.mark.parametrize(
    "sender, kind",
    [
        ("+46701740605", "number"),
        ("71234", "number"),
        ("Portalen", "name"),
        ("MGM", "name"),
        ("MG" + "0" * 32, "service"),
    ],
)
def test_only_a_number_is_known_to_be_answered(sender: str, kind: str) -> None:
    assert kind_of_sender(sender) == kind


@pytest.fixture
def settings(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    return replace(settings, **getattr(request, "param", {"sms_provider": TWILIO, **BOTH}))


def test_an_admin_reads_whether_one_can_answer(sign_in: SignIn, world: World, database: Database) -> None:
    admin = sign_in(world.admin)
    shown = text_of(admin.get(PAGE))
    assert all(word in shown for word in ("Twilio", "Portalen", "+46700000001", "kommer från ett namn"))
    assert "Ingen röst kan ringa upp" in shown
    with database.transaction() as session:
        own = session.get_one(Organisation, world.organisation.id)
        own.settings = replace(own.rules, sms_provider=ELKS).to_json()
    shown = text_of(sign_in(world.admin).get(PAGE))
    assert "46elks" in shown
    assert "Det går att svara" in shown
    assert "Portalen" not in shown


@pytest.mark.parametrize(
    "settings", [{"sms_provider": TWILIO, **BOTH, "twilio_voice_number": "+46700000003"}], indirect=True
)
def test_an_admin_reads_where_a_voice_rings_from(sign_in: SignIn, world: World) -> None:
    assert "Den ringer från +46700000003." in text_of(sign_in(world.admin).get(PAGE))


@pytest.mark.parametrize("settings", [{"sms_provider": "console"}], indirect=True)
def test_in_the_demo_nothing_is_said_of_senders(sign_in: SignIn, world: World) -> None:
    assert "Avsändare" not in text_of(sign_in(world.admin).get(PAGE))
