"""Audits by participants, from the plan to what came of them."""

from tests.guards.access_row import Row

ROWS: dict[str, Row] = {}
