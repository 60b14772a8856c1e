"""What is kept of a form when a session ends in the middle of it (S17)."""

import json
import re
from collections.abc import Iterable
from datetime import timedelta

from portal.web.typed import FORM_FIELD, SECRETS

LIFE = timedelta(hours=24)
MOST_BYTES = 20_000

Fields = tuple[tuple[str, str], ...]

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_WORDS = re.compile(r"\w\W*\s\W*\w")


def keepable(fields: Iterable[tuple[str, str]]) -> Fields | None:
    """The fields to keep, in their order, without the form's token; None when nothing may or need be kept.

    A form that carries a secret is not kept at all, nor one over 20 kB, nor one that holds nothing.
    """
    kept = tuple((name, value) for name, value in fields if name != FORM_FIELD)
    if any(name in SECRETS for name, _ in kept) or not any(value.strip() for _, value in kept):
        return None
    return kept if len(packed(kept).encode()) <= MOST_BYTES else None


def packed(fields: Fields) -> str:
    """The fields as one text, to be sealed."""
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def unpacked(text: str) -> Fields:
    """The fields again."""
    return tuple((str(name), str(value)) for name, value in json.loads(text))


def words(fields: Fields) -> tuple[str, ...]:
    """What the person typed in words of their own: values of two words or more, never ids or codes."""
    return tuple(value.strip() for _, value in fields if _WORDS.search(value) and not _UUID.search(value))
