"""What a participant signs, and what was noted before of who was there."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.attendance.rules import METHODS, STATES
from portal.crypto import Sealed
from portal.db import Base, Row


class Signature(Row, Base):
    """That a participant was at one meeting or session: signed by them, or by staff who hold the paper.

    `cause_kind` and `cause_id` name it without a foreign key: it lives in a room above.
    """

    __tablename__ = "attendance_signature"
    __table_args__ = (
        UniqueConstraint("cause_kind", "cause_id", "person_id"),
        CheckConstraint(f"method in {METHODS}", name="method"),
        Index("ix_attendance_signature_person_id", "person_id"),
    )

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    cause_kind: Mapped[str]
    cause_id: Mapped[uuid.UUID]
    method: Mapped[str]
    signed_at: Mapped[datetime]
    signed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))


class Correction(Row, Base):
    """What stood before somebody corrected it: the state and the actual times, and why it changed."""

    __tablename__ = "attendance_correction"
    __table_args__ = (
        CheckConstraint(f"was in {STATES}", name="was"),
        CheckConstraint(f"becomes in {STATES}", name="becomes"),
        Index("ix_attendance_correction_cause_id", "cause_id"),
        Index("ix_attendance_correction_person_id", "person_id"),
    )

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    cause_kind: Mapped[str]
    cause_id: Mapped[uuid.UUID]
    was: Mapped[str]
    was_from: Mapped[datetime | None]
    was_until: Mapped[datetime | None]
    becomes: Mapped[str]
    made_at: Mapped[datetime]
    made_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    why_sealed: Mapped[bytes | None]

    why = Sealed("why_sealed")
