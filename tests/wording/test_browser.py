"""A coach writes, a translator translates, a participant reads both; with JavaScript and without (S57)."""

import pytest
from playwright.sync_api import Page, expect

from portal.identity.models import Person
from tests.support.browser import OpenPage, no_axe_violations, nothing_sticks_out, screenshot
from tests.support.site import Site

pytestmark = pytest.mark.browser


@pytest.fixture
def arabic(site: Site) -> Site:
    """Amina reads Arabic."""
    with site.database.transaction() as session:
        session.get_one(Person, site.world.participant.id).language = "ar"
    return site


def look(page: Page, name: str, javascript: bool) -> None:
    """What every page must bear; a browser without scripts cannot be asked."""
    if javascript:
        no_axe_violations(page)
        nothing_sticks_out(page)
        screenshot(page, f"wording-{name}")


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_from_the_coachs_words_to_the_participants(
    arabic: Site, open_phone: OpenPage, javascript: bool
) -> None:
    """S57: a phrase at once, a free text once confirmed, and what is outdated when the Swedish changes."""
    desk = open_phone(javascript=javascript, desk=True)
    arabic.sign_in(desk, arabic.world.coach)
    root = f"{arabic.url}/staff/people/{arabic.world.participant.id}/plan"
    desk.goto(f"{root}/add/step")
    look(desk, "add", javascript)
    desk.get_by_label("Sök bland färdiga texter").fill("läkaren")
    if not javascript:
        desk.get_by_role("button", name="Sök").click()
    expect(desk.get_by_text("hittades.")).to_be_visible()
    desk.get_by_label("Gå till läkaren").check()
    look(desk, "add-found", javascript)
    desk.get_by_role("button", name="Spara").click()
    desk.goto(f"{root}/add/step")
    desk.get_by_label("Steget").fill("Träffa Ebba på biblioteket")
    desk.get_by_role("button", name="Spara").click()
    expect(desk.get_by_text("Inte översatt", exact=True)).to_be_visible()

    phone = open_phone(language="ar", javascript=javascript)
    arabic.sign_in(phone, arabic.world.participant)
    phone.goto(f"{arabic.url}/plan")
    expect(phone.get_by_role("heading", name="الذهاب إلى الطبيب")).to_be_visible()
    expect(phone.get_by_text("Gå till läkaren")).to_be_visible()
    expect(phone.get_by_role("heading", name="Träffa Ebba på biblioteket")).to_be_visible()
    expect(phone.get_by_text("هذا غير مترجم بعد.")).to_be_visible()
    look(phone, "plan-waiting", javascript)

    tara = open_phone(javascript=javascript, desk=True)
    arabic.sign_in(tara, arabic.world.translator)
    tara.goto(f"{arabic.url}/staff")
    look(tara, "list", javascript)
    tara.get_by_role("link", name="Träffa Ebba på biblioteket").click()
    tara.get_by_label("Översättningen").fill("مقابلة إبا")
    tara.get_by_role("button", name="Spara utkast").click()
    tara.get_by_role("link", name="Träffa Ebba på biblioteket").click()
    tara.get_by_label("Översättningen").fill("مقابلة إبا في المكتبة")
    look(tara, "text", javascript)
    tara.get_by_role("button", name="Bekräfta").click()
    expect(tara.get_by_text("Översättningen är bekräftad.")).to_be_visible()

    phone.reload()
    expect(phone.get_by_role("heading", name="مقابلة إبا في المكتبة")).to_be_visible()
    desk.get_by_role("link", name="Träffa Ebba på biblioteket").click()
    desk.get_by_label("Steget").fill("Träffa Ebba på skolan")
    desk.get_by_role("button", name="Spara").click()
    expect(desk.get_by_text("Gammal översättning")).to_be_visible()
    phone.reload()
    expect(phone.get_by_text("Träffa Ebba på skolan")).to_be_visible()
    expect(phone.get_by_text("النص السويدي جديد. والترجمة قديمة.")).to_be_visible()
    look(phone, "plan-outdated", javascript)
    phone.goto(f"{arabic.url}/plan/goal")
    look(phone, "goal", javascript)
