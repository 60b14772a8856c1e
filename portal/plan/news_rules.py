"""What is new in a plan for the participant, and what is asked about it. Pure.

New is what somebody else has changed, still holds, and the participant has neither answered nor said to have
read. All changes of one step (or of the goal) since then are one piece of news: one is asked once about what
stands there now, not about each of five corrections.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar
from uuid import UUID

UNDERSTOOD, NOT_UNDERSTOOD, TALK, DISAGREE = "understood", "not_understood", "talk", "disagree"
ANSWERS = (UNDERSTOOD, NOT_UNDERSTOOD, TALK, DISAGREE)
TO_TALK_ABOUT = (NOT_UNDERSTOOD, TALK, DISAGREE)
"""The answers that stand on the coach's list until somebody has recorded the talk."""
TALKED = ("talked", "changed", "booked", "answered_again")
"""How a question ended; the last one is the participant's own: an answer about a later change."""
CHOSEN_OUTCOMES = TALKED[:3]
TOLD = ("goal", "add", "change", "state")
"""The changes that are told. An order of steps is no news; asking for help is the participant's own."""
UNDO = "undo"


class Event(Protocol):
    """What the rules need to know of a recorded change.

    `was` and `became` are the step's facts before and after it, None where it was not there; `undone`: it has
    been taken back; `undid`: the number of the change that it took back, 0 for none; `undid_answered`: the
    participant had answered about that change.
    """

    @property
    def number(self) -> int: ...
    @property
    def by_id(self) -> UUID: ...
    @property
    def action(self) -> str: ...
    @property
    def step_id(self) -> UUID | None: ...
    @property
    def was(self) -> Mapping[str, object] | None: ...
    @property
    def became(self) -> Mapping[str, object] | None: ...
    @property
    def undone(self) -> bool: ...
    @property
    def undid(self) -> int: ...
    @property
    def undid_answered(self) -> bool: ...


EventT = TypeVar("EventT", bound=Event)


@dataclass(frozen=True, slots=True)
class News(Generic[EventT]):
    """Changes of one subject that the participant has not met, oldest first; `added`: it is new itself."""

    changes: tuple[EventT, ...]
    added: bool

    @property
    def last(self) -> EventT:
        """The change that is asked about."""
        return self.changes[-1]

    @property
    def before(self) -> Mapping[str, object] | None:
        """The step as the participant last knew it; None where it is new to them."""
        return None if self.added else self.changes[0].was


def is_told(event: Event, participant: UUID, seen: int) -> bool:
    """Whether a change is one to tell: by somebody else, and it still holds.

    What was taken back before the participant knew of it is told neither as a change nor as an undoing.
    """
    if event.by_id == participant or event.undone or event.number <= seen:
        return False
    if event.action == UNDO:
        return 0 < event.undid <= seen or event.undid_answered
    return event.action in TOLD


def news(
    events: Iterable[EventT], participant: UUID, seen: int, answered: Mapping[UUID | None, int]
) -> tuple[News[EventT], ...]:
    """What is new, the oldest first. `events` are of steps that the participant may see, and of the goal.

    `seen` is the number of the last event that was read; `answered` the number of the last change that was
    answered, by step (None: the goal).
    """
    found: dict[UUID | None, list[EventT]] = {}
    for event in sorted(events, key=lambda one: one.number):
        if not is_told(event, participant, seen) or event.number <= answered.get(event.step_id, 0):
            continue
        about = found.setdefault(event.step_id, [])
        if _is_hidden(event.was) or _is_hidden(event.became):
            # What happened while nobody was to see it is not told, not even afterwards (S33).
            about.clear()
        about.append(event)
    told = (News(tuple(about), _is_new(about[0])) for about in found.values())
    return tuple(sorted(told, key=lambda one: one.last.number))


def _is_hidden(facts: Mapping[str, object] | None) -> bool:
    return facts is not None and facts.get("in_portal") is False


def _is_new(event: Event) -> bool:
    return event.step_id is not None and (event.was is None or _is_hidden(event.was))
