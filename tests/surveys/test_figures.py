"""Figures as reports print them, and what is left out beside the whole."""

from datetime import date
from uuid import uuid4

from flask import Flask

from portal.surveys import words
from portal.surveys.figure_rules import (
    LeftOut,
    Tally,
    can_leave_out,
    figure,
    groups,
    period_of,
    without,
)
from portal.surveys.queries import current

SUPPORT = current().question("support")
NOBODY = ("", "", "", "")


def tallies(**counts: int) -> list[Tally]:
    return [Tally("support", NOBODY, "2026-2", answer, count) for answer, count in counts.items()]


EVALUATION = tallies(all=27, none=4, not_for_me=8, skipped=22)
"""The figures of a known evaluation: 61 sheets."""


def left_out(answer: str, count: int) -> LeftOut:
    return LeftOut(uuid4(), "support", "2026-2", answer, count, "Missförstod", "Lena Ek", date(2026, 11, 24))


def test_a_known_evaluation_prints_as_it_was_and_as_it_was_mended(app: Flask) -> None:
    whole = figure(SUPPORT, EVALUATION)
    mended = without(SUPPORT, whole, [left_out("none", 3)])
    with app.test_request_context():
        assert words.printed(whole) == "27 av 31 (87 %), 22 svarade inte, 8 gäller inte"
        assert words.printed(mended) == "27 av 28 (96 %), 22 svarade inte, 8 gäller inte"


def test_shares_are_rounded_halves_up_and_nobody_has_none(app: Flask) -> None:
    assert [figure(SUPPORT, tallies(all=good, none=8 - good)).share for good in (0, 1, 4, 7, 8)] == [
        0,
        13,
        50,
        88,
        100,
    ]
    nobody = figure(SUPPORT, tallies(skipped=6))
    assert nobody.share is None
    assert nobody.bar(0) == 0
    with app.test_request_context():
        assert words.printed(nobody) == "Ingen svarade, 6 svarade inte"


def test_leaving_out_a_good_answer_lowers_both_numbers() -> None:
    mended = without(SUPPORT, figure(SUPPORT, EVALUATION), [left_out("all", 2), left_out("none", 1)])
    assert (mended.good, mended.base) == (25, 28)


def test_no_more_can_be_left_out_than_there_is() -> None:
    whole = figure(SUPPORT, EVALUATION)
    assert can_leave_out(SUPPORT, whole, []) == {"all": 27, "none": 4}
    assert can_leave_out(SUPPORT, whole, [left_out("none", 3)]) == {"all": 27, "none": 1}
    assert can_leave_out(SUPPORT, whole, [left_out("none", 4)]) == {"all": 27}


def test_a_split_has_every_side_and_the_rest_last() -> None:
    found = [
        Tally("support", labels, "2026-2", answer, 5)
        for labels in (("woman", "", "", "10"), ("man", "", "", "9"), NOBODY)
        for answer in ("all", "none")
    ]
    sides = groups(SUPPORT, found, "gender")
    assert [(side.value, side.figure.base) for side in sides] == [("man", 10), ("woman", 10), ("", 10)]
    assert [side.value for side in groups(SUPPORT, found, "intake")] == ["9", "10", ""]


def test_half_years_end_with_the_last_day_that_is_counted() -> None:
    assert [period_of(day) for day in (date(2026, 7, 1), date(2026, 8, 1), date(2027, 1, 1))] == [
        "2026-1",
        "2026-2",
        "2026-2",
    ]
