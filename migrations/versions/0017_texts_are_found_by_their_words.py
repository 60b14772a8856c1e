"""Texts with the same words are found by them

Revision: 0017
Revises: 0016
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_source_text_source_hash", "source_text", ["source_hash"])


def downgrade() -> None:
    op.drop_index("ix_source_text_source_hash", "source_text")
