"""Frozen results in the reader's language, as the report shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from portal.user_audit import queries
from portal.user_audit.models import Audit
from portal.user_audit.queries import Question
from portal.web.asker import Asker


@dataclass(frozen=True)
class Figure:
    """One option of a question: its words, how many, and the share in per cent of those who answered."""

    label: str
    count: int
    share: int


@dataclass(frozen=True)
class Counted:
    """A question with its figures. `few`: fewer than five have answered it (S41)."""

    text: str
    few: bool
    answered: int
    skipped: int
    figures: tuple[Figure, ...]
    is_text: bool


@dataclass(frozen=True)
class Side:
    """One side of the split: its name, how many answered, and its questions."""

    label: str
    count: int
    questions: tuple[Counted, ...]


@dataclass(frozen=True)
class Results:
    """Frozen results. `few`: fewer than five answers, and nothing else is known of them."""

    few: bool
    count: int
    languages: Mapping[str, int]
    questions: tuple[Counted, ...]
    sides: tuple[Side, ...]


def results(session: Session, asker: Asker, found: Audit) -> Results | None:
    """The frozen results in the asker's language; None before the audit is closed."""
    told = found.results
    if told is None:
        return None
    if told.get("few"):
        return Results(True, 0, {}, (), ())
    asked = queries.questions(session, found.id)
    return Results(
        few=False,
        count=told["count"],
        languages=told["languages"],
        questions=_counted(asked, told["questions"], asker.language),
        sides=_sides(asked, told["split"], asker.language),
    )


def _counted(
    asked: Sequence[Question], told: Mapping[str, Mapping[str, Any]], language: str
) -> tuple[Counted, ...]:
    found = []
    for one in asked:
        figures = told.get(str(one.id))
        if figures is None:
            continue
        few, answered = "few" in figures, figures.get("answered", 0)
        counts = figures.get("options", {})
        shown = [
            Figure(option.label(language), counts.get(option.code, 0), _share(counts, option.code, answered))
            for option in one.options
        ]
        found.append(
            Counted(
                one.text(language),
                few,
                answered,
                figures.get("skipped", 0),
                () if few else tuple(shown),
                one.is_text,
            )
        )
    return tuple(found)


def _share(counts: Mapping[str, int], code: str, answered: int) -> int:
    return round(100 * counts.get(code, 0) / answered) if answered else 0


def _sides(asked: Sequence[Question], split: Mapping[str, Any] | None, language: str) -> tuple[Side, ...]:
    if not split or not split["questions"]:
        return ()
    by = next(one for one in asked if str(one.id) == split["by"])
    return tuple(
        Side(
            option.label(language),
            split["counts"][option.code],
            _counted(asked, {key: sides[option.code] for key, sides in split["questions"].items()}, language),
        )
        for option in by.options
        if option.code in split["counts"]
    )
