"""How long things are kept, and what a run of forgetting is about to delete (S46)."""

import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from portal.journal.chain_rules import Head

Key = tuple[object, ...]


@dataclass(frozen=True)
class Forgetting:
    """What a run deletes, and nothing else.

    `people`: participants of whom only what figures need stays; `staff`: members of staff whose account,
    name and hours go; `rows`: the primary keys of the rows, by table; `journal`: up to which link.
    """

    people: tuple[uuid.UUID, ...] = ()
    staff: tuple[uuid.UUID, ...] = ()
    rows: dict[str, tuple[Key, ...]] = field(default_factory=dict)
    journal: Head | None = None
    lines: int = 0

    @property
    def empty(self) -> bool:
        """Whether there is nothing to forget."""
        return not (self.people or self.staff or any(self.rows.values()) or self.journal)

    @property
    def digest(self) -> str:
        """What tells this very set from every other: 16 hexadecimal digits."""
        return hashlib.sha256("\n".join(self._lines()).encode()).hexdigest()[:16]

    def _lines(self) -> Iterator[str]:
        yield from (f"person {one}" for one in sorted(map(str, self.people)))
        yield from (f"staff {one}" for one in sorted(map(str, self.staff)))
        for table in sorted(self.rows):
            yield from (f"{table} {key}" for key in sorted(map(_written, self.rows[table])))
        yield f"journal {self.journal}"


def _written(key: Key) -> str:
    return ",".join(map(str, key))


@dataclass(frozen=True)
class Dates:
    """The days of an enrolment."""

    applied_on: date | None
    first_meeting_on: date | None
    started_on: date | None
    closed_on: date | None


def blurred(dates: Dates) -> Dates:
    """The days as figures need them: the first of their month, which lies in the same half-year.

    Somebody who was met has applied as many days before that as they had: that day is in no figure but the
    wait, so it may land in another month.
    """
    applied, first = dates.applied_on, dates.first_meeting_on
    met = first and _month(first)
    if met is not None and first is not None and applied is not None:
        applied = met - (first - applied)
    else:
        applied = applied and _month(applied)
    return replace(
        dates,
        applied_on=applied,
        first_meeting_on=met,
        started_on=dates.started_on and _month(dates.started_on),
        closed_on=dates.closed_on and _month(dates.closed_on),
    )


def _month(day: date) -> date:
    return day.replace(day=1)
