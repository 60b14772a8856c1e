"""What a meeting of several is, who can be at it, and what they can say. Pure."""

import re
import secrets
from datetime import datetime, timedelta

NETWORK, SIP = KINDS = ("network", "sip")
"""A meeting of everybody around a person, or one for a coordinated individual plan (SIP)."""
UNANSWERED, COMES, CANNOT = ANSWERS = ("none", "yes", "no")
MOST = 20
"""Colleagues and people from outside at one meeting: more than a SIP meeting is."""
WEEKS = 6
"""How far ahead times are looked for where everybody can: people of several authorities plan in months."""
DAYS_SHOWN = 8
"""How many days with times are shown first."""
TOKEN_BYTES = 32
"""256 random bits: the address of an answer lies in somebody's mailbox for years."""
KEPT_FOR = timedelta(days=30)
"""How long after a meeting an e-mail address is kept, and its page opens."""
WORDS_MAX, AGENDA_MAX, REFERENCE_MAX = 300, 2000, 60

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def new_token() -> str:
    """What stands in the address of one party's page, and can be guessed by nobody."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def is_token(text: str) -> bool:
    """Whether this could be one of ours."""
    return _TOKEN.fullmatch(text) is not None


def answer_open(booked: bool, removed: bool, ends_at: datetime, now: datetime) -> bool:
    """Whether somebody who is invited can still say that they come, or that they cannot."""
    return booked and not removed and now < ends_at
