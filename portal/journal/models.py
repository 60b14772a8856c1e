"""The journal: who read or changed whose what. Ids only, never a name or a text."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base

ACTIONS = ("read", "change", "export", "refused")


class JournalRow(Base):
    """One line of the journal. `once` is set where a reading counts once a session and kind of page."""

    __tablename__ = "journal"
    __table_args__ = (
        CheckConstraint(f"action in {ACTIONS}", name="action"),
        Index("ix_journal_subject_at", "subject_id", "at"),
    )

    number: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    at: Mapped[datetime]
    organisation_id: Mapped[uuid.UUID | None]
    actor_id: Mapped[uuid.UUID | None]
    action: Mapped[str]
    kind: Mapped[str]
    subject_id: Mapped[uuid.UUID | None]
    object_id: Mapped[uuid.UUID | None]
    once: Mapped[str | None] = mapped_column(unique=True)
