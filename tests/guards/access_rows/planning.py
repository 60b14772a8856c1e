"""What belongs to a plan beside its steps."""

from tests.guards.access_row import Row

ROWS: dict[str, Row] = {}
