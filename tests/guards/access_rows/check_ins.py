"""Scales, text packs, and what staff type from paper."""

from tests.guards.access_row import Row

ROWS: dict[str, Row] = {}
