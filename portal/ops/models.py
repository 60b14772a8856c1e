"""What operations needs to remember: when the worker last lived, and which one alone may work."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class Heartbeat(Base):
    """The last moment at which the worker went round, or found that one of its ticks fails."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class WorkerLease(Base):
    """The one worker that a SQLite database has, and until when it holds its place unless it says more."""

    __tablename__ = "worker_lease"

    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[uuid.UUID]
    until: Mapped[datetime]
