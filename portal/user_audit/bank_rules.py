"""Our own questions that an audit can ask, in every language; the words are in questions.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).with_name("questions.toml")
FALLBACK = "sv"


@dataclass(frozen=True)
class BankQuestion:
    """A question of the bank: `kind` is one of `models.KINDS`, `words` by language."""

    key: str
    kind: str
    words: Mapping[str, str]


@dataclass(frozen=True)
class Option:
    """One answer to choose: its code as it is counted, its picture, its words by language."""

    code: str
    picture: str
    words: Mapping[str, str]

    def label(self, language: str) -> str:
        """The words in this language, in Swedish when it has none."""
        return said(self.words, language)


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(SOURCE.read_text(encoding="utf-8"))


def _words(row: Mapping[str, str], *others: str) -> dict[str, str]:
    """What stands under a language in a row of the file."""
    return {code: text for code, text in row.items() if code not in others}


@cache
def bank() -> dict[str, BankQuestion]:
    """Every question of the bank by its key, in the order of the file."""
    return {
        row["key"]: BankQuestion(row["key"], row["kind"], _words(row, "key", "kind"))
        for row in _data()["question"]
    }


@cache
def options(kind: str) -> tuple[Option, ...]:
    """What one can answer to a question of this kind; nothing to choose for a text."""
    return tuple(
        Option(row["code"], row["picture"], _words(row, "code", "picture"))
        for row in _data()["options"].get(kind, ())
    )


def codes(kind: str) -> frozenset[str]:
    """The codes that may be counted for a question of this kind."""
    return frozenset(option.code for option in options(kind))


def said(words: Mapping[str, str], language: str) -> str:
    """A question's words in this language, in Swedish when it has none."""
    return words.get(language) or words[FALLBACK]


def spoken(words: Mapping[str, str], language: str) -> str:
    """In which language `said` answers."""
    return language if words.get(language) else FALLBACK
