"""Who has looked, my data, and looking after the installation."""

from tests.guards.access_row import Row

ROWS: dict[str, Row] = {}
