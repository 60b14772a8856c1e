"""What a meeting is to be about: a few ready topics, each a code, and own words. Pure."""

from collections.abc import Iterable
from datetime import datetime

from portal.booking.rules import BOOKED

TOPICS = ("plan", "work", "money", "health", "everyday", "other")
"""What there is to choose from: each is also the name of its picture."""
PARTICIPANT, STAFF = SIDES = ("participant", "staff")
WORDS_MAX = 500
"""Characters of own words: what the talk is to be about, not the talk."""


def is_open(state: str, starts_at: datetime, now: datetime) -> bool:
    """Whether it can be said or changed: of a booked meeting that has not started."""
    return state == BOOKED and now < starts_at


def in_order(codes: Iterable[str]) -> list[str]:
    """Those of the codes that are topics, each once, as the pages list them."""
    chosen = set(codes)
    return [code for code in TOPICS if code in chosen]
