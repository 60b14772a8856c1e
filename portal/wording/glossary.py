"""Hard words of authorities and plans, and the plain sentence that explains each. Pure; see glossary.toml."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).with_name("glossary.toml")
FALLBACK = "sv"


@dataclass(frozen=True, slots=True)
class Meaning:
    """A hard word in one language, and what it means in one plain sentence."""

    language: str
    word: str
    sentence: str


@dataclass(frozen=True)
class Term:
    """A hard word: the Swedish forms to look for, and its meaning in each language."""

    forms: tuple[str, ...]
    meanings: Mapping[str, Meaning]

    def explained(self, language: str) -> tuple[Meaning, ...]:
        """The meaning in the reader's language and then in Swedish; once when those are the same."""
        wanted = dict.fromkeys((language, FALLBACK))
        return tuple(self.meanings[code] for code in wanted if code in self.meanings)


@dataclass(frozen=True)
class HardWord:
    """A hard word as it stands in a text, with its meanings: the reader's language first."""

    written: str
    meanings: tuple[Meaning, ...]


@cache
def terms() -> tuple[Term, ...]:
    """The glossary, in the order of its file."""
    data = tomllib.loads(SOURCE.read_text(encoding="utf-8"))
    return tuple(_term(row) for row in data["term"])


def _term(row: dict[str, list[str]]) -> Term:
    meanings = {code: Meaning(code, *value) for code, value in row.items() if code != "forms"}
    return Term(tuple(row["forms"]), meanings)


@cache
def _finders() -> tuple[tuple[re.Pattern[str], Term], ...]:
    return tuple((_finder(term.forms), term) for term in terms())


def _finder(forms: tuple[str, ...]) -> re.Pattern[str]:
    """Whole words only, the longest form first; a word in capitals matches in capitals only."""
    choices = [
        re.escape(form) if form[:3].isupper() else f"(?i:{re.escape(form)})"
        for form in sorted(forms, key=len, reverse=True)
    ]
    return re.compile(rf"(?<!\w)(?:{'|'.join(choices)})(?!\w)")


def hard_words(text: str, language: str) -> tuple[HardWord, ...]:
    """The hard words of a text, in the order they stand, each once, explained for a reader of `language`."""
    found = [(match, term) for finder, term in _finders() if (match := finder.search(text))]
    found.sort(key=lambda pair: pair[0].start())
    return tuple(HardWord(match.group(), term.explained(language)) for match, term in found)


@dataclass(frozen=True, slots=True)
class Entry:
    """A hard word as an interpreter reads it: in Swedish, and in the other language."""

    swedish: Meaning
    other: Meaning


def by_letter(language: str, sought: str = "") -> dict[str, tuple[Entry, ...]]:
    """The glossary in Swedish order by first letter, or what has `sought` in a word or sentence of it."""
    wanted = sought.casefold()
    entries = [_entry(term, language) for term in terms()]
    found = sorted(
        (entry for entry in entries if not wanted or wanted in _all_words(entry)), key=_swedish_place
    )
    letters: dict[str, tuple[Entry, ...]] = {}
    for entry in found:
        letter = entry.swedish.word[0].upper()
        letters[letter] = (*letters.get(letter, ()), entry)
    return letters


def entries_in(text: str, language: str) -> tuple[Entry, ...]:
    """The hard words that stand in a text, in Swedish order."""
    found = [_entry(term, language) for finder, term in _finders() if finder.search(text)]
    return tuple(sorted(found, key=_swedish_place))


def _entry(term: Term, language: str) -> Entry:
    swedish = term.meanings[FALLBACK]
    return Entry(swedish, term.meanings.get(language, swedish))


def _all_words(entry: Entry) -> str:
    both = (entry.swedish, entry.other)
    return "\n".join(f"{one.word}\n{one.sentence}" for one in both).casefold()


def _swedish_place(entry: Entry) -> tuple[int, ...]:
    """Where a word stands in a Swedish list: å, ä and ö come last."""
    alphabet = "abcdefghijklmnopqrstuvwxyzåäö"
    return tuple(alphabet.find(sign) for sign in entry.swedish.word.casefold())
