"""Audits, their questions, the urn that counts answers, free texts, and the report with its proposals.

Nothing here joins an answer to a person: see docs/decisions/0007-answers-without-a-name.md.
"""

import uuid
from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.crypto import Sealed
from portal.db import Base, Row

DRAFT, OPEN, CLOSED, PUBLISHED = "draft", "open", "closed", "published"
STATES = (DRAFT, OPEN, CLOSED, PUBLISHED)
AGREE, HOW_LONG, TEXT = "agree", "how_long", "text"
KINDS = (AGREE, HOW_LONG, TEXT)
WAITING, SHOWN, PART, HIDDEN = "waiting", "shown", "part", "hidden"
SCREENED = (WAITING, SHOWN, PART, HIDDEN)
REPLIES = ("", "will", "done", "no")


class Audit(Row, Base):
    """One audit of one team, from plan to published report.

    `results` is what `urn_rules.frozen` gave when it was closed; nothing is counted anew afterwards.
    """

    __tablename__ = "audit"
    __table_args__ = (
        CheckConstraint(f"state in {STATES}", name="state"),
        CheckConstraint("ends_on >= starts_on", name="period"),
        CheckConstraint("(results is not null) = (state in ('closed', 'published'))", name="results"),
    )

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    team_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("team.id"), index=True)
    made_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    state: Mapped[str] = mapped_column(default=DRAFT)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    title_sealed: Mapped[bytes | None]
    purpose_sealed: Mapped[bytes | None]
    results: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    works_sealed: Mapped[bytes | None]
    improve_sealed: Mapped[bytes | None]
    published_on: Mapped[date | None]

    title = Sealed("title_sealed")
    purpose = Sealed("purpose_sealed")
    works = Sealed("works_sealed")
    improve = Sealed("improve_sealed")


class AuditQuestion(Row, Base):
    """A question of an audit with its words by language. `bank` is its key in the bank, "" for an own one."""

    __tablename__ = "audit_question"
    __table_args__ = (CheckConstraint(f"kind in {KINDS}", name="kind"),)

    audit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("audit.id"), index=True)
    position: Mapped[int]
    kind: Mapped[str]
    bank: Mapped[str] = mapped_column(default="")
    words: Mapped[dict[str, str]] = mapped_column(JSON)


class AuditIssue(Base):
    """That a ticket was issued to a person for an audit: once, without when. It goes when the audit closes.

    `draft_hash` lets the same form, sent again, get the same ticket; it is drawn apart from what the urn
    knows the ticket by.
    """

    __tablename__ = "audit_issue"
    # Without a rowid SQLite keeps the rows in the order of their key, not of their coming.
    __table_args__ = {"sqlite_with_rowid": False}

    audit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("audit.id"), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    draft_hash: Mapped[bytes]


class AuditUrn(Base):
    """All answers of an open audit, counted together in one sealed text (S39). `id` is the audit's."""

    __tablename__ = "audit_urn"

    id: Mapped[uuid.UUID] = mapped_column(ForeignKey("audit.id"), primary_key=True)
    content_sealed: Mapped[bytes | None]

    content = Sealed("content_sealed")


PASSING = (AuditIssue.__tablename__, AuditUrn.__tablename__)
"""The tables whose rows tell more by what they were before than by what they are."""


class AuditText(Row, Base):
    """A free text of a closed audit, and what was decided about showing it. `language` is "" where rare."""

    __tablename__ = "audit_text"
    __table_args__ = (
        CheckConstraint(f"state in {SCREENED}", name="state"),
        {"sqlite_with_rowid": False},
    )

    audit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("audit.id"), index=True)
    question_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("audit_question.id"))
    language: Mapped[str]
    text_sealed: Mapped[bytes | None]
    state: Mapped[str] = mapped_column(default=WAITING)
    shown_sealed: Mapped[bytes | None]
    why_sealed: Mapped[bytes | None]

    text = Sealed("text_sealed")
    shown = Sealed("shown_sealed")
    why = Sealed("why_sealed")


class AuditProposal(Row, Base):
    """A proposal of the report, and the team's reply to it: will do, done, or not, why, and by when."""

    __tablename__ = "audit_proposal"
    __table_args__ = (CheckConstraint(f"reply in {REPLIES}", name="reply"),)

    audit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("audit.id"), index=True)
    position: Mapped[int]
    text_sealed: Mapped[bytes | None]
    reply: Mapped[str] = mapped_column(default="")
    why_sealed: Mapped[bytes | None]
    due_on: Mapped[date | None]
    replied_on: Mapped[date | None]
    replied_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))

    text = Sealed("text_sealed")
    why = Sealed("why_sealed")
