"""What calendars follow: revisions of blocked time, absences and orders, and a reading that stopped

Revision: 0045
Revises: 0044
"""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
BEFORE = (
    "problem in ('', 'not_found', 'refused', 'moved', 'host', 'unsafe', 'no_answer', 'too_big', 'not_calendar'%s)"
)


def upgrade() -> None:
    for table in ("blocked_time", "absence", "interpreter_order"):
        op.add_column(table, sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
    # Nothing refers to blocked times, so SQLite may build their table anew.
    op.add_column("blocked_time", sa.Column("changed_at", MOMENT, nullable=True))
    op.execute("UPDATE blocked_time SET changed_at = coalesce(removed_at, made_at)")
    with op.batch_alter_table("blocked_time") as blocked:
        blocked.alter_column("changed_at", existing_type=MOMENT, nullable=False)
    # To absences other rows refer: there the column comes with a time, which none keeps.
    long_ago = sa.text("'1970-01-01 00:00:00.000000'")
    op.add_column("absence", sa.Column("changed_at", MOMENT, nullable=False, server_default=long_ago))
    op.execute("UPDATE absence SET changed_at = coalesce(cancelled_at, made_at)")
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("absence", "changed_at", server_default=None)
    _problems(BEFORE % ", 'stopped'")


def downgrade() -> None:
    op.execute("UPDATE outside_calendar SET problem = 'too_big' WHERE problem = 'stopped'")
    _problems(BEFORE % "")
    for table in ("blocked_time", "absence"):
        op.drop_column(table, "changed_at")
    for table in ("blocked_time", "absence", "interpreter_order"):
        op.drop_column(table, "revision")


def _problems(allowed: str) -> None:
    with _busy_aside(), op.batch_alter_table("outside_calendar") as calendars:
        calendars.drop_constraint(op.f("ck_outside_calendar_problem"), type_="check")
        calendars.create_check_constraint(op.f("ck_outside_calendar_problem"), allowed)


@contextmanager
def _busy_aside() -> Iterator[None]:
    """SQLite builds the calendars' table anew, and takes what refers to it: busy times wait elsewhere."""
    if op.get_bind().dialect.name != "sqlite":
        yield
        return
    op.execute("CREATE TABLE outside_busy_aside AS SELECT * FROM outside_busy")
    op.execute("DELETE FROM outside_busy")
    yield
    op.execute("INSERT INTO outside_busy SELECT * FROM outside_busy_aside")
    op.drop_table("outside_busy_aside")
