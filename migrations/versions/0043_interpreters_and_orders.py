"""Interpreters and the orders for them

Revision: 0043
Revises: 0042
"""

import uuid
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
OPEN = sa.text("state <> 'cancelled'")


def upgrade() -> None:
    op.create_table(
        "interpreter",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("agency_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("dialects_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("gender", sa.String(), nullable=False),
        sa.Column("on_site", sa.Boolean(), nullable=False),
        sa.Column("by_phone", sa.Boolean(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("gender in ('', 'woman', 'man')", name=op.f("ck_interpreter_gender")),
        sa.CheckConstraint(
            "(person_id is null) = (name_sealed is not null)", name=op.f("ck_interpreter_named")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_interpreter_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_interpreter_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interpreter")),
        sa.UniqueConstraint("person_id", name=op.f("uq_interpreter_person_id")),
    )
    op.create_index(op.f("ix_interpreter_organisation_id"), "interpreter", ["organisation_id"])
    op.create_table(
        "interpreter_language",
        sa.Column("interpreter_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interpreter_id"],
            ["interpreter.id"],
            name=op.f("fk_interpreter_language_interpreter_id_interpreter"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interpreter_language")),
        sa.UniqueConstraint(
            "interpreter_id", "language", name=op.f("uq_interpreter_language_interpreter_id_language")
        ),
    )
    _orders()
    op.create_table(
        "interpreter_wish",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("gender", sa.String(), nullable=False),
        sa.Column("dialect_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("gender in ('none', 'woman', 'man')", name=op.f("ck_interpreter_wish_gender")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_interpreter_wish_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interpreter_wish")),
        sa.UniqueConstraint("person_id", name=op.f("uq_interpreter_wish_person_id")),
    )
    _order_for_what_is_booked()


def _orders() -> None:
    op.create_table(
        "interpreter_order",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("dialect_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("gender", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("interpreter_id", sa.Uuid(), nullable=True),
        sa.Column("by_agency", sa.Boolean(), nullable=False),
        sa.Column("agency_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("reference_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("assigned_at", MOMENT, nullable=True),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_interpreter_order_order")),
        sa.CheckConstraint(
            "state in ('asked', 'assigned', 'changed', 'confirmed', 'cancelled')",
            name=op.f("ck_interpreter_order_state"),
        ),
        sa.CheckConstraint("gender in ('none', 'woman', 'man')", name=op.f("ck_interpreter_order_gender")),
        sa.CheckConstraint("way in ('place', 'phone')", name=op.f("ck_interpreter_order_way")),
        sa.CheckConstraint(
            "why in ('', 'meeting', 'moved', 'declined', 'withdrawn')", name=op.f("ck_interpreter_order_why")
        ),
        sa.CheckConstraint(
            "interpreter_id is null or by_agency = false", name=op.f("ck_interpreter_order_one")
        ),
        sa.CheckConstraint(
            "state <> 'confirmed' or confirmed_at is not null", name=op.f("ck_interpreter_order_confirmed")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_interpreter_order_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_interpreter_order_person_id_person")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_interpreter_order_made_by_person")),
        sa.ForeignKeyConstraint(
            ["interpreter_id"],
            ["interpreter.id"],
            name=op.f("fk_interpreter_order_interpreter_id_interpreter"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interpreter_order")),
    )
    op.create_index(op.f("ix_interpreter_order_person_id"), "interpreter_order", ["person_id"])
    op.create_index("ix_interpreter_order_meeting_id", "interpreter_order", ["meeting_id"])
    for column in ("organisation_id", "interpreter_id"):
        op.create_index(
            f"ix_interpreter_order_{column}_starts_at", "interpreter_order", [column, "starts_at"]
        )
    op.create_index(
        "ux_interpreter_order_meeting_id_open",
        "interpreter_order",
        ["meeting_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def _order_for_what_is_booked() -> None:
    """A meeting that has an interpreter's language already is asked for: nobody knows who was found."""
    connection, now = op.get_bind(), datetime.now(UTC)
    meeting = sa.table(
        "appointment",
        *(
            sa.column(name, sa.Uuid())
            for name in ("id", "organisation_id", "person_id", "booked_by")
        ),
        *(sa.column(name, sa.String()) for name in ("interpreter_language", "mode", "state")),
        *(sa.column(name, MOMENT) for name in ("starts_at", "ends_at")),
        sa.column("in_portal", sa.Boolean()),
    )
    order = sa.table(
        "interpreter_order",
        *(
            sa.column(name, sa.Uuid())
            for name in ("id", "organisation_id", "person_id", "meeting_id", "made_by")
        ),
        *(sa.column(name, sa.String()) for name in ("language", "gender", "way", "state", "why")),
        *(sa.column(name, MOMENT) for name in ("starts_at", "ends_at", "made_at", "changed_at")),
        *(sa.column(name, sa.Boolean()) for name in ("hidden", "by_agency")),
    )
    booked = connection.execute(
        sa.select(meeting).where(
            meeting.c.interpreter_language != "", meeting.c.state == "booked", meeting.c.ends_at > now
        )
    ).all()
    for row in booked:
        connection.execute(
            order.insert().values(
                id=uuid.uuid4(),
                organisation_id=row.organisation_id,
                person_id=row.person_id,
                meeting_id=row.id,
                made_by=row.booked_by,
                language=row.interpreter_language,
                gender="none",
                way="place" if row.mode in ("on_site", "walk") else "phone",
                state="asked",
                why="",
                starts_at=row.starts_at,
                ends_at=row.ends_at,
                made_at=now,
                changed_at=now,
                hidden=not row.in_portal,
                by_agency=False,
            )
        )


def downgrade() -> None:
    op.execute("DELETE FROM busy_time WHERE cause_kind = 'interpreter'")
    for table in ("interpreter_wish", "interpreter_order", "interpreter_language", "interpreter"):
        op.drop_table(table)
