"""The editor of hours: plain rows that work without a script and give back what was typed."""

from datetime import date, time

import pytest
from sqlalchemy import select

from portal.availability.forms import HoursRow, WeekForm
from portal.availability.models import HoursException, OwnTerms, WeeklyHours
from portal.db import Database
from tests.conftest import SignIn
from tests.support.pages import text_of
from tests.support.world import World

EDITOR = "/staff/availability"
MONDAY = {"start-0-0": "9.00", "end-0-0": "12", "start-0-1": "13:00", "end-0-1": "1600"}


def week(database: Database) -> list[tuple[int, time, time]]:
    """The hours as stored."""
    with database.reading() as fresh:
        rows = fresh.scalars(select(WeeklyHours).order_by(WeeklyHours.weekday, WeeklyHours.starts))
        return [(row.weekday, row.starts, row.ends) for row in rows]


def exceptions(database: Database) -> list[HoursException]:
    """The exceptions as stored."""
    with database.reading() as fresh:
        return list(fresh.scalars(select(HoursException)))


def test_a_week_is_saved_and_what_can_be_booked_is_shown(
    database: Database, world: World, sign_in: SignIn
) -> None:
    browser = sign_in(world.coach)
    assert "Ingen kan boka dig nu." in text_of(browser.get(EDITOR))
    answer = browser.post(f"{EDITOR}/week", data=MONDAY, follow_redirects=True)
    assert "Sparat." in text_of(answer)
    assert week(database) == [(0, time(9), time(12)), (0, time(13), time(16))]
    assert "måndag 30 november klockan 09.00" in text_of(answer)
    assert 'value="09.00"' in answer.get_data(as_text=True)


def test_another_row_is_added_without_a_script_and_keeps_what_was_typed(
    database: Database, world: World, sign_in: SignIn
) -> None:
    answer = sign_in(world.coach).post(f"{EDITOR}/week", data={**MONDAY, "start-4-0": "8.1", "add": "0"})
    page = answer.get_data(as_text=True)
    assert 'id="start-0-2"' in page
    assert 'value="1600"' in page
    assert 'value="8.1"' in page
    assert week(database) == []


def test_an_emptied_row_goes_away(database: Database, world: World, sign_in: SignIn) -> None:
    browser = sign_in(world.coach)
    browser.post(f"{EDITOR}/week", data=MONDAY)
    browser.post(f"{EDITOR}/week", data={**MONDAY, "start-0-1": " ", "end-0-1": ""})
    assert week(database) == [(0, time(9), time(12))]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"start-0-0": "12", "end-0-0": "9"}, "Sluttiden måste vara efter starttiden."),
        ({"start-0-0": "9", "end-0-0": "9"}, "Sluttiden måste vara efter starttiden."),
        ({"start-0-0": "9", "end-0-0": ""}, "Skriv båda tiderna"),
        ({"start-0-0": "nio", "end-0-0": "tolv"}, "Skriv båda tiderna"),
        ({"start-0-0": "25.00", "end-0-0": "26.00"}, "Skriv båda tiderna"),
        ({"start-0-0": "9" * 10_000, "end-0-0": "12"}, "Skriv båda tiderna"),
        ({"start-0-0": "9\x00", "end-0-0": "🙂"}, "Skriv båda tiderna"),
        ({"start-0-0": "<b>9</b>", "end-0-0": "12"}, "Skriv båda tiderna"),
        ({**MONDAY, "start-0-1": "11.30"}, "De här tiderna går in i varandra."),
    ],
)
def test_hours_that_cannot_be_are_given_back_with_a_sentence(
    database: Database, world: World, sign_in: SignIn, typed: dict[str, str], sentence: str
) -> None:
    answer = sign_in(world.coach).post(f"{EDITOR}/week", data=typed)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert "<b>9</b>" not in answer.get_data(as_text=True)
    assert week(database) == []


def test_arabic_digits_are_hours_too(database: Database, world: World, sign_in: SignIn) -> None:
    sign_in(world.coach).post(f"{EDITOR}/week", data={"start-2-0": "٠٩:٣٠", "end-2-0": "١٢"})
    assert week(database) == [(2, time(9, 30), time(12))]


def test_names_that_are_no_rows_are_passed_over() -> None:
    form = WeekForm.typed({"start-7-0": "9", "start-0-99": "9", "start-0-0x": "9", "person_id": "x"})
    assert form.read() == []


def test_a_day_holds_only_so_many_rows() -> None:
    form = WeekForm()
    for _ in range(40):
        form.add_row("0")
    assert len(form.days[0]) == 12
    assert [len(rows) for rows in WeekForm().add_row("9").days] == [1] * 7
    assert HoursRow(" ", "").empty


def test_a_holiday_and_a_day_with_other_hours(database: Database, world: World, sign_in: SignIn) -> None:
    browser = sign_in(world.coach)
    browser.post(
        f"{EDITOR}/week",
        data={f"start-{day}-0": "9" for day in range(7)} | {f"end-{day}-0": "12" for day in range(7)},
    )
    holiday = {"first": "2026-11-25", "last": "2026-11-29", "kind": "closed"}
    answer = browser.post(f"{EDITOR}/exceptions", data=holiday, follow_redirects=True)
    assert "måndag 30 november klockan 09.00" in text_of(answer)
    assert "fredag 27 november klockan" not in text_of(answer)
    other = {"first": "2026-11-30", "kind": "other", "start": "18.00", "end": "20.00"}
    answer = browser.post(f"{EDITOR}/exceptions", data=other, follow_redirects=True)
    assert "måndag 30 november klockan 18.00" in text_of(answer)
    rows = exceptions(database)
    assert {row.last_day for row in rows} == {date(2026, 11, 29), date(2026, 11, 30)}
    for row in rows:
        browser.post(f"{EDITOR}/exceptions/{row.id}/remove")
    assert exceptions(database) == []


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"first": "2026-02-30", "kind": "closed"}, "Det datumet finns inte."),
        ({"first": "", "kind": "closed"}, "Fyll i det här."),
        ({"first": "2026-12-05", "last": "2026-12-01", "kind": "closed"}, "Sista dagen måste vara efter"),
        ({"first": "2026-11-01", "last": "2026-11-02", "kind": "closed"}, "De dagarna har redan varit."),
        ({"first": "2026-12-05", "kind": "other"}, "Skriv från när och till när."),
        ({"first": "2026-12-05", "kind": "other", "start": "12:00", "end": "09:00"}, "Sluttiden måste vara"),
        ({"first": "2026-12-05", "kind": "other", "start": "kl nio", "end": "12"}, "Den tiden finns inte."),
        ({"first": "2027-03-28", "kind": "other", "start": "02:30", "end": "05:00"}, "klockan ställs om"),
        ({"first": "2026-12-05", "kind": "stängt"}, "Välj något i listan."),
        ({"first": "x" * 10_000, "kind": "closed"}, "Det datumet finns inte."),
    ],
)
def test_days_that_cannot_be_are_given_back_with_a_sentence(
    database: Database, world: World, sign_in: SignIn, typed: dict[str, str], sentence: str
) -> None:
    answer = sign_in(world.coach).post(f"{EDITOR}/exceptions", data=typed)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert exceptions(database) == []


def test_own_length_place_and_link_are_kept(database: Database, world: World, sign_in: SignIn) -> None:
    browser = sign_in(world.coach)
    form = {"minutes": "45", "place": "Storgatan 1", "video": "https://video.example/karin"}
    page = browser.post(f"{EDITOR}/terms", data=form, follow_redirects=True).get_data(as_text=True)
    assert all(f'value="{value}"' in page for value in form.values())
    assert browser.post(f"{EDITOR}/terms", data={**form, "minutes": "5"}).status_code == 422
    browser.post(f"{EDITOR}/terms", data={"minutes": "", "place": "", "video": ""})
    with database.reading() as fresh:
        (row,) = fresh.scalars(select(OwnTerms))
        assert (row.meeting_minutes, row.place, row.video) == (None, "", "")


def test_hours_are_a_coachs_own_and_nobody_elses(database: Database, world: World, sign_in: SignIn) -> None:
    browser = sign_in(world.coach)
    browser.post(f"{EDITOR}/exceptions", data={"first": "2026-12-24", "kind": "closed"})
    (row,) = exceptions(database)
    assert sign_in(world.other_coach).post(f"{EDITOR}/exceptions/{row.id}/remove").status_code == 404
    for person in (world.participant, world.admin, world.translator):
        assert sign_in(person).get(EDITOR).status_code == 404
    assert len(exceptions(database)) == 1
