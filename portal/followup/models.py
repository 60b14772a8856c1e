"""What somebody says to being asked after they have left, and what they told."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.crypto import Sealed
from portal.db import Base, Row
from portal.followup.rules import RESULTS, SAID

_HOLDS = text("said_until IS NULL")


class FollowUpConsent(Row, Base):
    """What somebody said to being asked after this enrolment, and until when that held; None: it holds.

    Without a row nobody has asked, which is no. What no longer holds stays, so that figures of an earlier
    day are read.
    """

    __tablename__ = "follow_up_consent"
    __table_args__ = (
        CheckConstraint(f"said in {SAID}", name="said"),
        Index(
            "ix_follow_up_consent_holds",
            "enrolment_id",
            unique=True,
            sqlite_where=_HOLDS,
            postgresql_where=_HOLDS,
        ),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    enrolment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("enrolment.id"), index=True)
    said: Mapped[str]
    said_at: Mapped[datetime]
    said_until: Mapped[datetime | None]
    noted_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))


class FollowUp(Row, Base):
    """What came of asking so many months after an enrolment was closed.

    `occupation`: a code of the list of outcomes, `feels`: of `rules.FEELS`; both "" unless they were reached.
    `noted_at`: when its result was written, not when something was put right.
    """

    __tablename__ = "follow_up"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "months"),
        CheckConstraint(f"result in {RESULTS}", name="result"),
        CheckConstraint("months > 0", name="months"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    enrolment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("enrolment.id"))
    months: Mapped[int]
    result: Mapped[str]
    occupation: Mapped[str] = mapped_column(default="")
    feels_sealed: Mapped[bytes | None]
    note_sealed: Mapped[bytes | None]
    noted_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    noted_at: Mapped[datetime]

    feels = Sealed("feels_sealed")
    note = Sealed("note_sealed")
