"""What an answer by SMS means, and whether four digits still cancel a meeting. Pure.

Case, dots, spaces and diacritics are forgiven, and one slip in the words that people are told. A sentence
that only contains one of these words is for a person to read. CANCEL, END and QUIT are none of ours: Twilio
takes them for an opt-out of its own (twilio.com/docs/messaging/tutorials/advanced-opt-out), so a person reads
what was meant.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.messaging.rules import CANCEL, CODE, OTHER, START, STOP, YES

WRITTEN_OF = timedelta(days=7)
"""Ours: how long ago we may have written of a meeting for an answer to be about it."""
CODE_LIVES, MOST_TRIES, DIGITS = timedelta(minutes=30), 3, 4
"""Ours: how long the digits work, how often one may guess, and how many they are."""
REMEMBERED = timedelta(days=1)
"""Ours: as long as digits without a code are taken for a late or wrong one, and not for something written."""
LIVES = timedelta(hours=2)
"""Ours: an answer that could not leave for so long answers nothing any more."""
FORGIVEN = {"avboka": CANCEL, "stopp": STOP}
"""The words that people are told: one slip is forgiven; in others it makes another word ("smart")."""

# By what they mean, in each language of the portal: a guard test asks for every one.
WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "sv": {
        YES: ("ja", "japp", "jadå", "jo", "ja tack", "ja jag kommer", "jag kommer", "ok", "okej"),
        CANCEL: ("avboka", "avbokar", "avbokning", "avboka mötet", "jag vill avboka", "avboka tack"),
        STOP: ("stopp", "stop", "stoppa", "stoppa sms", "sluta"),
        START: ("start", "starta", "börja"),
    },
    "en": {
        YES: ("yes", "yes please", "yes thanks", "yep", "yeah", "okay", "i will come", "i am coming"),
        CANCEL: ("cancel meeting", "cancel my meeting", "cancel the meeting"),
        STOP: ("stop", "stop all", "unsubscribe", "stop sms"),
        START: ("start", "unstop", "subscribe"),
    },
    "ar": {
        YES: ("نعم", "اي", "ايوه", "ايوا", "موافق", "سوف آتي", "سأحضر"),
        CANCEL: ("إلغاء", "ألغي", "إلغاء الموعد", "أريد إلغاء الموعد"),
        STOP: ("توقف", "قف", "إيقاف", "أوقف"),
        START: ("ابدأ", "بدء", "استئناف"),
    },
}
THUMBS = frozenset("👍👌")
NOES = frozenset("👎❌🚫?؟")
"""With one of these a word means something else."""
_ALIKE = str.maketrans({"ى": "ي", "ة": "ه", "ـ": ""})


def _bare(text: str) -> str:
    """Letters and digits alone, without case, marks and the digits' script."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    signs = (str(unicodedata.decimal(sign, sign)) for sign in apart if sign.isalnum())
    return "".join(signs).translate(_ALIKE)


MEANINGS = {
    _bare(word): meaning for said in WORDS.values() for meaning, words in said.items() for word in words
}


def meaning(text: str) -> str:
    """What an answer means: one of `messaging.rules.ANSWERS`."""
    bare = _bare(text)
    if NOES.intersection(text):
        return OTHER
    if not bare:
        return YES if THUMBS.intersection(text) and not _beside_thumbs(text) else OTHER
    if re.fullmatch(f"[0-9]{{{DIGITS}}}", bare):
        return CODE
    return MEANINGS.get(bare) or _nearly(bare)


def _beside_thumbs(text: str) -> bool:
    """Whether there is another picture than a thumb; its colour and its form are none (Unicode, UTS 51)."""
    return any(unicodedata.category(sign) == "So" and sign not in THUMBS for sign in text)


def _nearly(bare: str) -> str:
    """What a word means that is misspelt, but for its first letter ("topp" is none of ours)."""
    for word, means in FORGIVEN.items():
        if bare[0] == word[0] and one_slip(word, bare):
            return means
    return OTHER


def one_slip(word: str, written: str) -> bool:
    """Whether one letter is wrong, missing or too many, or two neighbours have changed places."""
    if len(word) == len(written):
        wrong = [place for place in range(len(word)) if word[place] != written[place]]
        if len(wrong) == 2 and wrong[1] == wrong[0] + 1:
            return word[wrong[0]] == written[wrong[1]] and word[wrong[1]] == written[wrong[0]]
        return len(wrong) == 1
    short, long = sorted((word, written), key=len)
    return len(long) == len(short) + 1 and any(
        long[:place] + long[place + 1 :] == short for place in range(len(long))
    )


def digits(text: str) -> str:
    """The digits of an answer that means CODE."""
    return _bare(text)


@dataclass(frozen=True)
class Opening:
    """Digits that were sent: until when they work, how often somebody guessed, whether they were used."""

    expires_at: datetime
    tries: int
    used: bool


def opens(sent: Opening, came_at: datetime) -> bool:
    """Whether the right digits still cancel."""
    return not sent.used and sent.tries < MOST_TRIES and came_at < sent.expires_at
