"""A participant's pages of meetings: two taps to a meeting, every way back, bad input, both doors."""

import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import func, select

from portal.availability.models import OwnTerms
from portal.booking.models import Appointment
from portal.db import Database
from portal.identity.models import Person
from tests.booking.conftest import Booked, Tell
from tests.conftest import FrozenClock, SignIn
from tests.support.meetings import cancel
from tests.support.pages import text_of
from tests.support.world import World

FRIDAY_9 = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
FRIDAY_13 = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
AT = "2026-11-27T08:00Z"


def rows(database: Database) -> list[Appointment]:
    """Every meeting, oldest booking first."""
    with database.reading() as fresh:
        return list(fresh.scalars(select(Appointment).order_by(Appointment.booked_at, Appointment.starts_at)))


def value(page: str, name: str) -> str:
    """What stands in a hidden field."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]+)"', page)
    assert found, name
    return found[1]


def test_two_taps_from_the_times_to_a_receipt(database: Database, open_world: World, sign_in: SignIn) -> None:
    browser = sign_in(open_world.participant, tier=1)
    times = browser.get("/meetings/times").get_data(as_text=True)
    first = re.search(r'href="(/meetings/book\?at=[^"]+)"', times)
    assert first
    check = browser.get(first[1].replace("&amp;", "&"))
    page = check.get_data(as_text=True)
    assert "Vill du boka den här tiden?" in page
    sent = {name: value(page, name) for name in ("at", "key")}
    receipt = browser.post("/meetings/book", data={**sent, "mode": "phone"}, follow_redirects=True)
    assert receipt.status_code == 200
    assert "Mötet är bokat." in text_of(receipt)
    (meeting,) = rows(database)
    assert (meeting.mode, meeting.person_id) == ("phone", open_world.participant.id)


def test_the_first_four_times_stand_first_and_more_days_behind_a_button(
    open_world: World, sign_in: SignIn
) -> None:
    browser = sign_in(open_world.participant, tier=1)
    first = browser.get("/meetings/times")
    assert first.get_data(as_text=True).count("/meetings/book?at=") == 4
    assert "Visa fler dagar" in text_of(first)
    more = browser.get("/meetings/times?more=1").get_data(as_text=True)
    assert more.count("/meetings/book?at=") > 20


def test_a_double_tap_makes_one_meeting_and_one_receipt(
    database: Database, open_world: World, sign_in: SignIn
) -> None:
    browser = sign_in(open_world.participant, tier=1)
    form = {"at": AT, "key": str(uuid.uuid4()), "mode": "phone"}
    answers = [browser.post("/meetings/book", data=form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    assert len(rows(database)) == 1


def test_a_time_that_was_taken_meanwhile_gives_the_next_ones_and_keeps_the_choice(
    open_world: World, sign_in: SignIn, booked: Booked
) -> None:
    booked(FRIDAY_9, open_world.second_participant)
    browser = sign_in(open_world.participant, tier=1)
    answer = browser.post("/meetings/book", data={"at": AT, "key": str(uuid.uuid4()), "mode": "walk"})
    assert answer.status_code == 422
    assert "Tiden är inte ledig längre." in text_of(answer)
    page = answer.get_data(as_text=True)
    assert page.count("/meetings/book?at=") == 4
    assert page.count("mode=walk") >= 4


NONSENSE = [
    "nu",
    "2026-02-30T09:00Z",  # no such day
    "2026-11-20T08:00Z",  # gone
    "2027-03-28T01:30Z",  # in the daylight-saving gap
    "9999-12-31T23:59Z",
    "0001-01-01T00:00Z",
    "x" * 10_000,
    "\x00",
    "🙂",
    "<script>alert(1)</script>",
    "الجمعة",
    "2026-11-27T08:00Z'--",
]


@pytest.mark.parametrize("at", NONSENSE)
def test_nonsense_for_a_time_is_answered_with_free_times(
    database: Database, open_world: World, sign_in: SignIn, at: str
) -> None:
    browser = sign_in(open_world.participant, tier=1)
    for answer in (
        browser.get("/meetings/book", query_string={"at": at}),
        browser.post("/meetings/book", data={"at": at, "key": "x", "mode": "phone"}),
    ):
        assert answer.status_code == 422
        assert "<script>alert" not in answer.get_data(as_text=True)
        assert "Nästa lediga tider" in text_of(answer)
    assert rows(database) == []


def test_without_a_chosen_time_one_is_led_to_the_times(
    database: Database, open_world: World, sign_in: SignIn
) -> None:
    browser = sign_in(open_world.participant, tier=1)
    answer = browser.get("/meetings/book")
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("/meetings/times")
    posted = browser.post("/meetings/book", data={"at": "", "key": "x", "mode": "phone"})
    assert posted.status_code == 422
    assert "Nästa lediga tider" in text_of(posted)
    assert rows(database) == []


@pytest.mark.parametrize("mode", ["", "teleport", "\x00", "🙂" * 5_000])
def test_a_way_to_meet_that_is_not_offered_is_refused_beside_the_field(
    database: Database, open_world: World, sign_in: SignIn, mode: str
) -> None:
    browser = sign_in(open_world.participant, tier=1)
    answer = browser.post("/meetings/book", data={"at": AT, "key": str(uuid.uuid4()), "mode": mode})
    assert answer.status_code in ((303, 422) if mode == "" else (422,))
    assert all(row.mode == "on_site" for row in rows(database))


def test_a_key_that_was_lost_still_books(database: Database, open_world: World, sign_in: SignIn) -> None:
    browser = sign_in(open_world.participant, tier=1)
    assert browser.post("/meetings/book", data={"at": AT, "mode": "phone"}).status_code == 303
    assert len(rows(database)) == 1


def test_no_column_but_the_forms_own_fields_can_be_sent_s7(
    database: Database, open_world: World, sign_in: SignIn
) -> None:
    browser = sign_in(open_world.participant, tier=1)
    extra = {column.name: str(open_world.other_participant.id) for column in Appointment.__table__.columns}
    browser.post("/meetings/book", data={**extra, "at": AT, "key": str(uuid.uuid4()), "mode": "phone"})
    (meeting,) = rows(database)
    assert (meeting.person_id, meeting.state, meeting.revision) == (open_world.participant.id, "booked", 0)


def test_moving_in_two_taps_frees_the_old_time_and_keeps_the_uid(
    database: Database, open_world: World, sign_in: SignIn, booked: Booked
) -> None:
    meeting = booked(FRIDAY_9)
    browser = sign_in(open_world.participant, tier=1)
    assert f"/meetings/{meeting.id}/move?at=" in browser.get(f"/meetings/{meeting.id}/move").get_data(True)
    check = browser.get(f"/meetings/{meeting.id}/move?at=2026-11-27T12:00Z")
    assert "Vill du byta till den här tiden?" in text_of(check)
    answer = browser.post(
        f"/meetings/{meeting.id}/move", data={"at": "2026-11-27T12:00Z"}, follow_redirects=True
    )
    assert "Du har bytt tid." in text_of(answer)
    (moved,) = rows(database)
    assert (moved.starts_at, moved.uid, moved.revision) == (FRIDAY_13, meeting.uid, 1)


def test_a_move_to_a_taken_time_keeps_the_old_one(
    database: Database, open_world: World, sign_in: SignIn, booked: Booked
) -> None:
    meeting = booked(FRIDAY_9)
    booked(FRIDAY_13, open_world.second_participant)
    browser = sign_in(open_world.participant, tier=1)
    answer = browser.post(f"/meetings/{meeting.id}/move", data={"at": "2026-11-27T12:00Z"})
    assert answer.status_code == 422
    assert "Du har kvar den tills du har valt en ny." in text_of(answer)
    assert rows(database)[0].starts_at == FRIDAY_9


def test_what_staff_have_cancelled_meanwhile_is_said_to_be_cancelled(
    database: Database, open_world: World, sign_in: SignIn, booked: Booked, now: datetime
) -> None:
    meeting = booked(FRIDAY_9)
    browser = sign_in(open_world.participant, tier=1)
    with database.transaction() as session:
        cancel(session.get_one(Appointment, meeting.id), now)
    answer = browser.post(f"/meetings/{meeting.id}/move", data={"at": "2026-11-27T12:00Z"})
    assert answer.status_code == 422
    assert "Mötet är avbokat." in text_of(answer)
    assert "för nära" not in text_of(answer)
    assert browser.get(f"/meetings/{meeting.id}/move").location == f"/meetings/{meeting.id}"


def test_cancelling_asks_once_more_and_can_be_undone(
    database: Database, open_world: World, sign_in: SignIn, booked: Booked
) -> None:
    meeting = booked(FRIDAY_9)
    browser = sign_in(open_world.participant, tier=1)
    assert "Vill du avboka mötet?" in text_of(browser.get(f"/meetings/{meeting.id}/cancel"))
    answer = browser.post(
        f"/meetings/{meeting.id}/cancel", data={"reason": "Jag är sjuk"}, follow_redirects=True
    )
    assert "Mötet är avbokat." in text_of(answer)
    assert "Jag är sjuk" not in text_of(answer)
    assert rows(database)[0].cancel_reason == "Jag är sjuk"
    answer = browser.post(f"/meetings/{meeting.id}/restore", follow_redirects=True)
    assert "Mötet är bokat igen." in text_of(answer)
    assert rows(database)[0].state == "booked"


def test_undo_after_somebody_took_the_time_says_so(
    database: Database, open_world: World, sign_in: SignIn, booked: Booked
) -> None:
    meeting = booked(FRIDAY_9)
    browser = sign_in(open_world.participant, tier=1)
    browser.post(f"/meetings/{meeting.id}/cancel")
    booked(FRIDAY_9, open_world.second_participant)
    answer = browser.post(f"/meetings/{meeting.id}/restore")
    assert answer.status_code == 422
    assert "Tiden är inte ledig längre." in text_of(answer)


@pytest.mark.parametrize("reason", ["x" * 10_000, "tyst\x00", "\u202eomvänt"])
def test_a_reason_that_cannot_be_kept_comes_back_with_a_sentence(
    database: Database, open_world: World, sign_in: SignIn, booked: Booked, reason: str
) -> None:
    meeting = booked(FRIDAY_9)
    browser = sign_in(open_world.participant, tier=1)
    answer = browser.post(f"/meetings/{meeting.id}/cancel", data={"reason": reason})
    assert answer.status_code == 422
    assert "Något behöver ändras" in text_of(answer)
    assert re.sub("[\x00\u202e]", "", reason)[:4] in answer.get_data(as_text=True)
    assert rows(database)[0].state == "booked"


@pytest.mark.parametrize("reason", ["🙂 مرحبا", "<b>fet</b> & 'citat'", "rad\r\nrad"])
def test_any_script_emoji_and_markup_is_kept_and_inert_s23(
    database: Database, open_world: World, sign_in: SignIn, booked: Booked, reason: str
) -> None:
    meeting = booked(FRIDAY_9)
    sign_in(open_world.participant, tier=1).post(f"/meetings/{meeting.id}/cancel", data={"reason": reason})
    assert rows(database)[0].cancel_reason == reason.replace("\r\n", "\n")
    page = sign_in(open_world.coach).get(f"/staff/people/{open_world.participant.id}/meetings")
    assert "<b>fet</b>" not in page.get_data(as_text=True)


@pytest.mark.parametrize("act", ["move", "cancel"])
def test_after_the_deadline_one_reads_whom_to_call(
    database: Database, open_world: World, sign_in: SignIn, booked: Booked, frozen: FrozenClock, act: str
) -> None:
    meeting = booked(FRIDAY_9)
    frozen.moment = FRIDAY_9 - timedelta(hours=5)
    browser = sign_in(open_world.participant, tier=1)
    for answer in (
        browser.get(f"/meetings/{meeting.id}/{act}"),
        browser.post(f"/meetings/{meeting.id}/{act}", data={"at": "2026-12-01T12:00Z"}),
    ):
        assert "Ring oss" in text_of(answer)
        assert open_world.organisation.phone in answer.get_data(as_text=True)
    listed = browser.get("/meetings").get_data(as_text=True)
    assert f"/meetings/{meeting.id}/{act}" not in listed
    assert open_world.organisation.phone in listed
    assert rows(database)[0].revision == 0


def test_i_am_coming_is_said_once_and_the_coach_sees_it(
    open_world: World, sign_in: SignIn, booked: Booked
) -> None:
    meeting = booked(FRIDAY_9)
    browser = sign_in(open_world.participant, tier=1)
    assert "Jag svarar" in text_of(browser.get("/meetings"))
    answer = browser.post(f"/meetings/{meeting.id}/confirm", follow_redirects=True)
    assert "Vi har fått ditt svar." in text_of(answer)
    assert "Jag svarar" not in text_of(browser.get("/meetings"))
    staff = sign_in(open_world.coach).get(f"/staff/people/{open_world.participant.id}/meetings")
    assert "Kommer" in text_of(staff)


def test_the_limit_of_own_bookings_says_what_to_do(
    open_world: World, sign_in: SignIn, booked: Booked
) -> None:
    booked(FRIDAY_9)
    booked(FRIDAY_13)
    browser = sign_in(open_world.participant, tier=1)
    page = browser.get("/meetings/times")
    assert "så många möten som går" in text_of(page)
    assert open_world.organisation.phone in page.get_data(as_text=True)
    sent = browser.post("/meetings/book", data={"at": "2026-12-01T08:00Z", "key": "x", "mode": "phone"})
    assert sent.status_code == 422


def test_behind_the_first_door_stand_time_and_kind_and_nothing_else_s30(
    database: Database, open_world: World, sign_in: SignIn, booked: Booked
) -> None:
    with database.transaction() as fresh:
        terms = OwnTerms(person_id=open_world.coach.id)
        terms.place = "Hemliga gatan 7"
        fresh.add(terms)
    meeting = booked(FRIDAY_9, mode="on_site")
    paths = ("/meetings", f"/meetings/{meeting.id}", f"/meetings/{meeting.id}.ics", "/meetings/times")
    for door, seen in ((1, False), (2, True)):
        browser = sign_in(open_world.participant, tier=door)
        pages = "".join(browser.get(path).get_data(as_text=True) for path in paths)
        pages += browser.get(f"/meetings/{meeting.id}/move?at=2026-11-27T12:00Z").get_data(as_text=True)
        assert ("Karin" in pages) is seen
        assert ("Hemliga gatan 7" in pages) is seen


def test_the_calendar_file_keeps_its_uid_and_counts_every_change(
    open_world: World, sign_in: SignIn, booked: Booked
) -> None:
    meeting = booked(FRIDAY_9)
    browser = sign_in(open_world.participant, tier=1)

    def read() -> tuple[str, int, str, str]:
        answer = browser.get(f"/meetings/{meeting.id}.ics")
        assert answer.mimetype == "text/calendar"
        calendar = Calendar.from_ical(answer.data)
        (event,) = calendar.events
        assert event["summary"] == "Möte"
        return str(event["uid"]), int(str(event["sequence"])), str(event["status"]), str(calendar["method"])

    first = read()
    browser.post(f"/meetings/{meeting.id}/move", data={"at": "2026-11-27T12:00Z"})
    moved = read()
    browser.post(f"/meetings/{meeting.id}/cancel")
    gone = read()
    assert [one[0] for one in (moved, gone)] == [first[0]] * 2
    assert [one[1] for one in (first, moved, gone)] == [0, 1, 2]
    assert (first[2:], gone[2:]) == (("CONFIRMED", "PUBLISH"), ("CANCELLED", "CANCEL"))


def test_a_meeting_kept_out_of_the_portal_leaves_no_trace_s33(
    database: Database, open_world: World, sign_in: SignIn, booked_by_staff: Tell
) -> None:
    hidden = booked_by_staff(FRIDAY_9, in_portal=False)
    browser = sign_in(open_world.participant)
    assert "Du har inget möte bokat." in text_of(browser.get("/meetings"))
    missing = browser.get(f"/meetings/{uuid.uuid4()}")
    for path in ("", ".ics", "/move", "/cancel"):
        answer = browser.get(f"/meetings/{hidden.id}{path}")
        assert answer.status_code == 404
        assert text_of(answer) == text_of(missing)


def test_somebody_elses_meeting_is_a_404_like_any_other_s2(
    database: Database, open_world: World, sign_in: SignIn, booked: Booked
) -> None:
    meeting = booked(FRIDAY_9)
    for person in (open_world.other_participant, open_world.far_participant):
        browser = sign_in(person)
        missing = text_of(browser.get(f"/meetings/{uuid.uuid4()}"))
        for path in ("", ".ics", "/move", "/cancel"):
            answer = browser.get(f"/meetings/{meeting.id}{path}")
            assert (answer.status_code, text_of(answer)) == (404, missing)
        for act in ("move", "cancel", "restore", "confirm"):
            answer = browser.post(f"/meetings/{meeting.id}/{act}", data={"at": "2026-11-27T12:00Z"})
            assert answer.status_code == 404
    assert rows(database)[0].revision == 0


def test_no_get_changes_anything_s24(
    database: Database, open_world: World, sign_in: SignIn, booked: Booked
) -> None:
    meeting = booked(FRIDAY_9)
    browser = sign_in(open_world.participant)
    for path in ("/meetings", "/meetings/times", f"/meetings/book?at={AT}", f"/meetings/{meeting.id}/cancel"):
        browser.get(path)
    assert [row.revision for row in rows(database)] == [0]


def test_a_form_without_its_token_changes_nothing_s24(
    database: Database, open_world: World, sign_in: SignIn
) -> None:
    browser = sign_in(open_world.participant)
    form = {"at": AT, "key": str(uuid.uuid4()), "mode": "phone"}
    answer = browser.post("/meetings/book", data=form, csrf=False)
    assert answer.status_code == 419
    with database.reading() as fresh:
        assert fresh.scalar(select(func.count()).select_from(Appointment)) == 0


def test_past_meetings_are_told_in_short(
    open_world: World, sign_in: SignIn, booked: Booked, frozen: FrozenClock
) -> None:
    booked(FRIDAY_9)
    frozen.move(timedelta(days=7))
    page = text_of(sign_in(open_world.participant, tier=1).get("/meetings"))
    assert "Möten som har varit" in page
    assert "fredag 27 november" in page


def test_a_locked_database_is_a_bounded_wait_and_what_was_typed_is_kept_s51(
    database: Database, open_world: World, sign_in: SignIn
) -> None:
    browser = sign_in(open_world.participant, tier=1)
    form = {"at": AT, "key": str(uuid.uuid4()), "mode": "walk", "csrf_token": browser.token()}
    with database.writing() as blocker:
        blocker.execute(select(Person.id).where(Person.id == open_world.coach.id).with_for_update()).all()
        answer = browser.post("/meetings/book", data=form)
        blocker.rollback()
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    page = answer.get_data(as_text=True)
    assert all(f'value="{form[name]}"' in page for name in ("at", "key", "mode"))
    assert rows(database) == []
    assert browser.post("/meetings/book", data=form).status_code == 303


def test_who_is_too_late_finds_the_reason_as_it_was_typed(
    sign_in: SignIn, open_world: World, booked: Booked, frozen: FrozenClock, database: Database
) -> None:
    meeting = booked(FRIDAY_9)
    frozen.move(FRIDAY_9 - frozen.moment - timedelta(hours=3))
    answer = sign_in(open_world.participant).post(
        f"/meetings/{meeting.id}/cancel", data={"reason": "Jag är sjuk i dag"}
    )
    assert answer.status_code == 422
    assert "Jag är sjuk i dag" in text_of(answer)
    assert "010-123 45 67" in text_of(answer)
    with database.reading() as session:
        assert session.get_one(Appointment, meeting.id).state == "booked"


def test_no_free_time_still_leads_somewhere(sign_in: SignIn, world: World) -> None:
    page = text_of(sign_in(world.participant).get("/meetings/times"))
    assert "Det finns inga lediga tider just nu." in page
    assert "Till mina möten" in page


def test_a_cancelled_meeting_with_a_coach_who_left_is_not_said_to_be_somebodys(
    sign_in: SignIn, open_world: World, booked: Booked, frozen: FrozenClock, database: Database
) -> None:
    meeting = booked(FRIDAY_9)
    browser = sign_in(open_world.participant)
    browser.post(f"/meetings/{meeting.id}/cancel", data={"reason": ""})
    with database.transaction() as session:
        session.get_one(Person, open_world.coach.id).disabled_at = frozen.moment
    answer = browser.post(f"/meetings/{meeting.id}/restore")
    assert answer.status_code == 422
    assert "Det här mötet går inte att ändra här." in text_of(answer)
