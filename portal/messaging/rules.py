"""Phone numbers, the length of an SMS, and how an outgoing message may change state."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

import phonenumbers
from phonenumbers import PhoneNumberType, ValidationResult

# --- phone numbers -----------------------------------------------------------------------------


class PhoneError(ValueError):
    """A number that cannot get an SMS from us; `code` names why."""

    code = "nonsense"


class NoNumber(PhoneError):
    """Nothing was typed."""

    code = "empty"


class NotANumber(PhoneError):
    """Letters, signs, or a range that no operator uses."""

    code = "nonsense"


class TooShort(PhoneError):
    """Digits are missing."""

    code = "short"


class TooLong(PhoneError):
    """There are digits too many."""

    code = "long"


class Landline(PhoneError):
    """A number that exists but cannot get an SMS: a landline, a switchboard, a free-phone number."""

    code = "landline"


class Foreign(PhoneError):
    """A number outside Sweden where the organisation allows only Swedish ones (S14)."""

    code = "foreign"


SWEDEN = 46
SWEDISH_MOBILE_DIGITS = 9
_LONGEST_TYPED = 40
_SPACING = re.compile(r"[\s()./‐‑‒–—−-]")
_MOBILE = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})
# Controls that change the direction of text and often come along when a number is copied.
BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def normalise(typed: str, *, allow_foreign: bool = False) -> str:
    """The number in E.164 ("+46701234567"), whatever way it was typed.

    National, "+46" and "0046" forms, spaces, dashes, brackets and the digits of any script work.
    Raises a `PhoneError` whose class says what is wrong.
    """
    number = _parsed(_digits(typed))
    if number.country_code != SWEDEN and not allow_foreign:
        raise Foreign
    _check_length(number)
    if not phonenumbers.is_valid_number(number):
        raise NotANumber
    if phonenumbers.number_type(number) not in _MOBILE:
        raise Landline
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _check_length(number: phonenumbers.PhoneNumber) -> None:
    possible = phonenumbers.is_possible_number_with_reason(number)
    digits = len(str(number.national_number))
    # A Swedish mobile has nine digits after the zero; the library only says "no such number" of eight.
    mobile = number.country_code == SWEDEN and str(number.national_number).startswith("7")
    if possible in (ValidationResult.TOO_SHORT, ValidationResult.IS_POSSIBLE_LOCAL_ONLY):
        raise TooShort
    if mobile and digits < SWEDISH_MOBILE_DIGITS:
        raise TooShort
    if possible == ValidationResult.TOO_LONG or (mobile and digits > SWEDISH_MOBILE_DIGITS):
        raise TooLong


def _digits(typed: str) -> str:
    """Western digits and at most a leading plus; NotANumber for anything else."""
    bare = "".join(sign for sign in typed if sign not in BIDI_CONTROLS)
    if not bare.strip():
        raise NoNumber
    bare = _SPACING.sub("", bare).replace("＋", "+")
    digits = "".join(str(unicodedata.decimal(sign, sign)) for sign in bare)
    if not re.fullmatch(r"\+?[0-9]+", digits):
        raise NotANumber
    if len(digits) > _LONGEST_TYPED:
        raise TooLong
    return digits


def _parsed(digits: str) -> phonenumbers.PhoneNumber:
    try:
        return phonenumbers.parse(digits, "SE")
    except phonenumbers.NumberParseException as wrong:
        if wrong.error_type == phonenumbers.NumberParseException.TOO_LONG:
            raise TooLong from None
        if wrong.error_type in (
            phonenumbers.NumberParseException.TOO_SHORT_NSN,
            phonenumbers.NumberParseException.TOO_SHORT_AFTER_IDD,
        ):
            raise TooShort from None
        raise NotANumber from None


# --- the length of an SMS ----------------------------------------------------------------------

# 3GPP TS 23.038, table 6.2.1: one septet each; and 6.2.1.1: an escape and one more septet.
GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENSION = frozenset("\f^{}\\[~]|€")
GSM_SINGLE, GSM_PART = 160, 153
UCS2_SINGLE, UCS2_PART = 70, 67


@dataclass(frozen=True)
class Length:
    """How long a text is on the air: `units` are septets (GSM-7) or 16-bit units (UCS-2)."""

    ucs2: bool
    units: int
    parts: int


def length(text: str) -> Length:
    """The coding, units and number of parts that an SMS with this text takes (3GPP TS 23.040)."""
    ucs2 = any(sign not in GSM_BASIC and sign not in GSM_EXTENSION for sign in text)
    widths = [_width(sign, ucs2) for sign in text]
    single, part = (UCS2_SINGLE, UCS2_PART) if ucs2 else (GSM_SINGLE, GSM_PART)
    units = sum(widths)
    return Length(ucs2, units, 1 if units <= single else _parts(widths, part))


def _width(sign: str, ucs2: bool) -> int:
    if ucs2:
        return 2 if ord(sign) > 0xFFFF else 1
    return 2 if sign in GSM_EXTENSION else 1


def _parts(widths: list[int], room: int) -> int:
    """Parts needed when a sign of two units is never split between two parts."""
    parts, used = 1, 0
    for width in widths:
        if used + width > room:
            parts, used = parts + 1, 0
        used += width
    return parts


# --- plain text in two directions --------------------------------------------------------------


def one_line(value: str) -> str:
    """A value that can neither break a line nor turn the text around it (S28)."""
    kept = (
        " " if unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign
        for sign in value
        if sign not in BIDI_CONTROLS
    )
    return " ".join("".join(kept).split())


def isolate(value: str) -> str:
    """A left-to-right value (a time, a number) that keeps its order inside right-to-left plain text.

    U+2066 … U+2069 as in Unicode's UAX 9; a leading "+46" does not do it.
    """
    return f"\u2066{one_line(value)}\u2069"


# --- channels ----------------------------------------------------------------------------------

SMS, EMAIL, VOICE, CALL = "sms", "email", "voice", "call"
CHANNELS = (SMS, EMAIL, VOICE)
"""`VOICE`: a call in which a machine reads the message aloud."""
BY_PHONE = tuple(one for one in CHANNELS if one != EMAIL)
"""What goes to a phone number, through a provider of telephony and at its pace; e-mail leaves through a
server of the house."""
WAYS = (*CHANNELS, CALL)
"""How somebody wants to be told: by one of our messages, or by their coach, who rings."""

# --- states ------------------------------------------------------------------------------------

QUEUED, ATTEMPTING, SENT, DELIVERED = "queued", "attempting", "sent", "delivered"
FAILED, UNKNOWN, EXPIRED, CANCELLED = "failed", "unknown", "expired", "cancelled"
STATES = (QUEUED, ATTEMPTING, SENT, DELIVERED, FAILED, UNKNOWN, EXPIRED, CANCELLED)
WAITING = frozenset({QUEUED, ATTEMPTING})
"""What has not left yet: only then number and text are needed."""
NOT_ARRIVED = frozenset({FAILED, UNKNOWN, EXPIRED, CANCELLED})
"""Where a message is that did not arrive, or may not have."""
_NEXT = {
    QUEUED: frozenset({ATTEMPTING, EXPIRED, CANCELLED}),
    ATTEMPTING: frozenset({QUEUED, SENT, DELIVERED, FAILED, UNKNOWN}),
    # What we do not know may have arrived: it waits for a receipt and is never queued again (S53).
    UNKNOWN: frozenset({SENT, DELIVERED, FAILED}),
    SENT: frozenset({DELIVERED, FAILED}),
}


OPEN, ARRIVED, LEFT = "", "arrived", "left"
DECISIONS = (OPEN, ARRIVED, LEFT)
"""What staff decide of an unknown message: nothing yet, that it arrived, or to leave it as it is."""


def may_become(state: str, new: str) -> bool:
    """Whether a message in `state` may go to `new`; a final state goes nowhere (S26)."""
    return new in _NEXT.get(state, frozenset())


# --- waiting -----------------------------------------------------------------------------------

SIGN_IN_CODE = "sign_in_code"
CANCEL_CODE = "cancel_code"
"""Four digits, with which somebody says by SMS that it is they who want to cancel."""
MAIL_CODE = "mail_code"
"""Digits, with which somebody shows that an e-mail address is theirs."""
SECRETS = frozenset({SIGN_IN_CODE, CANCEL_CODE, MAIL_CODE})
"""What its receiver waits for with the phone in hand, and nobody else is to read."""
TEST = "test"
"""What an admin sends to see whether SMS arrive: about nobody, and to a number that is nobody's here."""
OWN_MESSAGE = "own_message"
"""What staff send from a text of their organisation, to one person or to many."""
URGENT, ROUTINE, LAST = 0, 5, 6
"""What is LAST leaves as routine does, and lets everything routine that is due go first."""
REMEMBERED = timedelta(days=7)
"""How long staff can read what an SMS said; then its number and text are forgotten, its state stays."""
LEASE = timedelta(seconds=60)
"""How long a sender holds a message: several times what a provider is given to answer."""
LONGEST_WAIT = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(hours=1)
"""The longest that we stay away because a provider asks us to; then it is asked again."""
TOO_MANY = frozenset({"http 429", "20429", "21611"})
"""The codes of an answer that says that we send too fast, and that the message was not taken on: too many
requests, or a sender whose queue is full (twilio.com/docs/api/errors/20429 and 21611)."""
ASK_AFTER, ASK_AGAIN, ASK_UNTIL = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)
"""A report is told twice and then lost: when we ask for it ourselves, how often, and for how long."""
NO_VOICE = "no voice"
"""Nobody can ring and read aloud in the person's language."""
# The codes that say "this number will not work tomorrow either": no such number, unsubscribed,
# unknown subscriber, landline, not a mobile number (twilio.com/docs/api/errors).
UNSUBSCRIBED = "21610"
HARD_ERRORS = frozenset({"21211", UNSUBSCRIBED, "21614", "30005", "30006"})
# As of a number, of an e-mail address: no such mailbox, another elsewhere, no such name (RFC 5321, 4.2.3),
# and a place that takes no e-mail (RFC 7504). Other refusals, a full mailbox or a server that is set up
# wrong, say nothing of the address.
MAIL_HARD_ERRORS = frozenset({"smtp 550", "smtp 551", "smtp 553", "smtp 521", "smtp 556", "smtp address"})

TAKEN_BACK = frozenset(
    {"number changed", "no sms", "bounces", "silent", "calls", "stop", "closed"}
    | {"way", "no address", "mail bounces"}
)
"""Why a message was cancelled because of the person, not of what it says: it may be said again."""


def priority(kind: str) -> int:
    """0 for what somebody waits for with the phone in hand, 6 for what staff send to many, 5 for the rest.

    Digits by e-mail are among the rest: a mail server that hangs must not hold up who signs in.
    """
    if kind in (SIGN_IN_CODE, CANCEL_CODE):
        return URGENT
    return LAST if kind == OWN_MESSAGE else ROUTINE


def wait_before_retry(kind: str, attempts: int) -> timedelta:
    """How long to wait after `attempts` refused attempts: doubling from 2 s (codes) or 15 s, to 5 min."""
    first = timedelta(seconds=2 if priority(kind) == URGENT else 15)
    return min(LONGEST_WAIT, first * (1 << min(max(attempts, 1) - 1, 12)))


def pause(wait: timedelta, error_code: str, retry_after: int | None) -> timedelta | None:
    """How long to leave a provider alone that says that we are too fast, `wait` at least; else None.

    `retry_after` is what it asked for, in seconds.
    """
    if retry_after is None and error_code not in TOO_MANY:
        return None
    return min(LONGEST_PAUSE, max(wait, timedelta(seconds=retry_after or 0)))


def lease_is_over(until: datetime, now: datetime, longest: timedelta = LEASE) -> bool:
    """Whether a lease is over; one longer than any was given before the clock was set back (S54)."""
    return until <= now or until > now + longest


# --- what the last check before sending can answer -----------------------------------------------


@dataclass(frozen=True)
class Go:
    """Send it now, to `address` if the person's number or e-mail address is another one by now (S35)."""

    address: str = ""


@dataclass(frozen=True)
class Drop:
    """Do not send it at all; `reason` is a code for staff."""

    reason: str


@dataclass(frozen=True)
class Wait:
    """Not now; look again at `until`."""

    until: datetime


Verdict = Go | Drop | Wait


# --- what comes in -------------------------------------------------------------------------------

NEW, DONE = "new", "done"
INCOMING_STATES = (NEW, DONE)
YES, CANCEL, CODE, STOP, START, OTHER = "yes", "cancel", "code", "stop", "start", "other"
ANSWERS = (YES, CANCEL, CODE, STOP, START, OTHER)
"""What an answer by SMS can mean."""
UNKNOWN_NUMBER, UNCLEAR, PASSED_OVER = "unknown", "unclear", "passed_over"
TAKEN_AS = (*ANSWERS, UNKNOWN_NUMBER, UNCLEAR, PASSED_OVER)
"""What became of one: its meaning, or that nobody has the number, that several have it, or that its person
gets no SMS from us and is not answered either (S34)."""
UNKNOWN_KEPT = timedelta(days=30)
"""Ours: how long we know that something came from a number that nobody has: a report repeated later than that
is none of a provider's."""
MOST_PARTS = 255
LONGEST_INCOMING = MOST_PARTS * GSM_PART
"""Signs that are kept: no SMS holds more (3GPP TS 23.040, 9.2.3.24.1)."""
