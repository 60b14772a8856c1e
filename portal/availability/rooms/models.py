"""A room of the house in which people meet."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.availability.rooms.rules import words_of
from portal.crypto import Sealed
from portal.db import Base, Row


class Room(Row, Base):
    """A room: its name, its `place` (how one finds it) and how many it seats.

    `closed_at`: since when nobody meets there any longer. A room is never removed: meetings name it.
    """

    __tablename__ = "room"
    __table_args__ = (CheckConstraint("seats >= 1", name="seats"),)

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    name_sealed: Mapped[bytes | None]
    place_sealed: Mapped[bytes | None]
    seats: Mapped[int]
    closed_at: Mapped[datetime | None]

    name = Sealed("name_sealed")
    place = Sealed("place_sealed")

    @property
    def words(self) -> str:
        """The place of a meeting in the room."""
        return words_of(self.name, self.place)
