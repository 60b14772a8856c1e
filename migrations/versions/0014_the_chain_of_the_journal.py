"""The journal's lines are chained, and the worker can be held back

Revision: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UNLINKED = sa.text("link IS NULL")


def upgrade() -> None:
    # Columns are added in place: SQLite would build the whole journal anew.
    op.add_column("journal", sa.Column("link", LONG, nullable=True))
    op.add_column("journal", sa.Column("mac", sa.LargeBinary(), nullable=True))
    op.create_index("uq_journal_link", "journal", ["link"], unique=True)
    op.create_index(
        "ix_journal_unlinked", "journal", ["number"], sqlite_where=UNLINKED, postgresql_where=UNLINKED
    )
    op.create_table(
        "journal_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("link", LONG, nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seal", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_journal_head_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_head")),
    )
    op.create_table(
        "journal_checkpoint",
        sa.Column("link", LONG, autoincrement=False, nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seal", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("link", name=op.f("pk_journal_checkpoint")),
    )
    op.add_column("installation", sa.Column("held_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("installation", sa.Column("copied_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("installation", "copied_at")
    op.drop_column("installation", "held_since")
    op.drop_table("journal_checkpoint")
    op.drop_table("journal_head")
    op.drop_index("ix_journal_unlinked", "journal")
    op.drop_index("uq_journal_link", "journal")
    op.drop_column("journal", "mac")
    op.drop_column("journal", "link")
