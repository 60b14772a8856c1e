"""The address under which a coach's own calendar programs read their meetings."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Row


class CalendarFeed(Row, Base):
    """That a coach's meetings can be subscribed to. Of its token a keyed hash alone stands here.

    One a person; a new address is a new row, and the old address is gone.
    """

    __tablename__ = "calendar_feed"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), unique=True)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    made_at: Mapped[datetime]
