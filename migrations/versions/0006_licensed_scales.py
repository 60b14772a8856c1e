"""The wording of licensed scales, what their readings are judged by, corrections, and age bands

Revision: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

IN_USE = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.add_column("person", sa.Column("age_band", sa.String(), nullable=False, server_default="adult"))
    op.create_table(
        "text_pack",
        sa.Column("instrument", sa.String(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("licence_holder", sa.String(), nullable=False),
        sa.Column("licence_number", sa.String(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("installed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("content", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("scope in ('paper', 'digital')", name=op.f("ck_text_pack_scope")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_pack")),
    )
    op.create_index(
        "uq_text_pack_in_use",
        "text_pack",
        ["instrument"],
        unique=True,
        sqlite_where=IN_USE,
        postgresql_where=IN_USE,
    )
    op.create_table(
        "scale_reading",
        sa.Column("check_in_id", sa.Uuid(), nullable=False),
        sa.Column("pack_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("age_band", sa.String(), nullable=False),
        sa.Column("cut_off", sa.SmallInteger(), nullable=False),
        sa.Column("reliable_change", sa.SmallInteger(), nullable=False),
        sa.Column("patience", sa.SmallInteger(), nullable=False),
        sa.Column("slip", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("age_band in ('adult', 'youth')", name=op.f("ck_scale_reading_age_band")),
        sa.ForeignKeyConstraint(
            ["check_in_id"],
            ["check_in.id"],
            name=op.f("fk_scale_reading_check_in_id_check_in"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["pack_id"], ["text_pack.id"], name=op.f("fk_scale_reading_pack_id_text_pack")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["person.id"], name=op.f("fk_scale_reading_recorded_by_person")
        ),
        sa.PrimaryKeyConstraint("check_in_id", name=op.f("pk_scale_reading")),
    )
    op.create_table(
        "correction",
        sa.Column("check_in_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("old_tenths", sa.SmallInteger(), nullable=True),
        sa.Column("new_tenths", sa.SmallInteger(), nullable=True),
        sa.Column("corrected_by", sa.Uuid(), nullable=False),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("old_tenths between 0 and 100", name=op.f("ck_correction_old_tenths")),
        sa.CheckConstraint("new_tenths between 0 and 100", name=op.f("ck_correction_new_tenths")),
        sa.ForeignKeyConstraint(
            ["check_in_id"], ["check_in.id"], name=op.f("fk_correction_check_in_id_check_in"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["corrected_by"], ["person.id"], name=op.f("fk_correction_corrected_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    op.create_index(op.f("ix_correction_check_in_id"), "correction", ["check_in_id"])


def downgrade() -> None:
    op.drop_table("correction")
    op.drop_table("scale_reading")
    op.drop_table("text_pack")
    op.drop_column("person", "age_band")
