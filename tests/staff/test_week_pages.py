"""A coach's week as a browser without JavaScript meets it."""

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from portal.attendance.rules import Noted
from portal.availability import block_service as blocks
from portal.availability import service as availability
from portal.availability.models import OwnTerms
from portal.availability.outside import service as outside
from portal.availability.outside.models import OutsideBusy
from portal.availability.rules import Departure, Span
from portal.booking import service
from portal.booking.attendance_service import note_attendance
from portal.booking.models import Appointment
from portal.booking.time_service import Wish
from portal.db import Database
from portal.identity.absence import service as absences
from portal.identity.models import Person, ProtectedHandler
from tests.booking.conftest import ask_as, open_world
from tests.conftest import FrozenClock, SignIn
from tests.journeys.test_selects import counted
from tests.support.meetings import add_meeting
from tests.support.objects import asker_of
from tests.support.pages import text_of
from tests.support.world import World, add_participant

__all__ = ["ask_as", "open_world"]

FRIDAY_9 = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
MONDAY_9 = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
Book = Callable[..., Appointment]


@pytest.fixture
def book(database: Database, open_world: World, now: datetime) -> Book:
    """`book(starts_at, person)`: the coach's booking on site, committed."""

    def make(starts_at: datetime = FRIDAY_9, person: Person | None = None) -> Appointment:
        who = person or open_world.participant
        with database.transaction() as session:
            coach = open_world.coach if who is not open_world.other_participant else open_world.other_coach
            wish = Wish(starts_at, "on_site", uuid.uuid4())
            return service.book_for(session, asker_of(session, coach), who.id, wish, now, anyway=True)

    return make


def away(database: Database, world: World, now: datetime, stand_in: Person | None) -> None:
    """The coach is away for the rest of the week."""
    with database.transaction() as session:
        wish = absences.Wish(now.date(), now.date() + timedelta(days=3), stand_in.id if stand_in else None)
        absences.take(session, asker_of(session, world.coach), world.coach.id, wish, now)


def test_a_meeting_is_said_whole_to_whoever_hears_it(open_world: World, sign_in: SignIn, book: Book) -> None:
    book(FRIDAY_9 + timedelta(minutes=75))
    page = sign_in(open_world.coach).get("/staff/week")
    assert "fredag 27 november, 10.15 till 11.15, Amina H., bokat, på plats" in text_of(page)
    assert f'href="/staff/people/{open_world.participant.id}"' in page.text
    assert "style=" not in page.text


def test_each_state_is_said(
    database: Database, open_world: World, sign_in: SignIn, book: Book, now: datetime, frozen: FrozenClock
) -> None:
    first, second = book(FRIDAY_9), book(FRIDAY_9 + 2 * HOUR, open_world.second_participant)
    with database.transaction() as session:
        amina = asker_of(session, open_world.participant)
        service.confirm(session, amina, first.id, now)
    assert "Amina H., har sagt ja, på plats" in text_of(sign_in(open_world.coach).get("/staff/week"))
    with database.transaction() as session:
        service.cancel_own(session, asker_of(session, open_world.participant), first.id, "", now)
    text = text_of(sign_in(open_world.coach).get("/staff/week"))
    assert "Amina H., avbokat av deltagaren, på plats" in text
    frozen.moment = FRIDAY_9 + 3 * HOUR
    with database.transaction() as session:
        coach = asker_of(session, open_world.coach)
        note_attendance(session, coach, second.id, Noted("absent"), frozen.moment)
    assert "Yonas T., kom inte, på plats" in text_of(sign_in(open_world.coach).get("/staff/week"))
    frozen.move(timedelta(days=8))
    older = text_of(sign_in(open_world.coach).get("/staff/week?from=2026-11-27"))
    assert "Yonas T." in older
    assert "Amina H." not in older


def test_what_stands_beside_meetings(
    database: Database, open_world: World, sign_in: SignIn, now: datetime
) -> None:
    with database.transaction() as session:
        coach = asker_of(session, open_world.coach)
        wish = blocks.Wish(Span(FRIDAY_9, FRIDAY_9 + HOUR), "Kurs")
        blocks.block(session, coach, coach.person_id, wish, now)
        availability.add_exception(session, coach, Departure(date(2026, 11, 25), date(2026, 11, 25)))
    text = text_of(sign_in(open_world.coach).get("/staff/week"))
    assert "fredag 27 november, 09.00 till 10.00, spärrad tid" in text
    assert "Kurs" in text
    assert "Inga möten den här dagen" in text
    assert "onsdag 25 november, 09.00" not in text
    assert "fredag 27 november, 10.00 till 12.00, ledigt" in text
    assert "lördag" not in text


def test_nothing_is_free_on_a_day_that_is_full(
    database: Database, open_world: World, sign_in: SignIn, book: Book, frozen: FrozenClock
) -> None:
    with database.transaction() as session:
        session.add(OwnTerms(person_id=open_world.coach.id, most_a_day=1))
    book(FRIDAY_9)
    frozen.moment = FRIDAY_9 + 2 * HOUR
    browser = sign_in(open_world.coach)
    text = text_of(browser.get("/staff/week"))
    assert "fredag 27 november, 09.00 till 10.00, Amina H." in text
    assert "fredag 27 november, 13.00 till 16.00, ledigt" not in text
    assert "måndag 30 november, 13.00 till 16.00, ledigt" in text_of(
        browser.get("/staff/week?from=2026-11-30")
    )


def test_a_weekend_with_something_on_it_is_there(open_world: World, sign_in: SignIn, book: Book) -> None:
    book(FRIDAY_9 + timedelta(days=1))
    assert "lördag 28 november, 09.00 till 10.00, Amina H." in text_of(
        sign_in(open_world.coach).get("/staff/week")
    )


@pytest.mark.parametrize("asked", ["2026-11-30", "2026-12-02", "2026-12-06"])
def test_any_day_leads_to_its_week(open_world: World, sign_in: SignIn, asked: str) -> None:
    text = text_of(sign_in(open_world.coach).get(f"/staff/week?from={asked}"))
    assert "Vecka 49" in text
    assert "Den här veckan" in text


@pytest.mark.parametrize("asked", ["2026-02-30", "nu", "9999-12-31", "1", "%00"])
def test_a_day_that_is_none_leads_to_this_week_and_is_said(
    open_world: World, sign_in: SignIn, asked: str
) -> None:
    text = text_of(sign_in(open_world.coach).get(f"/staff/week?from={asked}"))
    assert "Det datumet finns inte. Här är den här veckan." in text
    assert "Vecka 48" in text


def test_others_people_are_busy_times_without_a_name_and_so_are_the_protected(
    database: Database, open_world: World, sign_in: SignIn, book: Book
) -> None:
    """S2, S37"""
    book()
    book(FRIDAY_9 + 2 * HOUR, open_world.second_participant)
    with database.transaction() as session:
        session.get_one(Person, open_world.participant.id).protected = True
        session.add(ProtectedHandler(person_id=open_world.participant.id, handler_id=open_world.coach.id))
    for who, address in (
        (open_world.coach, "/staff/week"),
        (open_world.lead, f"/staff/week?coach={open_world.coach.id}"),
    ):
        page = sign_in(who).get(address)
        assert "fredag 27 november, 09.00 till 10.00, upptagen tid" in text_of(page)
        assert "Amina" not in page.text
        assert str(open_world.participant.id) not in page.text
        assert "Yonas T." in text_of(page)


def test_whose_week_one_may_look_at(
    database: Database, open_world: World, sign_in: SignIn, book: Book, now: datetime
) -> None:
    """S2, S3"""
    book()
    address = f"/staff/week?coach={open_world.coach.id}"
    assert "Amina H." in text_of(sign_in(open_world.lead).get(address))
    assert f'value="{open_world.coach.id}" selected' in sign_in(open_world.lead).get(address).text
    for other in (open_world.other_coach, open_world.far_coach):
        assert sign_in(other).get(address).status_code == 404
    for nonsense in (
        "x",
        str(uuid.UUID(int=7)),
        str(open_world.far_coach.id),
        str(open_world.participant.id),
    ):
        assert sign_in(open_world.lead).get(f"/staff/week?coach={nonsense}").status_code == 404
    away(database, open_world, now, open_world.other_coach)
    page = sign_in(open_world.other_coach).get(address)
    assert "Amina H." in text_of(page)
    assert "Borta" in text_of(page)
    assert "Spärra" not in text_of(page), "a stand-in blocks nothing"


def test_a_stand_in_reads_that_a_time_is_blocked_and_not_why(
    database: Database, open_world: World, sign_in: SignIn, now: datetime
) -> None:
    with database.transaction() as session:
        coach = asker_of(session, open_world.coach)
        wish = blocks.Wish(Span(FRIDAY_9, FRIDAY_9 + HOUR), "Läkare")
        blocks.block(session, coach, coach.person_id, wish, now)
    away(database, open_world, now, open_world.other_coach)
    address = f"/staff/week?coach={open_world.coach.id}"
    page = text_of(sign_in(open_world.other_coach).get(address))
    assert "spärrad tid" in page
    assert "Läkare" not in page
    assert "Läkare" in text_of(sign_in(open_world.lead).get(address))


def test_from_an_entry_and_back_to_the_same_week(
    database: Database, open_world: World, sign_in: SignIn, book: Book, frozen: FrozenClock
) -> None:
    """S25"""
    meeting, browser = book(MONDAY_9), sign_in(open_world.coach)
    week = browser.get("/staff/week?from=2026-12-01").text
    at = f"/staff/people/{open_world.participant.id}/meetings/{meeting.id}"
    back = "week:2026-11-30"
    for act in ("move", "cancel"):
        assert f"{at}/{act}?back=week:2026-11-30" in week
        opened = browser.get(f"{at}/{act}?back={back}").text
        assert f'name="back" type="hidden" value="{back}"' in opened
        assert 'href="/staff/week?from=2026-11-30#d-2026-11-30"' in opened
        assert "evil" not in browser.get(f"{at}/{act}?back=//evil.example").text
    typed = {"day": "2026-12-01", "at": "13.00", "minutes": "60", "mode": "phone", "back": back}
    there = "/staff/week?from=2026-11-30#d-2026-11-30"
    assert browser.post(f"{at}/move", data=typed).location == there
    assert browser.post(f"{at}/cancel", data={"reason": "", "back": back}).location == there
    assert "Ångra avbokning" in text_of(browser.get("/staff/week?from=2026-11-30"))
    assert browser.post(f"{at}/restore", data={"back": back}).location == there
    frozen.moment = MONDAY_9 + timedelta(days=1, hours=5)
    again = sign_in(open_world.coach)
    assert 'value="week:2026-12-01"' in again.get("/staff/week").text
    noted = again.post(f"{at}/attendance", data={"attendance": "came", "back": "week:2026-12-01"})
    assert noted.location == "/staff/week?from=2026-12-01#d-2026-12-01"
    evil = again.post(f"{at}/attendance", data={"attendance": "came", "back": "//evil.example"})
    assert evil.location == f"/staff/people/{open_world.participant.id}/meetings"


def test_a_free_time_is_booked_for_somebody(open_world: World, sign_in: SignIn, book: Book) -> None:
    book(FRIDAY_9, open_world.second_participant)
    browser = sign_in(open_world.coach)
    free = "/staff/week/book?at=2026-11-30T08:00Z"
    assert f'href="{free}"' in browser.get("/staff/week?from=2026-11-30").text
    page = browser.get(free)
    assert "Måndag 30 november klockan 09.00".lower() in text_of(page).lower()
    assert "at=2026-11-30T08:30Z" in page.text, "the other times of the same stretch"
    assert "at=2026-11-30T12:00Z" not in page.text
    book_form = f"/staff/people/{open_world.participant.id}/meetings/book?at=2026-11-30T08:00Z&amp;back="
    assert book_form + "week:2026-11-30" in page.text
    form = browser.get(book_form.replace("&amp;", "&") + "week:2026-11-30").text
    assert 'value="2026-11-30"' in form
    assert 'value="09:00"' in form
    found = text_of(browser.post("/staff/week/book", data={"at": "2026-11-30T08:00Z", "q": "yon"}))
    assert "Yonas" in found
    assert "Amina" not in found
    typed = {"day": "2026-11-30", "at": "09.00", "minutes": "60", "mode": "phone", "back": "week:2026-11-30"}
    done = browser.post(f"/staff/people/{open_world.participant.id}/meetings/book", data=typed)
    assert done.location == "/staff/week?from=2026-11-30#d-2026-11-30"


def test_whom_one_met_last_stands_first(
    database: Database, open_world: World, sign_in: SignIn, now: datetime
) -> None:
    with database.transaction() as session:
        add_meeting(session, open_world.second_participant, open_world.coach, now - timedelta(days=2), now)
        add_meeting(session, open_world.participant, open_world.coach, now - timedelta(days=9), now)
    text = text_of(sign_in(open_world.coach).get("/staff/week/book?at=2026-11-30T08:00Z"))
    assert text.index("Yonas") < text.index("Amina")


def test_nobody_elses_people_can_be_chosen(open_world: World, sign_in: SignIn) -> None:
    """S2"""
    at = "at=2026-11-30T08:00Z"
    browser = sign_in(open_world.coach)
    assert browser.get(f"/staff/week/book?{at}&coach={open_world.other_coach.id}").status_code == 404
    text = browser.get(f"/staff/week/book?{at}").text
    assert str(open_world.other_participant.id) not in text
    assert browser.get("/staff/week/book?at=x").location == "/staff/week"


def test_past_days_of_this_week_are_folded_on_a_phone_and_one_tap_away(
    open_world: World, sign_in: SignIn
) -> None:
    browser = sign_in(open_world.coach)
    assert 'class="week folds"' in browser.get("/staff/week").text
    assert 'class="week folds"' not in browser.get("/staff/week?past=1").text
    assert 'class="week folds"' not in browser.get("/staff/week?from=2026-11-16").text


def test_a_week_asks_as_seldom_for_thirty_meetings_as_for_one(
    database: Database, open_world: World, sign_in: SignIn, now: datetime, book: Book
) -> None:
    book()
    asked = {}
    for name in ("coach", "lead"):
        browser = sign_in(getattr(open_world, name))
        address = "/staff/week" if name == "coach" else f"/staff/week?coach={open_world.coach.id}"
        browser.get(address)
        with counted(database) as few:
            assert browser.get(address).status_code == 200
        asked[name] = browser, address, len(few)
    with database.transaction() as session:
        for number in range(30):
            phone = f"+467017410{number:02d}"
            place = open_world.here
            who = add_participant(
                session, place, f"Person {number}", now, coach=open_world.coach, phone=phone
            )
            starts_at = FRIDAY_9 + timedelta(minutes=10 * number)
            add_meeting(session, who, open_world.coach, starts_at, now)
    for browser, address, before in asked.values():
        with counted(database) as many:
            assert browser.get(address).status_code == 200
        assert len(many) == before <= 15


def test_a_calendar_of_ones_own_stands_in_the_week_and_what_it_clashes_with_says_so(
    database: Database, open_world: World, sign_in: SignIn, book: Book, now: datetime
) -> None:
    book()
    with database.transaction() as session:
        asker = asker_of(session, open_world.coach)
        calendar = outside.add(session, asker, "https://calendar.google.com/private/basic.ics", now)
        calendar.read_at = now
        session.add_all(
            OutsideBusy(calendar_id=calendar.id, starts_at=FRIDAY_9 + start, ends_at=FRIDAY_9 + end)
            for start, end in ((HOUR / 2, 2 * HOUR), (15 * HOUR, 80 * HOUR))
        )
    browser = sign_in(open_world.coach)
    text = text_of(browser.get("/staff/week"))
    assert text.count("Krockar med din egen kalender") == 1
    assert "fredag 27 november, 10.00 till 11.00, upptaget i egen kalender" in text
    assert "lördag 28 november, 00.00 till 00.00, upptaget i egen kalender" in text
    assert "fredag 27 november, 11.00 till 12.00, ledigt" in text
    assert "fredag 27 november, 10.15 till 12.00, ledigt" not in text
    seen = text_of(sign_in(open_world.lead).get(f"/staff/week?coach={open_world.coach.id}"))
    assert "Krockar med coachens egen kalender" in seen


def test_a_holiday_is_named(open_world: World, sign_in: SignIn) -> None:
    text = text_of(sign_in(open_world.coach).get("/staff/week?from=2026-12-24"))
    assert "Julafton" in text
    assert "Juldagen" in text
