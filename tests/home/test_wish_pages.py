"""No time fits: what would is sent to the coach, who books by it; until then it waits (S3, S30)."""

import re
import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from portal.availability import wish_rules
from portal.availability.rules import FreeTime
from portal.availability.wish_rules import TimeWish, closest, misses, read, write
from portal.conversation.models import Message
from portal.db import Database
from portal.identity.models import Person
from portal.wording.models import SourceText
from tests.booking.conftest import Tell, ask_as, booked_by_staff, open_world
from tests.conftest import FrozenClock, SignIn
from tests.plan.conftest import hidden
from tests.support.pages import text_of
from tests.support.world import World

__all__ = ["ask_as", "booked_by_staff", "open_world"]

ZONE = ZoneInfo("Europe/Stockholm")
FRIDAY_9 = datetime.fromisoformat("2026-11-27T08:00+00:00")
HOUR = timedelta(hours=1)
WISH = {"days": ["0", "4"], "parts": ["afternoon"], "ways": ["phone"], "written": "sv"}
PAGE = "/meetings/wish"


@pytest.mark.parametrize(
    "wish",
    [
        TimeWish(),
        TimeWish((0, 2), ("morning",), ("phone", "walk"), uuid.UUID(int=7)),
        TimeWish(ways=("video",)),
    ],
)
def test_what_is_written_is_read_as_it_was(wish: TimeWish) -> None:
    assert read(write(wish)) == wish


@pytest.mark.parametrize("text", ["", "|||x", "7|||", "|night||", "||teleport|", "0|||", "1,0|x||", "a|b"])
def test_nonsense_is_no_wish(text: str) -> None:
    assert (read(text) is None) == (text != "0|||")


def test_the_times_that_miss_least_come_first_the_soonest_of_them_before() -> None:
    wish = TimeWish((4,), ("afternoon",), ("phone",))
    morning, afternoon = (
        FreeTime(FRIDAY_9, FRIDAY_9 + HOUR),
        FreeTime(FRIDAY_9 + 5 * HOUR, FRIDAY_9 + 6 * HOUR),
    )
    monday = FreeTime(FRIDAY_9 + timedelta(days=3), FRIDAY_9 + timedelta(days=3, hours=1), ("on_site",))
    assert [misses(one, wish, ZONE) for one in (morning, afternoon, monday)] == [1, 0, 3]
    assert closest([morning, monday, afternoon], wish, ZONE, 2) == [afternoon, morning]
    assert wish_rules.NOON.hour == 12


def wishes(database: Database) -> list[Message]:
    with database.reading() as session:
        return list(session.scalars(select(Message).where(Message.kind == "time").order_by(Message.number)))


def test_sent_twice_it_is_one_and_the_participant_takes_it_back(
    database: Database, open_world: World, sign_in: SignIn
) -> None:
    browser = sign_in(open_world.participant, tier=2)
    assert "Ingen tid passar" in text_of(browser.get("/meetings/times"))
    nothing = browser.post(PAGE, data={"words": "Hej", "written": "sv"})
    assert nothing.status_code == 422
    assert "Välj minst en dag" in text_of(nothing)
    for words in ("Bussen går 14", "Bussen går 14", "Bussen går 15"):
        assert browser.post(PAGE, data={**WISH, "words": words}).status_code == 303
    former, wish = wishes(database)
    assert (former.words, former.outcome, former.due_on) == ("Bussen går 14", "called_off", wish.due_on)
    assert (wish.wish, wish.words, wish.outcome) == ("0,4|afternoon|phone|", "Bussen går 15", "")
    page = text_of(browser.get(PAGE))
    assert "Du har bett om en tid" in page
    assert "Måndag, Fredag" in page
    assert "Din fråga väntar på svar." in text_of(browser.get("/home"))
    assert "Du vill ha en annan tid." in text_of(browser.get("/messages"))
    browser.post(f"{PAGE}/{wish.id}/take-back")
    assert [one.outcome for one in wishes(database)] == ["called_off", "called_off"]
    assert "Du har bett om en tid" not in text_of(browser.get(PAGE))
    assert "Du tog tillbaka det" in text_of(browser.get("/messages"))


def test_the_coach_reads_it_in_swedish_and_books_by_it_which_answers_it(
    database: Database, open_world: World, sign_in: SignIn
) -> None:
    with database.transaction() as session:
        session.get_one(Person, open_world.participant.id).language = "ar"
    browser, coach = sign_in(open_world.participant, tier=2), sign_in(open_world.coach)
    browser.post(PAGE, data={**WISH, "words": "الحافلة", "written": "ar"})
    with database.reading() as session:
        assert session.scalars(select(SourceText.language)).all() == ["ar"]
    today = text_of(coach.get("/staff"))
    assert "Hittar ingen tid som passar." in today
    assert "Dagar: Måndag, Fredag. Tid på dagen: På eftermiddagen. Hur ni ses: Telefon." in today
    thread = coach.get(f"/staff/people/{open_world.participant.id}/conversation")
    found = re.search(r'href="([^"]*book\?wish=[^"]*)"', thread.text)
    assert found
    form = coach.get(found[1].replace("&amp;", "&"))
    page = text_of(form)
    assert page.index("Närmast önskemålet") < page.index("Nästa lediga tider")
    assert "fredag 27 november klockan 13.00" in page.split("Nästa lediga tider")[0]
    typed = {"day": "2026-11-27", "at": "13.00", "minutes": "60", "mode": "phone", "anyway": "1"}
    assert (
        coach.post(f"/staff/people/{open_world.participant.id}/meetings/book", data=typed).status_code == 303
    )
    (wish,) = wishes(database)
    assert (wish.outcome, wish.closed_by) == ("booked", open_world.coach.id)
    assert "Hittar ingen tid" not in text_of(coach.get("/staff"))


def test_an_answer_in_words_answers_it_too_and_so_does_a_time_of_ones_own(
    database: Database, open_world: World, sign_in: SignIn
) -> None:
    browser, coach = sign_in(open_world.participant, tier=2), sign_in(open_world.coach)
    browser.post(PAGE, data=WISH)
    path = f"/staff/people/{open_world.participant.id}/conversation"
    coach.post(path, data={"words": "Kan du på torsdag?", "upto": "1", "written": "sv"})
    assert [one.outcome for one in wishes(database)] == ["answered"]
    browser.post(PAGE, data=WISH)
    assert sorted(one.outcome for one in wishes(database)) == ["", "answered"]
    browser.post(
        "/meetings/book", data={"at": "2026-11-27T08:00Z", "mode": "phone", "key": str(uuid.uuid4())}
    )
    assert sorted(one.outcome for one in wishes(database)) == ["answered", "booked"]


def test_what_answers_the_former_wish_leaves_the_changed_one_waiting(
    database: Database, open_world: World, sign_in: SignIn
) -> None:
    browser, coach = sign_in(open_world.participant, tier=2), sign_in(open_world.coach)
    browser.post(PAGE, data=WISH)
    path = f"/staff/people/{open_world.participant.id}/conversation"
    (former,) = wishes(database)
    browser.post(PAGE, data={**WISH, "days": ["1"], "words": "Bara tisdag"})
    coach.post(path, data={"words": "Fredag då?", "upto": str(former.number), "written": "sv"})
    coach.post(f"{path}/{former.id}/close", data={"outcome": "not_needed"})
    assert [(one.wish, one.outcome) for one in wishes(database)] == [
        ("0,4|afternoon|phone|", "called_off"),
        ("1|afternoon|phone|", ""),
    ]
    assert "Bara tisdag" in text_of(coach.get("/staff"))


def test_another_time_is_asked_for_ones_own_meeting_alone(
    database: Database, open_world: World, booked_by_staff: Tell, sign_in: SignIn
) -> None:
    """S3"""
    meeting = booked_by_staff(FRIDAY_9)
    stranger = sign_in(open_world.other_participant, tier=2)
    assert stranger.post(PAGE, data={**WISH, "moving": str(meeting.id)}).status_code == 404
    assert wishes(database) == []
    browser, coach = sign_in(open_world.participant, tier=2), sign_in(open_world.coach)
    assert f"{PAGE}?moving={meeting.id}" in browser.get(f"/meetings/{meeting.id}/move").text
    browser.post(PAGE, data={**WISH, "moving": str(meeting.id)})
    thread = coach.get(f"/staff/people/{open_world.participant.id}/conversation")
    assert f"meetings/{meeting.id}/move?wish=" in thread.text


def test_only_a_new_time_that_the_participant_sees_answers_a_wish(
    database: Database, open_world: World, booked_by_staff: Tell, sign_in: SignIn, frozen: FrozenClock
) -> None:
    """S33"""
    meeting = booked_by_staff(FRIDAY_9)
    browser, coach = sign_in(open_world.participant, tier=2), sign_in(open_world.coach)
    meetings = f"/staff/people/{open_world.participant.id}/meetings"
    typed = {"day": "2026-11-30", "at": "13.00", "minutes": "60", "mode": "phone", "anyway": "1"}
    friday = {**typed, "day": "2026-11-27", "at": "09.00"}
    form = {**typed, "key": str(uuid.uuid4())}

    def sent(address: str, data: dict[str, str]) -> list[str]:
        assert coach.post(f"{meetings}/{address}", data=data).status_code == 303
        return [one.outcome for one in wishes(database)]

    assert sent("book", form) == []
    frozen.move(timedelta(minutes=1))
    browser.post(PAGE, data=WISH)
    assert sent("book", form) == [""], "the form of before once more"
    assert sent("book", {**typed, "at": "15.00", "hidden": "y"}) == [""], "a hidden meeting"
    assert sent(f"{meeting.id}/move", {**friday, "at": "10.00"}) == [""], "a new one was wished for"
    browser.post(PAGE, data={**WISH, "moving": str(meeting.id)})
    assert sent("book", {**typed, "day": "2026-12-01"}) == ["called_off", ""], "another meeting"
    assert sent(f"{meeting.id}/move", {**friday, "at": "10.00"}) == ["called_off", ""], "no change"
    assert sent(f"{meeting.id}/move", {**friday, "at": "10.00", "place": "Rum 3"}) == ["called_off", ""]
    browser.post(f"/meetings/{meeting.id}/move", data={"at": "2026-11-27T09:00Z"})
    assert [one.outcome for one in wishes(database)] == ["called_off", ""], "the participant's same time"
    assert sent(f"{meeting.id}/move", friday) == ["called_off", "booked"]


def test_a_time_that_the_participant_takes_answers_what_it_was_wished_for(
    database: Database, open_world: World, booked_by_staff: Tell, sign_in: SignIn
) -> None:
    meeting = booked_by_staff(FRIDAY_9)
    browser = sign_in(open_world.participant, tier=2)
    browser.post(PAGE, data={**WISH, "moving": str(meeting.id)})
    booking = {"at": "2026-11-30T08:00Z", "mode": "phone", "key": str(uuid.uuid4())}
    assert browser.post("/meetings/book", data=booking).status_code == 303
    assert [one.outcome for one in wishes(database)] == [""]
    assert browser.post(f"/meetings/{meeting.id}/move", data={"at": "2026-12-01T08:00Z"}).status_code == 303
    assert [one.outcome for one in wishes(database)] == ["booked"]


def test_a_wish_to_move_a_meeting_is_still_that_once_it_is_changed(
    database: Database, open_world: World, booked_by_staff: Tell, sign_in: SignIn
) -> None:
    meeting, other = booked_by_staff(FRIDAY_9), booked_by_staff(FRIDAY_9 + 5 * HOUR)
    browser = sign_in(open_world.participant, tier=2)
    browser.post(PAGE, data={**WISH, "moving": str(meeting.id)})
    shown = hidden(browser.get(PAGE).text, "moving", PAGE)
    assert shown == str(meeting.id)
    browser.post(PAGE, data={**WISH, "days": ["1"], "moving": shown})
    assert wishes(database)[-1].wish == f"1|afternoon|phone|{meeting.id}"
    named = browser.get(f"{PAGE}?moving={other.id}")
    assert hidden(named.text, "moving", PAGE) == str(other.id)


def test_behind_the_first_door_nothing_is_asked_or_seen(
    database: Database, open_world: World, sign_in: SignIn
) -> None:
    """S30"""
    sign_in(open_world.participant, tier=2).post(PAGE, data=WISH)
    first = sign_in(open_world.participant, tier=1)
    assert first.get(PAGE).status_code != 200
    first.post(PAGE, data={**WISH, "days": ["1"]})
    assert [one.wish for one in wishes(database)] == ["0,4|afternoon|phone|"]
    assert "Måndag" not in first.get("/meetings/times").text
