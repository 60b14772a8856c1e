"""Figures without persons."""

from tests.guards.access_row import Row

ROWS: dict[str, Row] = {}
