"""Which free times have their room free. Pure; instants are aware UTC."""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

from portal.availability.rules import FreeTime, Span

ROOM = "room"
"""What a busy time calls a room."""
ON_SITE = "on_site"
"""The kind of meeting that is held in a room."""
FEWEST, MOST = 1, 500
"""How many a room may seat."""
TWO = 2
"""Whoever meets: a participant and a coach."""


def words_of(name: str, place: str) -> str:
    """How a room is told to whoever is to find it."""
    return f"{name}, {place}"


def seats_for(interpreter: str) -> int:
    """How many a participant and a coach are, with an interpreter of a language or "" for none."""
    return TWO + bool(interpreter)


def with_rooms(
    times: Iterable[FreeTime],
    busy: Mapping[uuid.UUID, Iterable[Span]],
    seats: Mapping[uuid.UUID, int],
    needed: int = TWO,
) -> list[FreeTime]:
    """The times, each held in its room only where that is free then and seats as many as are needed.

    Where it is not, other ways to meet remain, and without any the time goes. `busy` and `seats` are of the
    rooms that the times name.
    """
    taken = {(room, day): spans for room, spans in busy.items() for day, spans in _by_day(spans).items()}
    return [found for one in times for found in _in_room(one, taken, seats, needed)]


def _in_room(
    one: FreeTime,
    taken: Mapping[tuple[uuid.UUID, date], Iterable[Span]],
    seats: Mapping[uuid.UUID, int],
    needed: int,
) -> Iterator[FreeTime]:
    room = one.room
    if room is None or ON_SITE not in one.modes:
        yield one if room is None else replace(one, room=None)
        return
    days = {one.start.date(), one.end.date()}
    met = any(one.meets(span) for day in days for span in taken.get((room, day), ()))
    if seats.get(room, 0) >= needed and not met:
        yield one
        return
    modes = tuple(mode for mode in one.modes if mode != ON_SITE)
    if modes:
        yield replace(one, modes=modes, room=None)


def _by_day(spans: Iterable[Span]) -> dict[date, list[Span]]:
    """The times of a room by each day, in UTC, that they touch."""
    found: dict[date, list[Span]] = {}
    for span in spans:
        day = span.start.date()
        while day <= span.end.date():
            found.setdefault(day, []).append(span)
            day += timedelta(days=1)
    return found
