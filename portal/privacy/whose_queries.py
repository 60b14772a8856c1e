"""How the rows of a table are found that are about some people, and counted."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select


@dataclass(frozen=True)
class Whose:
    """Finds the rows about some people: by a column that names them, or a row of theirs (its `key`).

    `also`: another way, for rows that are found by this one or by that.
    """

    column: Any
    key: Any = None
    person: Any = None
    also: "Whose | None" = None

    def __or__(self, other: "Whose") -> "Whose":
        """Found by either."""
        return replace(self, also=other)

    def __call__(self, people: Any) -> ColumnElement[bool]:
        """The condition for the rows about these people: ids, or a subquery of ids."""
        theirs = people if self.key is None else select(self.key).where(self.person.in_(people))
        found: ColumnElement[bool] = self.column.in_(theirs)
        return found if self.also is None else or_(found, self.also(people))

    def counted(self, people: Any) -> Iterator[Select[Any]]:
        """Queries of each of these people and how many rows are found of them."""
        whose = self.column if self.key is None else self.person
        asked = select(whose, func.count()).where(whose.in_(people)).group_by(whose)
        yield asked if self.key is None else asked.join(self.column.class_, self.column == self.key)
        if self.also is not None:
            # A row that both ways find is one row.
            first = replace(self, also=None)(people)
            yield from (one.where(~first) for one in self.also.counted(people))
