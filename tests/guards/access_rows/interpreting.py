"""The interpreter's door, and whoever translates."""

from tests.guards.access_row import Row

ROWS: dict[str, Row] = {}
