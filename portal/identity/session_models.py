"""Sign-in: codes, counters, sessions, the choosing of a PIN, and forms kept when a session ends."""

import uuid
from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.crypto import Sealed
from portal.db import Base, Row


class WebSession(Row, Base):
    """A server-side session. The cookie carries a token; here stands only its hash."""

    __tablename__ = "web_session"
    __table_args__ = (
        CheckConstraint("tier in (1, 2)", name="tier"),
        Index("ix_web_session_person", "person_id", "ended_at"),
    )

    token_hash: Mapped[bytes] = mapped_column(unique=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    roles: Mapped[list[str]] = mapped_column(JSON)
    tier: Mapped[int]
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SignInCode(Row, Base):
    """A code asked for by a browser. `person_id` is NULL where the number is unknown (S15)."""

    __tablename__ = "sign_in_code"

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    browser_hash: Mapped[bytes] = mapped_column(index=True)
    phone_hash: Mapped[bytes] = mapped_column(index=True)
    phone_sealed: Mapped[bytes | None]
    code_hash: Mapped[bytes]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]

    phone = Sealed("phone_sealed")


class DeskCode(Row, Base):
    """A code on the screen of a coach whose participant gets no SMS: with the PIN it lets them in (S34).

    `chooses_pin`: the coach saw the person, who has no PIN and chooses one together with the code.
    """

    __tablename__ = "desk_code"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    shown_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    chooses_pin: Mapped[bool]
    code_hash: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]


class MailCode(Row, Base):
    """The last digits that were sent to an e-mail address: with them it becomes the person's own."""

    __tablename__ = "mail_code"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), unique=True)
    email_sealed: Mapped[bytes | None]
    code_hash: Mapped[bytes]
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]

    email = Sealed("email_sealed")


class AttemptCounter(Base):
    """How often something was tried since `since`: a key is a kind and the hash of an account or address."""

    __tablename__ = "attempt_counter"

    kind: Mapped[str] = mapped_column(primary_key=True)
    key_hash: Mapped[bytes] = mapped_column(primary_key=True)
    since: Mapped[datetime]
    count: Mapped[int]


class PinRequest(Row, Base):
    """A participant's wish to choose a PIN, on their own phone, while the coach confirms (S13)."""

    __tablename__ = "pin_request"
    __table_args__ = (CheckConstraint("confirmed_how in ('desk', 'call')", name="how"),)

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    session_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("web_session.id"))
    shown_code: Mapped[str]
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    confirmed_how: Mapped[str | None]
    used_at: Mapped[datetime | None]


class KeptForm(Row, Base):
    """What was typed when a session ended in the middle; given back only to the same person (S17).

    `tier` is 1 for what a neutral view took, 2 for all else, which waits behind the second door (S30).
    """

    __tablename__ = "kept_form"
    __table_args__ = (CheckConstraint("tier in (1, 2)", name="tier"),)

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    tier: Mapped[int]
    path: Mapped[str]
    fields_sealed: Mapped[bytes | None]
    kept_at: Mapped[datetime]

    fields = Sealed("fields_sealed")
