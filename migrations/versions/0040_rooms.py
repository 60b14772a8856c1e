"""Rooms for meetings, held by a meeting or named by the hours of a week

Revision: 0040
Revises: 0039
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

HOLDERS = ("appointment", "appointment_before", "weekly_hours")


def upgrade() -> None:
    op.create_table(
        "room",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("place_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("seats >= 1", name=op.f("ck_room_seats")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_room_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room")),
    )
    op.create_index(op.f("ix_room_organisation_id"), "room", ["organisation_id"])
    for table in HOLDERS:
        # Within the column: SQLite then need not build anew a table that others refer to.
        name = op.f(f"fk_{table}_room_id_room")
        column = sa.Column("room_id", sa.Uuid(), sa.ForeignKey("room.id", name=name), nullable=True)
        op.add_column(table, column, inline_references=True)


def downgrade() -> None:
    # The version before knows of no room: the hours are at the usual place, as those without a place are.
    for table in reversed(HOLDERS):
        op.drop_column(table, "room_id")
    op.execute("DELETE FROM busy_time WHERE subject_kind = 'room'")
    op.drop_index(op.f("ix_room_organisation_id"), "room")
    op.drop_table("room")
