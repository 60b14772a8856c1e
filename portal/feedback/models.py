"""The occasion of a check-in: a person, a time, and a neutral reference to what it is about."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Row


class CheckIn(Row, Base):
    """One check-in of one person, made when it is begun and never ahead.

    `reference` names what it is about (a meeting) without knowing it. `response_id` holds the answers.
    """

    __tablename__ = "check_in"
    __table_args__ = (
        UniqueConstraint("person_id", "reference", "instrument"),
        CheckConstraint("opens_at < closes_at", name="window"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    reference: Mapped[uuid.UUID] = mapped_column(index=True)
    instrument: Mapped[str]
    response_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("response.id"), unique=True)
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    begun_at: Mapped[datetime]
