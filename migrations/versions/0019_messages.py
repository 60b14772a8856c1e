"""A participant and staff write to each other; what is written in another language is translated to Swedish

Revision: 0019
Revises: 0018
"""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

BEFORE = (
    "kind in ('goal', 'subgoal', 'step', 'audit_title', 'audit_purpose', 'audit_question', 'audit_works',"
    " 'audit_improve', 'audit_proposal', 'audit_reply')"
)
NOW = BEFORE[:-1] + ", 'message')"
OF_MESSAGES = "SELECT id FROM source_text WHERE kind = 'message'"
UNANSWERED = sa.text("due_on IS NOT NULL AND outcome = ''")
UNREAD = sa.text("due_on IS NULL AND read_at IS NULL AND kind = 'words'")


def upgrade() -> None:
    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("call_when", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind in ('words', 'call', 'coach')", name=op.f("ck_message_kind")),
        sa.CheckConstraint(
            "call_when in ('', 'soon', 'morning', 'afternoon')", name=op.f("ck_message_call_when")
        ),
        sa.CheckConstraint("(kind = 'call') = (call_when != '')", name=op.f("ck_message_call")),
        sa.CheckConstraint(
            "outcome in ('', 'answered', 'called', 'booked', 'not_needed', 'called_off')",
            name=op.f("ck_message_outcome"),
        ),
        sa.CheckConstraint("(outcome = '') = (closed_at is null)", name=op.f("ck_message_closed")),
        sa.CheckConstraint("outcome = '' or due_on is not null", name=op.f("ck_message_asked")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_message_person_id_person")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_message_author_id_person")),
        sa.ForeignKeyConstraint(["closed_by"], ["person.id"], name=op.f("fk_message_closed_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("person_id", "number", name=op.f("uq_message_person_id_number")),
    )
    op.create_index(
        "ix_message_unanswered",
        "message",
        ["person_id"],
        sqlite_where=UNANSWERED,
        postgresql_where=UNANSWERED,
    )
    op.create_index("ix_message_unread", "message", ["person_id"], sqlite_where=UNREAD, postgresql_where=UNREAD)
    with _translations_aside(), op.batch_alter_table("source_text") as texts:
        texts.add_column(sa.Column("language", sa.String(), nullable=False, server_default="sv"))
        texts.drop_constraint(op.f("ck_source_text_kind"), type_="check")
        texts.create_check_constraint(op.f("ck_source_text_kind"), NOW)


def downgrade() -> None:
    op.execute(f"DELETE FROM translation WHERE source_id IN ({OF_MESSAGES})")
    op.execute("DELETE FROM source_text WHERE kind = 'message'")
    with _translations_aside(), op.batch_alter_table("source_text") as texts:
        texts.drop_constraint(op.f("ck_source_text_kind"), type_="check")
        texts.create_check_constraint(op.f("ck_source_text_kind"), BEFORE)
        texts.drop_column("language")
    op.drop_table("message")


@contextmanager
def _translations_aside() -> Iterator[None]:
    """SQLite builds the texts' table anew, which nothing may refer to meanwhile: translations wait elsewhere."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        yield
        return
    made_by = "SELECT sql FROM sqlite_master WHERE tbl_name = 'translation' AND sql IS NOT NULL ORDER BY type DESC"
    again = connection.execute(sa.text(made_by)).scalars().all()
    op.execute("CREATE TABLE translation_aside AS SELECT * FROM translation")
    op.drop_table("translation")
    yield
    for statement in again:
        op.execute(sa.text(statement.replace(":", r"\:")))
    op.execute("INSERT INTO translation SELECT * FROM translation_aside")
    op.drop_table("translation_aside")
