"""Who interprets, and what is ordered for a meeting."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.crypto import Sealed
from portal.db import Base, Row
from portal.interpreting.order_rules import GENDERS, HELD, STATES, WAYS, WHYS

_OPEN = text("state <> 'cancelled'")


class Interpreter(Row, Base):
    """Somebody who interprets: a member of staff (`person_id`), or a named person from outside.

    The name of staff is their person's. `gender` is "" where nobody has noted it. `dialects` is free text.
    """

    __tablename__ = "interpreter"
    __table_args__ = (
        CheckConstraint("gender in ('', 'woman', 'man')", name="gender"),
        CheckConstraint("(person_id is null) = (name_sealed is not null)", name="named"),
    )

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), unique=True)
    name_sealed: Mapped[bytes | None]
    phone_sealed: Mapped[bytes | None]
    agency_sealed: Mapped[bytes | None]
    dialects_sealed: Mapped[bytes | None]
    gender: Mapped[str] = mapped_column(default="")
    on_site: Mapped[bool]
    by_phone: Mapped[bool]
    made_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    name = Sealed("name_sealed")
    phone = Sealed("phone_sealed")
    agency = Sealed("agency_sealed")
    dialects = Sealed("dialects_sealed")

    @property
    def subject_id(self) -> uuid.UUID:
        """Whose busy time it is when they are booked: staff have one life, whatever they are booked as."""
        return self.person_id or self.id

    @property
    def subject_kind(self) -> str:
        """What kind of subject that is."""
        return "person" if self.person_id else "interpreter"


class InterpreterLanguage(Row, Base):
    """A language that somebody interprets."""

    __tablename__ = "interpreter_language"
    __table_args__ = (UniqueConstraint("interpreter_id", "language"),)

    interpreter_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("interpreter.id", ondelete="CASCADE"))
    language: Mapped[str]


class InterpreterOrder(Row, Base):
    """An interpreter for one meeting: asked for, found, agreed with. A meeting has at most one open order.

    `meeting_id` names the meeting in a room above: no foreign key. The times are the meeting's for as long as
    the order is open; a cancelled one keeps those that its interpreter knows. `by_agency`: an agency sends
    somebody without a name, under `reference`, and no time of anybody's is held. `told_at`: when the
    interpreter or the agency was told that a cancelled order is off. `why`: see `order_rules.WHYS`. In the
    calendar of staff who interpret its `id` is the UID, for life, and `revision` the SEQUENCE.
    `letter_id`: the last e-mail to the agency that names it, `letter_said`: what an
    agency was told of it, a `letter_rules.Mailed`.
    """

    __tablename__ = "interpreter_order"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="order"),
        CheckConstraint(f"state in {STATES}", name="state"),
        CheckConstraint(f"gender in {GENDERS}", name="gender"),
        CheckConstraint(f"way in {WAYS}", name="way"),
        CheckConstraint(f"why in {('', *WHYS)}", name="why"),
        CheckConstraint("interpreter_id is null or by_agency = false", name="one"),
        CheckConstraint("state <> 'confirmed' or confirmed_at is not null", name="confirmed"),
        Index(
            "ux_interpreter_order_meeting_id_open",
            "meeting_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_interpreter_order_meeting_id", "meeting_id"),
        Index("ix_interpreter_order_organisation_id_starts_at", "organisation_id", "starts_at"),
        Index("ix_interpreter_order_interpreter_id_starts_at", "interpreter_id", "starts_at"),
    )

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    meeting_id: Mapped[uuid.UUID]
    language: Mapped[str]
    dialect_sealed: Mapped[bytes | None]
    gender: Mapped[str]
    way: Mapped[str]
    hidden: Mapped[bool]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    state: Mapped[str]
    why: Mapped[str] = mapped_column(default="")
    interpreter_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("interpreter.id", ondelete="SET NULL")
    )
    by_agency: Mapped[bool] = mapped_column(default=False)
    agency_sealed: Mapped[bytes | None]
    reference_sealed: Mapped[bytes | None]
    made_at: Mapped[datetime]
    made_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    assigned_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=0)
    told_at: Mapped[datetime | None]
    letter_id: Mapped[uuid.UUID | None]
    letter_said: Mapped[str] = mapped_column(default="")

    dialect = Sealed("dialect_sealed")
    agency = Sealed("agency_sealed")
    reference = Sealed("reference_sealed")

    @property
    def is_held(self) -> bool:
        """Whether somebody is to come."""
        return self.state in HELD


class InterpreterWish(Row, Base):
    """What a participant wishes of whoever interprets for them; each new order begins with it."""

    __tablename__ = "interpreter_wish"
    __table_args__ = (CheckConstraint(f"gender in {GENDERS}", name="gender"),)

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), unique=True)
    gender: Mapped[str]
    dialect_sealed: Mapped[bytes | None]
    changed_at: Mapped[datetime]

    dialect = Sealed("dialect_sealed")
