"""Time that a member of staff keeps free of meetings."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.availability.rules import Span
from portal.crypto import Sealed
from portal.db import Base, Row


class BlockedTime(Row, Base):
    """A time in which nobody can book somebody, whom it is about; `own_words` say what for, "" for none.

    While it stands it holds a busy time of its person. `removed_at`: since when it does no longer. In its
    person's calendar its `id` is the UID, for life, and `revision` the SEQUENCE.
    """

    __tablename__ = "blocked_time"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="order"),
        Index("ix_blocked_time_person_id_ends_at", "person_id", "ends_at"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    own_words_sealed: Mapped[bytes | None]
    made_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]

    own_words = Sealed("own_words_sealed")

    @property
    def span(self) -> Span:
        """When."""
        return Span(self.starts_at, self.ends_at)
