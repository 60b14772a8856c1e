"""People, their roles and enrolments. Names, numbers and free text are sealed (S38)."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.crypto import Sealed, open_sealed
from portal.db import Base, Row
from portal.messaging.rules import SMS, WAYS
from portal.organisation.reminder_rules import AS_USUAL, TIMINGS

GENDERS = ("woman", "man", "other", "not_told")
AGE_BANDS = ("adult", "youth")
"""18 and older, or 13 to 17: what decides a scale's cut-off. No day of birth is kept for it."""
ROLE_NAMES = ("participant", "coach", "lead", "admin", "translator", "user_auditor")
ACTIVE_WITH_PHONE = text("disabled_at IS NULL AND phone_hash IS NOT NULL")


def first_name(name: str) -> str:
    """A whole name as a participant meets it."""
    return name.split(" ", 1)[0]


def short_name(name: str) -> str:
    """A whole name as staff lists show it, first name and initial: "Amina H."."""
    first, _, rest = name.partition(" ")
    return f"{first} {rest[0]}." if rest else first


def name_of(person_id: uuid.UUID, sealed: bytes | None) -> str:
    """A person's name read as a plain row, without the model. Raises `CannotOpen`."""
    return open_sealed("person", "name_sealed", person_id, sealed)


class Person(Row, Base):
    """Anybody who signs in. A phone number is unique among the active people of an organisation.

    `phone_heard_at`: when a code sent to the number last came back. `email`: an address whose digits came
    back. `way`: how they want to be told of their meetings; `earliest_hour`, `latest_hour`: between which
    hours of the day, None as the house has it. `sms_stopped_at`: since when they want no SMS about meetings,
    but the codes they ask for.
    `sms_place`, `sms_coach`: what an SMS may say beside the time, by the person's own choice (S31).
    `reminder_timing`: when they want to be reminded (of `TIMINGS`), chosen at `reminder_timing_at`.
    `one_page`: all questions of a check-in on one page.
    """

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint(f"gender in {GENDERS}", name="gender"),
        CheckConstraint(f"way in {WAYS}", name="way"),
        CheckConstraint(f"reminder_timing in {tuple(TIMINGS)}", name="reminder_timing"),
        CheckConstraint("earliest_hour between 0 and 22", name="earliest_hour"),
        CheckConstraint("latest_hour between 1 and 23", name="latest_hour"),
        Index(
            "uq_person_active_phone",
            "organisation_id",
            "phone_hash",
            unique=True,
            sqlite_where=ACTIVE_WITH_PHONE,
            postgresql_where=ACTIVE_WITH_PHONE,
        ),
    )

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    name_sealed: Mapped[bytes | None]
    name_hash: Mapped[bytes | None] = mapped_column(index=True)
    phone_sealed: Mapped[bytes | None]
    phone_hash: Mapped[bytes | None]
    phone_confirmed_at: Mapped[datetime | None]
    email_sealed: Mapped[bytes | None]
    email_confirmed_at: Mapped[datetime | None]
    language: Mapped[str] = mapped_column(default="sv")
    gender: Mapped[str] = mapped_column(default="not_told")
    born_in_sweden: Mapped[bool | None]
    municipality: Mapped[str] = mapped_column(default="")
    education: Mapped[str] = mapped_column(default="")
    age_band: Mapped[str] = mapped_column(default="adult", server_default="adult")
    protected: Mapped[bool] = mapped_column(default=False)
    disabled_at: Mapped[datetime | None]
    phone_heard_at: Mapped[datetime | None]
    sms_unsafe: Mapped[bool] = mapped_column(default=False)
    sms_stopped_at: Mapped[datetime | None]
    way: Mapped[str] = mapped_column(default=SMS, server_default=SMS)
    earliest_hour: Mapped[int | None]
    latest_hour: Mapped[int | None]
    sms_place: Mapped[bool] = mapped_column(default=False)
    sms_coach: Mapped[bool] = mapped_column(default=False)
    reminder_timing: Mapped[str] = mapped_column(default=AS_USUAL, server_default=AS_USUAL)
    reminder_timing_at: Mapped[datetime | None]
    one_page: Mapped[bool] = mapped_column(default=False)
    pin_hash: Mapped[str | None]
    pin_chosen_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    name = Sealed("name_sealed")
    phone = Sealed("phone_sealed")
    email = Sealed("email_sealed")

    @property
    def first_name(self) -> str:
        """The name as a participant meets it."""
        return first_name(self.name)

    @property
    def short_name(self) -> str:
        """First name and initial, as staff lists show it: "Amina H."."""
        return short_name(self.name)


class RoleGrant(Row, Base):
    """A role that a person has, in a team or (admin) in the organisation."""

    __tablename__ = "role_grant"
    __table_args__ = (
        UniqueConstraint("person_id", "role", "team_id"),
        CheckConstraint(f"role in {ROLE_NAMES}", name="role"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str]
    team_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("team.id"), index=True)


class StaffAccount(Row, Base):
    """How a member of staff signs in: e-mail, password and a TOTP secret; never SMS (S29).

    With a temporary password one comes no further than to the page where one chooses another.
    """

    __tablename__ = "staff_account"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), unique=True)
    email_hash: Mapped[bytes] = mapped_column(unique=True)
    email_sealed: Mapped[bytes | None]
    password_hash: Mapped[str]
    totp_sealed: Mapped[bytes | None]
    totp_last_step: Mapped[int] = mapped_column(default=0)
    password_temporary: Mapped[bool] = mapped_column(default=False)
    authority: Mapped[str] = mapped_column(default="")

    email = Sealed("email_sealed")
    totp_secret = Sealed("totp_sealed")


class Enrolment(Row, Base):
    """One time in a programme, from application to closure. The same person may come back."""

    __tablename__ = "enrolment"
    __table_args__ = (Index("ix_enrolment_coach_open", "coach_id", "closed_on"),)

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id"))
    team_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("team.id"), index=True)
    coach_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    referrer: Mapped[str] = mapped_column(default="")
    intake: Mapped[int | None]
    applied_on: Mapped[date | None]
    first_meeting_on: Mapped[date | None]
    started_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    outcome: Mapped[str] = mapped_column(default="")
    income_at_start: Mapped[str] = mapped_column(default="")
    income_at_closure: Mapped[str] = mapped_column(default="")


class EnrolmentPeriod(Row, Base):
    """A pause in an enrolment, or an extension of it, with its first and last day."""

    __tablename__ = "enrolment_period"
    __table_args__ = (
        CheckConstraint("kind in ('pause', 'extension')", name="kind"),
        CheckConstraint("ends_on is null or ends_on >= starts_on", name="order"),
    )

    enrolment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("enrolment.id"), index=True)
    kind: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    reason_sealed: Mapped[bytes | None]

    reason = Sealed("reason_sealed")


class CoachChange(Row, Base):
    """That an enrolled person got another coach; `read_at`: when they said that they have seen it."""

    __tablename__ = "coach_change"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    former_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    coach_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class ProtectedHandler(Row, Base):
    """A named member of staff who alone may open a person with protected identity (S37)."""

    __tablename__ = "protected_handler"
    __table_args__ = (UniqueConstraint("person_id", "handler_id"),)

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    handler_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
