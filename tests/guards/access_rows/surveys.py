"""The satisfaction survey: answering it, and its results."""

from tests.guards.access_row import Row

ROWS: dict[str, Row] = {}
