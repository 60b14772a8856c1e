"""Recorded sound in calls

Revision: 0032
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
IN_USE = sa.text("removed_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "recording",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("occasion", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("sound", sa.LargeBinary(), nullable=True),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("uploaded_by", sa.Uuid(), nullable=False),
        sa.Column("uploaded_at", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "occasion in ('booked', 'moved', 'changed', 'cancelled', 'reminder')",
            name=op.f("ck_recording_occasion"),
        ),
        sa.CheckConstraint("format in ('mp3', 'wav')", name=op.f("ck_recording_format")),
        sa.CheckConstraint("sound is not null or removed_at is not null", name=op.f("ck_recording_sound")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_recording_organisation_id")
        ),
        sa.ForeignKeyConstraint(["uploaded_by"], ["person.id"], name=op.f("fk_recording_uploaded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording")),
    )
    op.create_index(
        "ix_recording_in_use",
        "recording",
        ["organisation_id", "language", "occasion"],
        unique=True,
        sqlite_where=IN_USE,
        postgresql_where=IN_USE,
    )
    op.add_column("outbox_message", sa.Column("recording_id", sa.Uuid(), nullable=True))


def downgrade() -> None:
    # The version before would ring with a day and a time alone: whoever waits for such a call is rung up by
    # the coach instead, as where no voice can.
    op.execute(
        "UPDATE outbox_message SET state = 'failed', error_code = 'no voice'"
        " WHERE recording_id IS NOT NULL AND state = 'queued'"
    )
    op.drop_column("outbox_message", "recording_id")
    op.drop_index("ix_recording_in_use", "recording")
    op.drop_table("recording")
