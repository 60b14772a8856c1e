"""A filled-in instrument: a draft until it is sent, one row for each line; and licensed wording."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.crypto import Sealed
from portal.db import Base, Row

DIRECTIONS = "direction in ('ltr', 'rtl')"
IN_USE = text("ended_at IS NULL")


class Response(Row, Base):
    """One person's answers on one version of an instrument; it does not know whose they are.

    `language` and `direction` are what it was begun in; a line has its own. `total` (tenths) stands when it
    is sent, NULL when a line was skipped. `submission_key` names the one sending: the same key again is the
    same sending.
    """

    __tablename__ = "response"
    __table_args__ = (
        CheckConstraint(DIRECTIONS, name="direction"),
        CheckConstraint("total >= 0", name="total"),
    )

    instrument: Mapped[str]
    version: Mapped[int] = mapped_column(SmallInteger)
    language: Mapped[str]
    direction: Mapped[str]
    submission_key: Mapped[uuid.UUID] = mapped_column(unique=True)
    sent_at: Mapped[datetime | None] = mapped_column(index=True)
    total: Mapped[int | None] = mapped_column(SmallInteger)
    comment_sealed: Mapped[bytes | None]
    commented_at: Mapped[datetime | None]
    comment_session_id: Mapped[uuid.UUID | None]

    comment = Sealed("comment_sealed")


class ResponseLine(Row, Base):
    """One line: its place in tenths, or NULL when the person chose to skip it.

    `session_id` is the sign-in session that wrote it: only there is it read back behind the first door.
    """

    __tablename__ = "response_line"
    __table_args__ = (
        UniqueConstraint("response_id", "line"),
        CheckConstraint("tenths between 0 and 100", name="tenths"),
        CheckConstraint(DIRECTIONS, name="direction"),
    )

    response_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("response.id", ondelete="CASCADE"))
    line: Mapped[str]
    tenths: Mapped[int | None] = mapped_column(SmallInteger)
    language: Mapped[str]
    direction: Mapped[str]
    session_id: Mapped[uuid.UUID]


class TextPack(Row, Base):
    """The wording of a licensed scale, brought from outside, and the licence that it stands under.

    One for each instrument is in use; `ended_at` is when another took its place or it was ended by hand.
    `content` is NULL once the wording has been taken away: what was answered in it keeps its numbers.
    """

    __tablename__ = "text_pack"
    __table_args__ = (
        CheckConstraint("scope in ('paper', 'digital')", name="scope"),
        Index(
            "uq_text_pack_in_use",
            "instrument",
            unique=True,
            sqlite_where=IN_USE,
            postgresql_where=IN_USE,
        ),
    )

    instrument: Mapped[str]
    version: Mapped[int] = mapped_column(SmallInteger)
    scope: Mapped[str]
    licence_holder: Mapped[str]
    licence_number: Mapped[str]
    expires_on: Mapped[date]
    installed_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    content: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
