"""The installation remembers since when its journal is chained, so that a chain that is gone is seen

Revision: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("installation", sa.Column("chained_since", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE installation SET chained_since = (SELECT at FROM journal_head)")


def downgrade() -> None:
    op.drop_column("installation", "chained_since")
