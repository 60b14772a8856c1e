"""Who got another coach, from whom, and whether they have seen it

Revision: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "coach_change",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("former_id", sa.Uuid(), nullable=True),
        sa.Column("coach_id", sa.Uuid(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["coach_id"], ["person.id"], name=op.f("fk_coach_change_coach_id_person")),
        sa.ForeignKeyConstraint(["former_id"], ["person.id"], name=op.f("fk_coach_change_former_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_coach_change_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coach_change")),
    )
    op.create_index(op.f("ix_coach_change_former_id"), "coach_change", ["former_id"])
    op.create_index(op.f("ix_coach_change_person_id"), "coach_change", ["person_id"])


def downgrade() -> None:
    op.drop_table("coach_change")
