"""What an address of a calendar feed is, and what the feed tells of."""

import re
import secrets
import uuid
from datetime import date, timedelta

TOKEN_BYTES = 32
"""256 random bits: an address is kept by programs for years, and is all that they show."""
PAST = timedelta(days=30)
"""How long something stays after it has been, and what is cancelled after it was cancelled."""
MOST = 2000
"""Of each kind in one feed: three meetings a working day, as far ahead as staff can book."""
REFRESH = timedelta(minutes=30)
"""How often a calendar program is asked to look again (RFC 7986, 5.7); many look less often."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def new_token() -> str:
    """A token that nobody can guess, in signs that an address may have."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def is_token(text: str) -> bool:
    """Whether this could be one of ours."""
    return _TOKEN.fullmatch(text) is not None


def reading_on(feed_id: uuid.UUID, day: date) -> uuid.UUID:
    """What all readings of one feed on one day are called: the journal notes them once."""
    return uuid.uuid5(feed_id, day.isoformat())
