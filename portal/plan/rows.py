"""What the plan's queries answer with: small frozen rows, every text opened, nothing to load later."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from portal.plan import rules
from portal.wording.rules import Shown


def own_words(text: str, other: Shown | None) -> str:
    """A Swedish text in the reader's own language, in Swedish where nobody has confirmed a translation."""
    return (other.trusted if other else "") or text


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step or a sub-goal. `day` is a date, `when` loose words; at most one of them is given.

    `withdrawn`: its adding was taken back, so that no list has it. `other`: the text in the language that was
    asked for, None for Swedish.
    """

    id: UUID
    kind: str
    state: str
    position: int
    text: str
    doer: str
    doer_name: str
    day: date | None
    when: str
    subgoal_id: UUID | None
    version: int
    changed_at: datetime
    changed_by: UUID
    withdrawn: bool = False
    other: Shown | None = None

    @property
    def own(self) -> str:
        """The text as its participant reads it first: in their own language where that can be trusted."""
        return own_words(self.text, self.other)


@dataclass(frozen=True, slots=True)
class HelpRow:
    """Somebody needs help with a step. `outcome` is "" while it is open; `due_on` a local date."""

    id: UUID
    person_id: UUID
    person_name: str
    step_id: UUID
    step_text: str
    words: str
    asked_at: datetime
    due_on: date
    outcome: str
    outcome_words: str
    closed_at: datetime | None
    answered_by: str

    @property
    def is_open(self) -> bool:
        """Whether nobody has recorded an outcome yet."""
        return self.outcome == ""


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change as a plain fact. `text` is the step's (or the goal's) words after it, `earlier` before it.

    `state` is the state a "state" change led to; `detail` what was written when help was asked or answered.
    """

    id: UUID
    at: datetime
    by_id: UUID
    by: str
    action: str
    kind: str
    text: str
    earlier: str
    state: str
    detail: str
    undoes: UUID | None


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The enrolment whose plan is shown: the open one, else the latest. `open` says whether it can change."""

    enrolment_id: UUID
    person_id: UUID
    coach_id: UUID | None
    coach: str
    open: bool


@dataclass(frozen=True, slots=True)
class PlanPage:
    """A whole plan as one page shows it. `name` is for staff. Withdrawn steps are not in it.

    `language`: the one that texts are shown in beside Swedish; `goal_other` the goal in it.
    """

    name: str
    enrolled: Enrolled | None
    goal: str
    goal_version: int
    earlier_goals: tuple[ChangeRow, ...]
    steps: tuple[StepRow, ...]
    fresh: frozenset[UUID]
    just_done: frozenset[UUID]
    helps: tuple[HelpRow, ...]
    goal_other: Shown | None = None
    language: str = "sv"

    @property
    def own_goal(self) -> str:
        """The goal as the participant reads it first."""
        return own_words(self.goal, self.goal_other)

    @property
    def can_change(self) -> bool:
        """Whether there is an open enrolment, so that goal and steps may be written."""
        return self.enrolled is not None and self.enrolled.open

    @property
    def coach(self) -> str:
        """The coach's first name, "" when there is none."""
        return self.enrolled.coach if self.enrolled else ""

    @property
    def next(self) -> tuple[StepRow, ...]:
        """What to look at first."""
        return rules.whats_next(self.steps)

    @property
    def later(self) -> tuple[StepRow, ...]:
        """What is planned or paused and not next, planned first."""
        waiting = self.group("planned") + self.group("paused")
        return tuple(step for step in waiting if step not in self.next)

    def group(self, state: str, kind: str = "step") -> tuple[StepRow, ...]:
        """The steps (or sub-goals) in one state, in order."""
        return rules.in_state(self.steps, state, kind)

    @property
    def subgoals(self) -> tuple[StepRow, ...]:
        """The sub-goals that still hold, reached ones included, in order."""
        return rules.in_order(row for row in self.steps if row.kind == "subgoal" and row.state != "dropped")

    @property
    def answered(self) -> tuple[HelpRow, ...]:
        """The questions that have an outcome, the latest first."""
        return tuple(row for row in self.helps if not row.is_open)

    def help_for(self, step_id: UUID) -> HelpRow | None:
        """The open request for help with a step."""
        return next((row for row in self.helps if row.step_id == step_id and row.is_open), None)

    def step(self, step_id: UUID | None) -> StepRow | None:
        """The step or sub-goal with this id."""
        return next((row for row in self.steps if row.id == step_id), None)
