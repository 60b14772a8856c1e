"""What a participant says of a change, up to where they have read, and steps that staff keep for themselves

Revision: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# Whoever has a plan already has lived with it: nothing of what stands there is new to them.
ALL_READ = """
    UPDATE plan SET seen_number =
        COALESCE((SELECT MAX(plan_event.number) FROM plan_event WHERE plan_event.plan_id = plan.id), 0)
"""

# What a step is that a former downgrade has withdrawn: nobody has taken back that it was added.
NOT_TAKEN_BACK = """
    withdrawn AND NOT EXISTS (
        SELECT 1 FROM plan_event AS adding JOIN plan_event AS undoing ON undoing.undoes = adding.id
        WHERE adding.step_id = plan_step.id AND adding.action = 'add'
    )
"""
# The version before shows an answered question with the words that its step has now, withdrawn or not.
ASKED_ABOUT = """
    SELECT COUNT(*) FROM plan_step
    WHERE NOT in_portal AND EXISTS (SELECT 1 FROM help_request WHERE help_request.step_id = plan_step.id)
"""


def upgrade() -> None:
    # SQLite adds no column that must be filled unless it brings a value.
    op.add_column("plan", sa.Column("seen_number", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("plan_step", sa.Column("in_portal", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.execute(ALL_READ)
    op.execute(f"UPDATE plan_step SET in_portal = false, withdrawn = false WHERE {NOT_TAKEN_BACK}")
    op.create_table(
        "plan_answer",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("step_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("outcome_words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("talked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("talked_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "answer in ('understood', 'not_understood', 'talk', 'disagree')",
            name=op.f("ck_plan_answer_answer"),
        ),
        sa.CheckConstraint(
            "outcome in ('', 'talked', 'changed', 'booked', 'answered_again')",
            name=op.f("ck_plan_answer_outcome"),
        ),
        sa.CheckConstraint("(outcome = '') = (talked_at is null)", name=op.f("ck_plan_answer_talked")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_answer_plan_id")),
        sa.ForeignKeyConstraint(["event_id"], ["plan_event.id"], name=op.f("fk_plan_answer_event_id")),
        sa.ForeignKeyConstraint(["step_id"], ["plan_step.id"], name=op.f("fk_plan_answer_step_id")),
        sa.ForeignKeyConstraint(["talked_by"], ["person.id"], name=op.f("fk_plan_answer_talked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_answer")),
        sa.UniqueConstraint("event_id", name=op.f("uq_plan_answer_event_id")),
    )
    op.create_index("ix_plan_answer_plan_step", "plan_answer", ["plan_id", "step_id", "number"])


def downgrade() -> None:
    asked_about = op.get_bind().execute(sa.text(ASKED_ABOUT)).scalar_one()
    if asked_about:
        raise RuntimeError(
            f"{asked_about} steps that staff keep for themselves have a question of the participant's: "
            "the version before would show their words."
        )
    # The version before knows no step that is kept from the participant (S33), but shows none that is withdrawn.
    op.execute("UPDATE plan_step SET withdrawn = true WHERE NOT in_portal")
    op.drop_table("plan_answer")
    op.drop_column("plan_step", "in_portal")
    op.drop_column("plan", "seen_number")
