"""Ready texts for plans and answers, in every language; `phrases.toml` holds them. Pure."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from portal.identity.people.rules import folded

SOURCE = Path(__file__).with_name("phrases.toml")
SWEDISH = "sv"
KINDS = ("goal", "subgoal", "step", "reply")
THEMES = ("goal", "subgoal", "work", "study", "health", "money", "everyday", "reply")
_FACTS = {"key", "kind", "theme", "retired"}


@dataclass(frozen=True, slots=True)
class Phrase:
    """One ready text. `texts` is by language code; `retired` is no longer offered but still known."""

    key: str
    kind: str
    theme: str
    texts: Mapping[str, str]
    retired: bool = False

    @property
    def swedish(self) -> str:
        """What is stored."""
        return self.texts[SWEDISH]

    def text(self, language: str) -> str:
        """The phrase in a language, in Swedish where it is missing."""
        return self.texts.get(language, self.swedish)


@cache
def bank() -> tuple[Phrase, ...]:
    """Every phrase, retired ones too, in the order of the file."""
    data = tomllib.loads(SOURCE.read_text(encoding="utf-8"))
    return tuple(_phrase(row) for row in data["phrase"])


@cache
def version() -> int:
    """The bank's version: it rises when a phrase is added, reworded in another language or retired."""
    number: int = tomllib.loads(SOURCE.read_text(encoding="utf-8"))["version"]
    return number


def _phrase(row: Mapping[str, str]) -> Phrase:
    texts = {code: text for code, text in row.items() if code not in _FACTS}
    return Phrase(row["key"], row["kind"], row["theme"], texts, bool(row.get("retired", False)))


@cache
def _by_swedish() -> Mapping[str, Phrase]:
    return {phrase.swedish: phrase for phrase in bank()}


@cache
def _by_key() -> Mapping[str, Phrase]:
    return {phrase.key: phrase for phrase in bank()}


def known(text: str) -> Phrase | None:
    """The phrase whose Swedish is exactly this text; None for what somebody has written freely."""
    return _by_swedish().get(text)


def by_key(key: str) -> Phrase | None:
    """The phrase with this key, retired or not."""
    return _by_key().get(key)


def offered(kind: str) -> Mapping[str, tuple[Phrase, ...]]:
    """What can be picked for a goal, a sub-goal, a step or an answer, by theme."""
    fitting = [phrase for phrase in bank() if phrase.kind == kind and not phrase.retired]
    return {
        theme: found for theme in THEMES if (found := tuple(one for one in fitting if one.theme == theme))
    }


def search(ready: tuple[Phrase, ...], query: str, language: str) -> tuple[Phrase, ...]:
    """Those that hold every word of a query, in Swedish or in this language; all of them for no query."""
    words = folded(query).split()
    return tuple(
        one for one in ready if all(word in folded(f"{one.swedish} {one.text(language)}") for word in words)
    )
