"""Periods in which a member of staff is away."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Row
from portal.identity.absence.rules import Period


class Absence(Row, Base):
    """Local days, first and last included, on which a coach is away, and who answers instead.

    No reason stands here: it is about somebody's health. In the coach's calendar its `id` is the UID, for
    life, and `revision` the SEQUENCE.
    """

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="days"),
        CheckConstraint("stand_in_id is null or stand_in_id <> person_id", name="other"),
        Index("ix_absence_person_id_last_day", "person_id", "last_day"),
        Index("ix_absence_stand_in_id_last_day", "stand_in_id", "last_day"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    stand_in_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    made_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]

    @property
    def days(self) -> Period:
        """The days as the rules know them."""
        return Period(self.first_day, self.last_day)
