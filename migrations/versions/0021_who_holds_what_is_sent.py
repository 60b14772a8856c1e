"""Who holds a message while it is sent, who is the one worker on SQLite, and the pace

Revision: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Whoever was sending is gone: a lease to when the attempt began is over, and the worker gives it up.
    op.alter_column("outbox_message", "attempting_at", new_column_name="leased_until")
    op.add_column("outbox_message", sa.Column("fence", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE outbox_message SET fence = attempts")
    op.create_table(
        "worker_lease",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("holder", sa.Uuid(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_worker_lease")),
    )
    op.create_table(
        "sending_pace",
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("provider", name=op.f("pk_sending_pace")),
    )


def downgrade() -> None:
    op.drop_table("sending_pace")
    op.drop_table("worker_lease")
    op.drop_column("outbox_message", "fence")
    op.alter_column("outbox_message", "leased_until", new_column_name="attempting_at")
