"""What counts as a code, an attempt too many, and an address inside."""

import ipaddress
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

# --- codes -------------------------------------------------------------------------------------

CODE_DIGITS, PIN_DIGITS, TOTP_DIGITS, SHOWN_DIGITS = 8, 6, 6, 4
CODE_LIFE = timedelta(minutes=10)
CODE_TRIES = 5
RESEND_AFTER = timedelta(seconds=60)

_SPACING = re.compile(r"[\s.‐‑‒–—−-]")
# Marks of writing direction that come along when a number is copied from a message.
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class CodeError(ValueError):
    """Digits that cannot be what was asked for; `code` names why."""

    code = "nonsense"


class NothingTyped(CodeError):
    """The field is empty."""

    code = "empty"


class NotDigits(CodeError):
    """Something else than digits, spaces, dots and dashes."""

    code = "nonsense"


class WrongLength(CodeError):
    """Digits are missing, or there are too many."""

    code = "length"


def digits(typed: str, wanted: int) -> str:
    """The `wanted` digits that were typed: any script's digits, with spaces, dots or dashes anywhere.

    Raises a `CodeError` whose class says what is wrong.
    """
    bare = _SPACING.sub("", _BIDI.sub("", typed))
    if not bare:
        raise NothingTyped
    western = "".join(str(unicodedata.decimal(sign, sign)) for sign in bare)
    if not re.fullmatch(r"[0-9]+", western):
        raise NotDigits
    if len(western) != wanted:
        raise WrongLength
    return western


def as_code(number: int, width: int = CODE_DIGITS) -> str:
    """A number as a code of `width` digits, zeros in front. Raises ValueError outside them."""
    if not 0 <= number < 10**width:
        raise ValueError("outside the codes")
    return f"{number:0{width}d}"


def in_groups(code: str) -> str:
    """A code as people read it: "12345678" becomes "1234 5678" (S10)."""
    half = len(code) // 2
    return f"{code[:half]} {code[half:]}"


def seconds_until_resend(asked_at: datetime, now: datetime) -> int:
    """Whole seconds until a new code may be asked for; 0 when it may be now, at most 60."""
    left = min(asked_at + RESEND_AFTER - now, RESEND_AFTER)
    return max(0, -(-left // timedelta(seconds=1)))


# --- counting attempts (S12, S14) ----------------------------------------------------------------

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@dataclass(frozen=True)
class Limit:
    """At most `most` in each period of `within`; a period starts with the first attempt in it.

    `kind` names the counter. A limit without a period stands until somebody lifts it.
    """

    kind: str
    most: int
    within: timedelta | None

    def over_since(self, now: datetime) -> datetime | None:
        """A period that began at this moment or earlier is over; None where none ever is."""
        return None if self.within is None else now - self.within


# 40,000 accounts × 20 guesses a day at eight digits: one lucky guess in 125 days, and only for someone
# with enough network addresses; at six digits it would be one a day.
CODE_GUESSES = Limit("code_guesses", 20, DAY)
# A mobile operator puts many people behind one address, so what comes from an address is wide.
CODE_GUESSES_FROM = Limit("code_guesses_from", 200, HOUR)
CODES_FROM = Limit("codes_from", 100, HOUR)
PIN_GUESSES = Limit("pin_guesses", 5, None)
PIN_GUESSES_FROM = Limit("pin_guesses_from", 200, HOUR)
STAFF_GUESSES = Limit("staff_guesses", 10, timedelta(minutes=15))
STAFF_GUESSES_FROM = Limit("staff_guesses_from", 100, HOUR)
# An interpreter's code names no account, so every guess there is counts beside the address: with ten codes
# waiting at once, a thousand guesses an hour find one in ten thousand hours.
INTERPRETER_GUESSES = Limit("interpreter_guesses", 1000, HOUR)
INTERPRETER_GUESSES_FROM = Limit("interpreter_guesses_from", 30, HOUR)
# Tired people mistype; so many of them in one hour, over all accounts, is somebody who tries them all.
FAILURES = Limit("failures", 300, HOUR)
LONGEST_PERIOD = DAY


def codes_to(a_day: int) -> Limit:
    """How many codes may be asked for to one number in a day (S14)."""
    return Limit("codes_to", a_day, DAY)


def codes_of(a_day: int) -> Limit:
    """How many codes one organisation sends in a day (S14)."""
    return Limit("codes_of", a_day, DAY)


def network(address: str | None) -> str:
    """What a network address is counted as: itself, or for IPv6 the /64 that one household has.

    IPv4 inside IPv6 counts as IPv4; what is no address counts as one and the same.
    """
    try:
        found = ipaddress.ip_address((address or "").split("%", 1)[0])
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(found), 64), strict=False).network_address)


# --- where to go on (S25) ------------------------------------------------------------------------

LONGEST_PATH = 500
_UNSAFE_IN_PATH = re.compile(r"[\x00-\x20\x7f\\]")


def inside(address: str | None) -> str | None:
    """`address` when it is a path of this portal, such as "/plan?step=2"; None for everything else.

    Browsers read "//host" and "/\\host" as another host, and drop tabs and line breaks first.
    """
    if not address or len(address) > LONGEST_PATH or _UNSAFE_IN_PATH.search(address):
        return None
    if not address.startswith("/") or address.startswith("//"):
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc or "//" in parts.path else address
