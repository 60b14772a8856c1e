"""Meetings of several: what they are, who is to be there, and what an e-mail brings for calendars

Revision: 0046
Revises: 0045
"""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

BEFORE = (
    "kind in ('goal', 'subgoal', 'step', 'audit_title', 'audit_purpose', 'audit_question', 'audit_works',"
    " 'audit_improve', 'audit_proposal', 'audit_reply', 'message', 'topic', 'group_title', 'group_about')"
)
NOW = BEFORE[:-1] + ", 'agenda')"
THERE = sa.text("person_id IS NOT NULL AND removed_at IS NULL")
WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("outbox_message", sa.Column("calendar_sealed", sa.LargeBinary(), nullable=True))
    op.create_table(
        "network_meeting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("leader_id", sa.Uuid(), nullable=True),
        sa.Column("reference_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("agenda_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("changed_at", WHEN, nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind in ('network', 'sip')", name=op.f("ck_network_meeting_kind")),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_network_meeting_appointment_id_appointment")
        ),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["person.id"], name=op.f("fk_network_meeting_changed_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_network_meeting")),
        sa.UniqueConstraint("appointment_id", name=op.f("uq_network_meeting_appointment_id")),
    )
    op.create_table(
        "meeting_party",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("organisation_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("token_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("token_hash", sa.LargeBinary(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_at", WHEN, nullable=True),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("added_at", WHEN, nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("removed_at", WHEN, nullable=True),
        sa.CheckConstraint("answer in ('none', 'yes', 'no')", name=op.f("ck_meeting_party_answer")),
        sa.CheckConstraint(
            "(answer = 'none') = (answered_at is null)", name=op.f("ck_meeting_party_answered")
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_meeting_party_appointment_id_appointment")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_meeting_party_person_id_person")),
        sa.ForeignKeyConstraint(["added_by"], ["person.id"], name=op.f("fk_meeting_party_added_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_party")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_meeting_party_token_hash")),
    )
    op.create_index("ix_meeting_party_appointment_id", "meeting_party", ["appointment_id"])
    op.create_index("ix_meeting_party_person_id", "meeting_party", ["person_id"])
    op.create_index(
        "uq_meeting_party_there",
        "meeting_party",
        ["appointment_id", "person_id"],
        unique=True,
        sqlite_where=THERE,
        postgresql_where=THERE,
    )
    _kinds(NOW)


def downgrade() -> None:
    of_agendas = "SELECT id FROM source_text WHERE kind = 'agenda'"
    op.execute(f"DELETE FROM translation WHERE source_id IN ({of_agendas})")
    op.execute("DELETE FROM source_text WHERE kind = 'agenda'")
    _kinds(BEFORE)
    # The time of colleagues is held for nothing that is left.
    op.execute(
        "DELETE FROM busy_time WHERE cause_kind = 'appointment' AND EXISTS (SELECT 1 FROM meeting_party"
        " WHERE meeting_party.appointment_id = busy_time.cause_id"
        " AND meeting_party.person_id = busy_time.subject_id AND meeting_party.removed_at IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM appointment WHERE appointment.id = meeting_party.appointment_id"
        " AND appointment.coach_id = meeting_party.person_id))"
    )
    op.execute(
        "DELETE FROM outbox_message WHERE kind IN ('party_invited', 'party_changed', 'party_cancelled')"
    )
    op.drop_table("meeting_party")
    op.drop_table("network_meeting")
    op.drop_column("outbox_message", "calendar_sealed")


def _kinds(allowed: str) -> None:
    with _translations_aside(), op.batch_alter_table("source_text") as texts:
        texts.drop_constraint(op.f("ck_source_text_kind"), type_="check")
        texts.create_check_constraint(op.f("ck_source_text_kind"), allowed)


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
