"""From when until when an interpreter may read: 24 hours before, 1 hour after, to the second (S8)."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from portal.interpreting.rules import Talk

START = datetime(2026, 11, 24, 13, tzinfo=UTC)
TALK = Talk(uuid.UUID(int=1), uuid.UUID(int=2), START, START + timedelta(hours=1))
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("moment", "early", "over"),
    [
        (START - timedelta(hours=24) - SECOND, True, False),
        (START - timedelta(hours=24), False, False),
        (START, False, False),
        (START + timedelta(hours=2) - SECOND, False, False),
        (START + timedelta(hours=2), False, True),
    ],
)
def test_the_window_of_a_talk(moment: datetime, early: bool, over: bool) -> None:
    """S8"""
    assert (TALK.is_early(moment), TALK.is_over(moment)) == (early, over)
