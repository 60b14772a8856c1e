"""What can be done with an order in each state, when it is late, and how an interpreter goes along."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest

from portal.interpreting import order_rules as rules
from portal.interpreting.order_rules import Needed, after, is_late, suits, working_days_left
from portal.interpreting.rules import Talk

START = datetime(2026, 12, 1, 9, tzinfo=UTC)
TALK = Talk(uuid.UUID(int=1), uuid.UUID(int=2), START, START + timedelta(hours=1))
ACTS = (rules.ASSIGN, rules.CONFIRM, rules.UNSAY, rules.MOVE, rules.CANCEL, rules.FREE)


@pytest.mark.parametrize(
    ("state", "leads_to"),
    [
        ("asked", ("assigned", "", "", "asked", "cancelled", "")),
        ("assigned", ("", "confirmed", "", "changed", "cancelled", "asked")),
        ("changed", ("", "confirmed", "", "changed", "cancelled", "asked")),
        ("confirmed", ("", "", "assigned", "changed", "cancelled", "asked")),
        ("cancelled", ("", "", "", "", "", "")),
    ],
)
def test_what_each_act_leads_to(state: str, leads_to: tuple[str, ...]) -> None:
    assert tuple(after(state, act) for act in ACTS) == leads_to


@pytest.mark.parametrize(
    ("today", "day", "left"),
    [
        (date(2026, 11, 23), date(2026, 11, 26), 3),
        (date(2026, 11, 27), date(2026, 11, 30), 1),
        (date(2026, 11, 27), date(2026, 11, 28), 0),
        (date(2026, 11, 27), date(2026, 11, 27), 0),
        # Between Wednesday the 23rd and Monday the 28th lie Christmas Eve, two holidays and a Sunday.
        (date(2026, 12, 23), date(2026, 12, 28), 1),
    ],
)
def test_holidays_and_weekends_find_nobody(today: date, day: date, left: int) -> None:
    assert working_days_left(today, day) == left


@pytest.mark.parametrize(
    ("state", "day", "late"),
    [
        ("asked", date(2026, 11, 26), False),
        ("asked", date(2026, 11, 25), True),
        ("assigned", date(2026, 11, 25), True),
        ("changed", date(2026, 11, 25), True),
        ("confirmed", date(2026, 11, 25), False),
        ("cancelled", date(2026, 11, 25), False),
    ],
)
def test_late_is_who_has_not_said_yes_in_time(state: str, day: date, late: bool) -> None:
    assert is_late(state, date(2026, 11, 23), day, 3) is late


def test_whose_gender_nobody_has_noted_suits_no_wish() -> None:
    assert [suits("none", ""), suits("woman", "woman"), suits("woman", "man"), suits("woman", "")] == [
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("was", "now", "way", "goes", "matters"),
    [
        ("on_site", "phone", "place", "phone", True),
        ("phone", "on_site", "phone", "place", True),
        ("phone", "video", "phone", "phone", False),
        ("on_site", "walk", "place", "place", False),
        # Who was to be there by phone at a place is so still.
        ("on_site", "walk", "phone", "phone", False),
    ],
)
def test_an_interpreter_goes_along_from_a_place_to_a_phone(
    was: str, now: str, way: str, goes: str, matters: bool
) -> None:
    needed = Needed(TALK, "ar", now, was_mode=was)
    assert (needed.way_after(way), needed.matters(way)) == (goes, matters)


def test_another_place_matters_to_whoever_comes_there() -> None:
    needed = Needed(TALK, "ar", "on_site", place_changed=True)
    assert (needed.matters("place"), needed.matters("phone")) == (True, False)
