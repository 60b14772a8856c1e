"""What was said before to being asked stays beside what holds

Revision: 0033
Revises: 0032
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

TABLE = "follow_up_consent"
ONE = "uq_follow_up_consent_enrolment_id"
EACH = "ix_follow_up_consent_enrolment_id"
HOLDS = sa.text("said_until IS NULL")


def upgrade() -> None:
    # What stands holds since it was said. What had been said before it was not kept, and is not guessed.
    # Nothing refers to these rows, so SQLite may build the table anew.
    with op.batch_alter_table(TABLE) as said:
        said.add_column(sa.Column("said_until", sa.DateTime(timezone=True), nullable=True))
        said.drop_constraint(op.f(ONE), type_="unique")
    op.create_index(op.f(EACH), TABLE, ["enrolment_id"])
    op.create_index(
        "ix_follow_up_consent_holds",
        TABLE,
        ["enrolment_id"],
        unique=True,
        sqlite_where=HOLDS,
        postgresql_where=HOLDS,
    )


def downgrade() -> None:
    op.drop_index("ix_follow_up_consent_holds", TABLE)
    op.drop_index(op.f(EACH), TABLE)
    op.execute(f"DELETE FROM {TABLE} WHERE said_until IS NOT NULL")
    with op.batch_alter_table(TABLE) as said:
        said.create_unique_constraint(op.f(ONE), ["enrolment_id"])
        said.drop_column("said_until")
