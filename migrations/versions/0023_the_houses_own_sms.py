"""An organisation words an SMS itself

Revision: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

KINDS = (
    "kind in ('meeting_booked', 'meeting_moved', 'meeting_moved_more', 'meeting_changed', 'meeting_cancelled',"
    " 'reminder_three_days', 'reminder_one_day', 'reminder_now', 'something_new')"
)


def upgrade() -> None:
    op.create_table(
        "notice_template",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(KINDS, name=op.f("ck_notice_template_kind")),
        sa.CheckConstraint("version > 0", name=op.f("ck_notice_template_version")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_notice_template_made_by_person")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_notice_template_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_template")),
        sa.UniqueConstraint(
            "organisation_id", "kind", "language", "version",
            name=op.f("uq_notice_template_organisation_id_kind_language_version"),
        ),
    )


def downgrade() -> None:
    op.drop_table("notice_template")
