"""How each person is told: by SMS, by e-mail, by a voice, or by a call; their address, and their own hours

Revision: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

# With the check beside the column neither database builds the table anew, and both drop the two together.
WAY = (
    "ALTER TABLE person ADD COLUMN way VARCHAR NOT NULL DEFAULT 'sms'"
    " CONSTRAINT ck_person_way CHECK (way in ('sms', 'email', 'voice', 'call'))"
)
EARLIEST = (
    "ALTER TABLE person ADD COLUMN earliest_hour INTEGER"
    " CONSTRAINT ck_person_earliest_hour CHECK (earliest_hour between 0 and 22)"
)
LATEST = (
    "ALTER TABLE person ADD COLUMN latest_hour INTEGER"
    " CONSTRAINT ck_person_latest_hour CHECK (latest_hour between 1 and 23)"
)


def upgrade() -> None:
    op.execute(WAY)
    op.execute("UPDATE person SET way = 'call' WHERE calls")
    op.drop_column("person", "calls")
    op.add_column("person", sa.Column("email_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("person", sa.Column("email_confirmed_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(EARLIEST)
    op.execute(LATEST)
    op.create_table(
        "mail_code",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mail_code_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_code")),
        sa.UniqueConstraint("person_id", name=op.f("uq_mail_code_person_id")),
    )


def downgrade() -> None:
    # It would send what waits as e-mail to a number, and has no word for the digits.
    op.execute("DELETE FROM outbox_message WHERE kind = 'mail_code'")
    op.execute(
        "UPDATE outbox_message SET state = 'cancelled', error_code = 'calls'"
        " WHERE channel = 'email' AND state = 'queued' AND kind <> 'test'"
    )
    op.drop_table("mail_code")
    for column in ("latest_hour", "earliest_hour", "email_confirmed_at", "email_sealed"):
        op.drop_column("person", column)
    op.add_column("person", sa.Column("calls", sa.Boolean(), nullable=False, server_default=sa.false()))
    # An older version knows no other way: who wants no SMS about meetings is rung up, and gets none.
    op.execute("UPDATE person SET calls = true WHERE way <> 'sms'")
    op.drop_column("person", "way")
