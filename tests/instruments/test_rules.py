"""Scoring: values read to one decimal, sums never guessed, and the house rule for "down"."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.instruments import queries
from portal.instruments.rules import (
    DownRule,
    Drop,
    Figure,
    LineValueError,
    drops,
    read_value,
    total,
    write_value,
)

BEFORE = queries.current("before")
TENTHS = st.integers(0, 100)
ARABIC = str.maketrans("0123456789.", "٠١٢٣٤٥٦٧٨٩٫")
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


UNDERSTOOD = {
    70: ["7", " 7 ", "07", "7.0", "٧"],
    75: ["7,5", "7.5", "7,50", "٧٫٥", "٧,٥", "۷.۵", "７.５"],
    0: ["0", "0,0", "٠"],
    100: ["10", "10,0", "١٠"],
}
REFUSED = {
    "empty": ["", "   "],
    "outside": ["11", "10,1", "-1", "−1", "١١", "99999999999"],
    "decimals": ["7,55", "٧٫٥٥"],
    "text": ["sju", "7 8", "1e1", "7,5,5", "½", "😀", ",", "+7"],
}


@pytest.mark.parametrize(
    "typed, tenths", [(typed, key) for key, many in UNDERSTOOD.items() for typed in many]
)
def test_what_people_type_is_understood(typed: str, tenths: int) -> None:
    assert read_value(typed) == tenths


@pytest.mark.parametrize("typed, reason", [(typed, key) for key, many in REFUSED.items() for typed in many])
def test_what_is_not_on_the_line_is_refused_with_its_reason(typed: str, reason: str) -> None:
    with pytest.raises(LineValueError) as refused:
        read_value(typed)
    assert refused.value.reason == reason


@given(TENTHS)
def test_every_place_on_the_line_survives_being_written_and_typed_again(tenths: int) -> None:
    written = write_value(tenths)
    assert read_value(written) == tenths
    assert read_value(written.replace(".", ",")) == tenths
    assert read_value(written.translate(ARABIC)) == tenths
    assert read_value(written.translate(PERSIAN)) == tenths


@given(st.text(max_size=12))
def test_any_text_gives_a_place_on_the_line_or_a_named_refusal(typed: str) -> None:
    try:
        result: int | str = read_value(typed)
    except LineValueError as refused:
        result = refused.reason
    assert result in {"empty", "text", "decimals", "outside", *range(101)}


@given(st.lists(TENTHS, min_size=5, max_size=5))
def test_the_total_is_the_sum_of_the_lines(values: list[int]) -> None:
    answers = dict(zip([line.key for line in BEFORE.lines], values, strict=True))
    assert total(BEFORE, answers) == sum(values)
    assert sum(values) <= BEFORE.highest


@given(st.lists(TENTHS, min_size=5, max_size=5), st.integers(0, 4), st.booleans())
def test_a_missing_or_skipped_line_means_no_total(values: list[int], gap: int, skipped: bool) -> None:
    answers: dict[str, int | None] = dict(zip([line.key for line in BEFORE.lines], values, strict=True))
    key = BEFORE.lines[gap].key
    if skipped:
        answers[key] = None
    else:
        del answers[key]
    assert total(BEFORE, answers) is None


def test_the_highest_total_is_ten_for_each_line() -> None:
    assert {found.key: found.highest for found in queries.installed()} == {
        "after": 500,
        "before": 500,
        "gsrs": 400,
        "ors": 400,
        "srs": 400,
    }


def test_an_eighth_of_the_range_is_down_and_a_tenth_of_a_point_less_is_not() -> None:
    rule = DownRule()
    assert rule.band(500) == 62.5
    assert drops(rule, 400, [Figure(None, 150, 200, None)]) == [Drop(None, 50, "last")]
    assert drops(rule, 400, [Figure(None, 151, 200, None)]) == []


def test_one_line_down_by_three_is_down() -> None:
    assert drops(DownRule(), 500, [Figure("energy", 40, 70, 70)]) == [Drop("energy", 30, "last")]
    assert drops(DownRule(), 500, [Figure("energy", 41, 70, 70)]) == []


def test_down_since_the_first_counts_when_it_slid_there_slowly() -> None:
    assert drops(DownRule(), 500, [Figure(None, 200, 240, 270)]) == [Drop(None, 70, "first")]


def test_the_rule_is_a_setting() -> None:
    strict = DownRule(share=0.5, line=60)
    assert drops(strict, 500, [Figure(None, 251, 500, 500), Figure("energy", 11, 70, 70)]) == []
    assert len(drops(strict, 500, [Figure(None, 250, 500, 500), Figure("energy", 10, 70, 70)])) == 2


def test_the_total_is_told_first_then_the_lines_by_how_much() -> None:
    figures = [Figure("a", 0, 30, None), Figure("b", 0, 80, None), Figure(None, 100, 200, None)]
    assert [drop.line for drop in drops(DownRule(), 500, figures)] == [None, "b", "a"]


@given(TENTHS, st.none() | TENTHS, st.none() | TENTHS)
def test_nobody_is_called_down_who_is_not_lower(now: int, last: int | None, first: int | None) -> None:
    found = drops(DownRule(), 500, [Figure("a", now, last, first)])
    assert all(drop.by >= 30 for drop in found)
    lowered = [earlier - now >= 30 for earlier in (last, first) if earlier is not None]
    assert bool(found) == any(lowered)
