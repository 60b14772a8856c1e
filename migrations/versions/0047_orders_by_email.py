"""What an agency was last told of an order by e-mail

Revision: 0047
Revises: 0046
"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

LETTERS = sa.text("kind = 'agency_orders'")


def upgrade() -> None:
    op.add_column("interpreter_order", sa.Column("letter_id", sa.Uuid(), nullable=True))
    op.add_column(
        "interpreter_order", sa.Column("letter_said", sa.String(), nullable=False, server_default="")
    )
    with op.batch_alter_table("interpreter_order") as batch:
        batch.alter_column("letter_said", server_default=None)


def downgrade() -> None:
    outbox = sa.table("outbox_message", sa.column("kind"))
    op.execute(sa.delete(outbox).where(LETTERS))
    op.drop_column("interpreter_order", "letter_said")
    op.drop_column("interpreter_order", "letter_id")
