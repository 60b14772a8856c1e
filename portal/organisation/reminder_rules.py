"""When a meeting can be reminded of: the steps, how many of them, and what a person can choose."""

from collections.abc import Iterable

WEEK, THREE_DAYS, ONE_DAY, TWO_HOURS = "week", "three_days", "one_day", "two_hours"
STEPS = (WEEK, THREE_DAYS, ONE_DAY, TWO_HOURS)
"""So long before a meeting, the earliest first; the last is on its day."""
USUAL = (THREE_DAYS, ONE_DAY)
MOST_STEPS = 3
"""Ours: a phone that says the same thing more often is not looked at."""

AS_USUAL = "usual"
TIMINGS: dict[str, tuple[str, ...]] = {
    AS_USUAL: (),
    "one": (ONE_DAY,),
    "two": (THREE_DAYS, ONE_DAY),
    "three": (WEEK, THREE_DAYS, ONE_DAY),
    "near": (ONE_DAY, TWO_HOURS),
}
"""What a person can choose for themselves, by its code; the first is as the organisation has it."""


def in_order(chosen: Iterable[str]) -> tuple[str, ...]:
    """The steps among these, the earliest first; the usual ones where there are none."""
    known = frozenset(chosen)
    return tuple(step for step in STEPS if step in known) or USUAL


def problem(steps: tuple[str, ...]) -> str:
    """Why an organisation cannot remind so, as a code; "" when it can.

    On the day alone is too late: of a meeting as early as the first SMS may leave nobody would be reminded.
    """
    if len(steps) > MOST_STEPS:
        return "too_many"
    return "same_day_alone" if steps == (TWO_HOURS,) else ""


def chosen(timing: str, usual: tuple[str, ...]) -> tuple[str, ...]:
    """The steps of whoever has chosen this, where `usual` are the organisation's."""
    return TIMINGS.get(timing) or usual


def offered(timing: str, usual: tuple[str, ...]) -> tuple[str, ...]:
    """The codes among which a person chooses who has chosen this: none says the same as the usual twice."""
    return tuple(code for code, steps in TIMINGS.items() if steps != usual or code == timing)
