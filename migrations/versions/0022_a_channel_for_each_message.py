"""A message goes by SMS or by e-mail, which has a subject line

Revision: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

# With the check beside the column neither database builds the table anew, and both drop the two together.
CHANNEL = (
    "ALTER TABLE outbox_message ADD COLUMN channel VARCHAR NOT NULL DEFAULT 'sms'"
    " CONSTRAINT ck_outbox_message_channel CHECK (channel in ('sms', 'email'))"
)


def upgrade() -> None:
    op.execute(CHANNEL)
    op.add_column("outbox_message", sa.Column("subject_line_sealed", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    # The version before would send them to the SMS provider.
    op.execute("DELETE FROM outbox_message WHERE channel = 'email'")
    op.drop_column("outbox_message", "subject_line_sealed")
    op.drop_column("outbox_message", "channel")
