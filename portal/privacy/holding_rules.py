"""What becomes of what is kept about people, and what of it they take out themselves."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

GOES, NOTES, STAFF, JOURNAL, ITSELF, STAYS = "goes", "notes", "staff", "journal", "itself", "stays"
"""What becomes of a table's rows.

GOES: with the person, so many months after everything was closed. NOTES: so many months after they were
written, and with the person. STAFF: so many months after a member of staff was shut out. JOURNAL: the oldest
lines, so many months on. ITSELF: its own room forgets it, sooner; what is left goes with the person. STAYS:
it says nothing of a participant, or no longer does.
"""
FATES = frozenset({GOES, NOTES, STAFF, JOURNAL, ITSELF, STAYS})
WITH_PERSON = frozenset({GOES, NOTES, ITSELF})


@dataclass(frozen=True)
class Field:
    """One thing that is told of a row: an attribute, what it is called, and the words of its codes.

    `words` is {code: words}, or the name of a list that the organisation keeps.
    """

    name: str
    label: Any
    words: Mapping[Any, Any] | str | None = None


@dataclass(frozen=True)
class Told:
    """How a table's rows are told to their person: under which heading, in which order, what of each."""

    title: Any
    order: str
    fields: tuple[Field, ...]


class Finder(Protocol):
    """Finds the rows of a table about some people."""

    def __call__(self, people: Any) -> Any:
        """The condition for the rows about these people: ids, or a subquery of ids."""

    def counted(self, people: Any) -> Iterator[Any]:
        """Queries of each of these people and how many rows are found of them."""


@dataclass(frozen=True)
class Holding:
    """What the portal keeps in one table.

    `whose` finds the rows about some people; None where no
    row is about a participant. `hidden`, of a row and the ids of what must leave no trace in the portal
    (S33), says whether it would leave one. `told` is how they are told to their person, or, as a sentence,
    why not. `written`: of NOTES, the attribute that says when one was written.
    `confidential`, of a row, says whether it is told to the person alone, never to staff, also when they take
    everything out.
    """

    model: Any
    fate: str
    whose: Finder | None = None
    told: Told | str = "it says nothing of a participant"
    hidden: Callable[[Any, frozenset[Any]], bool] | None = None
    written: str = ""
    confidential: Callable[[Any], bool] | None = None

    @property
    def table(self) -> str:
        """The table's name."""
        name: str = self.model.__tablename__
        return name


def unclassified(tables: Collection[str], holdings: Collection[Holding]) -> list[str]:
    """The tables of which nobody has said what becomes of them."""
    known = {holding.table for holding in holdings}
    return sorted(set(tables) - known)
