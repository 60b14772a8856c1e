"""E-mail addresses as people type them. Pure."""

import re
import unicodedata

_EMAIL = re.compile(r"[^\s@<>\"]{1,64}@[^\s@<>\".]+(\.[^\s@<>\".]+)+")
LONGEST_EMAIL = 254


def email_key(typed: str) -> str:
    """An e-mail address as it is compared; "" when it is none (RFC 5321 allows 254 characters)."""
    address = unicodedata.normalize("NFC", typed).strip().casefold()
    return address if len(address) <= LONGEST_EMAIL and _EMAIL.fullmatch(address) else ""
