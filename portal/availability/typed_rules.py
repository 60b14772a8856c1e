"""A time of day and a date as people type them, in digits of any script."""

import re
import unicodedata
from datetime import UTC, date, datetime, time

DAYS = ("%Y-%m-%d", "%d/%m %Y", "%d/%m/%Y", "%d.%m.%Y", "%Y%m%d")
"""How a date is written: as a browser's picker sends it, and as people do."""

_CLOCK = re.compile(r"([0-9]{1,2})(?:[.:,]?([0-9]{2}))?")


def read_time(text: str) -> time | None:
    """A time of day as people type it: `9`, `9.30`, `0930`, in digits of any script. None for nonsense."""
    found = _CLOCK.fullmatch(_digits(text))
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def read_day(text: str) -> date | None:
    """A date as people type it: `2026-11-24`, `24/11 2026`. None for nonsense."""
    for pattern in DAYS:
        try:
            return datetime.strptime(_digits(text), pattern).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    return None


def _digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(char, char)) for char in text.strip())
