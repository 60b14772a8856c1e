"""When somebody is reminded of a meeting

Revision: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

# With the check beside the column neither database builds the table anew, and both drop the two together.
TIMING = (
    "ALTER TABLE person ADD COLUMN reminder_timing VARCHAR NOT NULL DEFAULT 'usual'"
    " CONSTRAINT ck_person_reminder_timing CHECK (reminder_timing in ('usual', 'one', 'two', 'three', 'near'))"
)
MEETING = "'meeting_booked', 'meeting_moved', 'meeting_moved_more', 'meeting_changed', 'meeting_cancelled'"
BEFORE = f"kind in ({MEETING}, 'reminder_three_days', 'reminder_one_day', 'reminder_now', 'something_new')"
AFTER = (
    f"kind in ({MEETING}, 'reminder_week', 'reminder_three_days', 'reminder_one_day', 'reminder_two_hours',"
    " 'reminder_now', 'something_new')"
)
FRESH = "('reminder_week', 'reminder_two_hours')"


def upgrade() -> None:
    op.execute(TIMING)
    op.add_column("person", sa.Column("reminder_timing_at", sa.DateTime(timezone=True), nullable=True))
    _worded(AFTER)


def downgrade() -> None:
    op.execute(f"DELETE FROM notice_template WHERE kind IN {FRESH}")
    _worded(BEFORE)
    # What an older version does not know of must not wait to be sent.
    op.execute(f"DELETE FROM outbox_message WHERE kind IN {FRESH}")
    op.drop_column("person", "reminder_timing_at")
    op.drop_column("person", "reminder_timing")


def _worded(check: str) -> None:
    """Let these kinds of SMS be worded. Nothing refers to a wording, so SQLite may build the table anew."""
    with op.batch_alter_table("notice_template") as wordings:
        wordings.drop_constraint(op.f("ck_notice_template_kind"), type_="check")
        wordings.create_check_constraint(op.f("ck_notice_template_kind"), check)
