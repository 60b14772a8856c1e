"""When somebody who has left is asked how it goes. Days are the organisation's."""

from collections.abc import Collection
from datetime import date, timedelta

from portal.days import months_after
from portal.organisation.rules import Rules

YES, NO, NEVER = "yes", "no", "never"
SAID = (YES, NO, NEVER)
"""What they say to being asked; the last is their own no, which nobody else takes back."""
REACHED, UNREACHED, DECLINED = "reached", "unreached", "declined"
RESULTS = (REACHED, UNREACHED, DECLINED)
FEELS = ("good", "so_so", "bad", "not_told")
OPEN = timedelta(days=60)
"""Ours: how long after its day a follow-up is asked for; what is told later says nothing of that month."""


def months_of(rules: Rules) -> tuple[int, ...]:
    """After how many months an organisation asks: never when the person is forgotten by then."""
    return tuple(month for month in rules.follow_up_months if month < rules.keep_content_months)


def days_of(closed_on: date, months: Collection[int]) -> dict[int, date]:
    """The day of each follow-up of an enrolment that was closed then, by its month."""
    return {month: months_after(closed_on, month) for month in sorted(months)}


def due(closed_on: date, months: Collection[int], done: Collection[int], today: date) -> int | None:
    """The month that is to be asked for today, None when there is none; the latest of several.

    `done`: the months of which something is recorded. What is recorded of a later one ends the earlier.
    """
    ready = [month for month, day in days_of(closed_on, months).items() if day <= today <= day + OPEN]
    if not ready or any(month >= ready[-1] for month in done):
        return None
    return ready[-1]
