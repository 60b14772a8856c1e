"""A card of what helps a participant, with its past; where somebody is on the organisation's stairs

Revision: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BEFORE = "kind in ('referrer', 'outcome', 'income', 'education', 'municipality')"
AFTER = "kind in ('referrer', 'outcome', 'income', 'education', 'municipality', 'stair')"
COUNTS_AS = """
    ALTER TABLE choice ADD COLUMN counts_as VARCHAR DEFAULT '' NOT NULL
    CONSTRAINT ck_choice_counts_as CHECK (counts_as in ('', 'goal', 'dropout'))
"""


def upgrade() -> None:
    _kinds(AFTER)
    op.create_table(
        "adaptation",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("swedish_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("state in ('kept', 'proposed', 'removed')", name=op.f("ck_adaptation_state")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_adaptation_person_id")),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"], name=op.f("fk_adaptation_proposed_by")),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name=op.f("fk_adaptation_changed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adaptation")),
    )
    op.create_index(op.f("ix_adaptation_person_id"), "adaptation", ["person_id"])
    op.create_table(
        "adaptation_event",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("adaptation_id", sa.Uuid(), nullable=False),
        sa.Column("before_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("after_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("undoes", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "action in ('add', 'propose', 'withdraw', 'accept', 'decline', 'change', 'remove', 'move', 'undo')",
            name=op.f("ck_adaptation_event_action"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_adaptation_event_person_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_adaptation_event_by_id")),
        sa.ForeignKeyConstraint(
            ["adaptation_id"], ["adaptation.id"], name=op.f("fk_adaptation_event_adaptation_id")
        ),
        sa.ForeignKeyConstraint(
            ["undoes"], ["adaptation_event.id"], name=op.f("fk_adaptation_event_undoes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adaptation_event")),
        sa.UniqueConstraint("person_id", "number", name=op.f("uq_adaptation_event_person_id_number")),
        sa.UniqueConstraint("undoes", name=op.f("uq_adaptation_event_undoes")),
    )
    op.create_table(
        "stair_move",
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("struck_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("struck_by", sa.Uuid(), nullable=True),
        sa.Column("replaces", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(struck_at is null) = (struck_by is null)", name=op.f("ck_stair_move_struck")
        ),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_stair_move_enrolment_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_stair_move_by_id")),
        sa.ForeignKeyConstraint(["struck_by"], ["person.id"], name=op.f("fk_stair_move_struck_by")),
        sa.ForeignKeyConstraint(["replaces"], ["stair_move.id"], name=op.f("fk_stair_move_replaces")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stair_move")),
        sa.UniqueConstraint("replaces", name=op.f("uq_stair_move_replaces")),
    )
    op.create_index(op.f("ix_stair_move_enrolment_id"), "stair_move", ["enrolment_id"])


def downgrade() -> None:
    op.drop_table("stair_move")
    op.drop_table("adaptation_event")
    op.drop_table("adaptation")
    op.execute("DELETE FROM choice WHERE kind = 'stair'")
    _kinds(BEFORE)


def _kinds(check: str) -> None:
    """Let the lists of words be these. Nothing refers to a word by its row, so SQLite may build the table anew."""
    rebuilds = op.get_bind().dialect.name == "sqlite"
    if rebuilds:
        # The check of this column goes with it only where it stands beside it: it is laid aside meanwhile.
        op.execute("ALTER TABLE choice ADD COLUMN counted VARCHAR DEFAULT '' NOT NULL")
        op.execute("UPDATE choice SET counted = counts_as")
        op.drop_column("choice", "counts_as")
    with op.batch_alter_table("choice") as choice:
        choice.drop_constraint(op.f("ck_choice_kind"), type_="check")
        choice.create_check_constraint(op.f("ck_choice_kind"), check)
    if rebuilds:
        op.execute(COUNTS_AS)
        op.execute("UPDATE choice SET counts_as = counted")
        op.drop_column("choice", "counted")
