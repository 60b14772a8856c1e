"""A coach's meetings as calendar programs read them: time and way alone, and an address that dies at once."""

import re
from datetime import datetime, timedelta
from urllib.parse import unquote

import pytest
from flask import Flask
from icalendar import Calendar
from icalendar.cal import Event
from sqlalchemy import delete, select, text

from portal.booking import feed_rules, feed_service
from portal.booking.feed_models import CalendarFeed
from portal.db import Database
from portal.identity.absence import service as absences
from portal.identity.models import CoachChange, Enrolment, Person, RoleGrant
from portal.journal.models import JournalRow
from tests.conftest import FrozenClock, SignIn
from tests.journeys.test_selects import counted
from tests.support.matrix import plain
from tests.support.meetings import add_meeting, cancel
from tests.support.objects import asker_of
from tests.support.pages import Client, text_of
from tests.support.rooms import add_room
from tests.support.world import World

PAGE = "/staff/availability/calendars"
ADDRESS = re.compile(r"http://127\.0\.0\.1:8000(/calendar/[A-Za-z0-9_-]{43}\.ics)")
DAY = timedelta(days=1)


@pytest.fixture
def address(world: World, sign_in: SignIn) -> str:
    """Where the coach's programs read."""
    return made(sign_in(world.coach))


def made(browser: Client) -> str:
    """A new address, as the page shows it once."""
    found = ADDRESS.search(browser.post(f"{PAGE}/feed").get_data(as_text=True))
    assert found
    return found[1]


def read(client: Client, address: str) -> list[Event]:
    """The meetings that a program finds there."""
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    return list(Calendar.from_ical(answer.data).events)


def meet(database: Database, world: World, starts_at: datetime, **facts: object) -> str:
    """A meeting of the coach with the participant; its UID."""
    with database.transaction() as fresh:
        person = facts.pop("person", world.participant)
        assert isinstance(person, Person)
        row = add_meeting(fresh, person, world.coach, starts_at, starts_at - 9 * DAY, **facts)
        return str(row.uid)


def test_time_and_way_are_told_and_nothing_of_anybody(
    database: Database, world: World, now: datetime, client: Client, address: str
) -> None:
    uid = meet(database, world, now + DAY, place="Hemliga gatan 7", revision=4)
    answer = client.get(address)
    (event,) = Calendar.from_ical(answer.data).events
    assert (event["uid"], event["sequence"], event["status"]) == (uid, 4, "CONFIRMED")
    assert event["summary"] == "Möte (på plats)"
    assert (event.start, event.end) == (now + DAY, now + DAY + timedelta(hours=1))
    assert event.DTSTAMP == event.LAST_MODIFIED == now - 8 * DAY
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT30M\r\nX-PUBLISHED-TTL:PT30M" in answer.get_data(as_text=True)
    told = answer.get_data(as_text=True)
    for secret in (*world.participant.name.split(), "Hemliga", str(world.participant.id)):
        assert secret not in told


LINE = re.compile(r"[A-Z-]+(;[A-Z-]+=[A-Z]+)*:[^\x00-\x08\x0a-\x1f\x7f]+")
"""A line of content by RFC 5545, 3.1, as far as we write any; read without the library that writes."""
ONCE = {"UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "SUMMARY", "STATUS", "LAST-MODIFIED"}


def test_each_line_is_one_of_the_formats(
    database: Database, world: World, now: datetime, client: Client, address: str
) -> None:
    """S28"""
    meet(database, world, now + DAY)
    meet(database, world, now + 2 * DAY, in_portal=False)
    raw = client.get(address).data
    assert raw.endswith(b"\r\n")
    assert raw.count(b"\n") == raw.count(b"\r") == raw.count(b"\r\n")
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    lines = raw.decode().replace("\r\n ", "").split("\r\n")[:-1]
    assert all(LINE.fullmatch(line) for line in lines)
    names = [re.split("[;:]", line)[0] for line in lines]
    assert [line for line in lines if line.startswith(("BEGIN", "END"))] == [
        "BEGIN:VCALENDAR",
        *["BEGIN:VEVENT", "END:VEVENT"] * 2,
        "END:VCALENDAR",
    ]
    assert all(names.count(name) == 2 for name in ONCE)
    assert {names.count(name) for name in ("VERSION", "PRODID", "METHOD")} == {1}
    assert all(line.endswith("Z") for line in lines if line.startswith(("DT", "LAST")))


def test_the_link_names_the_meeting_and_leads_whoever_may_see_it(
    database: Database, world: World, now: datetime, client: Client, address: str, sign_in: SignIn
) -> None:
    meet(database, world, now + DAY)
    link = str(read(client, address)[0]["url"]).removeprefix("http://127.0.0.1:8000")
    assert re.fullmatch(r"/staff/meetings/[0-9a-f-]{36}", link)
    assert sign_in(world.coach).get(link).location == f"/staff/people/{world.participant.id}/meetings"
    assert sign_in(world.other_coach).get(link).status_code == 404
    assert client.get(link).location.startswith("/staff/sign-in")


def test_what_must_leave_no_trace_is_busy_and_protected_people_are_not_there(
    database: Database, world: World, now: datetime, client: Client, address: str
) -> None:
    """S33, S37"""
    meet(database, world, now + DAY, in_portal=False)
    with database.transaction() as fresh:
        fresh.get_one(Person, world.second_participant.id).protected = True
    meet(database, world, now + 2 * DAY, person=world.second_participant)
    (event,) = read(client, address)
    assert (event["summary"], event.get("url")) == ("Upptagen", None)


def test_a_month_back_and_what_was_cancelled_for_a_month(
    database: Database, world: World, now: datetime, frozen: FrozenClock, client: Client, address: str
) -> None:
    meet(database, world, now - 31 * DAY)
    lately = meet(database, world, now - 29 * DAY)
    far = meet(database, world, now + 500 * DAY)
    with database.transaction() as fresh:
        row = add_meeting(fresh, world.participant, world.coach, now + 40 * DAY, now)
        cancel(row, now)
        gone = str(row.uid)
    found = {str(event["uid"]): str(event["status"]) for event in read(client, address)}
    assert found == {lately: "CONFIRMED", gone: "CANCELLED", far: "CONFIRMED"}
    frozen.move(31 * DAY)
    assert {str(event["uid"]) for event in read(client, address)} == {far}


def test_other_coaches_meetings_are_not_there_and_the_coachs_language_is_spoken(
    database: Database, world: World, now: datetime, client: Client, address: str
) -> None:
    with database.transaction() as fresh:
        add_meeting(fresh, world.other_participant, world.other_coach, now + DAY, now)
        fresh.get_one(Person, world.coach.id).language = "en"
    meet(database, world, now + DAY, mode="phone")
    (event,) = read(client, address)
    assert event["summary"] == "Meeting (phone)"


def test_it_is_shown_once_kept_as_a_hash_renewed_and_ended(
    database: Database, world: World, client: Client, address: str, sign_in: SignIn
) -> None:
    browser = sign_in(world.coach)
    assert not ADDRESS.search(browser.get(PAGE).get_data(as_text=True))
    assert "Du har en adress sedan tisdag 24 november." in text_of(browser.get(PAGE))
    with database.reading() as fresh:
        kept = fresh.scalars(select(CalendarFeed)).one()
        assert len(kept.token_hash) == 32
        assert address[10:-4].encode() not in kept.token_hash
    fresh_one = made(browser)
    assert fresh_one != address
    assert client.get(address).status_code == 404
    assert client.get(fresh_one).status_code == 200
    assert "Adressen fungerar inte längre." in text_of(
        browser.post(f"{PAGE}/feed/end", follow_redirects=True)
    )
    assert client.get(fresh_one).status_code == 404
    browser.post(f"{PAGE}/feed/end")


def test_every_address_that_does_not_hold_gets_the_same_answer(
    world: World, client: Client, address: str, sign_in: SignIn
) -> None:
    sign_in(world.coach).post(f"{PAGE}/feed/end")
    odd = ["x", "%00", "å" * 43, "a" * 42, "a" * 44, "a" * 43, "..%2f..", address[10:-4]]
    answers = [client.get(f"/calendar/{one}.ics") for one in odd]
    assert {answer.status_code for answer in answers} == {404}
    told = {plain(answer.get_data(as_text=True), unquote(answer.request.path)) for answer in answers}
    assert len(told) == 1
    assert not any("Set-Cookie" in answer.headers for answer in answers)
    for method in (client.put, client.delete):
        assert method(address).status_code == 404


@pytest.mark.parametrize("loss", ["disabled", "role"])
def test_it_dies_with_the_coachs_work_and_does_not_come_back(
    database: Database, world: World, now: datetime, client: Client, address: str, loss: str
) -> None:
    with database.transaction() as fresh:
        if loss == "disabled":
            fresh.get_one(Person, world.coach.id).disabled_at = now
        else:
            fresh.execute(delete(RoleGrant).where(RoleGrant.person_id == world.coach.id))
    assert client.get(address).status_code == 404
    with database.transaction() as fresh:
        assert feed_service.forget(fresh) == 1
        assert feed_service.forget(fresh) == 0
        person = fresh.get_one(Person, world.coach.id)
        person.disabled_at = None
    assert client.get(address).status_code == 404


def test_what_has_not_changed_is_answered_briefly(
    database: Database, world: World, now: datetime, client: Client, address: str
) -> None:
    meet(database, world, now + DAY)
    first = client.get(address)
    assert first.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in first.headers
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    meet(database, world, now + 2 * DAY)
    changed = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


def test_it_asks_six_questions_however_much_there_is(
    app: Flask, database: Database, world: World, now: datetime, client: Client, address: str
) -> None:
    client.get(address)
    for number in range(40):
        meet(database, world, now + number * DAY)
    with counted(database) as found:
        assert len(read(client, address)) == 40
    assert len(found) == 6


def test_reading_is_noted_as_the_coachs_own_once_a_day(
    database: Database, world: World, frozen: FrozenClock, client: Client, address: str
) -> None:
    """S42"""
    for _ in range(3):
        client.get(address)
    frozen.move(DAY)
    client.get(address)
    client.get("/calendar/wrong.ics")
    noted = select(JournalRow).where(JournalRow.kind == "calendar", JournalRow.action == "read")
    with database.reading() as fresh:
        rows = fresh.scalars(noted).all()
        assert {(row.actor_id, row.subject_id) for row in rows} == {(world.coach.id, world.coach.id)}
        assert len(rows) == 2
        assert fresh.execute(text("SELECT count(*) FROM journal WHERE action = 'refused'")).scalar() == 0


def test_a_token_cannot_be_guessed() -> None:
    tokens = {feed_rules.new_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert all(feed_rules.is_token(one) for one in tokens)


def test_a_room_of_the_house_is_told_and_a_typed_place_is_not(
    database: Database, world: World, now: datetime, client: Client, address: str
) -> None:
    with database.transaction() as fresh:
        room = add_room(fresh, world.coach, "Granen").id
    meet(database, world, now + DAY, room_id=room, place="Granen, Storgatan 1")
    meet(database, world, now + 2 * DAY, place="Hemma hos Amina")
    meet(database, world, now + 3 * DAY, room_id=room, in_portal=False)
    meet(database, world, now + 4 * DAY, room_id=room, state="cancelled", cancelled_at=now)
    places = [str(one.get("location", "")) for one in read(client, address)]
    assert places == ["Granen", "", "", ""]


def test_a_meeting_that_stayed_with_its_former_coach_leads_to_its_day(
    database: Database, world: World, now: datetime, client: Client, address: str, sign_in: SignIn
) -> None:
    """Nothing else of its person is open to them: the link was a dead end."""
    meet(database, world, now + DAY)
    (entry,) = read(client, address)
    link = str(entry["url"]).removeprefix("http://127.0.0.1:8000")
    person, former, fresh_one = world.participant.id, world.coach.id, world.other_coach.id
    with database.transaction() as fresh:
        enrolled = Enrolment.person_id == person
        fresh.scalars(select(Enrolment).where(enrolled)).one().coach_id = fresh_one
        fresh.add(CoachChange(person_id=person, former_id=former, coach_id=fresh_one, changed_at=now))
    browser = sign_in(world.coach)
    leads_to = browser.get(link).location
    assert leads_to == f"/staff/week?from={(now + DAY).date()}"
    assert "Amina" in text_of(browser.get(leads_to))
    assert browser.get(f"/staff/people/{person}/meetings").status_code == 404


def test_a_meeting_that_a_stand_in_holds_leads_to_its_day_outside_the_absence(
    database: Database, world: World, now: datetime, frozen: FrozenClock, client: Client, sign_in: SignIn
) -> None:
    """S6: before and after, nothing of the person is open to them, though the meeting is theirs."""
    away = absences.Wish((now + 3 * DAY).date(), (now + 4 * DAY).date(), world.other_coach.id)
    with database.transaction() as fresh:
        absences.take(fresh, asker_of(fresh, world.coach), world.coach.id, away, now)
        held = add_meeting(fresh, world.participant, world.other_coach, now + 4 * DAY, now)
        strange = add_meeting(fresh, world.participant, world.lead, now + 4 * DAY, now).id
    (entry,) = read(client, made(sign_in(world.other_coach)))
    link = str(entry["url"]).removeprefix("http://127.0.0.1:8000")
    assert link.endswith(str(held.id))
    to_week, places = f"/staff/week?from={(now + 4 * DAY).date()}", list[str]()
    for _days in ("before", "while they stand in", "after"):
        places.append(sign_in(world.other_coach).get(link).location)
        assert ("Amina" in text_of(sign_in(world.other_coach).get(to_week))) is (len(places) == 2)
        frozen.move(3 * DAY)
    assert places == [to_week, f"/staff/people/{world.participant.id}/meetings", to_week]
    assert sign_in(world.other_coach).get(f"/staff/meetings/{strange}").status_code == 404
    with database.transaction() as fresh:
        fresh.get_one(Person, world.participant.id).protected = True
    assert sign_in(world.other_coach).get(link).status_code == 404
    with database.reading() as fresh:
        refused = select(JournalRow.actor_id).where(JournalRow.action == "refused")
        assert fresh.scalars(refused).all() == [world.other_coach.id] * 2
