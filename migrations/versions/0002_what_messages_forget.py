"""Indexes of the messages that still have a number or a text to forget

Revision: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ADDRESSED = sa.text("address_sealed IS NOT NULL")
READABLE = sa.text("body_sealed IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_outbox_message_remembered",
        "outbox_message",
        ["changed_at"],
        sqlite_where=ADDRESSED,
        postgresql_where=ADDRESSED,
    )
    op.create_index(
        "ix_outbox_message_readable",
        "outbox_message",
        ["kind", "expires_at"],
        sqlite_where=READABLE,
        postgresql_where=READABLE,
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_message_readable", "outbox_message")
    op.drop_index("ix_outbox_message_remembered", "outbox_message")
