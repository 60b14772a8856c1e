"""Who sends an organisation's SMS, where the installation has more than one who can."""

from dataclasses import replace

import pytest

from portal.config import Settings
from portal.db import Database
from portal.organisation.rules import Rules
from tests.conftest import SignIn
from tests.organisation.test_pages import BASE, rules_form, rules_of
from tests.support.pages import Client, parse, seen
from tests.support.world import World


@pytest.fixture
def settings(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    elks = getattr(request, "param", "Portalen")
    return replace(settings, sms_provider="twilio", twilio_sender="+46700000000", elks_sender=elks)


def options(browser: Client, *, chosen: bool = False) -> list[tuple[str, str]]:
    """What the page lets one choose among, or what stands chosen."""
    tree = parse(browser.get(f"{BASE}/rules").text)
    return [
        (str(one.get("value")), one.text or "")
        for menu in tree.iter("select")
        if menu.get("name") == "sms_provider"
        for one in menu.iter("option")
        if not chosen or one.get("selected") is not None
    ]


def test_an_admin_chooses_among_those_that_are_set_up(
    sign_in: SignIn, world: World, database: Database
) -> None:
    browser = sign_in(world.admin)
    assert options(browser) == [("", "Den vanliga: Twilio"), ("twilio", "Twilio"), ("46elks", "46elks")]
    form = rules_form(seen=seen(browser, f"{BASE}/rules"), sms_provider="46elks")
    assert browser.post(f"{BASE}/rules", data=form).status_code == 303
    assert rules_of(database, world).sms_provider == "46elks"
    assert [value for value, _ in options(browser, chosen=True)] == ["46elks"]


@pytest.mark.parametrize("chosen", ["console", "x", "Twilio"])
def test_nobody_else_can_be_chosen(sign_in: SignIn, world: World, database: Database, chosen: str) -> None:
    """S7: the list is what the installation has."""
    browser = sign_in(world.admin)
    form = rules_form(seen=seen(browser, f"{BASE}/rules"), sms_provider=chosen)
    answer = browser.post(f"{BASE}/rules", data=form)
    assert (answer.status_code, "Välj något i listan." in answer.text) == (422, True)
    assert rules_of(database, world).sms_provider == ""


@pytest.mark.parametrize("settings", [""], indirect=True)
def test_where_there_is_one_nothing_is_asked(sign_in: SignIn, world: World, database: Database) -> None:
    """S7: and nothing taken from a form that names one all the same."""
    browser = sign_in(world.admin)
    assert options(browser) == []
    form = rules_form(seen=seen(browser, f"{BASE}/rules"), sms_provider="46elks")
    assert browser.post(f"{BASE}/rules", data=form).status_code == 303
    assert rules_of(database, world).sms_provider == Rules().sms_provider
