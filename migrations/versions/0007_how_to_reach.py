"""How a person is reached and reads, codes on the coach's screen, and calls instead of SMS

Revision: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

CHOICES = ("calls", "sms_place", "sms_coach", "one_page")


def upgrade() -> None:
    op.add_column("person", sa.Column("phone_heard_at", sa.DateTime(timezone=True), nullable=True))
    for choice in CHOICES:
        op.add_column("person", sa.Column(choice, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "desk_code",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("shown_by", sa.Uuid(), nullable=False),
        sa.Column("chooses_pin", sa.Boolean(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_desk_code_person_id_person")),
        sa.ForeignKeyConstraint(["shown_by"], ["person.id"], name=op.f("fk_desk_code_shown_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_desk_code_code_hash")),
    )
    op.create_index(op.f("ix_desk_code_person_id"), "desk_code", ["person_id"])
    op.create_table(
        "call_wish",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wished_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_call_wish_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_wish")),
        sa.UniqueConstraint("subject", name=op.f("uq_call_wish_subject")),
    )
    op.create_index(op.f("ix_call_wish_person_id"), "call_wish", ["person_id"])


def downgrade() -> None:
    op.drop_table("call_wish")
    op.drop_table("desk_code")
    for choice in reversed(CHOICES):
        op.drop_column("person", choice)
    op.drop_column("person", "phone_heard_at")
