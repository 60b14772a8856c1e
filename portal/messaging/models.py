"""The outbox, one row for one message to one address, and what came in."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.crypto import Sealed
from portal.db import Base, Row
from portal.messaging import rules

_ADDRESSED = text("address_sealed IS NOT NULL")
_READABLE = text("body_sealed IS NOT NULL")


class OutboxMessage(Row, Base):
    """One SMS, e-mail or call, written in the transaction that caused it and sent by the worker.

    (kind, subject, revision, recipient_id, again) says it once: the same thing put twice is one row.
    `again` is 0 for what the portal says by itself and counts up when staff say it again after a failure.
    `parts` of SMS; of an e-mail 0. A call has 1: it takes its second of the provider's pace (one a second is
    what Twilio gives an account at first, twilio.com/docs/voice/api/call-resource).
    A sender holds the row until `leased_until`, and writes down what came of it only while `fence`, which
    each claim raises, is the one that it got.
    `decision` is what staff made of it while it was unknown; the state stays the provider's to settle.
    `recording_id`: what a call plays before it reads the body. `calendar`: what an e-mail brings along for
    calendar programs.
    `recipient_id`, `organisation_id`, `subject`, `recording_id` are ids that this room does not look behind.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (
        UniqueConstraint(
            "kind", "subject", "revision", "recipient_id", "again", name="uq_outbox_message_key"
        ),
        CheckConstraint(f"state in {rules.STATES}", name="state"),
        CheckConstraint(f"channel in {rules.CHANNELS}", name="channel"),
        CheckConstraint(f"decision in {rules.DECISIONS}", name="decision"),
        CheckConstraint("expires_at > not_before", name="lifetime"),
        Index("ix_outbox_message_due", "state", "priority", "expires_at"),
        Index("ix_outbox_message_recipient", "recipient_id", "created_at"),
        Index("ix_outbox_message_organisation_id_created_at", "organisation_id", "created_at"),
        # What is to be forgotten is found among what still has something to forget.
        Index(
            "ix_outbox_message_remembered",
            "changed_at",
            sqlite_where=_ADDRESSED,
            postgresql_where=_ADDRESSED,
        ),
        Index(
            "ix_outbox_message_readable",
            "kind",
            "expires_at",
            sqlite_where=_READABLE,
            postgresql_where=_READABLE,
        ),
    )

    kind: Mapped[str]
    subject: Mapped[uuid.UUID] = mapped_column(index=True)
    revision: Mapped[int]
    recipient_id: Mapped[uuid.UUID]
    again: Mapped[int] = mapped_column(default=0)
    organisation_id: Mapped[uuid.UUID]
    address_sealed: Mapped[bytes | None]
    body_sealed: Mapped[bytes | None]
    channel: Mapped[str] = mapped_column(default=rules.SMS)
    subject_line_sealed: Mapped[bytes | None]
    calendar_sealed: Mapped[bytes | None]
    language: Mapped[str]
    parts: Mapped[int]
    state: Mapped[str] = mapped_column(default=rules.QUEUED)
    priority: Mapped[int]
    not_before: Mapped[datetime]
    expires_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    fence: Mapped[int] = mapped_column(default=0)
    provider: Mapped[str] = mapped_column(default="")
    provider_reference: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[datetime | None]
    error_code: Mapped[str] = mapped_column(default="")
    decision: Mapped[str] = mapped_column(default=rules.OPEN)
    recording_id: Mapped[uuid.UUID | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    address = Sealed("address_sealed")
    body = Sealed("body_sealed")
    subject_line = Sealed("subject_line_sealed")
    calendar = Sealed("calendar_sealed")

    @property
    def told_state(self) -> str:
        """Where it is, a key of `words.TOLD_STATES`: of an e-mail that has left nobody hears more."""
        return "mail_sent" if (self.channel, self.state) == (rules.EMAIL, rules.SENT) else self.state

    @property
    def is_secret(self) -> bool:
        """Whether the text lets somebody in, and goes as soon as it is no longer needed."""
        return self.kind in rules.SECRETS


class SendingPace(Base):
    """When the next routine message may leave through a provider, by what was reckoned at `moved_at`.

    `left_at`: when the provider last took one on.
    """

    __tablename__ = "sending_pace"

    provider: Mapped[str] = mapped_column(primary_key=True)
    free_at: Mapped[datetime]
    moved_at: Mapped[datetime]
    left_at: Mapped[datetime | None]


_NEW = text(f"state = '{rules.NEW}'")
_KEPT = text("address_hash IS NOT NULL")


class IncomingMessage(Row, Base):
    """One SMS that came to us; the same `provider_reference` twice is one row (S26).

    Of a number that nobody here has, nothing is kept but that something came. `address_hash` is made as
    `person.phone_hash` is. `organisation_id` and `person_id` are ids that this room does not look behind;
    `taken_as` is "" until the message is `done`.
    """

    __tablename__ = "incoming_message"
    __table_args__ = (
        UniqueConstraint("provider", "provider_reference"),
        CheckConstraint(f"state in {rules.INCOMING_STATES}", name="state"),
        CheckConstraint(f"taken_as in {('', *rules.TAKEN_AS)}", name="taken_as"),
        CheckConstraint("(state = 'new') = (taken_as = '')", name="done"),
        Index("ix_incoming_message_new", "received_at", sqlite_where=_NEW, postgresql_where=_NEW),
        Index("ix_incoming_message_kept", "received_at", sqlite_where=_KEPT, postgresql_where=_KEPT),
    )

    provider: Mapped[str]
    provider_reference: Mapped[str]
    organisation_id: Mapped[uuid.UUID | None]
    person_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    address_sealed: Mapped[bytes | None]
    address_hash: Mapped[bytes | None]
    body_sealed: Mapped[bytes | None]
    state: Mapped[str]
    taken_as: Mapped[str] = mapped_column(default="")
    received_at: Mapped[datetime]

    address = Sealed("address_sealed")
    body = Sealed("body_sealed")
