"""What a survey is, when it is offered, and how an answer is named. Days are the organisation's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, TypeVar

from portal.days import months_after
from portal.organisation.rules import Rules

Round = Literal["ongoing", "closure"]
Kind = Literal["choice", "text"]
Words = TypeVar("Words")

ONGOING: Round = "ongoing"
CLOSURE: Round = "closure"
ROUNDS: tuple[Round, ...] = (ONGOING, CLOSURE)
SURVEY = "satisfaction"
"""The survey that is offered."""

ANSWERED, DONT_KNOW, NOT_FOR_ME, SKIPPED = "answered", "dont_know", "not_for_me", "skipped"
STATES = (ANSWERED, DONT_KNOW, NOT_FOR_ME, SKIPPED)
OPEN_STATES = (DONT_KNOW, NOT_FOR_ME)
"""What one may say of a question besides answering it or passing it over."""


@dataclass(frozen=True)
class QuestionText:
    """A question in one language: its name in a table, what is asked, and what helps to understand it."""

    label: str
    question: str
    hint: str = ""


@dataclass(frozen=True)
class Option:
    """One answer among a few. `good`: it is counted in "27 of 31"; `texts` is by language."""

    key: str
    good: bool
    texts: Mapping[str, str]


@dataclass(frozen=True)
class Question:
    """One question. `options` is empty for a free answer, of which `longest` characters are taken.

    `not_for_me`: what one says, by language, when the question is not about oneself.
    """

    key: str
    kind: Kind
    icon: str
    texts: Mapping[str, QuestionText]
    options: tuple[Option, ...]
    not_for_me: Mapping[str, str]
    longest: int

    @property
    def answers(self) -> tuple[str, ...]:
        """Everything that may be chosen."""
        if self.kind == "text":
            return ()
        return (*(option.key for option in self.options), *OPEN_STATES)

    @property
    def good(self) -> frozenset[str]:
        """The answers that are counted as a yes."""
        return frozenset(option.key for option in self.options if option.good)


@dataclass(frozen=True)
class Survey:
    """One version of a survey. `name` is what staff call it and `title` what is asked, by language."""

    key: str
    version: int
    minutes: int
    name: Mapping[str, str]
    title: Mapping[str, str]
    questions: tuple[Question, ...]

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages it can be answered in."""
        return tuple(self.title)

    def question(self, key: str) -> Question:
        """The question with this key. Raises KeyError."""
        return {question.key: question for question in self.questions}[key]


def own(texts: Mapping[str, Words], language: str) -> Words:
    """A text in a language, in Swedish where that language is missing."""
    return texts[language] if language in texts else texts["sv"]


@dataclass(frozen=True)
class Window:
    """The first and the last day on which a round can be answered."""

    first: date
    last: date

    def state(self, today: date) -> Literal["early", "open", "late"]:
        """Whether it is too early to answer, time to, or too late."""
        if today < self.first:
            return "early"
        return "open" if today <= self.last else "late"


def asks(which: Round, rules: Rules) -> bool:
    """Whether the organisation asks in this round at all."""
    return rules.survey_ongoing if which == ONGOING else rules.survey_closure


def window(which: Round, since: date, rules: Rules) -> Window:
    """When a round can be answered: `since` is the day of the start (ongoing) or of the closure."""
    first = months_after(since, rules.survey_after_months) if which == ONGOING else since
    return Window(first, first + timedelta(days=rules.survey_open_days))


def may_be_open(which: Round, today: date, rules: Rules) -> tuple[date, date]:
    """The first and last `since` for which a round may be open today; wider than it is by a few days."""
    if which == CLOSURE:
        return today - timedelta(days=rules.survey_open_days), today
    months = rules.survey_after_months
    return (
        today - timedelta(days=31 * months + rules.survey_open_days + 1),
        today - timedelta(days=28 * months),
    )
