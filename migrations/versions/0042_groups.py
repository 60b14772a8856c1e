"""Groups with seats, a queue, sessions and who came; what they are called is translated

Revision: 0042
Revises: 0041
"""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

BEFORE = (
    "kind in ('goal', 'subgoal', 'step', 'audit_title', 'audit_purpose', 'audit_question', 'audit_works',"
    " 'audit_improve', 'audit_proposal', 'audit_reply', 'message', 'topic')"
)
NOW = BEFORE[:-1] + ", 'group_title', 'group_about')"
OF_GROUPS = "kind in ('group_title', 'group_about')"
WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "activity_group",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("own_title_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("about_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("place_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("offer_hours", sa.Integer(), nullable=False),
        sa.Column("request_key", sa.Uuid(), nullable=False),
        sa.Column("made_at", WHEN, nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "title in ('start', 'walk', 'talk', 'job', 'health', 'language', 'own')",
            name=op.f("ck_activity_group_title"),
        ),
        sa.CheckConstraint("mode in ('on_site', 'walk', 'video')", name=op.f("ck_activity_group_mode")),
        sa.CheckConstraint("capacity between 1 and 60", name=op.f("ck_activity_group_capacity")),
        sa.CheckConstraint("offer_hours between 1 and 168", name=op.f("ck_activity_group_offer_hours")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_activity_group_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_activity_group_team_id_team")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_activity_group_made_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_group")),
        sa.UniqueConstraint("id", "capacity", name=op.f("uq_activity_group_id_capacity")),
        sa.UniqueConstraint("made_by", "request_key", name=op.f("uq_activity_group_made_by_request_key")),
    )
    op.create_index("ix_activity_group_team_id", "activity_group", ["team_id"])
    op.create_table(
        "group_leader",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("leader_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["activity_group.id"], name=op.f("fk_group_leader_group_id_activity_group")
        ),
        sa.ForeignKeyConstraint(["leader_id"], ["person.id"], name=op.f("fk_group_leader_leader_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_leader")),
        sa.UniqueConstraint("group_id", "leader_id", name=op.f("uq_group_leader_group_id_leader_id")),
    )
    op.create_index("ix_group_leader_leader_id", "group_leader", ["leader_id"])
    _sessions()
    _seats()
    _kinds(NOW)


def _sessions() -> None:
    op.create_table(
        "group_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", WHEN, nullable=False),
        sa.Column("ends_at", WHEN, nullable=False),
        sa.Column("place_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", WHEN, nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_group_session_order")),
        sa.CheckConstraint("state in ('planned', 'cancelled')", name=op.f("ck_group_session_state")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["activity_group.id"], name=op.f("fk_group_session_group_id_activity_group")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_session")),
        sa.UniqueConstraint("uid", name=op.f("uq_group_session_uid")),
    )
    op.create_index("ix_group_session_group_id_starts_at", "group_session", ["group_id", "starts_at"])
    op.create_index("ix_group_session_starts_at", "group_session", ["starts_at"])
    op.create_table(
        "group_part",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("in_portal", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("settled_at", WHEN, nullable=False),
        sa.Column("out_at", WHEN, nullable=True),
        sa.Column("attendance", sa.String(), nullable=False),
        sa.Column("attended_at", WHEN, nullable=True),
        sa.Column("attendance_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "attendance in ('came', 'late', 'sent_word', 'absent', 'none')", name=op.f("ck_group_part_attendance")
        ),
        sa.CheckConstraint(
            "(attendance = 'none') = (attended_at is null)", name=op.f("ck_group_part_attended")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["group_session.id"], name=op.f("fk_group_part_session_id_group_session")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_group_part_person_id_person")),
        sa.ForeignKeyConstraint(
            ["attendance_by"], ["person.id"], name=op.f("fk_group_part_attendance_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_part")),
        sa.UniqueConstraint("session_id", "person_id", name=op.f("uq_group_part_session_id_person_id")),
    )
    op.create_index("ix_group_part_person_id", "group_part", ["person_id"])


def _seats() -> None:
    op.create_table(
        "group_seat",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("turn", sa.Integer(), nullable=True),
        sa.Column("offered_until", WHEN, nullable=True),
        sa.Column("offers", sa.Integer(), nullable=False),
        sa.Column("in_portal", sa.Boolean(), nullable=False),
        sa.Column("changed_at", WHEN, nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "state in ('in', 'waiting', 'offered', 'left', 'removed', 'lapsed')", name=op.f("ck_group_seat_state")
        ),
        sa.CheckConstraint("number between 1 and capacity", name=op.f("ck_group_seat_number")),
        sa.CheckConstraint(
            "(state in ('in', 'offered')) = (number is not null)", name=op.f("ck_group_seat_seated")
        ),
        sa.CheckConstraint(
            "(state = 'offered') = (offered_until is not null)", name=op.f("ck_group_seat_offered")
        ),
        sa.CheckConstraint("(state = 'waiting') = (turn is not null)", name=op.f("ck_group_seat_waiting")),
        sa.ForeignKeyConstraint(
            ["group_id", "capacity"],
            ["activity_group.id", "activity_group.capacity"],
            name="fk_group_seat_group_id_capacity",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_group_seat_person_id_person")),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name=op.f("fk_group_seat_changed_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_seat")),
        sa.UniqueConstraint("group_id", "person_id", name=op.f("uq_group_seat_group_id_person_id")),
        sa.UniqueConstraint("group_id", "number", name=op.f("uq_group_seat_group_id_number")),
        sa.UniqueConstraint("group_id", "turn", name=op.f("uq_group_seat_group_id_turn")),
    )
    op.create_index("ix_group_seat_person_id", "group_seat", ["person_id"])
    op.create_index("ix_group_seat_offered_until", "group_seat", ["offered_until"])
    op.create_index("ix_group_seat_state", "group_seat", ["state"])


def downgrade() -> None:
    op.execute(f"DELETE FROM translation WHERE source_id IN (SELECT id FROM source_text WHERE {OF_GROUPS})")
    op.execute(f"DELETE FROM source_text WHERE {OF_GROUPS}")
    op.execute("DELETE FROM busy_time WHERE cause_kind IN ('group_session', 'group_part')")
    _kinds(BEFORE)
    for table in ("group_part", "group_seat", "group_session", "group_leader", "activity_group"):
        op.drop_table(table)


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
