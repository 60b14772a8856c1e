"""An interpreter reads what the coach has ticked; what has been translated before is found by its words

Revision: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

# What was left out does not say what was ticked, nor the other way round: whoever is let in asks for a new code (S8).
END_ALL = "UPDATE interpreter_grant SET ended_at = made_at WHERE ended_at IS NULL"


def upgrade() -> None:
    op.create_index("ix_translation_from_hash_language", "translation", ["from_hash", "language"])
    op.execute(END_ALL)
    # SQLite adds no column that must be filled unless it brings a value.
    op.add_column("interpreter_grant", sa.Column("shown", sa.JSON(), nullable=False, server_default="[]"))
    op.drop_column("interpreter_grant", "left_out")


def downgrade() -> None:
    op.execute(END_ALL)
    op.add_column("interpreter_grant", sa.Column("left_out", sa.JSON(), nullable=False, server_default="[]"))
    op.drop_column("interpreter_grant", "shown")
    op.drop_index("ix_translation_from_hash_language", "translation")
