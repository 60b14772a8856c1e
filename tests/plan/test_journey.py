"""A participant and a coach with one plan, on a phone and at a desk, with JavaScript and without (S57)."""

import re
import uuid
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from portal.identity.models import Person
from portal.plan import service
from portal.plan.models import PlanStep
from portal.plan.rules import Wording
from tests.plan.conftest import asker_of
from tests.support.browser import OpenPage, no_axe_violations, nothing_sticks_out, screenshot
from tests.support.site import Site

pytestmark = pytest.mark.browser

STEPS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("Träffa studievägledaren", "done", {}),
    ("Praktik i skolköket, 2 dagar i veckan", "now", {"day": date(2026, 12, 1)}),
    ("Ansök om aktivitetsersättning", "now", {"doer": "coach"}),
    ("Läkartid på vårdcentralen", "planned", {"doer": "other", "doer_name": "läkaren", "when": "i mars"}),
    ("Läs svenska på kvällen", "paused", {}),
)


def write_step(session: Session, site: Site, text: str, state: str, **facts: Any) -> PlanStep:
    """Karin writes a step (or a sub-goal) for Amina."""
    coach, person_id = asker_of(site.world.coach, "coach"), site.world.participant.id
    kind, now = facts.pop("kind", "step"), site.frozen.moment
    step = service.add_step(
        session,
        coach,
        person_id=person_id,
        step_id=uuid.uuid4(),
        kind=kind,
        wording=Wording(text, **facts),
        now=now,
    )
    service.set_state(
        session,
        coach,
        person_id=person_id,
        step_id=step.id,
        state=state,
        version=step.version,
        now=now,
    )
    return step


@pytest.fixture
def plan(site: Site) -> Site:
    """Amina's plan, as Karin has written it."""
    with site.database.transaction() as session:
        service.write_goal(
            session,
            asker_of(site.world.coach, "coach"),
            person_id=site.world.participant.id,
            words="Jag vill arbeta i ett kök och laga mat för många.",
            version=0,
            now=site.frozen.moment,
        )
        goal = write_step(session, site, "Hitta en praktikplats", "planned", kind="subgoal")
        for text, state, facts in STEPS:
            write_step(session, site, text, state, subgoal_id=goal.id, **facts)
    return site


def speak(site: Site, language: str) -> Person:
    """Amina, who now reads this language."""
    with site.database.transaction() as session:
        session.get_one(Person, site.world.participant.id).language = language
    return site.world.participant


def look(page: Page, name: str) -> None:
    """What every page must bear."""
    no_axe_violations(page)
    nothing_sticks_out(page)
    screenshot(page, f"plan-{name}")


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_the_participant_walks_the_plan(plan: Site, open_phone: OpenPage, javascript: bool) -> None:
    """S57: goal, done, undo, help and its answer, all by plain forms."""
    phone = open_phone(javascript=javascript)
    plan.sign_in(phone, plan.world.participant)
    phone.goto(f"{plan.url}/plan")
    phone.get_by_role("link", name="Ändra mitt mål").click()
    phone.get_by_label("Vad vill du?").fill("Jag vill bli kock.")
    phone.get_by_role("button", name="Spara").click()
    expect(phone.get_by_text("Ditt mål är sparat.")).to_be_visible()

    card = phone.locator(".step", has_text="Praktik i skolköket")
    card.get_by_role("button", name="Klart").click()
    expect(phone.get_by_role("heading", name="Bra! Det här är klart")).to_be_visible()
    phone.get_by_role("button", name="Ångra").click()
    expect(phone.get_by_role("heading", name="Bra! Det här är klart")).to_have_count(0)

    card.get_by_role("link", name="Jag behöver hjälp").click()
    phone.get_by_label("Vad behöver du hjälp med?").fill("Jag hittar inte dit.")
    phone.get_by_role("button", name="Skicka till Karin").click()
    expect(card.get_by_text("Du får svar senast torsdag 26 november.")).to_be_visible()

    desk = open_phone(javascript=javascript, desk=True)
    plan.sign_in(desk, plan.world.coach)
    desk.goto(f"{plan.url}/staff/people/{plan.world.participant.id}/plan")
    desk.get_by_role("link", name="Svara").click()
    desk.get_by_label("Vi har pratat om det").check()
    desk.get_by_label("Vill du skriva något till?").fill("Vi åker dit tillsammans.")
    desk.get_by_role("button", name="Spara svaret").click()
    expect(desk.get_by_text("Svaret är sparat.")).to_be_visible()

    phone.reload()
    expect(phone.get_by_text("Vi åker dit tillsammans.")).to_be_visible()
    expect(phone.get_by_text("Ni har pratat om det.")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_the_coach_works_with_the_plan(plan: Site, open_phone: OpenPage, javascript: bool) -> None:
    """S57: add, order, pause and take back without a script."""
    desk = open_phone(javascript=javascript, desk=True)
    plan.sign_in(desk, plan.world.coach)
    desk.goto(f"{plan.url}/staff/people/{plan.world.participant.id}/plan")
    desk.get_by_role("link", name="Lägg till steg").click()
    desk.get_by_label("Steget").fill("Ring skolköket")
    desk.get_by_role("button", name="Spara").click()
    row = desk.locator(".row", has_text="Ring skolköket")
    row.get_by_role("button", name="Flytta upp").click()
    rows = desk.locator(".row", has_text=re.compile("Ring skolköket|Läkartid"))
    expect(rows.first).to_contain_text("Ring skolköket")
    row.get_by_role("button", name="Pausa").click()
    expect(desk.get_by_text('Karin pausade "Ring skolköket".')).to_be_visible()
    desk.get_by_role("button", name="Ångra ändringen").click()
    expect(desk.get_by_text("Ändringen är ångrad.")).to_be_visible()
    expect(desk.get_by_text("i ordningen")).to_be_visible()


@pytest.mark.parametrize("language, dark", [("sv", False), ("ar", True)], ids=["sv-light", "ar-dark"])
def test_how_the_pages_look(plan: Site, open_phone: OpenPage, language: str, dark: bool) -> None:
    """Axe finds nothing, nothing sticks out; the pictures are for people to look at."""
    name = f"{language}-{'dark' if dark else 'light'}"
    phone = open_phone(language=language, dark=dark)
    plan.sign_in(phone, speak(plan, language))
    phone.goto(f"{plan.url}/plan")
    look(phone, f"phone-{name}")
    phone.goto(phone.locator(".now a.button").first.get_attribute("href") or "")
    look(phone, f"help-{name}")
    phone.locator("form.form button").click()
    for word in phone.locator("details").all():
        word.evaluate("details => { details.open = true }")
    look(phone, f"phone-asked-{name}")
    phone.goto(f"{plan.url}/plan/goal")
    look(phone, f"goal-{name}")
    desk = open_phone(desk=True, dark=dark)
    plan.sign_in(desk, plan.world.coach)
    root = f"{plan.url}/staff/people/{plan.world.participant.id}/plan"
    for path, shot in (("", "desk"), ("/add/step", "add"), ("/goal", "staff-goal"), ("/changes", "changes")):
        desk.goto(root + path)
        look(desk, f"{shot}-{name}")
    desk.goto(root)
    desk.locator(".attention a.button").click()
    look(desk, f"answer-{name}")
    small = open_phone(dark=dark)
    plan.sign_in(small, plan.world.coach)
    small.goto(root)
    look(small, f"desk-on-phone-{name}")
