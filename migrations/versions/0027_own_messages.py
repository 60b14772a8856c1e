"""What staff send from texts of their organisation

Revision: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "own_message",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("retired_at", MOMENT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_own_message_made_by_person")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_own_message_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_message")),
    )
    op.create_index("ix_own_message_organisation_id", "own_message", ["organisation_id"])
    op.create_table(
        "own_message_text",
        sa.Column("own_message_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_own_message_text_version")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_own_message_text_made_by_person")),
        sa.ForeignKeyConstraint(
            ["own_message_id"], ["own_message.id"], name=op.f("fk_own_message_text_own_message_id_own_message")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_message_text")),
        sa.UniqueConstraint(
            "own_message_id", "version", name=op.f("uq_own_message_text_own_message_id_version")
        ),
    )
    op.create_table(
        "sending",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("own_message_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sent_by", sa.Uuid(), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("leaves_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("recipients", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.Column("stopped_at", MOMENT, nullable=True),
        sa.Column("stopped_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("recipients > 0 and left_out >= 0", name=op.f("ck_sending_numbers")),
        sa.CheckConstraint("expires_at > leaves_at", name=op.f("ck_sending_lifetime")),
        sa.CheckConstraint("(stopped_at is null) = (stopped_by is null)", name=op.f("ck_sending_stopped")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_sending_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["own_message_id"], ["own_message.id"], name=op.f("fk_sending_own_message_id_own_message")
        ),
        sa.ForeignKeyConstraint(["sent_by"], ["person.id"], name=op.f("fk_sending_sent_by_person")),
        sa.ForeignKeyConstraint(["stopped_by"], ["person.id"], name=op.f("fk_sending_stopped_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sending")),
    )
    op.create_index("ix_sending_own_message_id_leaves_at", "sending", ["own_message_id", "leaves_at"])
    op.create_index("ix_sending_sent_by_sent_at", "sending", ["sent_by", "sent_at"])


def downgrade() -> None:
    # An older version knows nothing of them: what waits would leave at night, and to those who have left.
    op.execute("DELETE FROM outbox_message WHERE kind = 'own_message'")
    op.drop_table("sending")
    op.drop_table("own_message_text")
    op.drop_table("own_message")
