"""What has been translated before is found by its words, not by reading every translation

Revision: 0018
Revises: 0014
"""

from alembic import op

revision = "0018"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_translation_from_hash_language", "translation", ["from_hash", "language"])


def downgrade() -> None:
    op.drop_index("ix_translation_from_hash_language", "translation")
