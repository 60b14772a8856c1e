"""Calls that a coach makes instead of an SMS."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Row


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
