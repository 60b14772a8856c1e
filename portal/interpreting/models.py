"""What lets an interpreter in to one meeting. No name: a telephone interpreter may have none."""

import uuid
from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Row


class InterpreterGrant(Row, Base):
    """A code for one meeting, and then the session that it was redeemed for. Both stand here as hashes.

    `meeting_id` names the meeting in a room above: no foreign key. The times are the meeting's; it ends its
    grants when it is moved or cancelled. `shown` names what of the plan the coach has ticked. Nothing else is
    read: what is written or shown later is not in it, what is reworded is read as it stands.
    """

    __tablename__ = "interpreter_grant"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="order"),
        CheckConstraint("(token_hash is null) = (redeemed_at is null)", name="redeemed"),
    )

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    meeting_id: Mapped[uuid.UUID] = mapped_column(index=True)
    language: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    shown: Mapped[list[str]] = mapped_column(JSON)
    code_hash: Mapped[bytes] = mapped_column(index=True)
    code_expires_at: Mapped[datetime]
    made_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    token_hash: Mapped[bytes | None] = mapped_column(unique=True)
    redeemed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
