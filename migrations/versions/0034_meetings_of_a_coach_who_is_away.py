"""What becomes of the meetings of a coach who is away: how they stood, and one message about several

Revision: 0034
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

REST = (
    "'reminder_week', 'reminder_three_days', 'reminder_one_day', 'reminder_two_hours', 'reminder_now', 'something_new'"
)
MEETING = "'meeting_booked', 'meeting_moved', 'meeting_moved_more', 'meeting_changed', 'meeting_cancelled'"
FRESH = "'meeting_cancelled_more'"


def upgrade() -> None:
    _worded(f"kind in ({MEETING}, {FRESH}, {REST})")
    op.create_table(
        "appointment_before",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("absence_id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("coach_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_count", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_appointment_before_order")),
        _belongs("absence_id", "absence", ondelete="CASCADE"),
        _belongs("appointment_id", "appointment", ondelete="CASCADE"),
        _belongs("made_by", "person"),
        _belongs("coach_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_before")),
        sa.UniqueConstraint(
            "batch_id", "appointment_id", name=op.f("uq_appointment_before_batch_id_appointment_id")
        ),
    )
    for column in ("absence_id", "appointment_id"):
        op.create_index(op.f(f"ix_appointment_before_{column}"), "appointment_before", [column])


def downgrade() -> None:
    op.drop_table("appointment_before")
    op.execute(f"DELETE FROM notice_template WHERE kind = {FRESH}")
    _worded(f"kind in ({MEETING}, {REST})")
    # What an older version does not know of must not wait to be sent.
    op.execute(f"DELETE FROM outbox_message WHERE kind = {FRESH}")
    op.execute(f"DELETE FROM call_wish WHERE kind = {FRESH}")


def _belongs(column: str, table: str, **more: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_appointment_before_{column}_{table}")
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=name, **more)


def _worded(check: str) -> None:
    """Let these kinds of SMS be worded. Nothing refers to a wording, so SQLite may build the table anew."""
    with op.batch_alter_table("notice_template") as wordings:
        wordings.drop_constraint(op.f("ck_notice_template_kind"), type_="check")
        wordings.create_check_constraint(op.f("ck_notice_template_kind"), check)
