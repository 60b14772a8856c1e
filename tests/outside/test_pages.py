"""The page of calendars: giving an address, how reading it goes, clashes, and booking over a busy time."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.availability.outside.models import OutsideBusy, OutsideCalendar
from portal.availability.outside.rules import PROBLEMS
from portal.availability.outside.words import PROBLEMS as WORDS
from portal.booking.models import Appointment
from portal.db import Database
from portal.organisation.models import Organisation
from tests.booking.conftest import open_world
from tests.conftest import FrozenClock, SignIn
from tests.support.meetings import add_meeting
from tests.support.pages import text_of
from tests.support.world import World

__all__ = ["open_world"]

PAGE = "/staff/availability/calendars"
HOURS = "/staff/availability"
ADDRESS = "https://calendar.google.com/calendar/ical/karin%40example.se/private-abc/basic.ics"
WEDNESDAY = datetime(2026, 11, 25, tzinfo=UTC)
HOUR = timedelta(hours=1)


def read(database: Database, at: datetime, *spans: tuple[float, float], **facts: object) -> None:
    """As when the one calendar has been read at this moment: busy between these hours of Wednesday, UTC."""
    with database.transaction() as fresh:
        row = fresh.scalars(select(OutsideCalendar)).one()
        row.read_at = at
        for name, value in facts.items():
            setattr(row, name, value)
        fresh.add_all(
            OutsideBusy(
                calendar_id=row.id, starts_at=WEDNESDAY + start * HOUR, ends_at=WEDNESDAY + end * HOUR
            )
            for start, end in spans
        )


def test_a_calendar_from_its_address_to_its_times_and_away(
    database: Database, open_world: World, sign_in: SignIn, now: datetime
) -> None:
    browser = sign_in(open_world.coach)
    saved = browser.post(f"{PAGE}/outside", data={"address": ADDRESS}, follow_redirects=True)
    assert "Sparat. Kalendern läses inom några minuter." in text_of(saved)
    page = text_of(browser.get(PAGE))
    assert "calendar.google.com" in page
    assert "Läses inom några minuter." in page
    assert "private-abc" not in browser.get(PAGE).get_data(as_text=True)
    read(database, now, (8, 9), (12, 14), passed_over=1)
    page = text_of(browser.get(PAGE))
    assert "Senast läst: tisdag 24 november klockan 09.00." in page
    assert "2 upptagna tider framåt." in page
    assert "1 händelse gick inte att läsa." in page
    with database.reading() as fresh:
        row = fresh.scalars(select(OutsideCalendar)).one()
    gone = browser.post(f"{PAGE}/outside/{row.id}/remove", follow_redirects=True)
    assert "Kalendern är borttagen." in text_of(gone)
    assert "calendar.google.com" not in text_of(gone)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("kalender", "Adressen måste börja med https."),
        ("https://evil.example/a.ics", "Därifrån läser vi inte."),
        ("https://127.0.0.1/", "Det är ingen adress till en kalender."),
        ("", "Fyll i det här."),
    ],
)
def test_what_is_wrong_stands_beside_the_box_and_what_was_typed_in_it(
    database: Database, world: World, sign_in: SignIn, typed: str, told: str
) -> None:
    answer = sign_in(world.coach).post(f"{PAGE}/outside", data={"address": typed})
    assert answer.status_code == 422
    assert told in text_of(answer)
    assert f'value="{typed}"' in answer.get_data(as_text=True)
    with database.reading() as fresh:
        assert fresh.scalars(select(OutsideCalendar)).all() == []


def test_each_problem_has_its_words_and_old_times_a_warning(
    database: Database, world: World, sign_in: SignIn, now: datetime, frozen: FrozenClock
) -> None:
    assert set(WORDS) == set(PROBLEMS)
    browser = sign_in(world.coach)
    browser.post(f"{PAGE}/outside", data={"address": ADDRESS})
    assert "går inte att läsa" not in text_of(browser.get(HOURS))
    for problem, words in WORDS.items():
        read(database, now, problem=problem)
        with browser.application.test_request_context():
            assert str(words) in text_of(browser.get(PAGE))
    assert "En av dina kalendrar går inte att läsa." in text_of(browser.get(HOURS))
    read(database, now - timedelta(hours=49), (8, 9), problem="")
    assert "En av dina kalendrar går inte att läsa." in text_of(browser.get(HOURS))
    page = text_of(browser.get(PAGE))
    assert "Vi har inte kunnat läsa kalendern på två dygn." in page
    assert "upptagna tider" not in page.replace("Upptagna tider", "")


def test_a_clash_stands_on_own_hours_with_its_time_and_the_way_to_the_meeting(
    database: Database, open_world: World, sign_in: SignIn, now: datetime
) -> None:
    browser = sign_in(open_world.coach)
    browser.post(f"{PAGE}/outside", data={"address": ADDRESS})
    with database.transaction() as fresh:
        one = add_meeting(fresh, open_world.participant, open_world.coach, WEDNESDAY + 9 * HOUR, now)
        add_meeting(fresh, open_world.participant, open_world.coach, WEDNESDAY + 12 * HOUR, now)
        add_meeting(fresh, open_world.other_participant, open_world.other_coach, WEDNESDAY + 9 * HOUR, now)
    assert "Krockar" not in text_of(browser.get(HOURS))
    read(database, now, (9.5, 12))
    for path in (HOURS, PAGE):
        page = browser.get(path)
        assert "onsdag 25 november klockan 10.00" in text_of(page)
        assert page.get_data(as_text=True).count("/staff/meetings/") == 1
        assert f"/staff/meetings/{one.id}" in page.get_data(as_text=True)
    assert "Krockar" not in text_of(sign_in(open_world.other_coach).get(HOURS))
    read(database, now - timedelta(hours=48))
    assert "Krockar" not in text_of(browser.get(HOURS))


def test_staff_book_over_a_busy_time_once_they_have_seen_that(
    database: Database, open_world: World, sign_in: SignIn, now: datetime
) -> None:
    browser = sign_in(open_world.coach)
    browser.post(f"{PAGE}/outside", data={"address": ADDRESS})
    read(database, now, (8, 9), (19, 20))
    form = {"day": "2026-11-25", "at": "9.30", "minutes": "60", "mode": "phone", "place": "070-1"}
    book = f"/staff/people/{open_world.participant.id}/meetings/book"
    told = browser.post(book, data=form)
    assert told.status_code == 422
    assert "Coachen är upptagen då i sin egen kalender." in text_of(told)
    assert "utanför coachens arbetstid" not in text_of(told)
    both = text_of(browser.post(book, data={**form, "at": "20.00"}))
    assert "upptagen då i sin egen kalender" in both
    assert "utanför coachens arbetstid" in both
    assert browser.post(book, data={**form, "anyway": "1"}).status_code == 303
    with database.reading() as fresh:
        (meeting,) = fresh.scalars(select(Appointment))
    move = f"/staff/people/{open_world.participant.id}/meetings/{meeting.id}/move"
    assert browser.post(move, data={**form, "mode": "video"}).status_code == 303
    moved = browser.post(move, data={**form, "at": "9.45"})
    assert "upptagen då i sin egen kalender" in text_of(moved)


def test_a_participant_books_no_busy_time_nor_takes_one_back(
    database: Database, open_world: World, sign_in: SignIn, now: datetime
) -> None:
    coach, browser = sign_in(open_world.coach), sign_in(open_world.participant)
    taken = {"at": "2026-11-26T09:00Z", "mode": "phone"}
    assert browser.post("/meetings/book", data=taken).status_code == 303
    with database.reading() as fresh:
        (meeting,) = fresh.scalars(select(Appointment))
    browser.post(f"/meetings/{meeting.id}/cancel")
    coach.post(f"{PAGE}/outside", data={"address": ADDRESS})
    read(database, now, (24 + 8, 24 + 9.5))
    assert "inte ledig" in text_of(browser.post("/meetings/book", data=taken))
    browser.post(f"/meetings/{meeting.id}/restore")
    with database.reading() as fresh:
        assert [row.state for row in fresh.scalars(select(Appointment))] == ["cancelled"]


def test_an_admin_names_more_places_to_read_from(database: Database, world: World, sign_in: SignIn) -> None:
    with database.transaction() as fresh:
        own = fresh.get_one(Organisation, world.organisation.id)
        own.settings = {**own.settings, "calendar_hosts": "kalender.norrby.se"}
    answer = sign_in(world.coach).post(
        f"{PAGE}/outside", data={"address": "https://kalender.norrby.se/k.ics"}
    )
    assert answer.status_code == 303
    page = sign_in(world.admin).get("/staff/organisation/rules").get_data(as_text=True)
    assert 'value="kalender.norrby.se"' in page
