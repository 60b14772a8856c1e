"""Which messages wait for an answer, and what may still be done to one. Pure."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

WORDS, CALL, COACH, TIME = "words", "call", "coach", "time"
"""Something written; a wish to be rung up; a word about who the coach is from now on; a wish for a time."""
KINDS = (WORDS, CALL, COACH, TIME)
WISHES = (CALL, TIME)
"""What a participant may take back, and of which one waits at most."""
SOON, MORNING, AFTERNOON = "soon", "morning", "afternoon"
TIMES = (SOON, MORNING, AFTERNOON)
"""When a call suits: at any time, before noon, after it."""
ANSWERED, CALLED, BOOKED, NOT_NEEDED, CALLED_OFF = "answered", "called", "booked", "not_needed", "called_off"
OUTCOMES = (ANSWERED, CALLED, BOOKED, NOT_NEEDED, CALLED_OFF)
BY_STAFF = (CALLED, BOOKED, NOT_NEEDED)
"""What staff record without writing; an answer records itself, and its person alone calls a wish off."""
# Ours: until the same time tomorrow, because a slip of the thumb is often seen the next day.
SECOND_THOUGHT = timedelta(days=1)
WHOLE = 1500
"""Characters of messages that stand whole on a participant's page: then it keeps within its bytes."""
LONGEST = 2000
"""Signs of one message: a translator has room for twice as many (`wording.forms.LONGEST`)."""
POSTPONES = frozenset({"reply-find-out", "reply-call-today", "reply-call-tomorrow"})
"""The ready answers that promise another one: what was asked waits still."""
CALLS = frozenset({"reply-call-today", "reply-call-tomorrow", "reply-call-us"})
"""The ready answers that speak of a call: not for whom it is not safe (S34)."""


def is_late(due_on: date, today: date) -> bool:
    """Whether an answer that was promised for a local day has not come in time."""
    return due_on < today


def pieces(words: str) -> list[str]:
    """What is too long for one message as several, in order: cut where words part, if they do at all."""
    made = []
    while len(words) > LONGEST:
        room = words[: LONGEST + 1]
        cut = max(room.rfind(" "), room.rfind("\n"))
        cut = cut if cut > 0 else LONGEST
        made.append(words[:cut].rstrip())
        words = words[cut:].lstrip()
    return [*made, words]


def too_long(characters: Iterable[tuple[UUID, int]]) -> Iterator[UUID]:
    """Which messages show only how they begin: `characters` of each, those first that matter most."""
    room = WHOLE
    for message_id, many in characters:
        if many > room:
            yield message_id
        else:
            room -= many


def can_reopen(outcome: str, closed_at: datetime | None, now: datetime) -> bool:
    """Whether what staff recorded about a message without writing may still be taken back."""
    return outcome in BY_STAFF and closed_at is not None and now - closed_at < SECOND_THOUGHT
