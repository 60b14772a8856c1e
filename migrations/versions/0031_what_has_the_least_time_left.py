"""What has the least time left leaves first

Revision: 0031
Revises: 0030
"""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_outbox_message_due", "outbox_message")
    op.create_index("ix_outbox_message_due", "outbox_message", ["state", "priority", "expires_at"])


def downgrade() -> None:
    op.drop_index("ix_outbox_message_due", "outbox_message")
    op.create_index("ix_outbox_message_due", "outbox_message", ["state", "priority", "not_before"])
