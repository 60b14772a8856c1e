"""Working hours, what differs from them, and busy time."""

import uuid
from datetime import date, datetime, time

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    Table,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.availability.rules import Departure, Interval, Span, WeekHours
from portal.crypto import Sealed
from portal.db import Base, Row

SUBJECT_KINDS = ("person", "room", "interpreter")
BLOCK = "block"
"""The cause of a busy time that somebody keeps free of meetings: everything else is booked."""


class WeeklyHours(Row, Base):
    """An interval of local wall time that comes back every week; `weekday` counts from Monday = 0.

    It holds from `first_day` until `last_day`, both included, none for no bound; for the kinds of meeting in
    `modes`, none for all; at `place`, "" for the usual one, or in a room. Two rows may share time on no day.
    """

    __tablename__ = "weekly_hours"
    __table_args__ = (
        CheckConstraint("weekday between 0 and 6", name="weekday"),
        CheckConstraint("starts < ends", name="order"),
        CheckConstraint("first_day <= last_day", name="days"),
        Index("ix_weekly_hours_person_id_weekday", "person_id", "weekday", "starts"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    weekday: Mapped[int]
    starts: Mapped[time]
    ends: Mapped[time]
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    modes: Mapped[list[str]] = mapped_column(JSON, default=list)
    place_sealed: Mapped[bytes | None]
    room_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("room.id"))

    place = Sealed("place_sealed")

    @property
    def as_hours(self) -> WeekHours:
        """The row as the rules know it."""
        interval, modes = Interval(self.starts, self.ends), tuple(self.modes)
        return WeekHours(
            self.weekday, interval, self.first_day, self.last_day, modes, self.place, self.room_id
        )

    def over(self, today: date) -> bool:
        """Whether the last of its days has passed."""
        return self.last_day is not None and self.last_day < today


class HoursException(Row, Base):
    """Days, first and last included, that are closed (no times) or have other hours than the week."""

    __tablename__ = "hours_exception"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="days"),
        CheckConstraint("(starts is null) = (ends is null)", name="both"),
        CheckConstraint("starts is null or starts < ends", name="order"),
        Index("ix_hours_exception_person_id_last_day", "person_id", "last_day"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    starts: Mapped[time | None]
    ends: Mapped[time | None]

    @property
    def as_departure(self) -> Departure:
        """The row as the rules know it."""
        other = Interval(self.starts, self.ends) if self.starts and self.ends else None
        return Departure(self.first_day, self.last_day, other)


class OwnTerms(Row, Base):
    """What a coach has decided for their own meetings: a length, where to meet, lunch, and the most on a day.

    What is none is as the house has it; a `most_a_day` of 0 is any number.
    """

    __tablename__ = "own_terms"
    __table_args__ = (
        CheckConstraint("meeting_minutes between 10 and 480", name="length"),
        CheckConstraint("(lunch_starts is null) = (lunch_ends is null)", name="lunch"),
        CheckConstraint("lunch_starts is null or lunch_starts < lunch_ends", name="lunch_order"),
        CheckConstraint("most_a_day between 0 and 20", name="most"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), unique=True)
    meeting_minutes: Mapped[int | None]
    lunch_starts: Mapped[time | None]
    lunch_ends: Mapped[time | None]
    most_a_day: Mapped[int | None]
    place_sealed: Mapped[bytes | None]
    video_sealed: Mapped[bytes | None]

    place = Sealed("place_sealed")
    video = Sealed("video_sealed")

    @property
    def lunch(self) -> Interval | None:
        """When nobody is met."""
        return Interval(self.lunch_starts, self.lunch_ends) if self.lunch_starts and self.lunch_ends else None


class BusyTime(Row, Base):
    """One occupied time of a person, a room or an interpreter, buffer included.

    `cause_kind` and `cause_id` name what it is for without a foreign key: the cause lives in a room above.
    Two rows of one subject never share a moment; the database itself refuses it (S49).
    """

    __tablename__ = "busy_time"
    __table_args__ = (
        UniqueConstraint("cause_kind", "cause_id", "subject_id"),
        CheckConstraint(f"subject_kind in {SUBJECT_KINDS}", name="subject_kind"),
        CheckConstraint("starts_at < ends_at", name="order"),
        Index("ix_busy_time_subject_id_ends_at", "subject_id", "ends_at"),
        ExcludeConstraint(
            (text("subject_id"), "="),
            (text("tstzrange(starts_at, ends_at)"), "&&"),
            using="gist",
            name="ex_busy_time_overlap",
        ).ddl_if(dialect="postgresql"),
    )

    subject_kind: Mapped[str]
    subject_id: Mapped[uuid.UUID]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    cause_kind: Mapped[str]
    cause_id: Mapped[uuid.UUID]

    @property
    def span(self) -> Span:
        """When."""
        return Span(self.starts_at, self.ends_at)


NEEDS_GIST = "CREATE EXTENSION IF NOT EXISTS btree_gist"
"""PostgreSQL compares a uuid in a gist index through this (trusted, part of contrib)."""

_OVERLAP = """
    BEFORE {when} ON busy_time
    WHEN EXISTS (
        SELECT 1 FROM busy_time AS other
        WHERE other.subject_id = NEW.subject_id AND other.id <> NEW.id
        AND other.starts_at < NEW.ends_at AND NEW.starts_at < other.ends_at
    )
    BEGIN SELECT RAISE(ABORT, 'busy_time overlap'); END
"""
SQLITE_GUARDS = (
    "CREATE TRIGGER busy_time_no_overlap_insert" + _OVERLAP.format(when="INSERT"),
    "CREATE TRIGGER busy_time_no_overlap_update" + _OVERLAP.format(when="UPDATE"),
)
"""What the exclusion constraint is on PostgreSQL."""


def _prepare(_table: Table, connection: Connection, **_: object) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(NEEDS_GIST)


def _guard(_table: Table, connection: Connection, **_: object) -> None:
    if connection.dialect.name == "sqlite":
        for statement in SQLITE_GUARDS:
            connection.exec_driver_sql(statement)


event.listen(BusyTime.__table__, "before_create", _prepare)
event.listen(BusyTime.__table__, "after_create", _guard)
