"""A meeting of a participant and a coach, how it stood before its coach was away, and when one can come."""

import uuid
from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.attendance.rules import Noted
from portal.booking.rules import HOWS
from portal.booking.travel_rules import ENERGIES, Travel, from_json, written
from portal.crypto import Sealed
from portal.db import Base, Row
from portal.organisation.rules import MODES


class Appointment(Row, Base):
    """One meeting for life: moving keeps the row and its `uid`; `revision` is the calendar's SEQUENCE.

    `interpreter_language` is the language of the interpreter who is to be there, "" for none.
    `attendance_as` says it more closely, "" where there is nothing to add: late of who came, that word was
    sent of who did not. `met_from`, `met_until`: the actual times, None as planned.
    `late_said_at`: when the participant said that they would be late. `room_id`: the room that it holds while
    it is booked, whose words are its `place`.
    `in_portal` is off where the participant must see no trace of it (S33). `request_key` is the form's
    own: a form that is sent twice makes one meeting.
    """

    __tablename__ = "appointment"
    __table_args__ = (
        UniqueConstraint("person_id", "request_key"),
        CheckConstraint("starts_at < ends_at", name="order"),
        CheckConstraint(f"mode in {MODES}", name="mode"),
        CheckConstraint("state in ('booked', 'cancelled')", name="state"),
        CheckConstraint("attendance in ('none', 'came', 'absent')", name="attendance"),
        CheckConstraint("attendance_as in ('', 'late', 'sent_word')", name="attendance_as"),
        CheckConstraint("(state = 'cancelled') = (cancelled_at is not null)", name="cancelled"),
        CheckConstraint("(attendance = 'none') = (attended_at is null)", name="attended"),
        Index("ix_appointment_person_id_starts_at", "person_id", "starts_at"),
        Index("ix_appointment_coach_id_starts_at", "coach_id", "starts_at"),
        Index("ix_appointment_starts_at", "starts_at"),
    )

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    coach_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    mode: Mapped[str]
    place_sealed: Mapped[bytes | None]
    room_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("room.id"))
    state: Mapped[str]
    in_portal: Mapped[bool]
    interpreter_language: Mapped[str] = mapped_column(default="")
    uid: Mapped[uuid.UUID] = mapped_column(unique=True)
    revision: Mapped[int]
    request_key: Mapped[uuid.UUID | None]
    booked_at: Mapped[datetime]
    booked_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(index=True)
    moved_count: Mapped[int]
    confirmed_at: Mapped[datetime | None]
    late_said_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancelled_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    cancel_reason_sealed: Mapped[bytes | None]
    attendance: Mapped[str]
    attendance_as: Mapped[str] = mapped_column(default="")
    met_from: Mapped[datetime | None]
    met_until: Mapped[datetime | None]
    attended_at: Mapped[datetime | None]
    attendance_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))

    place = Sealed("place_sealed")
    cancel_reason = Sealed("cancel_reason_sealed")

    @property
    def noted(self) -> Noted:
        """What staff have noted of who was there."""
        return Noted(self.attendance_as or self.attendance, self.met_from, self.met_until)


class OwnTravel(Row, Base):
    """When a participant can be there and must leave, by weekday, and when they have most energy.

    `windows` is as `travel_rules.to_json` writes it.
    """

    __tablename__ = "own_travel"
    __table_args__ = (CheckConstraint(f"energy in {ENERGIES}", name="energy"),)

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), unique=True)
    windows: Mapped[dict[str, list[str | None]]] = mapped_column(JSON, default=dict)
    energy: Mapped[str] = mapped_column(default="")
    changed_at: Mapped[datetime]

    @property
    def as_travel(self) -> Travel:
        """The row as the rules know it."""
        return from_json(self.windows, self.energy)

    # As their person reads them in everything about them.
    every_day = property(lambda self: written(self.windows.get("all")))
    monday = property(lambda self: written(self.windows.get("0")))
    tuesday = property(lambda self: written(self.windows.get("1")))
    wednesday = property(lambda self: written(self.windows.get("2")))
    thursday = property(lambda self: written(self.windows.get("3")))
    friday = property(lambda self: written(self.windows.get("4")))


class AppointmentBefore(Row, Base):
    """How a meeting stood before its coach's absence changed it, for as long as that can be undone.

    Rows of one `batch_id` were changed together. `revision` is what the meeting got by that: at any other it
    has been changed since, and is left alone.
    """

    __tablename__ = "appointment_before"
    __table_args__ = (
        UniqueConstraint("batch_id", "appointment_id"),
        CheckConstraint("starts_at < ends_at", name="order"),
    )

    batch_id: Mapped[uuid.UUID]
    absence_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("absence.id", ondelete="CASCADE"), index=True)
    appointment_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("appointment.id", ondelete="CASCADE"), index=True
    )
    made_at: Mapped[datetime]
    made_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    revision: Mapped[int]
    coach_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    moved_count: Mapped[int]
    confirmed_at: Mapped[datetime | None]
    place_sealed: Mapped[bytes | None]
    room_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("room.id"))

    place = Sealed("place_sealed")


class MeetingChange(Row, Base):
    """One change of a meeting's time, place or state: which revision it made, how, and by whom.

    `was_at` and `starts_at`: when the meeting began before and after it. `seen_at`: when staff said that they
    have seen what the participant did.
    """

    __tablename__ = "meeting_change"
    __table_args__ = (
        UniqueConstraint("appointment_id", "revision"),
        CheckConstraint(f"how in {HOWS}", name="how"),
    )

    appointment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("appointment.id"))
    revision: Mapped[int]
    how: Mapped[str]
    was_at: Mapped[datetime]
    starts_at: Mapped[datetime]
    made_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    made_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
