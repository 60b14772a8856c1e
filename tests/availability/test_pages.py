"""The editor of hours: plain rows that work without a script and give back what was typed."""

from datetime import date, time

import pytest
from sqlalchemy import select

from portal.availability.forms import HoursRow, WeekForm
from portal.availability.models import HoursException, OwnTerms, WeeklyHours
from portal.db import Database
from portal.organisation.models import Organisation
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
        ({**MONDAY, "first-0-0": "2026-02-30"}, "Det datumet finns inte."),
        ({**MONDAY, "last-0-0": "sen"}, "Det datumet finns inte."),
        ({**MONDAY, "first-0-0": "2027-02-01", "last-0-0": "2027-01-31"}, "Sista dagen måste vara efter"),
        ({**MONDAY, "last-0-0": "2026-11-23"}, "De dagarna har redan varit."),
        ({**MONDAY, "place-0-1": "a" * 201}, "Texten är för lång."),
        ({**MONDAY, "start-0-1": "9", "on_site-0-0": "1", "phone-0-1": "1"}, "går in i varandra."),
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
    assert form.read(date(2026, 11, 24)) == []


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


def test_a_row_can_have_days_ways_to_meet_and_a_place(
    database: Database, world: World, sign_in: SignIn
) -> None:
    browser = sign_in(world.coach)
    typed = {
        "start-0-0": "9",
        "end-0-0": "12",
        "last-0-0": "2026-12-06",
        "start-0-1": "9",
        "end-0-1": "12",
        "first-0-1": "7/12 2026",
        "on_site-0-1": "1",
        "place-0-1": " Biblioteket\ni Bjursås ",
        "person_id": "x",
    }
    answer = browser.post(f"{EDITOR}/week", data=typed, follow_redirects=True)
    assert "måndag 7 december klockan 09.00 · På plats · Biblioteket i Bjursås" in text_of(answer)
    assert "Mer måndag" not in text_of(answer)
    assert "från 2026-12-07 · På plats · Biblioteket i Bjursås" in text_of(answer)
    with database.reading() as fresh:
        rows = fresh.scalars(select(WeeklyHours).order_by(WeeklyHours.first_day.nulls_first()))
        assert [(row.first_day, row.last_day, row.modes, row.place) for row in rows] == [
            (None, date(2026, 12, 6), [], ""),
            (date(2026, 12, 7), None, ["on_site"], "Biblioteket i Bjursås"),
        ]


def test_a_row_that_must_be_mended_is_open_and_keeps_what_was_typed(world: World, sign_in: SignIn) -> None:
    typed = {**MONDAY, "last-0-0": "2026-11-23", "walk-0-0": "1", "place-0-0": "<i>Parken</i>"}
    page = sign_in(world.coach).post(f"{EDITOR}/week", data=typed).get_data(as_text=True)
    assert page.count("<details open>") == 1
    assert 'value="2026-11-23"' in page
    assert 'name="walk-0-0" value="1" checked' in page
    assert 'value="&lt;i&gt;Parken&lt;/i&gt;"' in page


def test_hours_that_are_over_stand_in_a_list_of_their_own_and_can_be_removed(
    database: Database, world: World, sign_in: SignIn
) -> None:
    with database.transaction() as fresh:
        fresh.add(
            WeeklyHours(
                person_id=world.coach.id,
                weekday=2,
                starts=time(17),
                ends=time(18),
                last_day=date(2026, 11, 23),
            )
        )
    browser = sign_in(world.coach)
    page = browser.get(EDITOR)
    assert "Onsdag 17.00–18.00" in text_of(page)
    assert "Gällde till och med måndag 23 november." in text_of(page)
    assert 'value="17.00"' not in page.get_data(as_text=True)
    browser.post(f"{EDITOR}/week", data=MONDAY)
    assert len(week(database)) == 3
    with database.reading() as fresh:
        row_id = fresh.scalars(select(WeeklyHours.id).where(WeeklyHours.weekday == 2)).one()
    assert sign_in(world.other_coach).post(f"{EDITOR}/week/{row_id}/remove").status_code == 404
    browser.post(f"{EDITOR}/week/{row_id}/remove")
    assert [row[0] for row in week(database)] == [0, 0]


def test_lunch_has_both_times_in_order_or_none(database: Database, world: World, sign_in: SignIn) -> None:
    browser = sign_in(world.coach)
    for typed, sentence in (
        ({"lunch_start": "tolv"}, "Den tiden finns inte."),
        ({"lunch_start": "12.00"}, "Skriv från när och till när."),
        ({"lunch_end": "13.00"}, "Skriv från när och till när."),
        ({"lunch_start": "13.00", "lunch_end": "12.00"}, "Sluttiden måste vara efter starttiden."),
        ({"most": "21"}, "Skriv ett tal från 0 till 20."),
    ):
        answer = browser.post(f"{EDITOR}/terms", data=typed)
        assert (answer.status_code, sentence in text_of(answer)) == (422, True), typed
    browser.post(f"{EDITOR}/terms", data={"lunch_start": "11.30", "lunch_end": "12", "most": "4"})
    assert 'value="11:30"' in browser.get(EDITOR).get_data(as_text=True)
    with database.reading() as fresh:
        (row,) = fresh.scalars(select(OwnTerms))
        assert (row.lunch_starts, row.lunch_ends, row.most_a_day) == (time(11, 30), time(12), 4)


def test_the_holidays_that_can_be_booked_near_are_told_by_name(
    database: Database, world: World, sign_in: SignIn
) -> None:
    with database.transaction() as fresh:
        fresh.get_one(Organisation, world.organisation.id).settings = {"horizon_days": 32}
    browser = sign_in(world.coach)
    browser.post(
        f"{EDITOR}/week",
        data={f"start-{day}-0": "9" for day in range(7)} | {f"end-{day}-0": "16" for day in range(7)},
    )
    own = {"first": "2026-12-24", "kind": "other", "start": "8.00", "end": "10.00"}
    page = text_of(browser.post(f"{EDITOR}/exceptions", data=own, follow_redirects=True))
    assert "onsdag 23 december · Dagen före julafton Mötena slutar senast klockan 12.00." in page
    assert "torsdag 24 december · Julafton Andra tider: 08.00–10.00" in page
    assert "fredag 25 december · Juldagen Inga möten" in page
    assert "Annandag jul" in page
    assert "nyårsafton" not in page


def test_hours_are_a_coachs_own_and_nobody_elses(database: Database, world: World, sign_in: SignIn) -> None:
    browser = sign_in(world.coach)
    browser.post(f"{EDITOR}/exceptions", data={"first": "2026-12-24", "kind": "closed"})
    (row,) = exceptions(database)
    assert sign_in(world.other_coach).post(f"{EDITOR}/exceptions/{row.id}/remove").status_code == 404
    for person in (world.participant, world.admin):
        assert sign_in(person).get(EDITOR).status_code == 404
    # A translator may interpret, and has hours of their own.
    own = sign_in(world.translator)
    assert own.get(EDITOR).status_code == 200
    assert own.post(f"{EDITOR}/exceptions/{row.id}/remove").status_code == 404
    assert len(exceptions(database)) == 1
