"""When somebody is reminded of a meeting, and is asked how it goes after they have left

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
    op.create_table(
        "follow_up_consent",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("said in ('yes', 'no', 'never')", name=op.f("ck_follow_up_consent_said")),
        *_people("follow_up_consent"),
        sa.UniqueConstraint("enrolment_id", name=op.f("uq_follow_up_consent_enrolment_id")),
    )
    op.create_index(op.f("ix_follow_up_consent_person_id"), "follow_up_consent", ["person_id"])
    op.create_table(
        "follow_up",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("occupation", sa.String(), nullable=False),
        sa.Column("feels_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("noted_by", sa.Uuid(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("result in ('reached', 'unreached', 'declined')", name=op.f("ck_follow_up_result")),
        sa.CheckConstraint("months > 0", name=op.f("ck_follow_up_months")),
        *_people("follow_up"),
        sa.UniqueConstraint("enrolment_id", "months", name=op.f("uq_follow_up_enrolment_id_months")),
    )
    op.create_index(op.f("ix_follow_up_person_id"), "follow_up", ["person_id"])


def downgrade() -> None:
    op.drop_table("follow_up")
    op.drop_table("follow_up_consent")
    op.execute("DELETE FROM attention WHERE kind = 'follow_up'")
    op.execute(f"DELETE FROM notice_template WHERE kind IN {FRESH}")
    _worded(BEFORE)
    # What an older version does not know of must not wait to be sent.
    op.execute(f"DELETE FROM outbox_message WHERE kind IN {FRESH}")
    op.drop_column("person", "reminder_timing_at")
    op.drop_column("person", "reminder_timing")


def _people(table: str) -> list[sa.Constraint]:
    """Whose row it is, of which enrolment, and by whom it was written."""
    return [
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f(f"fk_{table}_person_id_person")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f(f"fk_{table}_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(["noted_by"], ["person.id"], name=op.f(f"fk_{table}_noted_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def _worded(check: str) -> None:
    """Let these kinds of SMS be worded. Nothing refers to a wording, so SQLite may build the table anew."""
    with op.batch_alter_table("notice_template") as wordings:
        wordings.drop_constraint(op.f("ck_notice_template_kind"), type_="check")
        wordings.create_check_constraint(op.f("ck_notice_template_kind"), check)
