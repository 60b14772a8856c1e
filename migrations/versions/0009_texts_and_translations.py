"""What people have written, in Swedish and in other languages, and how far each translation has come

Revision: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "source_text",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("source_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("source_hash", sa.LargeBinary(), nullable=False),
        sa.Column("phrase", sa.String(), nullable=False),
        sa.Column("phrase_version", sa.Integer(), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind in ('goal', 'subgoal', 'step')", name=op.f("ck_source_text_kind")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_source_text_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_source_text_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_text")),
        sa.UniqueConstraint("object_id", name=op.f("uq_source_text_object_id")),
    )
    op.create_index(op.f("ix_source_text_organisation_id"), "source_text", ["organisation_id"])
    op.create_index("ix_source_text_person_id_wanted", "source_text", ["person_id", "wanted"])
    op.create_table(
        "translation",
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("translated_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("origin_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("from_hash", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("state in ('draft', 'confirmed')", name=op.f("ck_translation_state")),
        sa.CheckConstraint(
            "(state = 'confirmed') = (confirmed_at is not null)", name=op.f("ck_translation_confirmed")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source_text.id"], name=op.f("fk_translation_source_id_source_text")
        ),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_translation_written_by_person")),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["person.id"], name=op.f("fk_translation_confirmed_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_translation")),
        sa.UniqueConstraint("source_id", "language", name=op.f("uq_translation_source_id_language")),
    )
    op.create_table(
        "wanted_language",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_wanted_language_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wanted_language")),
        sa.UniqueConstraint("person_id", "language", name=op.f("uq_wanted_language_person_id_language")),
    )


def downgrade() -> None:
    op.drop_table("wanted_language")
    op.drop_table("translation")
    op.drop_table("source_text")
