"""When an audit can be answered, and what may be done with it in which state."""

from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Literal

FEW = 5
"""The smallest number of answers that shows anything at all (S41)."""
QUESTIONS_A_MINUTE = 3
LONGEST_PERIOD = timedelta(days=180)
MOST_QUESTIONS = 20

Phase = Literal["early", "now", "late"]


def phase(starts_on: date, ends_on: date, today: date) -> Phase:
    """Where today stands to an audit's first and last day, both of them in it."""
    if today < starts_on:
        return "early"
    return "now" if today <= ends_on else "late"


def minutes(questions: int) -> int:
    """About how long the questions take, at least a minute."""
    return max(1, ceil(questions / QUESTIONS_A_MINUTE))


def rough(count: int) -> int:
    """A count that tells nobody who answered just now: whole fives, 0 for fewer than five (S39, S41)."""
    return count - count % FEW


@dataclass(frozen=True)
class Period:
    """An audit's first and last day."""

    starts_on: date
    ends_on: date


def period_problem(period: Period) -> Literal["", "order", "long"]:
    """What is wrong with a period; "" for nothing."""
    if period.ends_on < period.starts_on:
        return "order"
    return "long" if period.ends_on - period.starts_on > LONGEST_PERIOD else ""
