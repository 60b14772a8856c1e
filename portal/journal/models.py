"""The journal: who read or changed whose what. Ids only, never a name or a text."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, column, table, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Instant

ACTIONS = ("read", "change", "export", "refused")
LONG = BigInteger().with_variant(Integer, "sqlite")
UNLINKED = text("link IS NULL")
INSTALLATION = table("installation", column("chained_since", Instant()))
"""The row that no installation starts without, as the chain needs it; its model lives in a room above."""


class JournalRow(Base):
    """One line of the journal. `once` is set where a reading counts once a session and kind of page.

    `link` is its place in the chain, without gaps, and `mac` what ties it to the link before; both are set
    once, by the worker, within a minute.
    """

    __tablename__ = "journal"
    __table_args__ = (
        CheckConstraint(f"action in {ACTIONS}", name="action"),
        Index("ix_journal_subject_at", "subject_id", "at"),
        Index("uq_journal_link", "link", unique=True),
        Index("ix_journal_unlinked", "number", sqlite_where=UNLINKED, postgresql_where=UNLINKED),
    )

    number: Mapped[int] = mapped_column(LONG, primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    organisation_id: Mapped[uuid.UUID | None]
    actor_id: Mapped[uuid.UUID | None]
    action: Mapped[str]
    kind: Mapped[str]
    subject_id: Mapped[uuid.UUID | None]
    object_id: Mapped[uuid.UUID | None]
    once: Mapped[str | None] = mapped_column(unique=True)
    link: Mapped[int | None] = mapped_column(LONG)
    mac: Mapped[bytes | None]


class JournalHead(Base):
    """How far the chain reaches: its last link. `seal` is made with a key that is not in the database."""

    __tablename__ = "journal_head"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    link: Mapped[int] = mapped_column(LONG)
    mac: Mapped[bytes]
    at: Mapped[datetime]
    seal: Mapped[bytes]


class JournalCheckpoint(Base):
    """Where the chain begins since older lines were deleted in time: the last link that is gone, sealed."""

    __tablename__ = "journal_checkpoint"

    link: Mapped[int] = mapped_column(LONG, primary_key=True, autoincrement=False)
    mac: Mapped[bytes]
    lines: Mapped[int]
    at: Mapped[datetime]
    seal: Mapped[bytes]
