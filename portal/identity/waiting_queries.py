"""What waits for a participant on the first page: each room offers a small select, all are asked at once."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Boolean, Date, Select, SQLColumnExpression, String, Uuid, literal, select, union_all
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that a room offers. What `about`, `code` and `day` name is the room's own affair.

    `begun`: some of it has been answered; `done`: nothing is left to do.
    """

    room: str
    about: uuid.UUID | None
    code: str
    begun: bool
    done: bool
    day: date | None


def offer(
    room: str,
    *,
    about: SQLColumnExpression[Any] | None = None,
    code: SQLColumnExpression[Any] | str = "",
    begun: SQLColumnExpression[Any] | bool = False,
    done: SQLColumnExpression[Any] | bool = False,
    day: SQLColumnExpression[Any] | None = None,
) -> Select[Any]:
    """The columns of a room's select, always the same, so that they can stand in one statement.

    The room adds where they come from, and for whom. A value that is no column is written out.
    """
    columns: list[SQLColumnExpression[Any]] = [
        literal(room, String).label("room"),
        _column(about, Uuid()).label("about"),
        _column(code, String()).label("code"),
        _column(begun, Boolean()).label("begun"),
        _column(done, Boolean()).label("done"),
        _column(day, Date()).label("day"),
    ]
    return select(*columns)


def _column(
    value: SQLColumnExpression[Any] | str | bool | None, kind: TypeEngine[Any]
) -> SQLColumnExpression[Any]:
    return value if isinstance(value, SQLColumnExpression) else literal(value, kind)


def waiting(session: Session, offers: Iterable[Select[Any]]) -> list[Waiting]:
    """Everything that these selects find, in one statement; none is asked when there are none."""
    members = list(offers)
    if not members:
        return []
    rows = session.execute(union_all(*members))
    return [Waiting(row.room, row.about, row.code, row.begun, row.done, row.day) for row in rows]
