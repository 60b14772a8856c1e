"""What the plan's queries answer with: small frozen rows, every text opened, nothing to load later."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from portal.crypto import open_sealed
from portal.plan import rules
from portal.plan.news_rules import TO_TALK_ABOUT, News
from portal.wording.rules import Both, Shown


def first_name(person_id: UUID | None, sealed: bytes | None) -> str:
    """The name as a participant meets it, out of a sealed column; "" for nobody."""
    return open_sealed("person", "name_sealed", person_id, sealed).split(" ", 1)[0]


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step or a sub-goal. `day` is a date, `when` loose words; at most one of them is given.

    `withdrawn`: its adding was taken back, so that no list has it. `other`: the text in the language that was
    asked for, None for Swedish. `in_portal`: off where staff keep it for themselves; the participant's own
    rows never hold such a step (S33).
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
    in_portal: bool = True
    other: Shown | None = None

    @property
    def own(self) -> str:
        """The text as its participant reads it first: in their own language where that says the same."""
        return Both(self.text, self.other).own


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
    `was` and `became` are all the step's facts before and after, None where it was not there; `before` is
    what everything that changed was. `undid`: the number of the change that was taken back, 0 for none.
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
    number: int = 0
    step_id: UUID | None = None
    before: Mapping[str, Any] = field(default_factory=dict)
    was: Mapping[str, Any] | None = None
    became: Mapping[str, Any] | None = None
    undone: bool = False
    undid: int = 0
    undid_answered: bool = False


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """What a participant says of a change: `about` is the step's words now (or the goal's).

    `outcome` is "" while nobody has talked with them about it; "" from "understood" for ever.
    """

    id: UUID
    person_id: UUID
    event_id: UUID
    step_id: UUID | None
    about: str
    number: int
    answer: str
    words: str
    answered_at: datetime
    outcome: str
    outcome_words: str
    talked_at: datetime | None
    talked_by: str

    @property
    def is_open(self) -> bool:
        """Whether the participant waits for a talk about it."""
        return self.answer in TO_TALK_ABOUT and self.outcome == ""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The enrolment whose plan is shown: the open one, else the latest. `open` says whether it can change.

    `plan_id` is None while nobody has written anything; `seen_number` the last event that is read,
    `proposals` how many rows are proposed for the participant's card.
    """

    enrolment_id: UUID
    person_id: UUID
    coach_id: UUID | None
    coach: str
    open: bool
    plan_id: UUID | None = None
    goal: str = ""
    goal_version: int = 0
    begun_at: datetime | None = None
    seen_number: int = 0
    proposals: int = 0
    goal_other: Shown | None = None


@dataclass(frozen=True, slots=True)
class PlanPage:
    """A whole plan as one page shows it. `name` is for staff. Withdrawn steps are not in it.

    `language`: the one that texts are shown in beside Swedish; `goal_other` the goal in it.
    The participant's own has no step that is not in the portal (S33), `news`: what is new to them, the oldest
    first, and as `fresh` those steps of it that are marked on the trail.
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
    news: tuple[News[ChangeRow], ...] = ()
    answers: tuple[AnswerRow, ...] = ()

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

    def shown(self) -> "PlanPage":
        """The plan without what staff keep for themselves (S33): for an interpreter, for anybody else."""
        hidden = {step.id for step in self.steps if not step.in_portal}
        return replace(
            self,
            steps=tuple(step for step in self.steps if step.in_portal),
            helps=tuple(row for row in self.helps if row.step_id not in hidden),
            answers=tuple(row for row in self.answers if row.step_id not in hidden),
        )

    def other_of(self, change: ChangeRow) -> Shown | None:
        """The translation of the words that a change left, where these stand still."""
        if change.step_id is None:
            return self.goal_other if self.goal == change.text else None
        step = self.step(change.step_id)
        return step.other if step and step.text == change.text else None

    def help_for(self, step_id: UUID) -> HelpRow | None:
        """The open request for help with a step."""
        return next((row for row in self.helps if row.step_id == step_id and row.is_open), None)

    def step(self, step_id: UUID | None) -> StepRow | None:
        """The step or sub-goal with this id."""
        return next((row for row in self.steps if row.id == step_id), None)

    def is_added(self, step_id: UUID) -> bool:
        """Whether the participant has not met this step before."""
        return any(one.added for one in self.news if one.last.step_id == step_id)

    def answer_about(self, step_id: UUID | None) -> AnswerRow | None:
        """The latest answer about a step (None: the goal) that there was something to talk about in."""
        mine = (row for row in self.answers if row.step_id == step_id)
        last = max(mine, key=lambda row: row.number, default=None)
        return last if last is not None and last.answer in TO_TALK_ABOUT else None
