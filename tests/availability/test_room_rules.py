"""A free time is in its room while that is free and large enough; else other ways to meet remain."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from portal.availability.rooms.rules import seats_for, with_rooms, words_of
from portal.availability.rules import FreeTime, Span

ROOM, OTHER = uuid.uuid4(), uuid.uuid4()
NINE = datetime(2026, 11, 30, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


def free(start: datetime = NINE, *modes: str, room: uuid.UUID | None = ROOM) -> FreeTime:
    return FreeTime(start, start + HOUR, modes or ("on_site", "phone"), "Storgatan 1", room)


def test_a_free_room_stays_with_its_time() -> None:
    (one,) = with_rooms([free()], {ROOM: [Span(NINE + HOUR, NINE + 2 * HOUR)]}, {ROOM: 2})
    assert (one.modes, one.room) == (("on_site", "phone"), ROOM)


@pytest.mark.parametrize("minutes", [-59, -1, 0, 30, 59])
def test_an_occupied_room_leaves_the_other_ways(minutes: int) -> None:
    start = NINE + timedelta(minutes=minutes)
    (one,) = with_rooms([free()], {ROOM: [Span(start, start + HOUR)]}, {ROOM: 2})
    assert (one.modes, one.room) == (("phone",), None)


def test_a_time_for_the_room_alone_goes_with_it() -> None:
    assert with_rooms([free(NINE, "on_site")], {ROOM: [Span(NINE, NINE + HOUR)]}, {ROOM: 2}) == []


def test_another_room_is_in_nobodys_way() -> None:
    (one,) = with_rooms([free()], {OTHER: [Span(NINE, NINE + HOUR)]}, {ROOM: 2, OTHER: 2})
    assert one.room == ROOM


@pytest.mark.parametrize("seats, needed, kept", [(2, 2, True), (2, 3, False), (3, 3, True), (1, 2, False)])
def test_whoever_comes_must_find_a_seat(seats: int, needed: int, kept: bool) -> None:
    (one,) = with_rooms([free()], {}, {ROOM: seats}, needed)
    assert (one.room == ROOM, "on_site" in one.modes) == (kept, kept)


def test_a_time_in_no_room_and_one_by_phone_are_as_they_were() -> None:
    nowhere, called = free(room=None), free(NINE, "phone")
    assert with_rooms([nowhere, called], {ROOM: [Span(NINE, NINE + HOUR)]}, {ROOM: 2}) == [nowhere, called]
    assert with_rooms([called], {}, {ROOM: 2})[0].room is None


def test_what_is_held_over_midnight_is_held_on_both_days() -> None:
    midnight = datetime(2026, 12, 1, tzinfo=UTC)
    long = {ROOM: [Span(midnight - 2 * HOUR, midnight + 2 * HOUR)]}
    found = with_rooms(
        [free(midnight - HOUR), free(midnight + HOUR), free(midnight + 2 * HOUR)], long, {ROOM: 2}
    )
    assert [one.room for one in found] == [None, None, ROOM]


def test_an_interpreter_needs_a_seat_too() -> None:
    assert (seats_for(""), seats_for("ar")) == (2, 3)
    assert words_of("Rum 3", "Storgatan 1") == "Rum 3, Storgatan 1"
