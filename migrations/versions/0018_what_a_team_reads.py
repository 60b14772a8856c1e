"""Translators get what a team's participants read in common too, not only texts about one person

Revision: 0018
Revises: 0017
"""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

BEFORE = "kind in ('goal', 'subgoal', 'step')"
NOW = (
    "kind in ('goal', 'subgoal', 'step', 'audit_title', 'audit_purpose', 'audit_question', 'audit_works',"
    " 'audit_improve', 'audit_proposal', 'audit_reply')"
)
OF_TEAMS = "SELECT id FROM source_text WHERE person_id IS NULL"


def upgrade() -> None:
    with _translations_aside(), op.batch_alter_table("source_text") as texts:
        texts.add_column(sa.Column("team_id", sa.Uuid(), nullable=True))
        texts.alter_column("person_id", existing_type=sa.Uuid(), nullable=True)
        texts.create_foreign_key(op.f("fk_source_text_team_id_team"), "team", ["team_id"], ["id"])
        texts.drop_constraint(op.f("ck_source_text_kind"), type_="check")
        texts.create_check_constraint(op.f("ck_source_text_kind"), NOW)
        texts.create_check_constraint(
            op.f("ck_source_text_readers"), "(person_id is null) != (team_id is null)"
        )
    op.create_index("ix_source_text_team_id_wanted", "source_text", ["team_id", "wanted"])


def downgrade() -> None:
    # Nobody could read them below; the worker hands the texts over again, for translation anew.
    op.execute(f"DELETE FROM translation WHERE source_id IN ({OF_TEAMS})")
    op.execute("DELETE FROM source_text WHERE person_id IS NULL")
    op.drop_index("ix_source_text_team_id_wanted", "source_text")
    with _translations_aside(), op.batch_alter_table("source_text") as texts:
        texts.drop_constraint(op.f("ck_source_text_readers"), type_="check")
        texts.drop_constraint(op.f("ck_source_text_kind"), type_="check")
        texts.create_check_constraint(op.f("ck_source_text_kind"), BEFORE)
        texts.drop_constraint(op.f("fk_source_text_team_id_team"), type_="foreignkey")
        texts.alter_column("person_id", existing_type=sa.Uuid(), nullable=False)
        texts.drop_column("team_id")


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
