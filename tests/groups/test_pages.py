"""What a participant sees and does on the pages of groups."""

from collections.abc import Callable
from datetime import datetime, timedelta

from icalendar import Calendar
from sqlalchemy import delete, select, update

from portal.availability.models import BusyTime
from portal.availability.rules import Span
from portal.db import Database
from portal.groups import seat_service, session_service
from portal.groups.models import Group, GroupSeat
from portal.groups.session_service import SESSION
from portal.identity.models import Person
from portal.wording.models import SourceText
from tests.booking.conftest import AskAs
from tests.conftest import FrozenClock, SignIn
from tests.groups.conftest import FIRST, Made, send_all, sessions, spans
from tests.support.world import World

Joined = Callable[..., GroupSeat]
Crowd = Callable[[int], list[Person]]


def test_a_group_is_found_read_joined_and_left_again(
    database: Database, world: World, made: Made, sign_in: SignIn
) -> None:
    group, browser = made(), sign_in(world.participant)
    assert "Promenadgrupp" in browser.get("/groups").text
    page = browser.get(f"/groups/{group.id}").text
    for words in ("Vi går en timme i skogen.", "Torget", "Karin leder gruppen.", "2 platser kvar"):
        assert words in page
    assert "Vill du gå med?" in browser.get(f"/groups/{group.id}/join").text
    answer = browser.post(f"/groups/{group.id}/join", follow_redirects=True)
    assert "Du är med i gruppen." in answer.text
    assert "Lämna gruppen" in answer.text
    assert "Du träffar din grupp." in browser.get("/home").text
    assert f"/groups/{group.id}" in browser.get("/meetings").text
    answer = browser.post(f"/groups/{group.id}/leave", follow_redirects=True)
    assert "Du är inte med i gruppen längre." in answer.text
    assert "Du träffar din grupp." not in browser.get("/home").text


def test_behind_the_first_door_there_is_a_time_and_the_word_group_alone_s30(
    world: World, made: Made, joined: Joined, sign_in: SignIn
) -> None:
    mine = made(title="own", own_title="Hemlig kurs")
    joined(mine, world.participant)
    other = made(when=later(), title="health", about="Om att sova.", place="Källaren")
    browser = sign_in(world.participant, tier=1)
    for path in ("/groups", f"/groups/{mine.id}", f"/groups/{other.id}", "/home", "/meetings"):
        page = browser.get(path).text
        for secret in ("Hemlig", "Må bra", "skogen", "sova", "Torget", "Källaren", "Karin"):
            assert secret not in page, (path, secret)
    assert "Det finns 1 grupp som du kan gå med i" in browser.get("/groups").text
    assert browser.get(f"/groups/{other.id}/join").status_code == 303


def later() -> list[Span]:
    """Other times than the usual."""
    return spans(2, FIRST + timedelta(days=1))


def test_a_full_group_has_a_queue_with_a_number_and_an_offer_with_two_answers(
    database: Database,
    ask_as: AskAs,
    crowd: Crowd,
    made: Made,
    joined: Joined,
    sign_in: SignIn,
    now: datetime,
) -> None:
    group, people = made(capacity=1), crowd(3)
    joined(group, people[0])
    joined(group, people[1])
    browser = sign_in(people[2])
    assert "Fullt. 1 väntar." in browser.get("/groups").text
    assert "Vill du ställa dig i kö?" in browser.get(f"/groups/{group.id}/join").text
    answer = browser.post(f"/groups/{group.id}/join", follow_redirects=True)
    assert "Du är nummer 2" in answer.text
    with database.transaction() as fresh:
        seat_service.leave(fresh, ask_as(people[0]), group.id, now)
    first = sign_in(people[1], tier=1)
    home = first.get("/home").text
    assert "En plats i en grupp" in home
    page = first.get(f"/groups/{group.id}").text
    assert "Nu finns det en plats för dig." in page
    assert "onsdag 25 november" in page
    answer = first.post(f"/groups/{group.id}/decline", follow_redirects=True)
    assert "Du har sagt nej till platsen." in answer.text
    answer = browser.post(f"/groups/{group.id}/accept", follow_redirects=True)
    assert "Du är med i gruppen." in answer.text


def test_too_late_is_said_plainly_and_the_queue_can_be_joined_again(
    database: Database,
    ask_as: AskAs,
    crowd: Crowd,
    made: Made,
    joined: Joined,
    sign_in: SignIn,
    frozen: FrozenClock,
    now: datetime,
) -> None:
    group, people = made(capacity=1), crowd(3)
    for one in people:
        joined(group, one)
    with database.transaction() as fresh:
        seat_service.leave(fresh, ask_as(people[0]), group.id, now)
    send_all(database)
    frozen.move(timedelta(hours=25))
    browser = sign_in(people[1])
    answer = browser.post(f"/groups/{group.id}/accept")
    assert answer.status_code == 422
    assert "Tiden för att svara är slut." in answer.text
    with database.transaction() as fresh:
        seat_service.round_of(fresh, frozen.moment)
    page = browser.get(f"/groups/{group.id}").text
    assert "Du svarade inte i tid. Du står inte i kön längre." in page
    assert "Ställ dig i kö" in page


def test_a_day_on_which_one_has_something_else_is_marked_before_joining(
    database: Database, world: World, made: Made, joined: Joined, sign_in: SignIn
) -> None:
    joined(made(), world.participant)
    with database.transaction() as fresh:
        fresh.execute(update(Group).values(is_open=False))
    with database.transaction() as fresh:
        # Their leader's time is free again: another group meets at the very same times.
        fresh.execute(delete(BusyTime).where(BusyTime.cause_kind == SESSION))
    other = made()
    page = sign_in(world.participant).get(f"/groups/{other.id}/join").text
    assert page.count("Du har något annat då") == 4
    assert "Du kan gå med ändå." in page


def test_what_must_leave_no_trace_leaves_none_s33(
    database: Database, world: World, ask_as: AskAs, made: Made, sign_in: SignIn, now: datetime
) -> None:
    group = made(is_open=False)
    with database.transaction() as fresh:
        coach = ask_as(world.coach)
        seat_service.put_in(fresh, coach, group.id, world.participant.id, now, in_portal=False)
    browser = sign_in(world.participant)
    assert "Promenadgrupp" not in browser.get("/groups").text
    assert browser.get(f"/groups/{group.id}").status_code == 404
    assert browser.get(f"/groups/{group.id}.ics").status_code == 404
    assert "Du träffar din grupp." not in browser.get("/home").text


def test_the_calendar_file_has_every_session_under_a_neutral_title_s31(
    database: Database,
    world: World,
    ask_as: AskAs,
    made: Made,
    joined: Joined,
    sign_in: SignIn,
    now: datetime,
) -> None:
    group = made(title="own", own_title="Hemlig kurs")
    joined(group, world.participant)
    with database.transaction() as fresh:
        second = sessions(fresh, group)[1]
        session_service.cancel_session(fresh, ask_as(world.coach), second.id, now, seen=0)
    answer = sign_in(world.participant).get(f"/groups/{group.id}.ics")
    assert answer.mimetype == "text/calendar"
    events = list(Calendar.from_ical(answer.data).walk("VEVENT"))
    assert [str(one["status"]) for one in events] == ["CONFIRMED", "CANCELLED", "CONFIRMED", "CONFIRMED"]
    assert [str(one["sequence"]) for one in events] == ["0", "1", "0", "0"]
    assert {str(one["summary"]) for one in events} == {"Möte"}
    assert len({str(one["uid"]) for one in events}) == 4
    assert b"Hemlig" not in answer.data


def test_groups_in_ones_own_language_stand_first(world: World, made: Made, sign_in: SignIn) -> None:
    made(title="walk", languages=("sv",))
    made(when=later(), title="talk", languages=("ar",))
    page = sign_in(world.second_participant).get("/groups").text
    # Yonas reads Arabic: what is in Arabic comes first, though it meets later.
    assert page.index("مجموعة الحديث") < page.index("مجموعة المشي")


def test_a_name_of_ones_own_is_read_in_swedish_until_it_is_translated(
    database: Database, world: World, made: Made, sign_in: SignIn
) -> None:
    group = made(title="own", own_title="Vi lagar mat")
    page = sign_in(world.second_participant).get(f"/groups/{group.id}").text
    assert '<bdi lang="sv" dir="ltr">Vi lagar mat</bdi>' in page
    with database.reading() as fresh:
        kinds = set(fresh.scalars(select(SourceText.kind)))
    assert kinds == {"group_title", "group_about"}
