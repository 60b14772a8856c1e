"""Who holds a message while it is sent, and until when

Revision: 0021
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Whoever was sending is gone: a lease to when the attempt began is over, and the worker gives it up.
    op.alter_column("outbox_message", "attempting_at", new_column_name="leased_until")
    op.add_column("outbox_message", sa.Column("fence", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE outbox_message SET fence = attempts")


def downgrade() -> None:
    op.drop_column("outbox_message", "fence")
    op.alter_column("outbox_message", "leased_until", new_column_name="attempting_at")
