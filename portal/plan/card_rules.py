"""The card of what helps a participant: who may do what to it, and in which order it stands. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

from portal.plan.rules import SECOND_THOUGHT

KEPT, PROPOSED, REMOVED = "kept", "proposed", "removed"
STATES = (KEPT, PROPOSED, REMOVED)
ACTIONS = ("add", "propose", "withdraw", "accept", "decline", "change", "remove", "move", "undo")
OWN_ACTS = frozenset({"add", "accept", "decline", "change", "remove", "move"})
"""What the participant does, and can take back: a proposal is the coach's, and withdrawn by staff."""
MOST = 20
"""Ours: more than a supervisor reads, and as many as a page bears."""


class Placed(Protocol):
    """What the rules need to know of a row."""

    @property
    def id(self) -> UUID: ...
    @property
    def state(self) -> str: ...
    @property
    def position(self) -> int: ...


PlacedT = TypeVar("PlacedT", bound=Placed)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a row says: a `code` of the bank, or own words; `swedish` is the own words for a supervisor."""

    code: str = ""
    words: str = ""
    swedish: str = ""

    @property
    def empty(self) -> bool:
        """Whether it says nothing at all."""
        return not (self.code or self.words or self.swedish)


def may_take_back(action: str, at: datetime, now: datetime) -> bool:
    """Whether an act is the participant's own, and so recent that they may want to take it back."""
    return action in OWN_ACTS and now - at < SECOND_THOUGHT


def in_state(rows: Iterable[PlacedT], state: str) -> tuple[PlacedT, ...]:
    """The rows in one state, as the participant has ordered them; the id settles a tie."""
    return tuple(sorted((row for row in rows if row.state == state), key=lambda row: (row.position, row.id)))


def last_place(rows: Iterable[Placed]) -> int:
    """The position for a row that comes last."""
    return max((row.position for row in rows), default=0) + 1


def swap(rows: Iterable[PlacedT], row_id: UUID, way: str) -> tuple[PlacedT, PlacedT] | None:
    """The kept row and the neighbour it changes places with, `way` "up" or "down"; None at the end."""
    kept = in_state(rows, KEPT)
    at = [row.id for row in kept].index(row_id)
    place = at + (-1 if way == "up" else 1)
    return (kept[at], kept[place]) if 0 <= place < len(kept) else None
