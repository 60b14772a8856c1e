"""Scales, text packs, and what staff type from paper."""

from tests.guards.access_row import Row

ROWS: dict[str, Row] = {
    "GET instruments.show_scales": Row("staff admin"),
    "POST instruments.change_scales": Row("staff admin"),
}
