"""Digits with which a meeting is cancelled by SMS."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Row
from portal.reminders.reply_rules import Opening


class CancelCode(Row, Base):
    """The last digits that were sent to a person: for one meeting as it stood, once, with few tries.

    `code_hash` is keyed and bound to person, meeting and `revision`: of a meeting that has changed since,
    the digits cancel nothing.
    """

    __tablename__ = "cancel_code"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), unique=True)
    meeting_id: Mapped[uuid.UUID]
    revision: Mapped[int]
    code_hash: Mapped[bytes]
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    tries: Mapped[int]
    used_at: Mapped[datetime | None]

    @property
    def opening(self) -> Opening:
        """What decides whether the digits still cancel."""
        return Opening(self.expires_at, self.tries, self.used_at is not None)
