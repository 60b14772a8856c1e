"""What a participant and staff have written to each other. The words are sealed (S38)."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.conversation.rules import KINDS, OUTCOMES, TIMES
from portal.crypto import Sealed
from portal.db import Base, Row

UNANSWERED = text("due_on IS NOT NULL AND outcome = ''")
UNREAD = text("due_on IS NULL AND read_at IS NULL AND kind = 'words'")


class Message(Row, Base):
    """One message of a participant's conversation with their coaches, whoever they are by then.

    A participant's own has `due_on`, the local day by which an answer is promised, and an `outcome` once
    there is one. Staff's has `read_at` once the participant has said so. `language` is that of the words.
    What is `taken_back` has no words left. `by_sms`: it came as an SMS from the participant's number.
    `wish`: of a wish for a time, as `availability.wish_rules` writes it.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("person_id", "number"),
        CheckConstraint(f"kind in {KINDS}", name="kind"),
        CheckConstraint(f"call_when in {('', *TIMES)}", name="call_when"),
        CheckConstraint("(kind = 'call') = (call_when != '')", name="call"),
        CheckConstraint("(kind = 'time') = (wish != '')", name="time"),
        CheckConstraint(f"outcome in {('', *OUTCOMES)}", name="outcome"),
        CheckConstraint("(outcome = '') = (closed_at is null)", name="closed"),
        CheckConstraint("outcome = '' or due_on is not null", name="asked"),
        Index("ix_message_unanswered", "person_id", sqlite_where=UNANSWERED, postgresql_where=UNANSWERED),
        Index("ix_message_unread", "person_id", sqlite_where=UNREAD, postgresql_where=UNREAD),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    number: Mapped[int]
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]
    language: Mapped[str]
    words_sealed: Mapped[bytes | None]
    call_when: Mapped[str] = mapped_column(default="")
    wish: Mapped[str] = mapped_column(default="", server_default="")
    written_at: Mapped[datetime]
    due_on: Mapped[date | None]
    outcome: Mapped[str] = mapped_column(default="")
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    read_at: Mapped[datetime | None]
    taken_back_at: Mapped[datetime | None]
    by_sms: Mapped[bool] = mapped_column(default=False)

    words = Sealed("words_sealed")
