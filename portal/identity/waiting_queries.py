"""What waits for a participant on the first page: each room offers a small select, all are asked at once.

The selects are said once, with names where the asker's own values come: to say them anew on every visit costs
more than to ask them.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    Boolean,
    CompoundSelect,
    Date,
    Select,
    SQLColumnExpression,
    String,
    Uuid,
    bindparam,
    cast,
    false,
    null,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from portal.db import ask, word
from portal.web.asker import Asker

ME = bindparam("me", type_=Uuid())
HOUSE = bindparam("house", type_=Uuid())
TODAY = bindparam("today", type_=Date())
"""The asking participant, their organisation, and the day it is there, as every room's select names them."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A room's select, always the same object, and the values of names in it that are the room's own."""

    select: Select[Any]
    values: Mapping[str, object] = field(default_factory=dict)


class Waiting(NamedTuple):
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
    """The columns of a room's select, those of `Waiting`, so that they can stand in one statement.

    The room adds where they come from, and for whom. A value that is no column is written out.
    """
    columns: list[SQLColumnExpression[Any]] = [
        word(room).label("room"),
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
    if value is None:
        # PostgreSQL must know what kind of nothing it is before it can stand above a value.
        return cast(null(), kind)
    if isinstance(value, bool):
        return true() if value else false()
    return word(value) if isinstance(value, str) else value


@cache
def _together(*members: Select[Any]) -> CompoundSelect[Any]:
    return union_all(*members)


def waiting(session: Session, asker: Asker, now: datetime, offers: Iterable[Offer]) -> list[Waiting]:
    """Everything that these selects find for the asker, in one statement; none is asked without any."""
    members = list(offers)
    if not members:
        return []
    values = {name: value for one in members for name, value in one.values.items()}
    # Last, so that no room says who asks.
    values |= {"me": asker.person_id, "house": asker.organisation_id}
    values["today"] = now.astimezone(asker.zone).date()
    found = _together(*(one.select for one in members))
    return [Waiting._make(row) for row in ask(session, found, values)]
