"""Roles, names, states, dates and pages of people, without a database."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.identity.people import rules
from portal.identity.people.rules import Dates, NextThing, Span, Standing

TODAY = date(2026, 11, 24)
DAYS = st.dates(date(2020, 1, 1), date(2028, 1, 1))


def days(number: int) -> date:
    return TODAY + timedelta(days=number)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    first, last = draw(DAYS), draw(st.none() | DAYS)
    return Span(min(first, last), max(first, last)) if last else Span(first, None)


@pytest.mark.parametrize(
    "act, allowed",
    [
        ("enrol", {"coach", "lead", "admin"}),
        ("change_facts", {"coach", "lead", "admin"}),
        ("hand_over", {"lead", "admin"}),
        ("change_number", {"admin"}),
        ("disable", {"admin"}),
        ("protect", {"admin"}),
        ("manage_staff", {"admin"}),
    ],
)
def test_each_act_is_for_exactly_the_roles_of_the_table(act: str, allowed: set[str]) -> None:
    everyone = ("participant", "coach", "lead", "admin", "translator", "user_auditor")
    assert {role for role in everyone if rules.may({role}, act)} == allowed
    assert not rules.may(frozenset(), act)


@pytest.mark.parametrize(
    "one, other",
    [
        ("Amina Hassan", "  amina   HASSAN "),
        ("Åsa Öberg", "Åsa Öberg"),
        ("Ｍａｒｉａ Ek", "Maria Ek"),
        ("Straße", "STRASSE"),
    ],
)
def test_one_name_written_in_two_ways_is_one_name(one: str, other: str) -> None:
    assert rules.name_key(one) == rules.name_key(other)


def test_names_that_differ_by_a_mark_are_two_names_but_both_are_found() -> None:
    assert rules.name_key("Asa") != rules.name_key("Åsa")
    assert rules.matches("Åsa Öberg", "", "asa ob")


def test_names_stand_in_swedish_order() -> None:
    ordered = ["Anna", "Émile", "Eva", "Zara", "Åke", "Åsa", "Ärna", "Örjan"]
    assert sorted(set(ordered), key=rules.sort_key) == ordered
    assert sorted(["Hugo Åkesson", "Hugo Sjöberg"], key=rules.sort_key)[0] == "Hugo Sjöberg"


@pytest.mark.parametrize(
    "query, found",
    [
        ("amina", True),
        ("HASS", True),
        ("hassan am", True),
        ("al", True),
        ("mina", False),
        ("amina x", False),
        ("070-123", True),
        ("070 12 3", True),
        ("4567", True),
        ("+46 70 123", True),
        ("0046701234567", True),
        ("٠٧٠١٢٣", True),
        ("999", False),
        ("😀", False),
        ("أمينة", False),
    ],
)
def test_a_search_by_beginning_of_a_name_or_part_of_a_number(query: str, found: bool) -> None:
    assert rules.matches("Amina Al-Hassan", "+46701234567", query) is found


def test_a_person_without_a_number_is_not_found_by_one() -> None:
    assert not rules.matches("Amina", "", "070")


def test_a_name_in_another_script_is_found_in_it() -> None:
    assert rules.matches("أمينة حسن", "", "حسن")


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_typed_text_can_be_searched_for(name: str, query: str) -> None:
    assert rules.matches(name, "+46701234567", query) in (True, False)


@given(st.integers(0, 200), st.integers(-5, 50))
def test_every_row_is_on_exactly_one_page(total: int, asked: int) -> None:
    rows = list(range(total))
    first = rules.page(rows, asked)
    assert 1 <= first.number <= first.pages
    assert first.total == total
    pages = [rules.page(rows, number).items for number in range(1, first.pages + 1)]
    assert [row for items in pages for row in items] == rows
    assert all(len(items) <= rules.PAGE_SIZE for items in pages)


@given(spans(), spans(), DAYS)
def test_two_spans_meet_when_a_day_lies_in_both(one: Span, other: Span, day: date) -> None:
    assert one.meets(other) == other.meets(one)
    if one.holds(day) and other.holds(day):
        assert one.meets(other)


def test_a_pause_holds_its_first_and_last_day() -> None:
    pause = Span(days(0), days(3))
    assert [pause.holds(days(n)) for n in (-1, 0, 3, 4)] == [False, True, True, False]
    assert Span(days(0), None).holds(days(900))


@pytest.mark.parametrize(
    "closed_on, pauses, wanted",
    [
        (None, (), "open"),
        (None, (Span(days(-9), days(-1)),), "open"),
        (None, (Span(days(-9), days(0)),), "paused"),
        (None, (Span(days(1), None),), "open"),
        (days(-1), (Span(days(-9), None),), "closed"),
        (days(0), (), "closed"),
    ],
)
def test_an_enrolment_is_open_paused_or_closed(
    closed_on: date | None, pauses: tuple[Span, ...], wanted: str
) -> None:
    assert rules.state(closed_on, pauses, TODAY) == wanted


@pytest.mark.parametrize(
    "about, code, day",
    [
        (Standing(), "", None),
        (Standing(closed_on=days(-3), has_coach=False, disabled=True), "closed", days(-3)),
        (Standing(disabled=True, has_coach=False), "disabled", None),
        (Standing(has_coach=False, has_pin=False), "no_coach", None),
        (Standing(pauses=(Span(days(-2), days(5)),), has_pin=False), "paused_until", days(5)),
        (Standing(pauses=(Span(days(-2), None),)), "paused", None),
        (Standing(pauses=(Span(days(7), None), Span(days(4), days(5)))), "pause_begins", days(4)),
        (Standing(first_meeting_on=days(0), has_pin=False), "first_meeting", days(0)),
        (Standing(first_meeting_on=days(-1), started_on=days(6)), "starts", days(6)),
        (Standing(started_on=days(0), has_phone=False, has_pin=False), "no_phone", None),
        (Standing(has_pin=False), "no_pin", None),
        (Standing(extensions=(Span(days(-30), days(60)),)), "extension_ends", days(60)),
        (Standing(extensions=(Span(days(-30), days(61)),)), "", None),
        (Standing(extensions=(Span(days(-30), days(-1)),)), "", None),
        (
            Standing(extensions=(Span(days(-30), days(5)), Span(days(6), days(30)))),
            "extension_ends",
            days(30),
        ),
    ],
)
def test_what_is_missing_stands_before_what_comes(about: Standing, code: str, day: date | None) -> None:
    assert rules.next_thing(about, TODAY) == NextThing(code, day)


@pytest.mark.parametrize(
    "dates, problems",
    [
        (Dates(), {}),
        (Dates(days(-30), days(-20), days(-10), days(0)), {}),
        (Dates(days(-10), days(-10), days(-10), days(-10)), {}),
        (Dates(started_on=days(20)), {}),
        (Dates(applied_on=days(1)), {"applied_on": "not_yet"}),
        (Dates(closed_on=days(1)), {"closed_on": "not_yet"}),
        (Dates(applied_on=days(-5), started_on=days(-6)), {"started_on": "before_application"}),
        (Dates(applied_on=days(-5), first_meeting_on=days(-6)), {"first_meeting_on": "before_application"}),
        (Dates(started_on=days(-5), closed_on=days(-6)), {"closed_on": "before_start"}),
        (Dates(applied_on=days(-5), closed_on=days(-6)), {"closed_on": "before_start"}),
        (Dates(started_on=date(206, 1, 1)), {"started_on": "far_away"}),
        (Dates(started_on=date(2062, 1, 1)), {"started_on": "far_away"}),
        (Dates(applied_on=date(2062, 1, 1)), {"applied_on": "far_away"}),
    ],
)
def test_days_that_cannot_be_are_named(dates: Dates, problems: dict[str, str]) -> None:
    assert rules.date_problems(dates, TODAY) == problems


@pytest.mark.parametrize(
    "kind, span, problems",
    [
        ("pause", Span(days(-5), days(-2)), {}),
        ("pause", Span(days(11), None), {}),
        ("pause", Span(days(-2), days(-5)), {"ends_on": "before_first_day"}),
        ("pause", Span(days(-41), days(-39)), {"starts_on": "before_start"}),
        ("pause", Span(days(9), days(12)), {"starts_on": "overlaps"}),
        ("pause", Span(days(1), None), {"starts_on": "overlaps"}),
        ("pause", Span(date(1926, 1, 1), None), {"starts_on": "far_away"}),
        ("extension", Span(days(20), None), {"ends_on": "needs_end"}),
    ],
)
def test_a_pause_lies_inside_its_enrolment_and_beside_the_others(
    kind: str, span: Span, problems: dict[str, str]
) -> None:
    dates = Dates(started_on=days(-40))
    assert rules.period_problems(kind, span, dates, [Span(days(5), days(10))], TODAY) == problems


@pytest.mark.parametrize("ends_on, wrong", [(days(-1), False), (days(0), True), (None, True)])
def test_a_pause_ends_with_the_enrolment(ends_on: date | None, wrong: bool) -> None:
    dates = Dates(started_on=days(-40), closed_on=days(-1))
    found = rules.period_problems("pause", Span(days(-5), ends_on), dates, [], TODAY)
    assert found == ({"ends_on": "after_closure"} if wrong else {})
