"""The occasion of a check-in, and what belongs to one on a licensed scale: its values and corrections."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.crypto import Sealed
from portal.db import Base, Row
from portal.identity.models import AGE_BANDS
from portal.instruments.scale_rules import AgeBand


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


class ScaleReading(Base):
    """What stands with a check-in on a licensed scale: the values it is judged by, whatever is set later.

    Values in tenths, `patience` in talks. `pack_id`: the wording it was answered in. `recorded_by`: who
    typed it from the paper form; NULL when the person answered on a phone.
    """

    __tablename__ = "scale_reading"
    __table_args__ = (CheckConstraint(f"age_band in {AGE_BANDS}", name="age_band"),)

    check_in_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("check_in.id", ondelete="CASCADE"), primary_key=True
    )
    pack_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("text_pack.id"))
    recorded_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    age_band: Mapped[AgeBand] = mapped_column(String)
    cut_off: Mapped[int] = mapped_column(SmallInteger)
    reliable_change: Mapped[int] = mapped_column(SmallInteger)
    patience: Mapped[int] = mapped_column(SmallInteger)
    slip: Mapped[int] = mapped_column(SmallInteger)


class Correction(Row, Base):
    """A typing error that was mended on one line: both values (tenths), who, when and why (sealed)."""

    __tablename__ = "correction"
    __table_args__ = (
        CheckConstraint("old_tenths between 0 and 100", name="old_tenths"),
        CheckConstraint("new_tenths between 0 and 100", name="new_tenths"),
    )

    check_in_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("check_in.id", ondelete="CASCADE"), index=True)
    line: Mapped[str]
    old_tenths: Mapped[int | None] = mapped_column(SmallInteger)
    new_tenths: Mapped[int | None] = mapped_column(SmallInteger)
    corrected_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    corrected_at: Mapped[datetime]
    reason_sealed: Mapped[bytes | None]

    reason = Sealed("reason_sealed")
