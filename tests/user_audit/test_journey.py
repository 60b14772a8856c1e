"""An audit from plan to "You said – we did", at a desk and on phones, with JavaScript and without (S57)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from portal.identity.models import Person
from portal.user_audit import answer_service
from portal.user_audit.models import Audit, AuditUrn
from portal.user_audit.rules import FEW
from portal.user_audit.urn_rules import Urn
from tests.support.browser import OpenPage, no_axe_violations, nothing_sticks_out, screenshot
from tests.support.objects import asker_of
from tests.support.site import Site
from tests.support.world import add_participant

pytestmark = pytest.mark.browser


Look = Callable[[Page, str], None]


def look(page: Page, name: str) -> None:
    """What every page must bear."""
    no_axe_violations(page)
    look_plainly(page, name)


def look_plainly(page: Page, name: str) -> None:
    """The same where no script runs: axe is one."""
    nothing_sticks_out(page)
    screenshot(page, f"audit-{name}")


def plan_it(desk: Page, site: Site, look: Look = look) -> None:
    """The auditor plans, looks at it as it will be seen, and opens."""
    desk.goto(f"{site.url}/staff")
    desk.get_by_role("link", name="Planera en brukarrevision").click()
    desk.get_by_label("Rubrik").fill("Hur är det hos oss?")
    desk.get_by_label("Varför frågar ni?").fill("Vi vill veta vad som är bra.")
    desk.get_by_label("Första dagen att svara").fill("2026-11-24")
    desk.get_by_label("Sista dagen att svara").fill("2026-12-20")
    for box in desk.get_by_role("checkbox").all():
        box.uncheck()
    desk.get_by_label("Är teamet snällt mot dig?").check()
    desk.get_by_label("Vad kan bli bättre?").check()
    look(desk, "plan")
    desk.get_by_role("button", name="Spara").click()
    desk.get_by_role("link", name="Lägg till en egen fråga").click()
    desk.get_by_label("Svenska").fill("Är lokalen bra?")
    desk.get_by_role("button", name="Spara").click()
    look(desk, "planned")
    desk.get_by_role("link", name="Förhandsvisa: العربية").click()
    look(desk, "preview-ar")
    desk.go_back()
    desk.get_by_text("Öppna frågorna").click()
    desk.get_by_role("button", name="Ja, öppna").click()
    expect(desk.get_by_text("Frågorna är öppna.")).to_be_visible()
    look(desk, "open")


def answer_it(phone: Page, site: Site, words: str, name: str, look: Look) -> None:
    """A participant answers in Swedish, one question on a screen, changes one, and sends without a name."""
    phone.goto(f"{site.url}/home")
    phone.get_by_role("link", name="Vad tycker du om oss?").click()
    look(phone, f"{name}-start")
    phone.get_by_role("button", name="Börja").click()
    look(phone, f"{name}-question")
    phone.get_by_role("button", name="Nej", exact=True).click()
    phone.get_by_label("Vad kan bli bättre?").fill(words)
    look(phone, f"{name}-text")
    phone.get_by_role("button", name="Nästa").click()
    phone.get_by_role("button", name="Hoppa över").click()
    look(phone, f"{name}-check")
    phone.get_by_role("button", name="Ändra Är teamet snällt mot dig?").click()
    expect(phone.get_by_role("button", name="Nej", exact=True)).to_have_attribute("aria-pressed", "true")
    phone.get_by_role("button", name="Ja", exact=True).click()
    phone.get_by_role("button", name="Nästa: ta bort mitt namn").click()
    look(phone, f"{name}-ticket")
    phone.get_by_role("button", name="Skicka utan namn").click()
    expect(phone.get_by_role("heading", name="Tack!")).to_be_visible()
    look(phone, f"{name}-thanks")
    phone.get_by_role("link", name="Till första sidan").click()
    expect(phone.get_by_role("link", name="Vad tycker du om oss?")).to_have_count(0)


def let_others_answer(site: Site, count: int) -> Urn:
    """So many more of the team answer; returns what is counted by then."""
    now = site.frozen.moment
    with site.database.transaction() as session:
        audit = session.query(Audit).one()
        people = [
            add_participant(
                session, site.world.here, f"Person {n}", now, coach=site.world.coach, phone=f"+467017{n:05d}"
            )
            for n in range(count)
        ]
        for number, person in enumerate(people):
            words = f"Öppet oftare, {number}" if number < FEW - 1 else ""
            draft = answer_service.begin("sv", 3, now).answered(1, "yes").answered(2, words).answered(3, "no")
            ticket = answer_service.issue(session, asker_of(session, person), audit.id, draft, now)
            answer_service.redeem(session, ticket)
        return Urn.unpacked(session.query(AuditUrn).one().content)


def report_it(desk: Page, look: Look) -> None:
    """The auditor closes, screens the texts, writes and publishes."""
    desk.reload()
    expect(desk.get_by_text("Minst 5 har svarat.")).to_be_visible()
    desk.get_by_text("Stäng frågorna nu").click()
    desk.get_by_role("button", name="Ja, stäng").click()
    look(desk, "closed")
    desk.get_by_role("link", name="Se resultatet").click()
    look(desk, "results")
    desk.go_back()
    desk.get_by_role("link", name="Granska texterna").click()
    named = desk.get_by_role("listitem").filter(has_text="Karin ringer aldrig tillbaka.")
    named.get_by_text("Ta bort en del").click()
    named.get_by_label("Texten som visas").fill("[…] ringer aldrig tillbaka.")
    named.get_by_label("Varför visas inte allt?").fill("Ett namn stod där.")
    look(desk, "screening")
    named.get_by_role("button", name="Visa det som är kvar").click()
    for left in range(FEW - 1, 0, -1):
        expect(desk.get_by_text(f"{left} av {FEW} texter är kvar att granska.")).to_be_visible()
        waiting = desk.get_by_role("listitem").filter(has_text="Inte granskad").first
        waiting.get_by_role("button", name="Visa", exact=True).press("Enter")
    expect(desk.get_by_text("Alla texter är granskade.")).to_be_visible()
    look(desk, "texts")
    desk.get_by_role("link", name="Hur är det hos oss?").click()
    desk.get_by_role("link", name="Skriv rapporten").click()
    desk.get_by_label("Det här fungerar").fill("Teamet är snällt.")
    desk.get_by_label("Det här kan bli bättre").fill("Det är svårt att få svar.")
    desk.get_by_label("Förslag").fill("Ring tillbaka samma dag")
    look(desk, "report")
    desk.get_by_role("button", name="Spara").click()
    desk.get_by_text("Publicera rapporten").click()
    desk.get_by_role("button", name="Ja, publicera").click()
    expect(desk.get_by_text("Rapporten är publicerad.")).to_be_visible()


def reply_to_it(desk: Page, site: Site, look: Look) -> None:
    """The lead reads, and says what the team will do."""
    desk.goto(f"{site.url}/staff")
    desk.get_by_role("link", name="Brukarrevision").click()
    desk.get_by_role("link", name="Hur är det hos oss?").click()
    expect(desk.get_by_text("[…] ringer aldrig tillbaka.")).to_be_visible()
    look(desk, "team-report")
    desk.get_by_role("link", name="Svara Ring tillbaka samma dag").click()
    desk.get_by_label("Det ska vi göra").check()
    desk.get_by_label("Berätta mer").fill("Vi har köpt en telefon till.")
    desk.get_by_label("Klart senast").fill("2027-01-15")
    look(desk, "reply")
    desk.get_by_role("button", name="Spara").click()
    expect(desk.get_by_text("Svaret är sparat.")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_an_audit_from_the_plan_to_you_said_we_did(
    site: Site, open_phone: OpenPage, javascript: bool
) -> None:
    """S39–S41, S57"""
    seen = look if javascript else look_plainly
    desk = open_phone(javascript=javascript, desk=True)
    site.sign_in(desk, site.world.user_auditor)
    plan_it(desk, site, seen)

    phone = open_phone(javascript=javascript)
    site.sign_in(phone, site.world.participant, tier=1)
    answer_it(phone, site, "Karin ringer aldrig tillbaka.", "script" if javascript else "plain", seen)
    assert let_others_answer(site, 5).count == 6

    report_it(desk, seen)
    lead = open_phone(javascript=javascript, desk=True)
    site.sign_in(lead, site.world.lead)
    reply_to_it(lead, site, seen)

    phone.goto(f"{site.url}/home")
    phone.get_by_role("link", name="Ni sa – vi gjorde").click()
    for words in ("Ring tillbaka samma dag", "Det ska vi göra", "Vi har köpt en telefon till."):
        expect(phone.get_by_text(words)).to_be_visible()
    seen(phone, f"you-said-{javascript}")


def test_a_phone_in_arabic_at_night(site: Site, open_phone: OpenPage) -> None:
    """The same questions from right to left, without JavaScript."""
    desk = open_phone(desk=True)
    site.sign_in(desk, site.world.user_auditor)
    plan_it(desk, site)
    with site.database.transaction() as session:
        session.get_one(Person, site.world.participant.id).language = "ar"
    phone = open_phone(language="ar", dark=True, javascript=False)
    site.sign_in(phone, site.world.participant, tier=1)
    phone.goto(f"{site.url}/home")
    phone.get_by_role("link", name="ما رأيك فينا؟").click()
    look_plainly(phone, "ar-start")
    phone.get_by_role("button", name="بدء").click()
    look_plainly(phone, "ar-question")
    phone.get_by_role("button", name="نعم", exact=True).click()
    for _ in range(2):
        phone.get_by_role("button", name="تخطي").click()
    look_plainly(phone, "ar-check")
    phone.get_by_role("button", name="التالي: إزالة اسمي").click()
    look_plainly(phone, "ar-ticket")
    phone.get_by_role("button", name="إرسال دون اسم").click()
    look_plainly(phone, "ar-thanks")
    with site.database.reading() as session:
        assert Urn.unpacked(session.query(AuditUrn).one().content).count == 1
