"""A form leads back inside, and nowhere else (S25)."""

import uuid
from datetime import date

import pytest

from portal.booking import back_rules as rules

DAY, COACH = date(2026, 11, 26), uuid.UUID(int=7)


def test_a_mark_becomes_the_page_that_it_was_made_on() -> None:
    assert rules.page_of(rules.TODAY) == "/staff"
    assert rules.page_of(rules.to_week(DAY)) == "/staff/week?from=2026-11-26#d-2026-11-26"
    back = rules.page_of(rules.to_week(DAY, COACH))
    assert back == f"/staff/week?from=2026-11-26&coach={COACH}#d-2026-11-26"


@pytest.mark.parametrize(
    "mark",
    [
        "",
        "//evil.example",
        "https://evil.example/",
        "week",
        "week:2026-02-30",
        "week:2026-11-26\nx",
        "week:2026-11-26:x",
        f"week:2026-11-26:{'-' * 36}",
        "week:2026-11-26://evil.example",
        "today ",
    ],
)
def test_what_is_no_mark_of_ours_leads_nowhere(mark: str) -> None:
    """S25"""
    assert rules.page_of(mark) == ""
