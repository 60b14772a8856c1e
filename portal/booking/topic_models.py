"""What a meeting is to be about, as its participant and staff have said. Own words are sealed (S38)."""

import uuid
from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.booking.topic_rules import SIDES
from portal.crypto import Sealed
from portal.db import Base, Row


class MeetingTopic(Row, Base):
    """What one side wants to talk about: `codes` of `topic_rules.TOPICS`, and words in a `language`."""

    __tablename__ = "meeting_topic"
    __table_args__ = (
        UniqueConstraint("appointment_id", "side"),
        CheckConstraint(f"side in {SIDES}", name="side"),
    )

    appointment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("appointment.id"))
    side: Mapped[str]
    codes: Mapped[list[str]] = mapped_column(JSON, default=list)
    language: Mapped[str]
    words_sealed: Mapped[bytes | None]
    said_at: Mapped[datetime]
    said_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))

    words = Sealed("words_sealed")
