"""The main job, from a phone to a coach who sees the answer: the whole day in a real browser.

A person with an old phone signs in with a code, chooses a PIN while the coach confirms, writes a goal,
books a meeting, is reminded, answers before and after; the coach sees the answers and notes who came.
"""

import re
from datetime import datetime, time, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from portal.availability.models import WeeklyHours
from portal.booking.models import Appointment
from portal.instruments.models import Response
from portal.messaging.models import OutboxMessage
from portal.worker import Worker
from tests.support.browser import OpenPage, nothing_sticks_out, screenshot
from tests.support.site import Site

pytestmark = pytest.mark.browser

PIN = "582941"


class Day:
    """One participant's phone and the coach's desk, on one clock."""

    def __init__(self, site: Site, open_phone: OpenPage, language: str, javascript: bool, slow: bool) -> None:
        self.site, self.javascript = site, javascript
        self.name = f"day-{language}-{'js' if javascript else 'plain'}"
        self.phone = open_phone(language=language, dark=language == "ar", javascript=javascript, slow=slow)
        self.desk = open_phone(desk=True)
        self.letters = open_phone()
        self.person = site.world.participant if language == "sv" else site.world.second_participant
        self.base = f"/staff/people/{self.person.id}"
        self.shots = 0

    def worker(self) -> None:
        """One round of the worker: whatever is due is said."""
        assert Worker(self.site.app, most=100).once()

    def look(self, page: Page | None = None) -> None:
        """A photograph, and nothing wider than the screen."""
        page = page or self.phone
        self.shots += 1
        nothing_sticks_out(page)
        screenshot(page, f"{self.name}-{self.shots:02d}")

    def send(self, page: Page, button: str) -> None:
        """Press a button and wait for the page it leads to."""
        with page.expect_navigation():
            page.locator(button).first.click()

    def newest_sms(self) -> str:
        """What the demo's phones show last."""
        self.letters.goto("/dev/phone")
        return self.letters.locator("section.card p[lang]").first.inner_text()


WAYS = {
    "swedish": ("sv", True, False),
    "arabic": ("ar", True, False),
    "swedish without JavaScript on a slow link": ("sv", False, True),
    "arabic without JavaScript": ("ar", False, False),
}
"""language, JavaScript, and whether the link is that of S57: 50 kbit/s with 800 ms"""


@pytest.fixture(params=WAYS)
def day(request: pytest.FixtureRequest, site: Site, open_phone: OpenPage) -> Day:
    """A weekday on which the coach has hours."""
    with site.database.transaction() as session:
        for weekday in range(5):
            session.add(
                WeeklyHours(person_id=site.world.coach.id, weekday=weekday, starts=time(9), ends=time(15))
            )
    return Day(site, open_phone, *WAYS[request.param])


def sign_in_with_a_code(day: Day) -> None:
    phone = day.phone
    phone.goto("/norrby")
    day.look()
    with phone.expect_navigation():
        phone.locator('a[href*="/norrby/sign-in"]').first.click()
    phone.fill("input[name=phone]", day.person.phone.replace("+46", "0"))
    day.look()
    day.send(phone, "main form button[type=submit]")
    day.worker()
    found = re.search(r"(\d{4})\D?(\d{4})", day.newest_sms())
    assert found is not None
    phone.fill("input[name=code]", f"{found.group(1)} {found.group(2)}")
    day.look()
    day.send(phone, "main form button[type=submit]")
    expect(phone).to_have_url(re.compile(r"/home$"))
    assert day.person.first_name not in phone.locator("main").inner_text()
    day.look()


def choose_a_pin_while_the_coach_confirms(day: Day) -> None:
    phone, desk = day.phone, day.desk
    day.site.sign_in(desk, day.site.world.coach)
    phone.goto("/pin/choose")
    day.send(phone, 'form[action="/pin/choose/ask"] button')
    shown = phone.locator(".shown-code").inner_text()
    day.look()
    desk.goto(f"{day.base}/pin")
    assert desk.locator(".shown-code").inner_text() == shown
    day.send(desk, 'button[name=how][value="desk"]')
    phone.goto("/pin/choose")
    phone.fill("input[name=pin]", PIN)
    phone.fill("input[name=pin_again]", PIN)
    day.look()
    day.send(phone, 'form[action="/pin/choose"] button')
    phone.goto("/home")
    expect(phone.locator("h1")).to_contain_text(day.person.first_name)


def write_a_goal(day: Day) -> None:
    phone = day.phone
    phone.goto("/plan")
    day.look()
    with phone.expect_navigation():
        phone.locator('main a[href*="goal"]').first.click()
    phone.fill("textarea[name=goal]", "Jag vill laga mat för många.")
    day.send(phone, "main form button[type=submit]")
    expect(phone.locator("main")).to_contain_text("Jag vill laga mat för många.")
    day.look()


def book_in_two_taps(day: Day) -> Appointment:
    phone = day.phone
    phone.goto("/meetings/times")
    day.look()
    with phone.expect_navigation():
        phone.locator("main a.todo").first.click()
    day.look()
    if phone.locator("main input[type=radio][name=mode]").count():
        phone.locator("main input[type=radio][name=mode]").first.check()
    day.send(phone, "main form button[type=submit]")
    day.look()
    with day.site.database.reading() as session:
        meeting = session.scalars(select(Appointment).where(Appointment.person_id == day.person.id)).one()
    file = phone.request.get(f"/meetings/{meeting.id}.ics")
    assert file.ok
    assert f"UID:{meeting.uid}" in file.text().replace("\r\n ", "")
    return meeting


def be_reminded_once(day: Day, meeting: Appointment) -> None:
    day.site.frozen.moment = meeting.starts_at - timedelta(days=1) + timedelta(minutes=1)
    for _ in range(3):
        day.worker()
    with day.site.database.reading() as session:
        sent = session.scalars(
            select(OutboxMessage).where(
                OutboxMessage.subject == meeting.id, OutboxMessage.kind.startswith("reminder")
            )
        ).all()
    assert [(one.kind, one.state, one.language) for one in sent] == [
        ("reminder_one_day", "delivered", day.person.language)
    ]
    text = sent[0].body
    assert "norrby" not in text.casefold()
    assert day.person.first_name not in text
    assert "http" not in text


def answer(day: Day, when: str) -> None:
    phone = day.phone
    phone.goto("/home")
    day.look()
    day.send(phone, f'form[action$="/{when}"] button')
    day.look()
    with phone.expect_navigation():
        phone.locator('main a[href$="/1"]').first.click()
    while phone.locator("input[name=value]").count():
        if day.javascript:
            ring = phone.locator("[role=slider]")
            ring.focus()
            for key in ("End", "PageDown", "ArrowDown"):
                ring.press(key)
        else:
            phone.fill("input[name=value]", "7,5")
        day.send(phone, "button[name=act][value=next]")
    if phone.locator("textarea[name=comment]").count():
        phone.fill("textarea[name=comment]", "Tack. شكرا.")
        day.send(phone, "button[name=act][value=next]")
    day.look()
    day.send(phone, 'form[action$="/send"] button')
    day.look()


def the_coach_sees_it(day: Day, meeting: Appointment) -> None:
    desk = day.desk
    day.site.sign_in(desk, day.site.world.coach)
    desk.goto(day.base)
    expect(desk.locator("svg[role=img]").first).to_be_visible()
    day.look(desk)
    desk.goto(f"{day.base}/answers")
    expect(desk.locator("main table").first).to_contain_text("7,5" if not day.javascript else ",")


def the_coach_notes_who_came(day: Day, meeting: Appointment) -> None:
    desk = day.desk
    day.site.sign_in(desk, day.site.world.coach)
    desk.goto("/staff")
    day.look(desk)
    day.send(desk, 'form[action$="/attendance"]:has(input[value="came"]) button')
    with day.site.database.reading() as session:
        assert session.get_one(Appointment, meeting.id).attendance == "came"


def test_the_whole_day(day: Day) -> None:
    """S57"""
    sign_in_with_a_code(day)
    choose_a_pin_while_the_coach_confirms(day)
    write_a_goal(day)
    meeting = book_in_two_taps(day)
    be_reminded_once(day, meeting)

    day.site.frozen.moment = meeting.starts_at - timedelta(minutes=45)
    day.site.sign_in(day.phone, day.person, tier=1)
    answer(day, "before")
    the_coach_sees_it(day, meeting)

    day.site.frozen.moment = meeting.starts_at + timedelta(minutes=5)
    the_coach_notes_who_came(day, meeting)

    day.site.frozen.moment = meeting.ends_at + timedelta(minutes=20)
    day.site.sign_in(day.phone, day.person, tier=1)
    answer(day, "after")
    with day.site.database.reading() as session:
        sent = {row.instrument: (row.sent_at, row.direction) for row in session.scalars(select(Response))}
    assert set(sent) == {"before", "after"}
    assert all(isinstance(at, datetime) for at, _ in sent.values())
    assert {direction for _, direction in sent.values()} == {"rtl" if day.person.language == "ar" else "ltr"}
