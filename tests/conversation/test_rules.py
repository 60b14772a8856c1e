"""In which language something is, and what may still be taken back."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.conversation import rules

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def test_an_answer_is_late_the_day_after_it_was_promised() -> None:
    promised = date(2026, 11, 26)
    assert not rules.is_late(promised, promised)
    assert rules.is_late(promised, promised + timedelta(days=1))


@pytest.mark.parametrize(
    ("outcome", "ago", "can"),
    [
        ("called", timedelta(0), True),
        ("not_needed", timedelta(hours=23), True),
        ("booked", timedelta(days=1), False),
        ("answered", timedelta(0), False),
        ("called_off", timedelta(0), False),
    ],
)
def test_only_what_staff_recorded_is_taken_back_within_a_day(outcome: str, ago: timedelta, can: bool) -> None:
    assert rules.can_reopen(outcome, NOW - ago, NOW) is can
    assert not rules.can_reopen("", None, NOW)


@given(st.text("ab \n", max_size=3 * rules.LONGEST), st.integers(0, 3 * rules.LONGEST))
def test_a_long_text_is_cut_without_losing_a_sign_of_a_word(text: str, long: int) -> None:
    words = (text + "c" * long).strip()
    made = rules.pieces(words)
    assert all(len(one) <= rules.LONGEST for one in made)
    assert "".join("".join(made).split()) == "".join(words.split())
    assert [one for one in made if one != one.strip() or not one] == ([""] if not words else [])


def test_a_long_text_is_cut_where_words_part() -> None:
    assert rules.pieces("Hej") == ["Hej"]
    full = "a" * rules.LONGEST
    assert rules.pieces(f"{full} b") == [full, "b"]
    assert rules.pieces(f"{full[1:]}\nb c") == [full[1:], "b c"]
    assert rules.pieces(f"hej {full}") == ["hej", full]
    assert rules.pieces(f"{full}{full}b") == [full, full, "b"]
