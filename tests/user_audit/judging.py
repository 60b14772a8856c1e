"""How well an attack did, beside chance.

A join is the more surprising, the less likely as many right ones are by luck: 10 right of 10 that it dares to
name say more than 14 of 60. Of many joins one is always surprising, so the best of them is held against the
best of the very same joins on *random orders*: the same answers, dealt out anew among those who read their
language (which stands beside an answer, unless it is rare). What beats every one of them is no luck.
"""

import random
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from math import exp, log10

from tests.user_audit.attack import Dump, Guess, guesses, languages_of

ORDERS = 10_000
"""How many random orders: what is no leak beats them all once in ten thousand times."""
Truth = Mapping[str, uuid.UUID]


@dataclass(frozen=True)
class Score:
    """One join on one order: how many of those that it named were right, and how many would be by luck."""

    right: int
    named: int
    expected: float

    @property
    def surprise(self) -> float:
        """How rare it is that luck gets so many right: 6.0 is once in a million."""
        return _surprise(self.right, round(self.expected, 6))


@cache
def _surprise(right: int, expected: float) -> float:
    """A Poisson tail; it only ranks the joins, for how rare a rank is the random orders tell."""
    term = total = exp(-expected)
    for count in range(1, right + 40):
        term *= expected / count
        total = total + term if count > right else term
    return -log10(min(1.0, total)) if right and total > 0 else 0.0


@dataclass(frozen=True)
class Verdict:
    """The most surprising of all joins (`tried` of them), and the most surprising one on random orders.

    `above`: on which share of the orders luck did as well. Joins that name the same people are one.
    """

    name: str
    best: Score
    luck: Score
    above: float
    tried: int

    @property
    def tells(self) -> bool:
        """Whether the attack did better than on every random order."""
        return self.best.surprise > self.luck.surprise

    def __str__(self) -> str:
        return (
            f"best of {self.tried} joins: {_said(self.best)}; best of the same on {ORDERS} random orders: "
            f"{_said(self.luck)}; luck did as well on {self.above:.1%} of them; {self.name}"
        )


def _said(score: Score) -> str:
    accuracy = score.right / score.named if score.named else 0
    return (
        f"{score.right} of {score.named} named right ({accuracy:.1%}, by luck {score.expected:.1f}, "
        f"surprise {score.surprise:.1f})"
    )


def judge(found: Dump, truth: Truth) -> Verdict:
    """Try every join, and hold the best one against random orders. `truth`: an answer's words -> who."""
    joins = {
        frozenset(guess.items()): (how, guess)
        for how, guess in guesses(found, set(truth.values()), list(truth))
        if guess
    }
    names = [how for how, _guess in joins.values()]
    tried = [guess for _how, guess in joins.values()]
    groups = _groups(found, truth)
    expected = [_expected(guess, truth, groups) for guess in tried]
    holders: dict[tuple[str, uuid.UUID], list[int]] = defaultdict(list)
    for number, guess in enumerate(tried):
        for pair in guess.items():
            holders[pair].append(number)

    def best(order: Truth) -> tuple[Score, int]:
        right = Counter(chain.from_iterable(holders.get(pair, ()) for pair in order.items()))
        number = max(right, key=lambda one: _surprise(right[one], expected[one]), default=0)
        return Score(right[number], len(tried[number]), expected[number]), number

    score, number = best(truth)
    lucky = [best(order)[0] for order in _orders(truth, groups)]
    above = sum(one.surprise >= score.surprise for one in lucky) / ORDERS
    return Verdict(names[number], score, max(lucky, key=lambda one: one.surprise), above, len(tried))


def _groups(found: Dump, truth: Truth) -> dict[str, list[str]]:
    """The answers of each language."""
    reads = languages_of(found)
    groups: dict[str, list[str]] = defaultdict(list)
    for words, who in truth.items():
        groups[reads[who]].append(words)
    return groups


def _expected(guess: Guess, truth: Truth, groups: Mapping[str, list[str]]) -> float:
    """How many of a join are right on average when the answers of each language are dealt out anew."""
    total = 0.0
    for answers in groups.values():
        people = {truth[words] for words in answers}
        total += sum(guess.get(words) in people for words in answers) / len(answers)
    return round(total, 6)


def _orders(truth: Truth, groups: Mapping[str, list[str]]) -> Iterator[Truth]:
    """The same answers, dealt out anew among those who read their language; seeded, so always the same."""
    chance = random.Random(39)
    for _number in range(ORDERS):
        order: dict[str, uuid.UUID] = {}
        for answers in groups.values():
            people = [truth[words] for words in answers]
            chance.shuffle(people)
            order.update(zip(answers, people, strict=True))
        yield order
