"""Audits: plans and questions, the urn, who got a ticket, free texts, proposals and replies

Revision: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("title_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("purpose_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("results", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("works_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("improve_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_audit_period")),
        sa.CheckConstraint(
            "(results is not null) = (state in ('closed', 'published'))", name=op.f("ck_audit_results")
        ),
        sa.CheckConstraint("state in ('draft', 'open', 'closed', 'published')", name=op.f("ck_audit_state")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_audit_made_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_audit_organisation_id")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_audit_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_organisation_id"), "audit", ["organisation_id"])
    op.create_index(op.f("ix_audit_team_id"), "audit", ["team_id"])
    op.create_table(
        "audit_question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("audit_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("bank", sa.String(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.CheckConstraint("kind in ('agree', 'how_long', 'text')", name=op.f("ck_audit_question_kind")),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_audit_question_audit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_question")),
    )
    op.create_index(op.f("ix_audit_question_audit_id"), "audit_question", ["audit_id"])
    op.create_table(
        "audit_issue",
        sa.Column("audit_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("draft_hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_audit_issue_audit_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_audit_issue_person_id")),
        sa.PrimaryKeyConstraint("audit_id", "person_id", name=op.f("pk_audit_issue")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_audit_issue_person_id"), "audit_issue", ["person_id"])
    op.create_table(
        "audit_urn",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["audit.id"], name=op.f("fk_audit_urn_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_urn")),
    )
    op.create_table(
        "audit_text",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("audit_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("shown_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("why_sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "state in ('waiting', 'shown', 'part', 'hidden')", name=op.f("ck_audit_text_state")
        ),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_audit_text_audit_id")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["audit_question.id"], name=op.f("fk_audit_text_question_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_text")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_audit_text_audit_id"), "audit_text", ["audit_id"])
    op.create_table(
        "audit_proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("audit_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("reply", sa.String(), nullable=False),
        sa.Column("why_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("replied_on", sa.Date(), nullable=True),
        sa.Column("replied_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("reply in ('', 'will', 'done', 'no')", name=op.f("ck_audit_proposal_reply")),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_audit_proposal_audit_id")),
        sa.ForeignKeyConstraint(["replied_by"], ["person.id"], name=op.f("fk_audit_proposal_replied_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_proposal")),
    )
    op.create_index(op.f("ix_audit_proposal_audit_id"), "audit_proposal", ["audit_id"])


def downgrade() -> None:
    op.drop_table("audit_proposal")
    op.drop_table("audit_text")
    op.drop_table("audit_urn")
    op.drop_table("audit_issue")
    op.drop_table("audit_question")
    op.drop_table("audit")
