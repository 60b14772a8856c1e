"""Which meetings an interpreter is to be at, and what lets one in

Revision: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # SQLite adds no column that must be filled unless it brings a value.
    op.add_column(
        "appointment", sa.Column("interpreter_language", sa.String(), nullable=False, server_default="")
    )
    op.create_table(
        "interpreter_grant",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("code_expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=True),
        sa.Column("redeemed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_interpreter_grant_order")),
        sa.CheckConstraint(
            "(token_hash is null) = (redeemed_at is null)", name=op.f("ck_interpreter_grant_redeemed")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_interpreter_grant_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_interpreter_grant_person_id_person")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_interpreter_grant_made_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interpreter_grant")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_interpreter_grant_token_hash")),
    )
    for column in ("person_id", "meeting_id", "code_hash"):
        op.create_index(op.f(f"ix_interpreter_grant_{column}"), "interpreter_grant", [column])


def downgrade() -> None:
    op.drop_table("interpreter_grant")
    op.drop_column("appointment", "interpreter_language")
