"""Who was at a meeting: staff note it, the participant signs, and what is corrected stays."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.attendance.models import Correction, Signature
from portal.attendance.rules import Noted
from portal.booking import attendance_service as attendance
from portal.booking import service, sheet_queries
from portal.booking.attendance_service import NotedSince, NotThere, TooEarly
from portal.booking.models import Appointment
from portal.booking.service import NotBooked
from portal.booking.time_service import TooLate
from portal.db import Database
from portal.identity.models import Person
from tests.booking.conftest import AskAs, Booked
from tests.conftest import FrozenClock, SignIn
from tests.support.pages import Client, text_of
from tests.support.world import World

HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)
FRIDAY_9 = datetime.fromisoformat("2026-11-27T08:00+00:00")
FRIDAY_10 = FRIDAY_9 + HOUR


def corrections(session: Session) -> list[tuple[str, str]]:
    rows = session.scalars(select(Correction).order_by(Correction.made_at))
    return [(row.was, row.becomes) for row in rows]


def test_a_slip_is_mended_and_a_later_change_leaves_what_stood(
    session: Session, open_world: World, ask_as: AskAs, booked: Booked
) -> None:
    meeting, coach = booked(FRIDAY_9), ask_as(open_world.coach)
    attendance.note_attendance(session, coach, meeting.id, Noted("absent"), FRIDAY_10)
    late = Noted("late", FRIDAY_9 + 20 * MINUTE)
    soon = FRIDAY_10 + 5 * MINUTE
    row = attendance.note_attendance(session, coach, meeting.id, late, soon, seen=FRIDAY_10)
    assert (row.attendance, row.attendance_as, row.met_from) == ("came", "late", late.met_from)
    assert corrections(session) == []
    tomorrow = FRIDAY_10 + DAY
    attendance.note_attendance(
        session, coach, meeting.id, Noted("sent_word"), tomorrow, seen=soon, why="Fel person"
    )
    kept = session.scalars(select(Correction)).one()
    assert (kept.was, kept.was_from, kept.becomes, kept.why) == (
        "late",
        late.met_from,
        "sent_word",
        "Fel person",
    )
    assert kept.made_by == coach.person_id
    assert (row.attendance, row.attendance_as, row.met_from) == ("absent", "sent_word", None)


def test_what_is_signed_is_never_changed_without_a_trace(
    session: Session, open_world: World, ask_as: AskAs, booked: Booked
) -> None:
    meeting, coach = booked(FRIDAY_9), ask_as(open_world.coach)
    attendance.note_attendance(session, coach, meeting.id, Noted("came"), FRIDAY_10)
    assert attendance.sign_own(session, ask_as(open_world.participant), meeting.id, FRIDAY_10 + MINUTE)
    late = Noted("came", met_until=FRIDAY_9 + 30 * MINUTE)
    attendance.note_attendance(session, coach, meeting.id, late, FRIDAY_10 + 2 * MINUTE, seen=FRIDAY_10)
    assert corrections(session) == [("came", "came")]


def test_nobody_writes_over_what_they_have_not_seen(
    session: Session, open_world: World, ask_as: AskAs, booked: Booked
) -> None:
    """S49"""
    meeting, coach, lead = booked(FRIDAY_9), ask_as(open_world.coach), ask_as(open_world.lead)
    attendance.note_attendance(session, coach, meeting.id, Noted("came"), FRIDAY_10)
    with pytest.raises(NotedSince):
        attendance.note_attendance(session, lead, meeting.id, Noted("absent"), FRIDAY_10 + MINUTE)
    # The same said twice is said once, whoever says it.
    row = attendance.note_attendance(session, lead, meeting.id, Noted("came"), FRIDAY_10 + MINUTE)
    assert (row.attendance, row.attended_at, row.attendance_by) == ("came", FRIDAY_10, coach.person_id)
    attendance.note_attendance(session, lead, meeting.id, Noted("absent"), FRIDAY_10 + MINUTE, seen=FRIDAY_10)
    assert corrections(session) == [("came", "absent")]


@pytest.mark.parametrize(("tier", "method"), [(1, "code"), (2, "pin")])
def test_signed_once_with_time_and_method(
    session: Session, open_world: World, ask_as: AskAs, booked: Booked, tier: int, method: str
) -> None:
    """S40"""
    meeting, own = booked(FRIDAY_9), ask_as(open_world.participant, tier=tier)
    assert attendance.sign_own(session, own, meeting.id, FRIDAY_9)
    assert not attendance.sign_own(session, own, meeting.id, FRIDAY_10)
    row = session.scalars(select(Signature)).one()
    assert (row.person_id, row.signed_by, row.method, row.signed_at) == (
        own.person_id,
        own.person_id,
        method,
        FRIDAY_9,
    )


def test_when_it_cannot_be_signed(
    session: Session, open_world: World, ask_as: AskAs, booked: Booked, now: datetime
) -> None:
    meeting, other = booked(FRIDAY_9), booked(FRIDAY_9 + 3 * DAY + HOUR)
    own, coach = ask_as(open_world.participant), ask_as(open_world.coach)
    with pytest.raises(TooEarly):
        attendance.sign_own(session, own, meeting.id, FRIDAY_9 - MINUTE)
    with pytest.raises(TooLate):
        attendance.sign_own(session, own, meeting.id, FRIDAY_9 + 63 * DAY)
    attendance.note_attendance(session, coach, meeting.id, Noted("absent"), FRIDAY_10)
    for sign in (attendance.sign_own, attendance.sign_on_paper):
        with pytest.raises(NotThere):
            sign(session, own if sign is attendance.sign_own else coach, meeting.id, FRIDAY_10)
    attendance.note_attendance(session, coach, meeting.id, Noted("none"), FRIDAY_10, seen=FRIDAY_10)
    service.cancel_for(session, coach, other.id, "", now)
    with pytest.raises(NotBooked):
        attendance.sign_own(session, own, other.id, FRIDAY_9 + 4 * DAY)


def test_on_paper_it_is_staff_who_say_so_and_take_it_back(
    session: Session, open_world: World, ask_as: AskAs, booked: Booked
) -> None:
    meeting, coach, own = booked(FRIDAY_9), ask_as(open_world.coach), ask_as(open_world.participant)
    assert attendance.sign_on_paper(session, coach, meeting.id, FRIDAY_10)
    row = session.scalars(select(Signature)).one()
    assert (row.method, row.person_id, row.signed_by) == ("paper", own.person_id, coach.person_id)
    assert not attendance.unsign(session, own, meeting.id, FRIDAY_10)
    assert not attendance.unsign(session, coach, meeting.id, FRIDAY_10 + 11 * MINUTE)
    assert attendance.unsign(session, coach, meeting.id, FRIDAY_10 + 10 * MINUTE)
    assert session.scalars(select(Signature)).all() == []


def test_nobody_signs_for_another_or_without_a_trace_in_the_portal(
    session: Session, open_world: World, ask_as: AskAs, booked: Booked
) -> None:
    """S2, S33"""
    meeting = booked(FRIDAY_9)
    for person in (open_world.second_participant, open_world.far_participant):
        with pytest.raises(NoResultFound):
            attendance.sign_own(session, ask_as(person), meeting.id, FRIDAY_10)
    with pytest.raises(NoResultFound):
        attendance.sign_on_paper(session, ask_as(open_world.far_coach), meeting.id, FRIDAY_10)
    session.get_one(Appointment, meeting.id).in_portal = False
    session.flush()
    with pytest.raises(NoResultFound):
        attendance.sign_own(session, ask_as(open_world.participant), meeting.id, FRIDAY_10)
    month = FRIDAY_9.date().replace(day=1)
    own = sheet_queries.month_of(
        session, ask_as(open_world.participant), open_world.participant.id, month, FRIDAY_10
    )
    assert own == []


def test_the_month_has_what_was_and_what_is_missing(
    session: Session, open_world: World, ask_as: AskAs, booked: Booked
) -> None:
    first, second = booked(FRIDAY_9), booked(FRIDAY_10 + 30 * MINUTE)
    coach, own = ask_as(open_world.coach), ask_as(open_world.participant)
    after = FRIDAY_9 + 3 * HOUR
    attendance.note_attendance(session, coach, first.id, Noted("late", FRIDAY_9 + 15 * MINUTE), after)
    attendance.sign_own(session, own, first.id, after + DAY)
    month = FRIDAY_9.date().replace(day=1)
    one, two = sheet_queries.month_of(session, coach, own.person_id, month, after)
    assert (one.cause_id, one.minutes, one.signed_late, one.lacks_note, one.lacks_signature) == (
        first.id,
        45,
        True,
        False,
        False,
    )
    assert one.noted_by == open_world.coach.name
    assert (two.cause_id, two.minutes, two.lacks_note, two.lacks_signature) == (second.id, 0, True, True)
    # What has not begun is in no sheet, and neither is another month's.
    assert len(sheet_queries.month_of(session, coach, own.person_id, month, FRIDAY_9)) == 1
    december = month.replace(month=12)
    assert sheet_queries.month_of(session, coach, own.person_id, december, after + 30 * DAY) == []


# Pages


def sent(browser: Client, path: str, **fields: str) -> str:
    return text_of(browser.post(path, data=fields, follow_redirects=True))


def test_a_tap_on_the_first_page_signs_and_another_takes_it_back(
    database: Database, open_world: World, booked: Booked, sign_in: SignIn, frozen: FrozenClock
) -> None:
    meeting = booked(FRIDAY_9)
    assert "Jag var med på mötet" not in text_of(sign_in(open_world.participant, tier=1).get("/home"))
    frozen.moment = FRIDAY_9 + 5 * MINUTE
    browser = sign_in(open_world.participant, tier=1)
    assert "Jag var med på mötet" in text_of(browser.get("/home"))
    said = sent(browser, f"/meetings/{meeting.id}/here")
    assert "Tack! Du har skrivit under" in said
    assert "Du har skrivit under 9.05" in said.replace("09.05", "9.05")
    assert "Jag var med på mötet" not in text_of(browser.get("/home"))
    assert "Din underskrift är borttagen." in sent(browser, f"/meetings/{meeting.id}/here/undo")
    assert "Jag var med på mötet" in text_of(browser.get("/home"))


def test_a_house_that_needs_no_signatures_asks_for_none(
    database: Database, open_world: World, booked: Booked, sign_in: SignIn, frozen: FrozenClock
) -> None:
    meeting = booked(FRIDAY_9)
    with database.transaction() as session:
        house = session.merge(open_world.here.organisation)
        house.settings = {**(house.settings or {}), "attendance_signed": False}
    frozen.moment = FRIDAY_10
    browser = sign_in(open_world.participant)
    for page in ("/home", "/meetings", f"/meetings/{meeting.id}", "/me/attendance"):
        assert "Jag var med" not in text_of(browser.get(page))


def test_staff_note_all_of_it_and_read_what_was_corrected(
    database: Database, open_world: World, booked: Booked, sign_in: SignIn, frozen: FrozenClock
) -> None:
    meeting, who = booked(FRIDAY_9), open_world.participant.id
    at = f"/staff/people/{who}/meetings/{meeting.id}/attendance"
    frozen.moment = FRIDAY_10
    browser = sign_in(open_world.coach)
    assert "Kom sent" in text_of(browser.get(at))
    wrong = browser.post(f"{at}/whole", data={"attendance": "late", "met_from": "9.20", "met_until": "9.10"})
    assert wrong.status_code == 422
    assert "Slutet måste vara efter början." in text_of(wrong)
    assert 'value="9.20"' in wrong.get_data(as_text=True) or 'value="09.20"' in wrong.get_data(as_text=True)
    far = browser.post(f"{at}/whole", data={"attendance": "late", "met_from": "17.00", "met_until": "18.00"})
    assert "långt från mötets tid" in text_of(far)
    noted = sent(browser, f"{at}/whole", attendance="late", met_from="9.20")
    assert "Noterat: kom sent." in noted
    with database.reading() as session:
        seen = session.scalars(select(Appointment.attended_at)).one()
    frozen.move(DAY)
    again = sign_in(open_world.coach)
    stale = again.post(f"{at}/whole", data={"attendance": "came", "noted": ""})
    assert stale.status_code == 422
    assert "Någon annan har noterat" in text_of(stale)
    assert seen is not None
    said = sent(again, f"{at}/whole", attendance="came", noted=seen.isoformat(), why="Jag mindes fel")
    assert "från kom sent till kom" in said
    assert "Jag mindes fel" in said
    assert "började 09.20" in said.replace("började 9.20", "började 09.20")


def test_the_sheet_is_read_and_taken_out(
    database: Database, open_world: World, booked: Booked, sign_in: SignIn, frozen: FrozenClock
) -> None:
    """S27, S42"""
    meeting, who = booked(FRIDAY_9), open_world.participant.id
    at = f"/staff/people/{who}/attendance"
    with database.transaction() as session:
        session.get_one(Person, open_world.coach.id).name = "=1+1 Karin"
    frozen.moment = FRIDAY_10
    coach = sign_in(open_world.coach)
    coach.post(f"/staff/people/{who}/meetings/{meeting.id}/attendance", data={"attendance": "came"})
    sign_in(open_world.participant).post(f"/meetings/{meeting.id}/here")
    page = text_of(coach.get(at))
    assert "1 timme" in page
    assert "med SMS-kod och pinkod" in page
    assert "underskrift saknas" not in page
    csv = coach.get(f"{at}/csv?month=2026-11").get_data(as_text=True)
    assert '"Telefon"' not in csv
    assert "Möte, telefon" in csv
    assert "1,0" in csv
    assert ";\"'=1+1 Karin" in csv
    pdf = coach.get(f"{at}/pdf?month=2026-11")
    assert pdf.mimetype == "application/pdf"
    assert pdf.get_data().startswith(b"%PDF-")
    assert coach.get(f"{at}/odt").status_code == 404
    assert "Det var inga möten den månaden." in text_of(coach.get(f"{at}?month=2026-10"))
    own = sign_in(open_world.participant)
    assert "Du var med i 1 timme." in text_of(own.get("/me/attendance"))
    assert own.get("/me/attendance/pdf").get_data().startswith(b"%PDF-")
    assert sign_in(open_world.participant, tier=1).get("/me/attendance").status_code in (302, 303)


def test_what_leaves_no_trace_is_marked_for_staff_and_in_no_file(
    database: Database, open_world: World, booked: Booked, sign_in: SignIn, frozen: FrozenClock
) -> None:
    """S33"""
    meeting, at = booked(FRIDAY_9), f"/staff/people/{open_world.participant.id}/attendance"
    with database.transaction() as session:
        session.get_one(Appointment, meeting.id).in_portal = False
    frozen.moment = FRIDAY_10
    coach = sign_in(open_world.coach)
    page = text_of(coach.get(at))
    assert "Syns inte i portalen" in page
    assert "är inte med i filen" in page
    assert "Möte, telefon" not in coach.get(f"{at}/csv?month=2026-11").get_data(as_text=True)
