"""Calls that a coach makes instead of an SMS, and an organisation's own wording of an SMS."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Row
from portal.notices.rules import WORDED


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
