"""What somebody from outside had said before a meeting changed, for where that is undone

Revision: 0048
Revises: 0047
"""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("meeting_party") as batch:
        batch.add_column(sa.Column("was_answer", sa.String(), nullable=False, server_default="none"))
        batch.add_column(sa.Column("was_answered_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("was_words_sealed", sa.LargeBinary(), nullable=True))
        batch.create_check_constraint(
            op.f("ck_meeting_party_was_answer"), "was_answer in ('none', 'yes', 'no')"
        )
        batch.create_check_constraint(
            op.f("ck_meeting_party_was_answered"), "(was_answer = 'none') = (was_answered_at is null)"
        )
    with op.batch_alter_table("meeting_party") as batch:
        batch.alter_column("was_answer", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("meeting_party") as batch:
        batch.drop_constraint(op.f("ck_meeting_party_was_answered"), type_="check")
        batch.drop_constraint(op.f("ck_meeting_party_was_answer"), type_="check")
        batch.drop_column("was_words_sealed")
        batch.drop_column("was_answered_at")
        batch.drop_column("was_answer")
