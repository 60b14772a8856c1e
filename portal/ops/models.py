"""What operations needs to remember: when the worker last lived."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class Heartbeat(Base):
    """The last moment at which the worker went round, or found that one of its ticks fails."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
