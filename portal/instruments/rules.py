"""What an instrument is, and how answers on its lines become numbers.

A line is a visual-analogue scale from 0.0 to 10.0, read to one decimal. Values are kept as whole
tenths (0 to 100), so that no sum is ever rounded. The low end is where reading starts: the number
does not depend on the direction the line was drawn in.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Direction = Literal["ltr", "rtl"]
Licence = Literal["open", "restricted", "local"]
When = Literal["before", "after"]

LINE_MAX = 100
"""The high end of a line, in tenths."""

NUMBER = re.compile(r"(\d{1,3})(?:[.,](\d+))?")
ARABIC_DECIMAL_SEPARATOR = "\u066b"


@dataclass(frozen=True)
class LineText:
    """A line in one language: what is asked, what the two ends mean, and its name in a table."""

    label: str
    question: str
    low: str
    high: str
    hint: str = ""


@dataclass(frozen=True)
class Line:
    """One line. `icon` names a picture; `texts` is by language code, empty where the wording is licensed."""

    key: str
    icon: str
    texts: Mapping[str, LineText]


@dataclass(frozen=True)
class Comment:
    """An optional free answer after the lines; at most `longest` characters."""

    longest: int
    question: Mapping[str, str]


@dataclass(frozen=True)
class Instrument:
    """One version of one instrument.

    `name` is what staff call it and `title` what the person sees, by language; `notice` is what its
    licence wants to be read on every screen.
    """

    key: str
    version: int
    licence: Licence
    when: When
    minutes: int
    lines: tuple[Line, ...]
    name: Mapping[str, str]
    title: Mapping[str, str]
    comment: Comment | None = None
    notice: Mapping[str, str] = field(default_factory=dict)

    @property
    def highest(self) -> int:
        """The highest total, in tenths: 100 for each line."""
        return LINE_MAX * len(self.lines)

    @property
    def screens(self) -> int:
        """How many questions a person meets: the lines, and the free one where there is one."""
        return len(self.lines) + (self.comment is not None)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages it can be answered in; none while its wording is not installed."""
        return tuple(self.title)

    def text(self, line: Line, language: str) -> LineText:
        """The line in a language, or in Swedish. KeyError if its wording is not installed."""
        return line.texts[language] if language in line.texts else line.texts["sv"]

    def own(self, texts: Mapping[str, str], language: str) -> str:
        """One of its texts in a language, in Swedish where that language is missing."""
        return texts.get(language) or texts.get("sv") or self.key.upper()


class LineValueError(ValueError):
    """The text is not a place on the line. `reason` is "empty", "text", "decimals" or "outside"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read_value(typed: str, most: int = LINE_MAX) -> int:
    """Tenths (0 to `most`) from what a person typed: "7", "7,5", "7.5", "٧٫٥". Raises LineValueError.

    Digits of every script count. Two decimals are refused, not rounded: a slip such as "7,55" is as
    likely to be two answers as one.
    """
    plain = _plain_digits(typed.strip())
    if not plain:
        raise LineValueError("empty")
    if re.fullmatch(r"-\s*[\d.,]+", plain):
        raise LineValueError("outside")
    match = NUMBER.fullmatch(plain)
    if match is None:
        raise LineValueError("outside" if plain.isdigit() else "text")
    whole, decimals = match.groups()
    if decimals and len(decimals.rstrip("0")) > 1:
        raise LineValueError("decimals")
    tenths = int(whole) * 10 + int((decimals or "0")[0])
    if tenths > most:
        raise LineValueError("outside")
    return tenths


def _plain_digits(text: str) -> str:
    """The same text with ASCII digits, decimal point and minus sign."""
    swapped = text.replace(ARABIC_DECIMAL_SEPARATOR, ".").replace("\u2212", "-")
    return "".join(
        str(unicodedata.decimal(letter)) if unicodedata.decimal(letter, None) is not None else letter
        for letter in swapped
    )


def write_value(tenths: int) -> str:
    """The value as the number box holds it: 75 is "7.5", 70 is "7"."""
    whole, tenth = divmod(tenths, 10)
    return f"{whole}.{tenth}" if tenth else str(whole)


def total(instrument: Instrument, values: Mapping[str, int | None]) -> int | None:
    """The sum in tenths, or None when a line is missing or skipped: a total is never guessed."""
    found = [values.get(line.key) for line in instrument.lines]
    if any(value is None for value in found):
        return None
    return sum(value for value in found if value is not None)


@dataclass(frozen=True)
class DownRule:
    """The house rule for "down". Ours, not a norm: no norms exist for our own check-ins.

    `share` is the part of the whole range that a total must lose, `line` the tenths that one line must lose.
    """

    share: float = 1 / 8
    line: int = 30

    def band(self, highest: int) -> float:
        """What a total must lose, in tenths, for an instrument with this highest total."""
        return highest * self.share


@dataclass(frozen=True)
class Figure:
    """One number now and before. `line` is None for the total; all values in tenths; None = not there."""

    line: str | None
    now: int
    last: int | None
    first: int | None


@dataclass(frozen=True)
class Drop:
    """A figure that is down by `by` tenths `since` the last time or the first."""

    line: str | None
    by: int
    since: Literal["last", "first"]


def drops(rule: DownRule, highest: int, figures: list[Figure]) -> list[Drop]:
    """What is down by the house rule: the total first, then lines, the largest first.

    A figure that is down both since the last and the first is given once, since the last.
    """
    found = []
    for figure in figures:
        least = rule.band(highest) if figure.line is None else rule.line
        drop = _drop(figure, least)
        if drop is not None:
            found.append(drop)
    return sorted(found, key=lambda drop: (drop.line is not None, -drop.by, drop.line or ""))


def _drop(figure: Figure, least: float) -> Drop | None:
    if figure.last is not None and figure.last - figure.now >= least:
        return Drop(figure.line, figure.last - figure.now, "last")
    if figure.first is not None and figure.first - figure.now >= least:
        return Drop(figure.line, figure.first - figure.now, "first")
    return None
