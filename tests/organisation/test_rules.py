"""Bounds of settings, codes of words, the age of crisis lines, without a database."""

from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.organisation import setting_rules, words
from portal.organisation.rules import MODES, CrisisLine, Rules

TODAY = date(2026, 11, 24)


def test_every_default_lies_within_its_bounds() -> None:
    for name, (least, most) in setting_rules.BOUNDS.items():
        default = getattr(Rules(), name)
        assert default is None or least <= default <= most, name


def test_every_whole_number_has_bounds_and_a_label() -> None:
    numbers = {field.name for field in fields(Rules) if field.type in (int, int | None)}
    # The scales have a page of their own, which the room of instruments keeps.
    numbers -= {"no_change_talks"}
    assert numbers == set(setting_rules.BOUNDS)
    assert numbers <= set(words.RULES)


def test_every_yes_or_no_has_a_box_with_its_words() -> None:
    ticks = {field.name for field in fields(Rules) if type(getattr(Rules(), field.name)) is bool}
    assert ticks == set(words.TICKS)


def test_a_pause_after_a_kind_of_meeting_is_its_own_or_the_houses() -> None:
    rules = Rules(buffer_minutes=15, buffer_phone_minutes=0, buffer_walk_minutes=45)
    assert {mode: rules.buffer_after(mode) for mode in MODES} == {
        "on_site": 15,
        "phone": 0,
        "video": 15,
        "walk": 45,
    }
    assert Rules.from_json(rules.to_json()) == rules


def test_the_defaults_hold_together() -> None:
    assert setting_rules.problems(Rules()) == {}


@pytest.mark.parametrize(
    "change, wrong",
    [
        ({"horizon_days": 1, "minimum_notice_hours": 24}, "minimum_notice_hours"),
        ({"horizon_days": 1, "minimum_notice_hours": 1, "checkin_before_hours": 25}, "checkin_before_hours"),
    ],
)
def test_what_can_never_happen_is_refused(change: dict[str, Any], wrong: str) -> None:
    assert set(setting_rules.problems(replace(Rules(), **change))) == {wrong}


@pytest.mark.parametrize(
    "checked, day, old",
    [
        ("", None, True),
        ("nonsense", None, True),
        ("2026-11-24", TODAY, False),
        ("2025-11-24", date(2025, 11, 24), False),
        ("2025-11-23", date(2025, 11, 23), True),
    ],
)
def test_lines_are_looked_at_every_year(checked: str, day: date | None, old: bool) -> None:
    age = setting_rules.lines_age(Rules(crisis_lines_checked_on=checked), TODAY)
    assert age == setting_rules.LinesAge(day, old)


@pytest.mark.parametrize(
    "word, taken, code",
    [
        ("Försäkringskassan", set(), "forsakringskassan"),
        ("Arbete, studier", {"arbete_studier"}, "arbete_studier_2"),
        ("عمل", set(), "word"),
        ("😀", {"word", "word_2"}, "word_3"),
        ("x" * 200, set(), "x" * 40),
    ],
)
def test_a_word_gets_a_code_of_plain_letters(word: str, taken: set[str], code: str) -> None:
    assert setting_rules.code_of(word, taken) == code


@given(st.text(min_size=1, max_size=60), st.sets(st.sampled_from(["a", "a_2", "word", "word_2"])))
def test_a_code_is_always_free(word: str, taken: set[str]) -> None:
    assert setting_rules.code_of(word, taken) not in taken


def test_rules_come_back_as_they_were_stored() -> None:
    mine = replace(Rules(), meeting_minutes=45, crisis_lines=(CrisisLine("violence", "Linjen", "020-1"),))
    assert Rules.from_json(mine.to_json()) == mine
