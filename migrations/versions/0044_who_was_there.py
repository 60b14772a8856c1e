"""Who came late or sent word, actual times, signatures and corrections

Revision: 0044
Revises: 0043
"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

STATES = "('none', 'came', 'late', 'sent_word', 'absent')"


def upgrade() -> None:
    # SQLite cannot build anew a table that others refer to, and a check of one column can come with it.
    op.execute(
        "ALTER TABLE appointment ADD COLUMN attendance_as VARCHAR NOT NULL DEFAULT ''"
        " CONSTRAINT ck_appointment_attendance_as CHECK (attendance_as in ('', 'late', 'sent_word'))"
    )
    op.add_column("appointment", sa.Column("met_from", sa.DateTime(timezone=True), nullable=True))
    op.add_column("appointment", sa.Column("met_until", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "attendance_signature",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("cause_kind", sa.String(), nullable=False),
        sa.Column("cause_id", sa.Uuid(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_by", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("method in ('code', 'pin', 'paper')", name=op.f("ck_attendance_signature_method")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_attendance_signature_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_attendance_signature_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["signed_by"], ["person.id"], name=op.f("fk_attendance_signature_signed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_signature")),
        sa.UniqueConstraint(
            "cause_kind",
            "cause_id",
            "person_id",
            name=op.f("uq_attendance_signature_cause_kind_cause_id_person_id"),
        ),
    )
    op.create_index("ix_attendance_signature_person_id", "attendance_signature", ["person_id"])
    op.create_table(
        "attendance_correction",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("cause_kind", sa.String(), nullable=False),
        sa.Column("cause_id", sa.Uuid(), nullable=False),
        sa.Column("was", sa.String(), nullable=False),
        sa.Column("was_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("was_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("becomes", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("why_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(f"was in {STATES}", name=op.f("ck_attendance_correction_was")),
        sa.CheckConstraint(f"becomes in {STATES}", name=op.f("ck_attendance_correction_becomes")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_attendance_correction_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_attendance_correction_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["person.id"], name=op.f("fk_attendance_correction_made_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_correction")),
    )
    op.create_index("ix_attendance_correction_cause_id", "attendance_correction", ["cause_id"])
    op.create_index("ix_attendance_correction_person_id", "attendance_correction", ["person_id"])


def downgrade() -> None:
    op.drop_table("attendance_correction")
    op.drop_table("attendance_signature")
    for column in ("met_until", "met_from", "attendance_as"):
        op.drop_column("appointment", column)
