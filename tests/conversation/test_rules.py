"""In which language something is, and what may still be taken back."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.conversation import rules

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("chosen", "text", "own", "found"),
    [
        ("ar", "متى نلتقي؟", "ar", "ar"),
        ("sv", "När ses vi?", "ar", "sv"),
        # The form stood at Arabic, the letters say otherwise; and the other way round.
        ("ar", "När ses vi?", "ar", "sv"),
        ("sv", "متى نلتقي؟", "ar", "ar"),
        # Between languages of the same letters nothing but the choice can tell.
        ("en", "When do we meet?", "en", "en"),
        ("sv", "När ses vi?", "en", "sv"),
        # No letters, and letters that neither of the two languages has: as chosen.
        ("ar", "070-174 06 05", "ar", "ar"),
        ("sv", "👍", "ar", "sv"),
        ("sv", "Когда?", "en", "sv"),
    ],
)
def test_the_letters_decide_where_the_choice_cannot_be_meant(
    chosen: str, text: str, own: str, found: str
) -> None:
    assert rules.written_in(chosen, text, own) == found


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
