"""What staff do with a participant's meetings, through the pages."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.booking.models import Appointment
from portal.db import Database
from portal.messaging.models import OutboxMessage
from tests.booking.conftest import Booked, Tell
from tests.conftest import FrozenClock, SignIn
from tests.support.pages import text_of
from tests.support.world import World

FRIDAY_9 = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
TYPED = {"day": "2026-11-27", "at": "13.00", "minutes": "60", "mode": "phone"}


def rows(database: Database) -> list[Appointment]:
    """Every meeting by its time."""
    with database.reading() as fresh:
        return list(fresh.scalars(select(Appointment).order_by(Appointment.starts_at)))


def messages(database: Database) -> int:
    """How many SMS stand in the outbox."""
    with database.reading() as fresh:
        return len(list(fresh.scalars(select(OutboxMessage.id))))


def base(world: World) -> str:
    """Where the participant's meetings are."""
    return f"/staff/people/{world.participant.id}/meetings"


def test_staff_book_in_one_form_and_one_sms_is_written(
    database: Database, open_world: World, sign_in: SignIn
) -> None:
    browser = sign_in(open_world.coach)
    assert "Nästa lediga tider" in text_of(browser.get(base(open_world) + "/book"))
    form = {**TYPED, "key": str(uuid.uuid4()), "place": "Storgatan 1"}
    for _ in range(2):
        answer = browser.post(base(open_world) + "/book", data=form, follow_redirects=True)
    assert "Storgatan 1" in text_of(answer)
    (meeting,) = rows(database)
    assert (meeting.starts_at.hour, meeting.booked_by) == (12, open_world.coach.id)
    assert messages(database) == 1


def test_outside_hours_is_said_before_it_is_booked_anyway(
    database: Database, open_world: World, sign_in: SignIn
) -> None:
    browser = sign_in(open_world.coach)
    late = {**TYPED, "at": "18.30", "place": "Biblioteket"}
    answer = browser.post(base(open_world) + "/book", data=late)
    assert answer.status_code == 422
    assert "utanför coachens arbetstid" in text_of(answer)
    assert "Biblioteket" in answer.get_data(as_text=True)
    assert rows(database) == []
    assert browser.post(base(open_world) + "/book", data={**late, "anyway": "1"}).status_code == 303
    assert len(rows(database)) == 1


BAD = [
    ({"day": "2026-02-30"}, "Det datumet finns inte."),
    ({"day": "imorgon"}, "Det datumet finns inte."),
    ({"day": ""}, "Fyll i det här."),
    ({"at": "25.00"}, "Den tiden finns inte."),
    ({"at": "nio"}, "Den tiden finns inte."),
    ({"day": "2027-03-28", "at": "02.30"}, "klockan ställs om"),
    ({"day": "2026-11-23"}, "Den tiden har redan varit."),
    ({"day": "9999-12-31"}, "inom två år"),
    ({"day": "9998-01-01"}, "inom två år"),
    ({"minutes": "0"}, "Skriv ett tal från 10 till 480."),
    ({"minutes": "sextio"}, "Skriv ett tal från 10 till 480."),
    ({"mode": "teleport"}, "Välj något i listan."),
    ({"place": "x" * 10_000}, "Texten är för lång."),
    ({"place": "Stor\x00gatan"}, "tecken som vi inte kan spara"),
]


@pytest.mark.parametrize(("change", "sentence"), BAD)
def test_bad_input_is_answered_beside_the_field_and_nothing_is_lost(
    database: Database, open_world: World, sign_in: SignIn, change: dict[str, str], sentence: str
) -> None:
    form = {**TYPED, "place": "Storgatan 1", "anyway": "1", **change}
    answer = sign_in(open_world.coach).post(base(open_world) + "/book", data=form)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    if "place" not in change:
        assert "Storgatan 1" in answer.get_data(as_text=True)
    assert rows(database) == []


@pytest.mark.parametrize("place", ["<script>x</script>", "🙂 بيت", "Storgatan 1 & 2"])
def test_any_place_is_kept_and_inert_s23(
    database: Database, open_world: World, sign_in: SignIn, place: str
) -> None:
    browser = sign_in(open_world.coach)
    browser.post(base(open_world) + "/book", data={**TYPED, "place": place})
    assert rows(database)[0].place == place
    for page in (browser.get(base(open_world)), sign_in(open_world.participant).get("/meetings")):
        assert place in text_of(page)
        assert "<script>x" not in page.get_data(as_text=True)


def test_a_time_that_is_taken_is_said_beside_the_field(
    database: Database, open_world: World, sign_in: SignIn, booked: Booked
) -> None:
    booked(FRIDAY_9, open_world.second_participant)
    form = {**TYPED, "at": "09.30", "anyway": "1"}
    answer = sign_in(open_world.coach).post(base(open_world) + "/book", data=form)
    assert answer.status_code == 422
    assert "krockar" in text_of(answer)
    assert len(rows(database)) == 1


def test_staff_change_time_and_place_and_the_form_shows_how_it_stands(
    database: Database, open_world: World, sign_in: SignIn, booked: Booked
) -> None:
    meeting = booked(FRIDAY_9)
    browser = sign_in(open_world.lead)
    shown = browser.get(f"{base(open_world)}/{meeting.id}/move").get_data(as_text=True)
    assert 'value="2026-11-27"' in shown
    assert 'value="09:00"' in shown
    answer = browser.post(
        f"{base(open_world)}/{meeting.id}/move", data={**TYPED, "place": "Torget"}, follow_redirects=True
    )
    assert "Mötet är ändrat." in text_of(answer)
    assert (rows(database)[0].place, rows(database)[0].revision, messages(database)) == ("Torget", 1, 1)


def test_staff_cancel_and_undo(
    database: Database, open_world: World, sign_in: SignIn, booked: Booked
) -> None:
    meeting = booked(FRIDAY_9)
    browser = sign_in(open_world.coach)
    at = f"{base(open_world)}/{meeting.id}"
    assert "Vill du avboka mötet?" in text_of(browser.get(f"{at}/cancel"))
    too_long = browser.post(f"{at}/cancel", data={"reason": "x" * 600})
    assert too_long.status_code == 422
    answer = browser.post(f"{at}/cancel", data={"reason": "Vård av barn"}, follow_redirects=True)
    assert "Avbokat av personalen" in text_of(answer)
    assert "Vård av barn" in text_of(answer)
    page = text_of(sign_in(open_world.participant).get("/meetings"))
    assert "Vård av barn" not in page
    assert "Ångra avbokning" not in page
    assert "Mötet är bokat igen." in text_of(browser.post(f"{at}/restore", follow_redirects=True))


def test_came_and_did_not_come_are_one_tap_each_with_undo_after_the_start(
    database: Database, open_world: World, sign_in: SignIn, booked: Booked, frozen: FrozenClock
) -> None:
    meeting = booked(FRIDAY_9)
    at = f"{base(open_world)}/{meeting.id}/attendance"
    early = sign_in(open_world.coach).post(at, data={"attendance": "came"}, follow_redirects=True)
    assert "Mötet har inte börjat än." in text_of(early)
    frozen.moment = FRIDAY_9 + timedelta(minutes=5)
    browser = sign_in(open_world.coach)
    assert "Kom inte" in text_of(browser.get(base(open_world)))
    browser.post(at, data={"attendance": "absent"})
    assert rows(database)[0].attendance == "absent"
    page = browser.get(base(open_world))
    assert "Ångra" in text_of(page)
    noted = rows(database)[0].attended_at
    assert noted is not None
    for nonsense in ("", "i går", "2026-11-24T08:00"):
        stale = browser.post(at, data={"attendance": "none", "noted": nonsense}, follow_redirects=True)
        assert "Någon annan har noterat något nytt sedan dess." in text_of(stale)
    assert rows(database)[0].attendance == "absent"
    browser.post(at, data={"attendance": "none", "noted": noted.isoformat()})
    assert rows(database)[0].attendance == "none"
    assert browser.post(at, data={"attendance": "came", "back": "today"}).location == "/staff"
    assert browser.post(at, data={"attendance": "kanske", "back": "//evil.example"}).location == base(
        open_world
    )
    assert rows(database)[0].attendance == "came"


def test_a_meeting_under_another_persons_address_is_not_there_s3(
    database: Database, open_world: World, sign_in: SignIn, booked: Booked
) -> None:
    meeting = booked(FRIDAY_9)
    wrong = f"/staff/people/{open_world.second_participant.id}/meetings/{meeting.id}"
    browser = sign_in(open_world.coach)
    assert browser.get(f"{wrong}/move").status_code == 404
    assert browser.post(f"{wrong}/cancel").status_code == 404
    assert rows(database)[0].state == "booked"


def test_a_hidden_meeting_is_marked_for_staff_and_writes_no_sms_s33(
    database: Database, open_world: World, sign_in: SignIn
) -> None:
    browser = sign_in(open_world.coach)
    answer = browser.post(base(open_world) + "/book", data={**TYPED, "hidden": "y"}, follow_redirects=True)
    assert "Syns inte i portalen" in text_of(answer)
    assert messages(database) == 0


def test_older_meetings_are_one_tap_away(
    open_world: World, sign_in: SignIn, booked_by_staff: Tell, frozen: FrozenClock
) -> None:
    for week in range(10):
        booked_by_staff(FRIDAY_9 + timedelta(weeks=week))
    frozen.move(timedelta(weeks=12))
    browser = sign_in(open_world.coach)
    assert "Visa 2 äldre möten" in text_of(browser.get(base(open_world)))
    assert "äldre möten" not in text_of(browser.get(base(open_world) + "?all=1"))


def test_protected_identity_is_for_the_named_handler_alone_s37(
    database: Database, open_world: World, sign_in: SignIn, booked: Booked
) -> None:
    from portal.identity.models import Person, ProtectedHandler

    meeting = booked(FRIDAY_9)
    with database.transaction() as fresh:
        fresh.get_one(Person, open_world.participant.id).protected = True
        fresh.add(ProtectedHandler(person_id=open_world.participant.id, handler_id=open_world.lead.id))
    assert sign_in(open_world.coach).get(base(open_world)).status_code == 404
    assert sign_in(open_world.coach).get(f"{base(open_world)}/{meeting.id}/move").status_code == 404
    assert sign_in(open_world.lead).get(base(open_world)).status_code == 200


def test_a_coach_without_hours_is_said_to_have_none(sign_in: SignIn, world: World) -> None:
    page = text_of(sign_in(world.coach).get(f"/staff/people/{world.participant.id}/meetings/book"))
    assert "Coachen har inga lediga tider i kalendern." in page
