"""A message may be a call that reads it aloud

Revision: 0029
Revises: 0028
"""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

NOW = "('sms', 'email', 'voice')"
BEFORE = "('sms', 'email')"


def upgrade() -> None:
    _let_channels_be(NOW)


def downgrade() -> None:
    # The version before would send them to the SMS provider.
    op.execute("DELETE FROM outbox_message WHERE channel = 'voice'")
    _let_channels_be(BEFORE)


def _let_channels_be(channels: str) -> None:
    """The check stands beside its column, and goes with it: so neither database builds the table anew."""
    op.execute("ALTER TABLE outbox_message ADD COLUMN went_by VARCHAR NOT NULL DEFAULT 'sms'")
    op.execute("UPDATE outbox_message SET went_by = channel")
    op.drop_column("outbox_message", "channel")
    op.execute(
        "ALTER TABLE outbox_message ADD COLUMN channel VARCHAR NOT NULL DEFAULT 'sms'"
        f" CONSTRAINT ck_outbox_message_channel CHECK (channel in {channels})"
    )
    op.execute("UPDATE outbox_message SET channel = went_by WHERE went_by <> 'sms'")
    op.drop_column("outbox_message", "went_by")
