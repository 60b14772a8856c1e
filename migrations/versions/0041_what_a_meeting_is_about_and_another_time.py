"""What a meeting is to be about, said by both; and a wish for another time, in the conversation

Revision: 0041
Revises: 0040
"""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

TEXTS = (
    "kind in ('goal', 'subgoal', 'step', 'audit_title', 'audit_purpose', 'audit_question', 'audit_works',"
    " 'audit_improve', 'audit_proposal', 'audit_reply', 'message')"
)
TEXTS_NOW = TEXTS[:-1] + ", 'topic')"
OF_TOPICS = "SELECT id FROM source_text WHERE kind = 'topic'"
KINDS, KINDS_NOW = "kind in ('words', 'call', 'coach')", "kind in ('words', 'call', 'coach', 'time')"
WISHES = "(kind = 'time') = (wish != '')"
UNANSWERED = sa.text("due_on IS NOT NULL AND outcome = ''")
UNREAD = sa.text("due_on IS NULL AND read_at IS NULL AND kind = 'words'")


def upgrade() -> None:
    op.create_table(
        "meeting_topic",
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("codes", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said_by", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("side in ('participant', 'staff')", name=op.f("ck_meeting_topic_side")),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_meeting_topic_appointment_id_appointment")
        ),
        sa.ForeignKeyConstraint(["said_by"], ["person.id"], name=op.f("fk_meeting_topic_said_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_topic")),
        sa.UniqueConstraint("appointment_id", "side", name=op.f("uq_meeting_topic_appointment_id_side")),
    )
    _texts(TEXTS_NOW)
    with _messages() as messages:
        messages.add_column(sa.Column("wish", sa.String(), nullable=False, server_default=""))
        messages.drop_constraint(op.f("ck_message_kind"), type_="check")
        messages.create_check_constraint(op.f("ck_message_kind"), KINDS_NOW)
        messages.create_check_constraint(op.f("ck_message_time"), WISHES)


def downgrade() -> None:
    # The version before knows neither: what was said of a meeting goes, and a wish becomes a message that says so.
    op.execute(f"DELETE FROM translation WHERE source_id IN ({OF_TOPICS})")
    op.execute("DELETE FROM source_text WHERE kind = 'topic'")
    _texts(TEXTS)
    op.drop_table("meeting_topic")
    with _messages() as messages:
        messages.drop_constraint(op.f("ck_message_time"), type_="check")
        messages.drop_constraint(op.f("ck_message_kind"), type_="check")
        messages.drop_column("wish")
    # Someone who waits for a time waits still: they are to be rung up.
    op.execute("UPDATE message SET kind = 'call', call_when = 'soon' WHERE kind = 'time'")
    with _messages() as messages:
        messages.create_check_constraint(op.f("ck_message_kind"), KINDS)


def _texts(kinds: str) -> None:
    with _translations_aside(), op.batch_alter_table("source_text") as texts:
        texts.drop_constraint(op.f("ck_source_text_kind"), type_="check")
        texts.create_check_constraint(op.f("ck_source_text_kind"), kinds)


@contextmanager
def _messages() -> Iterator[BatchOperations]:
    """SQLite builds the table anew; what of it an index leaves out is said again."""
    for name in ("unanswered", "unread"):
        op.drop_index(f"ix_message_{name}", "message")
    with op.batch_alter_table("message") as messages:
        yield messages
    for name, some in (("unanswered", UNANSWERED), ("unread", UNREAD)):
        op.create_index(
            f"ix_message_{name}", "message", ["person_id"], sqlite_where=some, postgresql_where=some
        )


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
