"""What a step may become, which steps are next, which change can be undone. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol, TypeVar
from uuid import UUID

STATES = ("planned", "now", "done", "paused", "dropped")
LIVE = frozenset({"planned", "now", "paused"})
KINDS = ("step", "subgoal")
DOERS = ("participant", "coach", "other")
OUTCOMES = ("talked", "changed", "booked", "not_needed")
ACTIONS = ("goal", "add", "change", "state", "move", "undo", "help_asked", "help_closed")
# Asking for help and answering it concern two people: neither is taken back by one of them.
UNDOABLE = frozenset({"goal", "add", "change", "state", "move"})

# No staircase: every live state leads to every other. What is done or dropped is first brought back.
_NEXT: Mapping[str, tuple[str, ...]] = {
    "planned": ("now", "done", "paused", "dropped"),
    "now": ("done", "paused", "planned", "dropped"),
    "paused": ("now", "planned", "dropped"),
    "done": ("now", "planned"),
    "dropped": ("planned", "now"),
}
# Ours, not from a source: long enough that someone who looks once a week sees the mark.
FRESH = timedelta(days=7)
# Ours: until the same time tomorrow, because a slip of the thumb is often seen the next day.
SECOND_THOUGHT = timedelta(days=1)


class Placed(Protocol):
    """What the rules need to know of a step or a sub-goal."""

    @property
    def id(self) -> UUID: ...
    @property
    def kind(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def doer(self) -> str: ...
    @property
    def day(self) -> date | None: ...
    @property
    def position(self) -> int: ...


class Changed(Protocol):
    """What the rules need to know of when a step was changed, and by whom."""

    @property
    def state(self) -> str: ...
    @property
    def changed_at(self) -> datetime: ...
    @property
    def changed_by(self) -> UUID: ...


class Recorded(Protocol):
    """What the rules need to know of a recorded change."""

    @property
    def id(self) -> UUID: ...
    @property
    def action(self) -> str: ...
    @property
    def undoes(self) -> UUID | None: ...


class Talked(Placed, Changed, Protocol):
    """What the rules need to know of a step that may be talked about."""


PlacedT = TypeVar("PlacedT", bound=Placed)
RecordedT = TypeVar("RecordedT", bound=Recorded)
TalkedT = TypeVar("TalkedT", bound=Talked)


def next_states(state: str) -> tuple[str, ...]:
    """The states a step in `state` may go to, the most likely first."""
    return _NEXT[state]


def may_become(state: str, new: str) -> bool:
    """Whether a step may go from `state` to `new`; staying where it is is always allowed."""
    return state == new or new in _NEXT[state]


def may_finish(step: Placed) -> bool:
    """Whether the participant may mark the step as done: it is theirs to do, and planned or under way."""
    return step.kind == "step" and step.doer == "participant" and step.state in {"planned", "now"}


def in_order(steps: Iterable[PlacedT]) -> tuple[PlacedT, ...]:
    """The steps as the coach has ordered them; the id settles a tie, so that the order never flickers."""
    return tuple(sorted(steps, key=lambda step: (step.position, step.id)))


def in_state(steps: Iterable[PlacedT], state: str, kind: str = "step") -> tuple[PlacedT, ...]:
    """The steps of one kind in one state, in order."""
    return in_order(step for step in steps if step.state == state and step.kind == kind)


def whats_next(steps: Iterable[PlacedT]) -> tuple[PlacedT, ...]:
    """Every step that is "now": the participant's own first, then by date, then by the coach's order.

    When nothing is "now", the first planned step alone, so that there always is a next thing to look at.
    """
    known = tuple(steps)
    now = in_state(known, "now")
    if not now:
        return in_state(known, "planned")[:1]
    return tuple(sorted(now, key=lambda step: (step.doer != "participant", step.day or date.max)))


def to_talk_about(steps: Iterable[TalkedT], now: datetime) -> tuple[TalkedT, ...]:
    """What a meeting is about: sub-goals that hold, then steps that are now, next, or lately changed.

    What is dropped is left out, whenever that was: nobody has to hear of it again.
    """
    known = in_order(step for step in steps if step.state != "dropped")
    goals = [step for step in known if step.kind == "subgoal" and step.state in LIVE]
    first = whats_next(known)
    lately = [
        step for step in known if step.kind == "step" and step not in first and now - step.changed_at < FRESH
    ]
    return (*goals, *first, *lately)


def swap(steps: Iterable[PlacedT], step_id: UUID, way: str) -> tuple[PlacedT, PlacedT] | None:
    """The step and the neighbour it changes places with, `way` "up" or "down"; None at the end of its list.

    A list holds the steps of one kind and one state: that is what both the coach and the participant see.
    """
    known = tuple(steps)
    moving = next(step for step in known if step.id == step_id)
    group = in_state(known, moving.state, moving.kind)
    place = [step.id for step in group].index(step_id) + (-1 if way == "up" else 1)
    return (moving, group[place]) if 0 <= place < len(group) else None


def last_place(steps: Iterable[Placed]) -> int:
    """The position for a step that is added: after all the others."""
    return max((step.position for step in steps), default=0) + 1


def is_fresh(step: Changed, reader: UUID, now: datetime) -> bool:
    """Whether `reader` should see that somebody else changed the step lately (`now` is aware)."""
    return step.changed_by != reader and now - step.changed_at < FRESH


def is_new(created_at: datetime, now: datetime) -> bool:
    """Whether a plan was begun so lately that everything in it is new, and a mark on all marks nothing."""
    return now - created_at < FRESH


def is_just_done(step: Changed, person: UUID, now: datetime) -> bool:
    """Whether `person` marked the step as done so lately that they may want to take it back."""
    return step.state == "done" and step.changed_by == person and now - step.changed_at < SECOND_THOUGHT


def last_change(events: Sequence[RecordedT]) -> RecordedT | None:
    """The change that "undo" takes back: the latest that can be undone and is not; `events` oldest first."""
    undone = {event.undoes for event in events}
    live = (e for e in reversed(events) if e.action in UNDOABLE and e.id not in undone)
    return next(live, None)


def lasting(events: Sequence[RecordedT]) -> tuple[RecordedT, ...]:
    """The changes that still hold: a change and its undo, both in `events`, cancel each other."""
    here = {event.id for event in events}
    undone = {event.undoes for event in events}
    return tuple(e for e in events if e.id not in undone and e.undoes not in here)


@dataclass(frozen=True, slots=True)
class Wording:
    """What a person writes about a step: `day` or the loose words `when` ("i mars"), or neither.

    `in_portal` is off for what staff keep for themselves (S33).
    """

    text: str
    doer: str = "participant"
    doer_name: str = ""
    day: date | None = None
    when: str = ""
    subgoal_id: UUID | None = None
    in_portal: bool = True


def when_problem(day: date | None, words: str, today: date, before: date | None = None) -> str | None:
    """Why a time cannot be kept: "both", "past", or None when it can.

    `before` is the date the step already had: a step whose day has gone by can still be reworded.
    """
    if day is not None and words:
        return "both"
    if day is not None and day < today and day != before:
        return "past"
    return None


def joined_words(old: str, new: str) -> str:
    """What is kept when somebody asks again about the same step: both texts, the same text only once."""
    if not new or f"\n{new}\n" in f"\n{old}\n":
        return old
    return f"{old}\n{new}" if old else new
