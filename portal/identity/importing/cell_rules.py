"""What one cell of a list of participants means: days, numbers, words of the house. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from portal.identity.importing.sheet_rules import folded
from portal.messaging.rules import NoNumber, PhoneError, normalise
from portal.web.signs import clean, has_controls

NAME_MAX = 120
HIGHEST_INTAKE = 999
LISTED = 30
"""How many valid words a reason lists."""

GENDERS = {
    "": "not_told",
    **dict.fromkeys(("woman", "kvinna", "k", "f", "female", "women", "kvinnor"), "woman"),
    **dict.fromkeys(("man", "m", "male", "men", "män"), "man"),
    **dict.fromkeys(("other", "annat", "annan", "ickebinär", "nonbinary"), "other"),
    **dict.fromkeys(("nottold", "okänt", "unknown", "harinteberättat"), "not_told"),
}
BORN = {
    "": None,
    **dict.fromkeys(("ja", "j", "yes", "y", "1", "true", "sant", "sverige", "sweden", "isverige"), True),
    **dict.fromkeys(("nej", "n", "no", "0", "false", "falskt", "utomlands", "ietannatland", "abroad"), False),
    **dict.fromkeys(("nottold", "okänt", "unknown", "harinteberättat"), None),
}
AGES = {
    "": "",
    **dict.fromkeys(("youth", "ung", "ungdom", "1317", "1317år", "13till17år", "13to17"), "youth"),
    **dict.fromkeys(("adult", "vuxen", "18+", "18år", "18årelleräldre", "18orolder"), "adult"),
}
YOUNGEST, OF_AGE, OLDEST = 13, 18, 120
"""Years: the scales have no cut-off for whoever is younger."""
PHONE_REASONS = {
    "nonsense": "this is no phone number",
    "short": "the number is too short",
    "long": "the number is too long",
    "landline": "the number cannot get an SMS: it must be a mobile",
    "foreign": "a foreign number: the organisation allows Swedish ones only",
}
UNKNOWN = frozenset({"Co", "Cn"})
"""What has no shape that everybody knows."""
DIRECTION_MARKS = re.compile("[\u200e\u200f]")
_SHORTENED = re.compile(r"\d([.,]\d+)?[eE]\+?\d+")
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})([T ]00:00(:00(\.0+)?)?)?")


class Wrong(ValueError):
    """What is wrong with a cell, as a reason."""


@dataclass(frozen=True)
class Menu:
    """The words that a cell may hold: {as compared: value}, None where two have it.

    `told` is how each is told, `ids` its value, in one order.
    """

    values: Mapping[str, str | None] = field(default_factory=dict)
    told: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()

    @classmethod
    def of(cls, entries: Iterable[tuple[str, Iterable[str]]]) -> "Menu":
        """A menu of (value, its spellings); the first spelling is told. Two values of one spelling: None."""
        values: dict[str, str | None] = {}
        told, ids = [], []
        for value, spellings in entries:
            shown = [spelling for spelling in spellings if spelling]
            told.append(shown[0])
            ids.append(value)
            for key in {folded(spelling) for spelling in shown}:
                values[key] = value if values.get(key, value) == value else None
        return cls(values, tuple(told), tuple(ids))

    def find(self, text: str, *, clash: str = "two have this name") -> str:
        """The value for what stands in a cell; "" for an empty one. Raises Wrong, with the valid words."""
        if not text:
            return ""
        found = self.values.get(folded(text), "")
        if found is None:
            raise Wrong(clash)
        if not found:
            raise Wrong(f"not in the list. Valid: {self.listed}")
        return found

    @property
    def listed(self) -> str:
        """The valid words in a row, the first of them where there are many."""
        more = len(self.told) - LISTED
        words = ", ".join(self.told[:LISTED]) or "nothing, the list is empty"
        return f"{words} and {more} more" if more > 0 else words


def name(text: str) -> str:
    """A person's name, without what a sheet hides in it. Raises Wrong."""
    words = " ".join(clean(DIRECTION_MARKS.sub("", text)).split())
    if not words:
        raise Wrong("the name is missing")
    if len(words) > NAME_MAX:
        raise Wrong(f"the name is longer than {NAME_MAX} characters")
    if has_controls(words) or any(unicodedata.category(sign) in UNKNOWN for sign in words):
        raise Wrong("the name has a character that cannot be saved")
    return words


def phone(text: str, *, foreign: bool) -> str:
    """A number in E.164, "" for nothing; the zero or plus that Excel drops is put back. Raises Wrong."""
    if not text:
        return ""
    if _SHORTENED.fullmatch(text):
        raise Wrong("Excel has shortened the number: make the column text, and write it again")
    typed = re.sub(r"[.,]0$", "", text)
    digits = re.sub(r"\D", "", typed)
    if not typed.startswith("+") and digits.startswith("7") and len(digits) == 9:
        typed = f"0{digits}"
    elif not typed.startswith("+") and digits.startswith("467") and len(digits) == 11:
        typed = f"+{digits}"
    try:
        return normalise(typed, allow_foreign=foreign)
    except NoNumber:
        return ""
    except PhoneError as wrong:
        raise Wrong(PHONE_REASONS[wrong.code]) from None


def day(text: str) -> date | None:
    """A day as ISO 8601 writes it, with the midnight that Excel adds; None for nothing. Raises Wrong."""
    if not text:
        return None
    if written := _DAY.fullmatch(text):
        try:
            return date.fromisoformat(written.group(1))
        except ValueError:
            raise Wrong("there is no such day") from None
    if re.fullmatch(r"\d{5}([.,]\d+)?", text):
        raise Wrong("Excel's own number for a day: give the column the format 2026-11-24")
    raise Wrong("write the day as 2026-11-24")


def intake(text: str) -> int | None:
    """The number of an intake; None for nothing. Raises Wrong."""
    if not text:
        return None
    whole = re.fullmatch(r"(\d{1,3})([.,]0+)?", text)
    if not whole or not 1 <= int(whole.group(1)) <= HIGHEST_INTAKE:
        raise Wrong(f"a number from 1 to {HIGHEST_INTAKE}")
    return int(whole.group(1))


def gender(text: str) -> str:
    """A gender's code. Raises Wrong."""
    if folded(text) not in GENDERS:
        raise Wrong("not in the list. Valid: kvinna, man, annat, or empty")
    return GENDERS[folded(text)]


def born(text: str) -> bool | None:
    """Whether born in Sweden; None where nobody told. Raises Wrong."""
    if folded(text) not in BORN:
        raise Wrong("not in the list. Valid: ja, nej, or empty")
    return BORN[folded(text)]


def age(text: str) -> str:
    """The band of an age, "" for nothing; whole years are an age too. Raises Wrong."""
    if years := re.fullmatch(r"(\d{1,3})([.,]0+)?", text):
        if not YOUNGEST <= int(years.group(1)) <= OLDEST:
            raise Wrong(f"from {YOUNGEST} years on, and at most {OLDEST}")
        return "youth" if int(years.group(1)) < OF_AGE else "adult"
    if folded(text) not in AGES:
        raise Wrong("not an age. Valid: years, 13–17, 18+, or empty")
    return AGES[folded(text)]
