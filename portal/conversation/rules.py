"""Which messages wait for an answer, and what may still be done to one. Pure."""

from datetime import date, datetime, timedelta

from portal.wording.rules import SWEDISH, in_latin_letters

WORDS, CALL, COACH = "words", "call", "coach"
"""Something written; a wish to be rung up; a word about who the coach is from now on."""
KINDS = (WORDS, CALL, COACH)
SOON, MORNING, AFTERNOON = "soon", "morning", "afternoon"
TIMES = (SOON, MORNING, AFTERNOON)
"""When a call suits: at any time, before noon, after it."""
ANSWERED, CALLED, BOOKED, NOT_NEEDED, CALLED_OFF = "answered", "called", "booked", "not_needed", "called_off"
OUTCOMES = (ANSWERED, CALLED, BOOKED, NOT_NEEDED, CALLED_OFF)
BY_STAFF = (CALLED, BOOKED, NOT_NEEDED)
"""What staff record without writing; an answer records itself, and its person alone calls a wish off."""
# Ours: until the same time tomorrow, because a slip of the thumb is often seen the next day.
SECOND_THOUGHT = timedelta(days=1)
LATIN = frozenset({SWEDISH, "en", "so", "pl", "es", "tr", "bs"})
"""Of the languages that the portal may have, those with Latin letters."""


def is_late(due_on: date, today: date) -> bool:
    """Whether an answer that was promised for a local day has not come in time."""
    return due_on < today


def written_in(chosen: str, text: str, own: str) -> str:
    """The language that a text is taken to be in: what its writer chose, unless its letters say otherwise.

    `own` is the writer's own language. Who has the form in Arabic and writes in Latin letters does not write
    Arabic, and who has it in Swedish and writes in others does not write Swedish.
    """
    latin = in_latin_letters(text)
    letters = any(sign.isalpha() for sign in text)
    if not letters or (chosen in LATIN) == latin:
        return chosen
    return SWEDISH if latin else (own if own not in LATIN else chosen)


def can_reopen(outcome: str, closed_at: datetime | None, now: datetime) -> bool:
    """Whether what staff recorded about a message without writing may still be taken back."""
    return outcome in BY_STAFF and closed_at is not None and now - closed_at < SECOND_THOUGHT
