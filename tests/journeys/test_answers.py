"""What one answers by SMS, from the reminder to both sides' pages, on the demo's phones in a real browser."""

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect

from portal.availability.models import WeeklyHours
from portal.booking import service as booking
from portal.booking.time_service import Wish
from portal.worker import Worker
from tests.support.browser import OpenPage
from tests.support.objects import asker_of
from tests.support.site import Site

pytestmark = pytest.mark.browser

STOCKHOLM = ZoneInfo("Europe/Stockholm")
THURSDAY, FRIDAY = (datetime(2026, 11, day, 9, tzinfo=STOCKHOLM) for day in (26, 27))


class Course:
    """Amina with her phone and her browser; Karin at her desk, who meets people on Fridays at nine."""

    def __init__(self, site: Site, open_phone: OpenPage) -> None:
        self.site, self.open = site, open_phone
        self.sms, self.own, self.desk = open_phone(), open_phone(), open_phone(desk=True)
        self.base = f"/staff/people/{site.world.participant.id}"
        with site.database.transaction() as session:
            coach = asker_of(session, site.world.coach)
            hours = WeeklyHours(person_id=coach.person_id, weekday=4, starts=time(9), ends=time(10))
            session.add(hours)
            wish, early = Wish(FRIDAY, "on_site"), site.frozen.moment - timedelta(days=9)
            booking.book_for(session, coach, site.world.participant.id, wish, early, anyway=True)
        self.worker()
        site.sign_in(self.own, site.world.participant)
        site.sign_in(self.desk, site.world.coach)

    def worker(self) -> None:
        """What is due is said, what came is taken, and what that made is said."""
        for _ in range(2):
            self.site.frozen.move(timedelta(seconds=1))
            assert Worker(self.site.app, most=100).once()

    def phone(self) -> Locator:
        """Amina's phone."""
        self.sms.goto("/dev/phone")
        return self.sms.locator("section.card", has_text="Amina")

    def answer(self, words: str) -> None:
        """Amina sends this by SMS, and it is taken."""
        phone = self.phone()
        phone.locator("input:not([type=hidden])").fill(words)
        press(self.sms, phone.get_by_role("button", name="Skicka"))
        self.worker()


def press(page: Page, button: Locator) -> None:
    with page.expect_navigation():
        button.click()


@pytest.fixture
def course(site: Site, open_phone: OpenPage) -> Course:
    """Three days before a meeting, when the reminder has just come."""
    return Course(site, open_phone)


def test_a_reminder_answered_with_yes_is_confirmed_on_both_sides(course: Course) -> None:
    expect(course.phone()).to_contain_text("Svara JA om du kommer.")
    course.answer("Ja!")
    course.own.goto("/home")
    expect(course.own.locator("main")).to_contain_text("Du har sagt att du kommer")
    course.desk.goto(course.base)
    expect(course.desk.locator("main")).to_contain_text("Har sagt ja")


def test_a_meeting_that_is_cancelled_by_sms_is_free_for_others(course: Course) -> None:
    other = course.open()
    course.site.sign_in(other, course.site.world.second_participant)
    slot = other.locator("main a.todo[href$='at=2026-11-27T08:00Z']")
    other.goto("/meetings/times")
    expect(other.locator("main a.todo").first).to_be_visible()
    expect(slot).to_have_count(0)
    course.answer("AVBOKA")
    found = re.search(r"Svara med (\d{4})", course.phone().inner_text())
    assert found is not None
    course.answer(found[1])
    expect(course.phone()).to_contain_text("är avbokat.")
    course.own.goto("/home")
    expect(course.own.locator("main")).to_contain_text("Du har inget möte bokat.")
    other.goto("/meetings/times")
    expect(slot).to_have_count(1)


def test_who_answers_stopp_is_rung_up_and_told(course: Course) -> None:
    course.answer("STOPP")
    expect(course.phone()).to_contain_text("Du får inga fler SMS om möten.")
    course.desk.goto(f"{course.base}/reach")
    expect(course.desk.locator("main")).to_contain_text("Personen har svarat STOPP")
    course.site.frozen.moment = THURSDAY
    course.site.sign_in(course.desk, course.site.world.coach)
    course.desk.goto("/staff")
    press(course.desk, course.desk.get_by_role("link", name="Samtal i dag: minst 1"))
    row = course.desk.locator(".attention", has_text="Amina")
    expect(row).to_contain_text("Ring och påminn om mötet fredag 27 november klockan 09.00.")
    press(course.desk, row.get_by_role("button", name="Svarade inte"))
    expect(row).to_contain_text("Svarade inte 1 gång")
    press(course.desk, row.get_by_role("button", name="Berättat"))
    expect(course.desk.locator("main")).to_contain_text("Ingen att ringa just nu.")
    press(course.desk, course.desk.locator("[role=status]").get_by_role("button", name="Ångra"))
    expect(row).to_have_count(1)


def test_a_question_by_sms_is_answered_in_the_portal(course: Course) -> None:
    course.answer("Kan min syster följa med?")
    course.own.goto("/home")
    waits = course.own.get_by_role("link", name="Din fråga väntar på svar.")
    expect(waits).to_have_count(1)
    course.desk.goto("/staff")
    press(course.desk, course.desk.get_by_role("link", name="Svara på meddelandet: Amina H."))
    expect(course.desk.locator("main")).to_contain_text("Kan min syster följa med?")
    course.desk.get_by_role("textbox", name="Skriv").fill("Ja, det går bra.")
    press(course.desk, course.desk.get_by_role("button", name="Skicka"))
    course.own.goto("/home")
    expect(waits).to_have_count(0)
    press(course.own, course.own.get_by_role("link", name="Nytt meddelande till dig"))
    expect(course.own.get_by_text("Ja, det går bra.")).to_be_visible()


def test_a_week_without_the_coach_is_answered_by_the_stand_in(course: Course) -> None:
    """The participant reads who answers meanwhile, is promised a day all the same, and gets the answer."""
    site, desk = course.site, course.desk
    instead = course.open(desk=True)
    site.sign_in(instead, site.world.other_coach)
    desk.goto(f"/staff/absence/{site.world.coach.id}")
    form = desk.locator(f"form[action='/staff/absence/{site.world.coach.id}']")
    form.locator("[name=first]").fill("2026-11-24")
    form.locator("[name=last]").fill("2026-11-30")
    form.locator("[name=stand_in]").select_option(str(site.world.other_coach.id))
    press(desk, form.get_by_role("button", name="Spara"))

    course.own.goto("/messages")
    expect(course.own.locator("main")).to_contain_text(site.world.other_coach.first_name)
    expect(course.own.locator("main")).to_contain_text("Du får svar senast")
    course.own.get_by_label("Skriv här").fill("Kan min syster följa med?")
    press(course.own, course.own.get_by_role("button", name="Skicka"))

    instead.goto("/staff")
    expect(instead.locator("main")).to_contain_text("Du är vikarie för Karin")
    press(instead, instead.get_by_role("link", name="Svara på meddelandet: Amina H."))
    instead.get_by_role("textbox", name="Skriv").fill("Ja, det går bra.")
    press(instead, instead.get_by_role("button", name="Skicka"))
    course.own.goto("/messages")
    expect(course.own.get_by_text("Ja, det går bra.")).to_be_visible()
    expect(course.own.locator("main")).to_contain_text(f"{site.world.other_coach.first_name} skrev")
