"""A programme uses some words of a list only, and an outcome says how it is counted

Revision: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# The check stands with its column: SQLite adds it so, and lets both go together.
COUNTS_AS = """
    ALTER TABLE choice ADD COLUMN counts_as VARCHAR DEFAULT '' NOT NULL
    CONSTRAINT ck_choice_counts_as CHECK (counts_as in ('', 'goal', 'dropout'))
"""


def upgrade() -> None:
    op.add_column("programme", sa.Column("lists", sa.JSON(), nullable=False, server_default="{}"))
    op.execute(COUNTS_AS)


def downgrade() -> None:
    op.drop_column("choice", "counts_as")
    op.drop_column("programme", "lists")
