"""A server of calendars for each test that asks for one."""

from collections.abc import Iterator

import pytest

from tests.support.calendar_server import CalendarServer, serving


@pytest.fixture
def calendars() -> Iterator[CalendarServer]:
    """Answers on loopback as whoever keeps calendars would."""
    with serving() as server:
        yield server
