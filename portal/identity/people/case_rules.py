"""What is counted of enrolments: how many each coach has, and how long somebody waits to be met."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median


@dataclass(frozen=True)
class Case:
    """One enrolment with what the reports ask, without who it is. "" and None: nobody has told."""

    enrolment_id: uuid.UUID
    person_id: uuid.UUID
    programme_id: uuid.UUID
    team_id: uuid.UUID
    coach_id: uuid.UUID | None
    referrer: str
    intake: int | None
    applied_on: date | None
    first_meeting_on: date | None
    started_on: date | None
    closed_on: date | None
    outcome: str
    income_at_start: str
    income_at_closure: str
    gender: str
    born_in_sweden: bool | None
    municipality: str

    @property
    def begins(self) -> date | None:
        """The day from which it counts: the start, else the first meeting, else the application."""
        return self.started_on or self.first_meeting_on or self.applied_on


@dataclass(frozen=True)
class Load:
    """One coach's open enrolments. `coach_id` None: those who have no coach yet."""

    coach_id: uuid.UUID | None
    open: int
    paused: int
    ceiling: int

    @property
    def over(self) -> int:
        """How many more than the ceiling allows."""
        return max(0, self.open - self.ceiling) if self.coach_id else 0


def loads(
    cases: Iterable[Case],
    coaches: Iterable[uuid.UUID],
    paused: frozenset[uuid.UUID],
    ceiling: int,
) -> tuple[Load, ...]:
    """The load of each coach, those with nobody included; who waits for a coach stands last.

    `paused`: ids of the enrolments that are paused today; they count towards the load all the same.
    """
    found: dict[uuid.UUID | None, list[Case]] = {coach: [] for coach in coaches}
    for case in cases:
        if case.closed_on is None:
            found.setdefault(case.coach_id, []).append(case)
    made = [
        Load(coach, len(own), sum(case.enrolment_id in paused for case in own), ceiling)
        for coach, own in found.items()
    ]
    return tuple(sorted(made, key=lambda load: (load.coach_id is None, -load.open)))


@dataclass(frozen=True)
class Waiting:
    """Days from application to first meeting. `met`: how many had theirs; None where nobody did.

    `waiting` had none by `today`; whoever has no day of application is counted without days.
    """

    met: int
    median_days: float | None
    longest_days: int | None
    waiting: int
    longest_now: int | None


def waiting(met: Iterable[Case], open_now: Iterable[Case], today: date) -> Waiting:
    """How long those of `met` waited, and how long those of `open_now` who are not met have waited."""
    days = [
        (case.first_meeting_on - case.applied_on).days
        for case in met
        if case.first_meeting_on and case.applied_on and case.first_meeting_on <= today
    ]
    unmet = [case for case in open_now if not_met(case, today)]
    since = [(today - case.applied_on).days for case in unmet if case.applied_on]
    return Waiting(
        len(days),
        median(days) if days else None,
        max(days, default=None),
        len(unmet),
        max(since, default=None),
    )


def not_met(case: Case, today: date) -> bool:
    """Whether somebody who is enrolled waits for a first meeting."""
    return case.closed_on is None and (case.first_meeting_on is None or case.first_meeting_on > today)


def persons(cases: Sequence[Case]) -> int:
    """How many people they are: somebody who came back has several enrolments."""
    return len({case.person_id for case in cases})
