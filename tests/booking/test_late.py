"""A participant says in one tap that they will be late, and the coach reads it where the meeting stands."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from portal.booking import rules, service
from portal.booking.models import Appointment
from portal.booking.time_service import Wish
from portal.db import Database
from tests.booking.conftest import AskAs, Tell
from tests.conftest import FrozenClock, SignIn
from tests.support.pages import text_of
from tests.support.world import World

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
FRIDAY_9 = datetime.fromisoformat("2026-11-27T08:00+00:00")


@pytest.mark.parametrize(
    ("before", "is_open"),
    [
        (121 * MINUTE, False),
        (120 * MINUTE, True),
        (0 * MINUTE, True),
        (-59 * MINUTE, True),
        (-60 * MINUTE, False),
    ],
)
def test_it_can_be_said_from_two_hours_before_until_the_end(before: timedelta, *, is_open: bool) -> None:
    now = FRIDAY_9 - before
    assert rules.late_open(rules.BOOKED, FRIDAY_9, FRIDAY_9 + HOUR, now) == is_open
    assert not rules.late_open(rules.CANCELLED, FRIDAY_9, FRIDAY_9 + HOUR, now)


def stored(database: Database) -> Appointment:
    with database.reading() as session:
        return session.scalars(select(Appointment)).one()


@pytest.mark.parametrize("tier", [1, 2])
def test_said_and_taken_back_with_a_tap_each(
    database: Database,
    open_world: World,
    booked_by_staff: Tell,
    sign_in: SignIn,
    frozen: FrozenClock,
    *,
    tier: int,
) -> None:
    meeting = booked_by_staff(FRIDAY_9)
    path = f"/meetings/{meeting.id}"
    assert "Jag blir 15 minuter sen" not in text_of(sign_in(open_world.participant, tier=tier).get(path))
    frozen.moment = FRIDAY_9 - HOUR
    browser = sign_in(open_world.participant, tier=tier)
    assert "Jag blir 15 minuter sen" in text_of(browser.get("/home"))
    assert "Jag blir 15 minuter sen" in text_of(browser.get(path))
    for _twice in range(2):
        said = browser.post(f"{path}/late", follow_redirects=True)
        assert "Tack! Din coach ser att du blir sen." in text_of(said)
    assert "Du har sagt att du blir sen" in text_of(browser.get("/home"))
    row = stored(database)
    assert (row.late_said_at, row.revision) == (frozen.moment, 0)
    coach = sign_in(open_world.coach)
    for address in ("/staff", "/staff/week", f"/staff/people/{open_world.participant.id}/meetings"):
        assert "Blir 15 minuter sen" in text_of(coach.get(address)), address
    back = browser.post(f"{path}/in-time", follow_redirects=True)
    assert "Tack! Din coach ser att du kommer i tid." in text_of(back)
    assert stored(database).late_said_at is None
    assert "Blir 15 minuter sen" not in text_of(coach.get("/staff"))


def test_too_soon_or_too_late_one_is_told_to_call(
    database: Database, open_world: World, booked_by_staff: Tell, sign_in: SignIn, frozen: FrozenClock
) -> None:
    meeting = booked_by_staff(FRIDAY_9)
    for moment in (FRIDAY_9 - 3 * HOUR, FRIDAY_9 + HOUR):
        frozen.moment = moment
        browser = sign_in(open_world.participant)
        said = browser.post(f"/meetings/{meeting.id}/late", follow_redirects=True)
        assert "Det går inte att säga nu. Ring oss." in text_of(said)
    assert stored(database).late_said_at is None


@pytest.mark.parametrize("act", ["move", "cancel"])
def test_another_time_is_not_late_any_more(
    database: Database,
    open_world: World,
    booked_by_staff: Tell,
    ask_as: AskAs,
    sign_in: SignIn,
    frozen: FrozenClock,
    *,
    act: str,
) -> None:
    meeting = booked_by_staff(FRIDAY_9)
    frozen.moment = FRIDAY_9 - HOUR
    browser = sign_in(open_world.participant)
    browser.post(f"/meetings/{meeting.id}/late")
    with database.transaction() as session:
        coach = ask_as(open_world.coach)
        if act == "move":
            wish = Wish(FRIDAY_9 + HOUR, "phone")
            service.move_for(session, coach, meeting.id, wish, frozen.moment, anyway=True)
        else:
            service.cancel_for(session, coach, meeting.id, "", frozen.moment)
    assert stored(database).late_said_at is None
    answer = browser.post(f"/meetings/{meeting.id}/late", follow_redirects=True)
    assert ("Mötet är avbokat." in text_of(answer)) == (act == "cancel")


def test_when_it_is_noted_who_came_nothing_is_said_of_late(
    open_world: World, booked_by_staff: Tell, sign_in: SignIn, frozen: FrozenClock
) -> None:
    meeting = booked_by_staff(FRIDAY_9)
    frozen.moment = FRIDAY_9 + MINUTE
    sign_in(open_world.participant).post(f"/meetings/{meeting.id}/late")
    coach = sign_in(open_world.coach)
    noted = f"/staff/people/{open_world.participant.id}/meetings/{meeting.id}/attendance"
    assert "Blir 15 minuter sen" in text_of(coach.get("/staff"))
    coach.post(noted, data={"attendance": "came", "back": "today"})
    assert "Blir 15 minuter sen" not in text_of(coach.get("/staff"))
