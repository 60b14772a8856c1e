"""Calendars kept elsewhere, and when somebody is busy in them."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.availability.outside.rules import PROBLEMS
from portal.crypto import Sealed
from portal.db import Base, Row


class OutsideCalendar(Row, Base):
    """The address of somebody's calendar elsewhere, and how reading it went.

    `next_at`: when it is to be read, or when whoever is reading it now has had long enough. `read_at`: the
    last good reading; `expanded_at`: when what repeats in it was last reckoned out. `problem`: why the last
    reading failed, "" when it did not; `failures`: how many in a row. `passed_over`: events that could not be
    read. `etag` and `modified` are what its server said of the version that was read.
    """

    __tablename__ = "outside_calendar"
    __table_args__ = (
        UniqueConstraint("person_id", "address_hash"),
        CheckConstraint(f"problem in {('', *PROBLEMS)}", name="problem"),
        Index("ix_outside_calendar_next_at", "next_at"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    address_sealed: Mapped[bytes | None]
    address_hash: Mapped[bytes]
    added_at: Mapped[datetime]
    next_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    expanded_at: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(default="")
    failures: Mapped[int] = mapped_column(default=0)
    passed_over: Mapped[int] = mapped_column(default=0)
    etag_sealed: Mapped[bytes | None]
    modified_sealed: Mapped[bytes | None]

    address = Sealed("address_sealed")
    etag = Sealed("etag_sealed")
    modified = Sealed("modified_sealed")


class OutsideBusy(Row, Base):
    """A time in which somebody is busy elsewhere: when, not with what. Times of one calendar never meet.

    It takes no time, unlike a busy time: it may lie over anything.
    """

    __tablename__ = "outside_busy"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="order"),
        Index("ix_outside_busy_calendar_id_ends_at", "calendar_id", "ends_at"),
    )

    calendar_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("outside_calendar.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
