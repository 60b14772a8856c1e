"""Columns that nothing reads leave: when a check-in was begun and where it belongs are known without them

Revision: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Altered in place: SQLite's way of building a table anew would take the lines with their response.
BEGUN = """
    UPDATE response SET started_at =
        (SELECT check_in.begun_at FROM check_in WHERE check_in.response_id = response.id)
    WHERE id IN (SELECT response_id FROM check_in)
"""
ANSWERED = """
    UPDATE response_line SET answered_at =
        (SELECT response.started_at FROM response WHERE response.id = response_line.response_id)
"""


def upgrade() -> None:
    op.drop_column("check_in", "reference_kind")
    op.drop_column("response", "started_at")
    op.drop_column("response_line", "answered_at")


def downgrade() -> None:
    # SQLite adds no column that must be filled unless it brings a value.
    moment = sa.DateTime(timezone=True)
    op.add_column("response_line", _filled("answered_at", moment, "1970-01-01 00:00:00.000000"))
    op.add_column("response", _filled("started_at", moment, "1970-01-01 00:00:00.000000"))
    op.add_column("check_in", _filled("reference_kind", sa.String(), "meeting"))
    op.execute(BEGUN)
    op.execute(ANSWERED)


def _filled(name: str, kind: "sa.types.TypeEngine[object]", value: str) -> "sa.Column[object]":
    return sa.Column(name, kind, nullable=False, server_default=value)
