"""The urn: answers are counted as they come, and never stand there one by one (S39, S41).

An answer is taken apart before it is stored: a tally for each question, free texts in the order of the
alphabet, languages counted apart. What stands there is the same whichever answer came first, so there is no
order to find.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.user_audit.rules import FEW

SKIPPED = ""
"""Stands for a question that was left out."""
WRITTEN = "written"
"""Stands in a tally for a text, whatever it says."""

Tally = dict[str, int]


@dataclass(frozen=True)
class Asked:
    """A question as the urn sees it: its id, and whether it is a text or splits the others."""

    key: str
    is_text: bool = False
    splits: bool = False


@dataclass
class Urn:
    """What is counted so far.

    `sides`: for each answer to the question that splits ("" where there is none), how many answers there
    are and the tally of each question. `texts`: (language, words) by question. `spent`: the ballots that
    have been counted, as hashes.
    """

    sides: dict[str, dict[str, Tally]] = field(default_factory=dict)
    counts: Tally = field(default_factory=dict)
    languages: Tally = field(default_factory=dict)
    texts: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    spent: set[str] = field(default_factory=set)

    @property
    def count(self) -> int:
        """How many have answered."""
        return sum(self.counts.values())

    def drop(self, ballot: str, language: str, asked: Sequence[Asked], answers: Sequence[str]) -> bool:
        """Count an answer; False, and nothing changed, when this ballot has been counted before (S40)."""
        if ballot in self.spent:
            return False
        self.spent.add(ballot)
        side = next((given for one, given in zip(asked, answers, strict=True) if one.splits), SKIPPED)
        _add(self.counts, side)
        _add(self.languages, language)
        tallies = self.sides.setdefault(side, {})
        for one, given in zip(asked, answers, strict=True):
            if one.splits:
                continue
            if one.is_text and given:
                self.texts.setdefault(one.key, []).append((language, given))
            _add(tallies.setdefault(one.key, {}), WRITTEN if one.is_text and given else given)
        return True

    def packed(self) -> str:
        """The urn as one text in which no order is left."""
        texts = {key: sorted(found) for key, found in self.texts.items()}
        whole = {
            "sides": self.sides,
            "counts": self.counts,
            "languages": self.languages,
            "texts": texts,
            "spent": sorted(self.spent),
        }
        return json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def unpacked(cls, text: str) -> "Urn":
        """The urn again."""
        whole = json.loads(text)
        texts = {key: [(one[0], one[1]) for one in found] for key, found in whole["texts"].items()}
        return cls(whole["sides"], whole["counts"], whole["languages"], texts, set(whole["spent"]))


def _add(tally: Tally, key: str) -> None:
    tally[key] = tally.get(key, 0) + 1


def _merged(tallies: Iterable[Mapping[str, int]]) -> Tally:
    whole: Counter[str] = Counter()
    for tally in tallies:
        whole.update(tally)
    return dict(whole)


def _answered(tally: Mapping[str, int]) -> int:
    return sum(count for given, count in tally.items() if given != SKIPPED)


def _told(tally: Mapping[str, int]) -> dict[str, Any]:
    """One question's figures; only that they are few where they are."""
    answered = _answered(tally)
    if answered < FEW:
        return {"few": True}
    options = {given: count for given, count in sorted(tally.items()) if given != SKIPPED}
    return {"answered": answered, "skipped": tally.get(SKIPPED, 0), "options": options}


def frozen(urn: Urn, asked: Sequence[Asked]) -> dict[str, Any]:
    """The results, as they will stand for ever: {"few": True} under five answers (S41).

    Else "count", "languages" (those with five answers or more), "questions" by key, and "split": None, or
    the figures of each side where there are at least five on every side, also of those who left it out.
    """
    if urn.count < FEW:
        return {"few": True}
    figures = [one.key for one in asked if not one.splits]
    whole = {key: _merged(side.get(key, {}) for side in urn.sides.values()) for key in figures}
    by = next((one.key for one in asked if one.splits), None)
    return {
        "count": urn.count,
        "languages": _languages(urn.languages),
        "questions": {key: _told(tally) for key, tally in whole.items()},
        "split": _split(urn, by, figures) if by else None,
    }


def _enough(numbers: Mapping[str, int]) -> bool:
    """Whether each side has five or more, and those who are on none are nobody or five or more."""
    sides = [count for side, count in numbers.items() if side != SKIPPED]
    rest = numbers.get(SKIPPED, 0)
    return len(sides) > 1 and min(sides) >= FEW and (rest == 0 or rest >= FEW)


def _split(urn: Urn, by: str, figures: Sequence[str]) -> dict[str, Any] | None:
    if not _enough(urn.counts):
        return None
    told: dict[str, dict[str, Any]] = {}
    for key in figures:
        tallies = {side: found.get(key, {}) for side, found in urn.sides.items()}
        if _enough({side: _answered(tally) for side, tally in tallies.items()}):
            told[key] = {side: _told(tally) for side, tally in sorted(tallies.items()) if side != SKIPPED}
    counts = {side: count for side, count in sorted(urn.counts.items()) if side != SKIPPED}
    return {"by": by, "counts": counts, "questions": told}


def _languages(languages: Mapping[str, int]) -> Tally:
    """The languages with five answers or more, as far as what is left over does not tell of fewer."""
    shown = {code: count for code, count in languages.items() if code and count >= FEW}
    rest = sum(languages.values()) - sum(shown.values())
    while shown and 0 < rest < FEW:
        smallest = min(shown, key=lambda code: (shown[code], code))
        rest += shown.pop(smallest)
    return dict(sorted(shown.items()))


def texts(urn: Urn) -> list[tuple[str, str, str]]:
    """(question, language, words) to be screened, of questions that five or more wrote to (S41).

    The language is "" where it is rare.
    """
    common = _languages(urn.languages)
    return [
        (key, language if language in common else "", words)
        for key, found in sorted(urn.texts.items())
        if len(found) >= FEW
        for language, words in found
    ]
