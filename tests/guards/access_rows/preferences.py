"""How a participant wants to be reached."""

from tests.guards.access_row import Row

ROWS: dict[str, Row] = {}
