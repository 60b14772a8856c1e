"""What staff decide of a message that may or may not have arrived

Revision: 0025
Revises: 0024
"""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

# With the check beside the column neither database builds the table anew, and both drop the two together.
DECISION = (
    "ALTER TABLE outbox_message ADD COLUMN decision VARCHAR NOT NULL DEFAULT ''"
    " CONSTRAINT ck_outbox_message_decision CHECK (decision in ('', 'arrived', 'left'))"
)


def upgrade() -> None:
    op.execute(DECISION)
    op.create_index(
        "ix_outbox_message_organisation_id_created_at", "outbox_message", ["organisation_id", "created_at"]
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_message_organisation_id_created_at", "outbox_message")
    op.drop_column("outbox_message", "decision")
