"""Calls that nobody answered

Revision: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "call_try",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("tried_by", sa.Uuid(), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_call_try_person_id")),
        sa.ForeignKeyConstraint(["tried_by"], ["person.id"], name=op.f("fk_call_try_tried_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_try")),
    )
    op.create_index("ix_call_try_person_id", "call_try", ["person_id"])
    op.create_index("ix_call_try_tried_by", "call_try", ["tried_by"])


def downgrade() -> None:
    op.drop_index("ix_call_try_tried_by", "call_try")
    op.drop_index("ix_call_try_person_id", "call_try")
    op.drop_table("call_try")
