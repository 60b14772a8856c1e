"""The survey: sheets that no staff page opens, and the figures that are let out of them

Revision: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "survey_freeze",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_survey_freeze_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_freeze")),
        sa.UniqueConstraint("organisation_id", "until", name=op.f("uq_survey_freeze_organisation_id_until")),
    )
    op.create_table(
        "survey_left_out",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.String(), nullable=False),
        sa.Column("survey", sa.String(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("round in ('ongoing', 'closure')", name=op.f("ck_survey_left_out_round")),
        sa.CheckConstraint("count > 0", name=op.f("ck_survey_left_out_count")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_survey_left_out_by_id")),
        sa.ForeignKeyConstraint(
            ["taken_back_by"], ["person.id"], name=op.f("fk_survey_left_out_taken_back_by")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_survey_left_out_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_left_out")),
    )
    op.create_index(
        "ix_survey_left_out_of_team", "survey_left_out", ["team_id", "round", "survey", "version"]
    )
    op.create_table(
        "survey_release",
        sa.Column("freeze_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.String(), nullable=False),
        sa.Column("survey", sa.String(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("round in ('ongoing', 'closure')", name=op.f("ck_survey_release_round")),
        sa.ForeignKeyConstraint(
            ["freeze_id"], ["survey_freeze.id"], name=op.f("fk_survey_release_freeze_id")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_survey_release_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_release")),
    )
    op.create_index(op.f("ix_survey_release_freeze_id"), "survey_release", ["freeze_id"])
    op.create_index("ix_survey_release_of_team", "survey_release", ["team_id", "round", "survey", "version"])
    op.create_table(
        "survey_sheet",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.String(), nullable=False),
        sa.Column("survey", sa.String(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("submission_key", sa.Uuid(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("round in ('ongoing', 'closure')", name=op.f("ck_survey_sheet_round")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_survey_sheet_enrolment_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_survey_sheet_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_sheet")),
        sa.UniqueConstraint("enrolment_id", "round", name=op.f("uq_survey_sheet_enrolment_id_round")),
        sa.UniqueConstraint("submission_key", name=op.f("uq_survey_sheet_submission_key")),
    )
    op.create_index(op.f("ix_survey_sheet_person_id"), "survey_sheet", ["person_id"])
    op.create_index(op.f("ix_survey_sheet_sent_at"), "survey_sheet", ["sent_at"])
    op.create_table(
        "survey_tally",
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("gender", sa.String(), nullable=False),
        sa.Column("born", sa.String(), nullable=False),
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("intake", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_survey_tally_count")),
        sa.ForeignKeyConstraint(
            ["release_id"], ["survey_release.id"], name=op.f("fk_survey_tally_release_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_tally")),
        sa.UniqueConstraint(
            "release_id",
            "gender",
            "born",
            "municipality",
            "intake",
            "answer",
            name=op.f("uq_survey_tally_atom"),
        ),
    )
    op.create_table(
        "survey_text",
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"], ["survey_release.id"], name=op.f("fk_survey_text_release_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_text")),
    )
    op.create_index(op.f("ix_survey_text_release_id"), "survey_text", ["release_id"])
    op.create_table(
        "survey_answer",
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("release_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("direction in ('ltr', 'rtl')", name=op.f("ck_survey_answer_direction")),
        sa.CheckConstraint(
            "state in ('answered', 'dont_know', 'not_for_me', 'skipped')", name=op.f("ck_survey_answer_state")
        ),
        sa.ForeignKeyConstraint(
            ["release_id"], ["survey_release.id"], name=op.f("fk_survey_answer_release_id")
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["survey_sheet.id"], name=op.f("fk_survey_answer_sheet_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_answer")),
        sa.UniqueConstraint("sheet_id", "question", name=op.f("uq_survey_answer_sheet_id_question")),
    )
    op.create_index(op.f("ix_survey_answer_release_id"), "survey_answer", ["release_id"])


def downgrade() -> None:
    op.drop_table("survey_answer")
    op.drop_table("survey_text")
    op.drop_table("survey_tally")
    op.drop_table("survey_sheet")
    op.drop_table("survey_release")
    op.drop_table("survey_left_out")
    op.drop_table("survey_freeze")
