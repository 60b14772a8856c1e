"""When a participant can be there and must leave, for the bus

Revision: 0038
Revises: 0037
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "own_travel",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("windows", sa.JSON(), nullable=False),
        sa.Column("energy", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("energy in ('', 'morning', 'afternoon')", name=op.f("ck_own_travel_energy")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_own_travel_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_travel")),
        sa.UniqueConstraint("person_id", name=op.f("uq_own_travel_person_id")),
    )


def downgrade() -> None:
    op.drop_table("own_travel")
