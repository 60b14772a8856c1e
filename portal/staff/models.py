"""What a coach has done about those who need attention, calls in vain, and up to where notes were copied."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.crypto import Sealed
from portal.db import Base, Row
from portal.staff.rules import OUTCOMES


class Attention(Row, Base):
    """How one cause was handled. The key names the event, so only a new one brings the person back."""

    __tablename__ = "attention"
    __table_args__ = (
        UniqueConstraint("person_id", "key"),
        CheckConstraint(f"outcome in {OUTCOMES}", name="outcome"),
        CheckConstraint("(outcome = 'later') = (until is not null)", name="until"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    key: Mapped[str]
    kind: Mapped[str]
    outcome: Mapped[str]
    until: Mapped[datetime | None]
    note_sealed: Mapped[bytes | None]
    handled_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    handled_at: Mapped[datetime]

    note = Sealed("note_sealed")


class CallTry(Row, Base):
    """One call that nobody answered. The key names the call as `Attention` does, which ends it."""

    __tablename__ = "call_try"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    key: Mapped[str]
    tried_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    tried_at: Mapped[datetime]


class CopyMark(Base):
    """Up to when one member of staff has copied what is new about one participant."""

    __tablename__ = "copy_mark"

    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    copied_at: Mapped[datetime]
