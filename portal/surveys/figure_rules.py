"""Counts become the figures that reports print: "27 of 31 (87 %), 22 did not answer, 8 not for me"."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from portal.days import half_year
from portal.surveys.release_rules import DIMENSIONS, Dimension, Traits
from portal.surveys.rules import ANSWERED, DONT_KNOW, NOT_FOR_ME, SKIPPED, Question

BAR_WIDTH = 320
"""Units of the picture's own box from nobody to everybody."""


@dataclass(frozen=True)
class Tally:
    """How many in one atom gave one answer. `period`: the half-year, "2026-2"."""

    question: str
    labels: Traits
    period: str
    answer: str
    count: int


@dataclass(frozen=True)
class Figure:
    """The answers of one group to one question. `counts` has every answer, 0 included, in order."""

    counts: Mapping[str, int]
    good: int
    base: int

    @property
    def share(self) -> int | None:
        """Percent of the base, halves up; None where the base is nobody."""
        return (200 * self.good + self.base) // (2 * self.base) if self.base else None

    @property
    def dont_know(self) -> int:
        """How many said that they did not know."""
        return self.counts.get(DONT_KNOW, 0)

    @property
    def not_for_me(self) -> int:
        """How many said that the question was not about them."""
        return self.counts.get(NOT_FOR_ME, 0)

    @property
    def skipped(self) -> int:
        """How many did not answer."""
        return self.counts.get(SKIPPED, 0)

    def bar(self, count: int) -> float:
        """How long a bar is, in units of the picture."""
        return round(BAR_WIDTH * count / self.base, 1) if self.base else 0.0


@dataclass(frozen=True)
class Group:
    """One side of a split: the value that all in it share, "" for those who could not be split."""

    value: str
    figure: Figure


@dataclass(frozen=True)
class LeftOut:
    """Answers that a named lead left out of the figure, and why. `period`: of which half-year they are."""

    id: UUID
    question: str
    period: str
    answer: str
    count: int
    reason: str
    by: str
    on: date


def period_of(until: date) -> str:
    """The half-year of answers that were given before this day."""
    return half_year(until - timedelta(days=1))


def figure(question: Question, tallies: Iterable[Tally]) -> Figure:
    """The tallies of one question taken together."""
    options = (ANSWERED,) if question.kind == "text" else tuple(one.key for one in question.options)
    counts = dict.fromkeys(
        (*options, *(() if question.kind == "text" else (DONT_KNOW, NOT_FOR_ME)), SKIPPED), 0
    )
    for tally in tallies:
        counts[tally.answer] += tally.count
    good = sum(counts[key] for key in question.good)
    return Figure(counts, good, sum(counts[key] for key in options))


def without(question: Question, whole: Figure, left_out: Sequence[LeftOut]) -> Figure:
    """The figure once these answers are left out."""
    counts = dict(whole.counts)
    for one in left_out:
        counts[one.answer] -= one.count
    gone = sum(one.count for one in left_out)
    good = sum(one.count for one in left_out if one.answer in question.good)
    return Figure(counts, whole.good - good, whole.base - gone)


def groups(question: Question, tallies: Sequence[Tally], by: Dimension) -> tuple[Group, ...]:
    """The tallies of one question split by a dimension, by value; those who could not be split last."""
    place = DIMENSIONS.index(by)
    values = sorted({tally.labels[place] for tally in tallies}, key=lambda value: (not value, _order(value)))
    return tuple(
        Group(value, figure(question, [one for one in tallies if one.labels[place] == value]))
        for value in values
    )


def _order(value: str) -> tuple[int, str]:
    return (int(value), "") if value.isdigit() else (0, value)


def can_leave_out(question: Question, whole: Figure, left_out: Sequence[LeftOut]) -> dict[str, int]:
    """How many of each answer can still be left out; answers of which there are none are not in it."""
    now = without(question, whole, left_out)
    return {one.key: now.counts[one.key] for one in question.options if now.counts[one.key]}
