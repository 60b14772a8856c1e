"""What makes a meeting one of several. What is said and who is invited is sealed (S38)."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.booking.network import rules
from portal.crypto import Sealed
from portal.db import Base, Row

_THERE = text("person_id IS NOT NULL AND removed_at IS NULL")


class NetworkMeeting(Row, Base):
    """What a meeting of several is: its kind, who leads it, and what those who are invited are told of it.

    `leader_id`: the party who leads, None for the meeting's coach. `reference`: what the invited know the
    case by, "" for nothing: it stands in e-mails. `agenda`: one point a line.
    """

    __tablename__ = "network_meeting"
    __table_args__ = (CheckConstraint(f"kind in {rules.KINDS}", name="kind"),)

    appointment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("appointment.id"), unique=True)
    kind: Mapped[str]
    leader_id: Mapped[uuid.UUID | None]
    reference_sealed: Mapped[bytes | None]
    agenda_sealed: Mapped[bytes | None]
    changed_at: Mapped[datetime]
    changed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))

    reference = Sealed("reference_sealed")
    agenda = Sealed("agenda_sealed")


class MeetingParty(Row, Base):
    """Somebody beside participant, coach and interpreter who is to be there.

    A colleague is a `person_id`, whose time the meeting holds. Others have a name, an organisation and an
    e-mail address, and a page of their own: `token` is its address, found by the hash of it. `answer`: what
    they have said of the meeting as it stands. `was_answer`: what they had said before it changed last, for
    where that is undone before they hear of it. `removed_at`: since when they are not to come any longer.
    """

    __tablename__ = "meeting_party"
    __table_args__ = (
        CheckConstraint(f"answer in {rules.ANSWERS}", name="answer"),
        CheckConstraint("(answer = 'none') = (answered_at is null)", name="answered"),
        CheckConstraint(f"was_answer in {rules.ANSWERS}", name="was_answer"),
        CheckConstraint("(was_answer = 'none') = (was_answered_at is null)", name="was_answered"),
        Index("ix_meeting_party_appointment_id", "appointment_id"),
        Index(
            "uq_meeting_party_there",
            "appointment_id",
            "person_id",
            unique=True,
            sqlite_where=_THERE,
            postgresql_where=_THERE,
        ),
        Index("ix_meeting_party_person_id", "person_id"),
    )

    appointment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("appointment.id"))
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    name_sealed: Mapped[bytes | None]
    organisation_sealed: Mapped[bytes | None]
    email_sealed: Mapped[bytes | None]
    token_sealed: Mapped[bytes | None]
    token_hash: Mapped[bytes | None] = mapped_column(unique=True)
    answer: Mapped[str] = mapped_column(default=rules.UNANSWERED)
    answered_at: Mapped[datetime | None]
    words_sealed: Mapped[bytes | None]
    was_answer: Mapped[str] = mapped_column(default=rules.UNANSWERED)
    was_answered_at: Mapped[datetime | None]
    was_words_sealed: Mapped[bytes | None]
    added_at: Mapped[datetime]
    added_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    removed_at: Mapped[datetime | None]

    name = Sealed("name_sealed")
    organisation = Sealed("organisation_sealed")
    email = Sealed("email_sealed")
    token = Sealed("token_sealed")
    words = Sealed("words_sealed")
    was_words = Sealed("was_words_sealed")
