"""Blocked time, and how a meeting came to be as it is

Revision: 0036
Revises: 0035
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

HOWS = "how in ('moved', 'changed', 'cancelled', 'restored')"


def upgrade() -> None:
    op.create_table(
        "blocked_time",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("own_words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_blocked_time_order")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_blocked_time_person_id")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_blocked_time_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blocked_time")),
    )
    op.create_index("ix_blocked_time_person_id_ends_at", "blocked_time", ["person_id", "ends_at"])
    # Of what became of meetings before this nothing was kept: it is not guessed.
    op.create_table(
        "meeting_change",
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("was_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(HOWS, name=op.f("ck_meeting_change_how")),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_meeting_change_appointment_id")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_meeting_change_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_change")),
        sa.UniqueConstraint(
            "appointment_id", "revision", name=op.f("uq_meeting_change_appointment_id_revision")
        ),
    )
    op.create_index("ix_meeting_change_made_by", "meeting_change", ["made_by"])


def downgrade() -> None:
    op.drop_index("ix_meeting_change_made_by", "meeting_change")
    op.drop_table("meeting_change")
    # What was blocked can be booked again: the rows that held the time belong to nothing any more.
    op.execute("DELETE FROM busy_time WHERE cause_kind = 'block'")
    op.drop_index("ix_blocked_time_person_id_ends_at", "blocked_time")
    op.drop_table("blocked_time")
