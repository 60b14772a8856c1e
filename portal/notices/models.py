"""Calls that a coach makes instead of an SMS, an organisation's texts and recordings, and what staff sent."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Row
from portal.notices.recording_rules import OCCASIONS
from portal.notices.rules import WORDED
from portal.notices.sound_rules import FORMATS

_IN_USE = text("removed_at IS NULL")


class CallWish(Row, Base):
    """News of a meeting that somebody who is rung up has not heard yet; one for each meeting.

    `subject` and `revision` name the meeting as it stood, `kind` what was done with it (of `notices.rules`).
    """

    __tablename__ = "call_wish"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    subject: Mapped[uuid.UUID] = mapped_column(unique=True)
    revision: Mapped[int]
    kind: Mapped[str]
    starts_at: Mapped[datetime]
    wished_at: Mapped[datetime]


class NoticeTemplate(Row, Base):
    """An organisation's own wording of one kind of SMS in one language, as it stood from `made_at` on.

    The highest version counts; an empty text goes back to ours. Nothing is changed or deleted.
    """

    __tablename__ = "notice_template"
    __table_args__ = (
        UniqueConstraint("organisation_id", "kind", "language", "version"),
        CheckConstraint(f"kind in {WORDED}", name="kind"),
        CheckConstraint("version > 0", name="version"),
    )

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[str]
    language: Mapped[str]
    version: Mapped[int]
    text: Mapped[str]
    made_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]


class OwnMessage(Row, Base):
    """A text that an organisation has for its staff to send, by the title that they choose it by.

    What is retired is offered no more; what was sent of it stays.
    """

    __tablename__ = "own_message"

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    title: Mapped[str]
    made_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class OwnMessageText(Row, Base):
    """What an own message says in one language from `made_at` on; an empty text: it is not said in it.

    Versions are numbered through all its languages, so that one number tells every text of that moment. The
    highest of a language counts. Nothing is changed or deleted.
    """

    __tablename__ = "own_message_text"
    __table_args__ = (
        UniqueConstraint("own_message_id", "version"),
        CheckConstraint("version > 0", name="version"),
    )

    own_message_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("own_message.id"))
    language: Mapped[str]
    version: Mapped[int]
    text: Mapped[str]
    made_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]


class Sending(Row, Base):
    """That a member of staff sent an own message, as of `version`, to one person or to many at once.

    To whom stands in the outbox, whose rows have this id as their subject: here it is figures alone. None of
    them leaves before `leaves_at`, from `expires_at` on, or once it is stopped.
    """

    __tablename__ = "sending"
    __table_args__ = (
        CheckConstraint("recipients > 0 and left_out >= 0", name="numbers"),
        CheckConstraint("expires_at > leaves_at", name="lifetime"),
        CheckConstraint("(stopped_at is null) = (stopped_by is null)", name="stopped"),
        Index("ix_sending_own_message_id_leaves_at", "own_message_id", "leaves_at"),
        Index("ix_sending_sent_by_sent_at", "sent_by", "sent_at"),
    )

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    own_message_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("own_message.id"))
    version: Mapped[int]
    sent_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    sent_at: Mapped[datetime]
    leaves_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    recipients: Mapped[int]
    left_out: Mapped[int]
    stopped_at: Mapped[datetime | None]
    stopped_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))


class Recording(Row, Base):
    """A sentence that somebody says for an organisation, played in calls on one occasion in one language.

    `words`: what is said in it. One that is removed, or that another one replaces, is played in no new call;
    its sound goes when no call can ask for it any more, its words when messages forget theirs.
    """

    __tablename__ = "recording"
    __table_args__ = (
        CheckConstraint(f"occasion in {OCCASIONS}", name="occasion"),
        CheckConstraint(f"format in {FORMATS}", name="format"),
        CheckConstraint("sound is not null or removed_at is not null", name="sound"),
        Index(
            "ix_recording_in_use",
            "organisation_id",
            "language",
            "occasion",
            unique=True,
            sqlite_where=_IN_USE,
            postgresql_where=_IN_USE,
        ),
    )

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    occasion: Mapped[str]
    language: Mapped[str]
    sound: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    format: Mapped[str]
    words: Mapped[str]
    uploaded_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
