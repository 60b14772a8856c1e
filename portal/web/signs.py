"""The signs of a text: which are seen, which nobody types, and how a text is kept. Pure."""

import re
import unicodedata

ALLOWED_CONTROLS = frozenset("\n\t\u200c\u200d\u200e\u200f")
"""Line breaks, and the joiners and marks that Persian, Arabic and emoji are written with."""
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Zs", "Mn", "Me"})
"""What leaves no ink by itself: controls, joiners, spaces, and marks without a letter under them."""
BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and one symbol whose shape is empty."""
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
"""What ends a line beside LF (The Unicode Standard, 5.8, Newline Guidelines)."""
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\U000e0000-\U000e007f]")
"""What comes along when a text is copied, or hides words in one: spaces of no width, and tags."""
_MIRRORS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def is_seen(text: str) -> bool:
    """Whether somebody who reads the text sees anything at all."""
    return any(unicodedata.category(sign) not in UNSEEN and sign not in BLANKS for sign in text)


def clean(text: str) -> str:
    """The text as it is kept: composed, without spaces at its ends and without what no reader can see.

    Line ends become one sign. Joiners stay, for Persian and emoji are written with them; a text in which
    nothing is seen is empty.
    """
    kept = unicodedata.normalize("NFC", _INVISIBLE.sub("", _LINE_ENDS.sub("\n", text))).strip()
    return kept if is_seen(kept) else ""


def one_line(text: str) -> str:
    """The text as it is kept where one line is asked for: a line end parts two words like a space."""
    lines = (line.strip() for line in clean(text).split("\n"))
    return " ".join(line for line in lines if line)


def without_controls(text: str) -> str:
    """The text without the characters that nobody types: NUL, escapes, direction overrides, tags.

    Line ends become one sign.
    """
    return "".join(sign for sign in _LINE_ENDS.sub("\n", text) if not _is_control(sign))


def has_controls(text: str) -> bool:
    """Whether the text holds a character that nobody types."""
    return any(map(_is_control, text))


def _is_control(sign: str) -> bool:
    if sign in ALLOWED_CONTROLS:
        return False
    hidden = _INVISIBLE.match(sign) or _MIRRORS.match(sign)
    return bool(hidden) or unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp")
