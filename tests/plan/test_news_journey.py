"""From a change to the talk about it, and a card from its first line to paper; a phone and a desk (S57)."""

import pytest
from playwright.sync_api import Page, expect

from portal.identity.models import Person
from tests.browser.test_print import BLACK, COLOURS
from tests.plan.test_journey import speak, write_step
from tests.support.browser import OpenPage, no_axe_violations, nothing_sticks_out, screenshot
from tests.support.site import Site

pytestmark = pytest.mark.browser


@pytest.fixture
def plan(site: Site) -> Site:
    """A plan with one step, which is read, and a change of it."""
    with site.database.transaction() as session:
        write_step(session, site, "Praktik i skolköket", "now")
    return site


def look(page: Page, name: str) -> None:
    """What every page must bear."""
    no_axe_violations(page)
    nothing_sticks_out(page)
    screenshot(page, f"plan-{name}")


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_from_a_change_to_the_talk(plan: Site, open_phone: OpenPage, javascript: bool) -> None:
    """The coach changes a step; the participant does not understand; it stays listed until they talked."""
    phone = open_phone(javascript=javascript)
    plan.sign_in(phone, plan.world.participant)
    phone.goto(f"{plan.url}/plan/news")
    phone.get_by_role("button", name="Jag har läst allt").click()
    expect(phone.get_by_text("Nu vet vi att du har läst.")).to_be_visible()

    desk = open_phone(javascript=javascript, desk=True)
    plan.sign_in(desk, plan.world.coach)
    desk.goto(f"{plan.url}/staff/people/{plan.world.participant.id}/plan")
    desk.get_by_role("link", name="Praktik i skolköket").click()
    desk.get_by_label("Steget").fill("Praktik i skolköket, 2 dagar i veckan")
    desk.get_by_role("button", name="Spara").click()

    phone.goto(f"{plan.url}/home")
    phone.get_by_role("link", name="Nytt i din plan").click()
    expect(phone.get_by_text("Förut stod det: Praktik i skolköket")).to_be_visible()
    phone.get_by_role("button", name="Jag förstår inte").click()
    phone.get_by_label("Vad vill du säga?").fill("Vilka dagar?")
    phone.get_by_role("button", name="Spara").click()
    expect(phone.get_by_text("Det här ska ni prata om")).to_be_visible()

    desk.goto(f"{plan.url}/staff")
    expect(desk.get_by_text("Vilka dagar?")).to_be_visible()
    desk.get_by_role("link", name="Vi har pratat om planen: Amina H.").click()
    desk.locator("label", has_text="Vi har pratat om det").click()
    desk.get_by_label("Vill du skriva något till?").fill("Måndag och tisdag.")
    desk.get_by_role("button", name="Spara samtalet").click()
    desk.goto(f"{plan.url}/staff")
    expect(desk.get_by_text("Vilka dagar?")).to_have_count(0)

    phone.reload()
    expect(phone.get_by_text("Ni har pratat om det tisdag 24 november.")).to_be_visible()
    expect(phone.get_by_text("Måndag och tisdag.")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_a_card_is_made_shown_and_printed(plan: Site, open_phone: OpenPage, javascript: bool) -> None:
    """In Swedish first, large, with the way out still there; on paper without a button."""
    phone = open_phone(javascript=javascript)
    plan.sign_in(phone, plan.world.participant)
    phone.goto(f"{plan.url}/plan")
    phone.get_by_role("link", name="Mitt kort").click()
    phone.get_by_role("link", name="Börja på mitt kort").click()
    phone.get_by_text("Jag behöver en tyst plats.").click()
    phone.get_by_label("Eller skriv med egna ord").fill("Skriv till mig. Ring inte.")
    phone.get_by_role("button", name="Spara på mitt kort").click()
    phone.get_by_role("link", name="Visa kortet för någon").click()
    expect(phone.get_by_role("heading", name="Det här hjälper mig")).to_be_visible()
    expect(phone.get_by_role("button", name="Lämna")).to_be_visible()
    print_button = phone.get_by_role("button", name="Skriv ut kortet")
    expect(print_button).to_have_count(1 if javascript else 0)
    phone.emulate_media(media="print")
    assert phone.locator("button:visible, .button:visible, nav:visible").count() == 0
    assert {colour for colour, _ in phone.evaluate(COLOURS)} == {BLACK}
    assert phone.get_by_text("Skriv till mig. Ring inte.").is_visible()


@pytest.mark.parametrize("language, dark", [("sv", False), ("ar", True)], ids=["sv-light", "ar-dark"])
def test_how_the_pages_look(plan: Site, open_phone: OpenPage, language: str, dark: bool) -> None:
    """The pictures are for people to look at; axe finds nothing, nothing sticks out."""
    person: Person = speak(plan, language)
    name = f"{language}-{'dark' if dark else 'light'}"
    phone = open_phone(language=language, dark=dark)
    plan.sign_in(phone, person)
    phone.goto(f"{plan.url}/plan/news")
    look(phone, f"news-{name}")
    phone.locator(".answers button").nth(1).click()
    look(phone, f"words-{name}")
    phone.locator("form.form button").click()
    look(phone, f"answered-{name}")
    phone.goto(f"{plan.url}/plan/card/add")
    look(phone, f"card-add-{name}")
    for box in phone.locator("fieldset input").all()[:3]:
        box.check()
    phone.locator("form.form button.main").click()
    look(phone, f"card-{name}")
    phone.goto(f"{plan.url}/plan/card/show")
    look(phone, f"card-whole-{name}")
    phone.goto(f"{plan.url}/plan")
    look(phone, f"with-card-{name}")
    phone.goto(f"{plan.url}/plan/changes")
    look(phone, f"changes-own-{name}")
    desk = open_phone(desk=True, dark=dark)
    plan.sign_in(desk, plan.world.coach)
    root = f"{plan.url}/staff/people/{person.id}/plan"
    for path in ("questions", "card", "stair"):
        desk.goto(f"{root}/{path}")
        look(desk, f"desk-{path}-{name}")
    desk.goto(f"{plan.url}/staff")
    look(desk, f"desk-today-{name}")
