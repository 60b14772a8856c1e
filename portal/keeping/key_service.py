"""Sealing everything anew with the first data key, a batch at a time, without losing anything (S38)."""

import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import CursorResult, Select, Table, func, select, update
from sqlalchemy.orm import Mapper, Session

from portal.crypto import CannotOpen, Sealed, head_of, key_of, keys
from portal.db import Base, Database

BATCH = 200


@dataclass(frozen=True)
class Place:
    """A sealed column of a table."""

    table: Table
    column: str

    def text_of(self, row_id: Any) -> str:
        """What a value here is bound to."""
        return f"{self.table.name}:{self.column}:{row_id}"

    def others(self) -> Select[*tuple[Any, Any]]:
        """Rows that are sealed with any key but the first."""
        sealed, head = self.table.c[self.column], head_of(keys().first)
        return select(self.table.c.id, sealed).where(
            sealed.is_not(None), func.substr(sealed, 1, len(head)) != head
        )


@dataclass
class Turned:
    """What a rotation did: values sealed anew, and those that no key opens, by place."""

    anew: int = 0
    broken: Counter[str] = field(default_factory=Counter)


def places() -> tuple[Place, ...]:
    """Every sealed column there is, found in the models themselves."""
    found = [
        Place(cast(Table, mapper.local_table), attribute.column)
        for mapper in Base.registry.mappers
        for attribute in _sealed(mapper)
    ]
    return tuple(sorted(found, key=lambda place: (place.table.name, place.column)))


def _sealed(mapper: Mapper[Any]) -> Iterator[Sealed]:
    for name in dir(mapper.class_):
        attribute = getattr(mapper.class_, name, None)
        if isinstance(attribute, Sealed):
            yield attribute


def counts(session: Session) -> dict[str, int]:
    """How many values are sealed with each key, by its id, also one that is not here. In a snapshot."""
    found: Counter[str] = Counter()
    for place in places():
        sealed = place.table.c[place.column]
        # The length of the id stands first, then the id: at most 33 bytes say which key it was.
        front = func.substr(sealed, 1, 33)
        for (value,) in session.execute(
            select(front).where(sealed.is_not(None)), execution_options={"yield_per": 2000}
        ):
            found[key_of(cast(bytes, value))] += 1
    return dict(found)


def rotate(database: Database, batch: int = BATCH) -> Turned:
    """Seal everything with the first key. Each batch is committed: cut off, what was done stays done.

    A value that changes meanwhile is left to whoever changed it, who sealed it with the first key. One that
    does not open (swapped, damaged, its key gone) is counted and left as it is.
    """
    done = Turned()
    for place in places():
        last: uuid.UUID | None = None
        while True:
            with database.transaction() as session:
                last, many = _batch(session, place, last, batch, done)
            if many < batch:
                break
    return done


def _batch(
    session: Session, place: Place, after: uuid.UUID | None, batch: int, done: Turned
) -> tuple[uuid.UUID | None, int]:
    """One batch, in the order of ids; returns the last id and how many rows there were."""
    own = place.table.c
    query = place.others().order_by(own.id).limit(batch)
    rows = session.execute(query if after is None else query.where(own.id > after)).all()
    for row_id, sealed in rows:
        try:
            text = keys().open(cast(bytes, sealed), place.text_of(row_id))
        except CannotOpen:
            done.broken[f"{place.table.name}.{place.column}"] += 1
            continue
        changed = session.execute(
            update(place.table)
            .where(own.id == row_id, own[place.column] == sealed)
            .values({place.column: keys().seal(text, place.text_of(row_id))})
        )
        done.anew += cast("CursorResult[object]", changed).rowcount
    return (rows[-1][0] if rows else after), len(rows)
