"""How each person is told: by SMS, by e-mail, by a voice, or by a call

Revision: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

# With the check beside the column neither database builds the table anew, and both drop the two together.
WAY = (
    "ALTER TABLE person ADD COLUMN way VARCHAR NOT NULL DEFAULT 'sms'"
    " CONSTRAINT ck_person_way CHECK (way in ('sms', 'email', 'voice', 'call'))"
)


def upgrade() -> None:
    op.execute(WAY)
    op.execute("UPDATE person SET way = 'call' WHERE calls")
    op.drop_column("person", "calls")


def downgrade() -> None:
    op.add_column("person", sa.Column("calls", sa.Boolean(), nullable=False, server_default=sa.false()))
    # An older version knows no other way: who wants no SMS about meetings is rung up, and gets none.
    op.execute("UPDATE person SET calls = true WHERE way <> 'sms'")
    op.drop_column("person", "way")
