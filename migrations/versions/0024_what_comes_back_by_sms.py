"""What comes back by SMS: answers, the digits that cancel, and no more SMS

Revision: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

NEW = sa.text("state = 'new'")
KEPT = sa.text("address_hash IS NOT NULL")
TAKEN_AS = (
    "taken_as in ('', 'yes', 'cancel', 'code', 'stop', 'start', 'other', 'unknown', 'unclear', 'passed_over')"
)


def upgrade() -> None:
    op.create_table(
        "incoming_message",
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("provider_reference", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("address_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("address_hash", sa.LargeBinary(), nullable=True),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("taken_as", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("state in ('new', 'done')", name=op.f("ck_incoming_message_state")),
        sa.CheckConstraint(TAKEN_AS, name=op.f("ck_incoming_message_taken_as")),
        sa.CheckConstraint("(state = 'new') = (taken_as = '')", name=op.f("ck_incoming_message_done")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_message")),
        sa.UniqueConstraint(
            "provider", "provider_reference", name=op.f("uq_incoming_message_provider_provider_reference")
        ),
    )
    op.create_index(op.f("ix_incoming_message_person_id"), "incoming_message", ["person_id"])
    for name, which in (("new", NEW), ("kept", KEPT)):
        op.create_index(
            f"ix_incoming_message_{name}",
            "incoming_message",
            ["received_at"],
            sqlite_where=which,
            postgresql_where=which,
        )
    op.create_table(
        "cancel_code",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_cancel_code_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cancel_code")),
        sa.UniqueConstraint("person_id", name=op.f("uq_cancel_code_person_id")),
    )
    op.add_column("person", sa.Column("sms_stopped_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("message", sa.Column("by_sms", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("message", "by_sms")
    # An older version knows no STOP: who has answered so is rung up instead, as they would be.
    op.execute("UPDATE person SET calls = true WHERE sms_stopped_at IS NOT NULL")
    op.drop_column("person", "sms_stopped_at")
    # It sends no digits either, and what it does not know of must not wait to be sent.
    op.execute("DELETE FROM outbox_message WHERE kind IN ('cancel_code', 'reply', 'reply_stopped')")
    op.drop_table("cancel_code")
    op.drop_table("incoming_message")
