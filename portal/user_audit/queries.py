"""Audits as a participant meets them: what is asked now, the questions, and what came of it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, String, and_, cast, exists, func, or_, select
from sqlalchemy.orm import Session

from portal.identity.models import Enrolment, Person
from portal.identity.waiting_queries import HOUSE, ME, TODAY, Offer, offer, own
from portal.user_audit.bank_rules import Option, options, said, spoken
from portal.user_audit.models import (
    HOW_LONG,
    OPEN,
    PUBLISHED,
    TEXT,
    Audit,
    AuditIssue,
    AuditProposal,
    AuditQuestion,
)
from portal.user_audit.rules import FEW, Phase, minutes, phase
from portal.user_audit.urn_rules import Asked
from portal.web.asker import Asker

ROOM, REPORTS = "user_audit", "user_audit_reports"
"""The names under which the first page hears of questions, and of reports."""
Value = uuid.UUID | date | BindParameter[Any]
"""What a question is about: a value, or a name that gets its value when it is asked."""


@dataclass(frozen=True)
class Question:
    """A question as it is asked."""

    id: uuid.UUID
    kind: str
    words: Mapping[str, str]

    def text(self, language: str) -> str:
        """The question in this language, in Swedish when it has no such words."""
        return said(self.words, language)

    def language(self, wanted: str) -> str:
        """In which language `text` answers."""
        return spoken(self.words, wanted)

    @property
    def is_text(self) -> bool:
        """Whether one answers in one's own words."""
        return self.kind == TEXT

    @property
    def options(self) -> tuple[Option, ...]:
        """What one can choose among."""
        return options(self.kind)


@dataclass(frozen=True)
class Sheet:
    """An audit that asks the asker. `issued_hash`: the form that the asker's ticket was issued for."""

    audit_id: uuid.UUID
    title: str
    purpose: str
    ends_on: date
    state: str
    phase: Phase
    questions: tuple[Question, ...]
    issued_hash: bytes | None

    @property
    def can_answer(self) -> bool:
        """Whether questions are answered now."""
        return self.state == OPEN and self.phase == "now"

    @property
    def minutes(self) -> int:
        """About how long it takes."""
        return minutes(len(self.questions))


@dataclass(frozen=True)
class Answered:
    """A proposal of a report and what the team says to it; `reply` is "" while they think."""

    text: str
    reply: str
    why: str
    due_on: date | None


@dataclass(frozen=True)
class Report:
    """What participants read of a published report."""

    title: str
    published_on: date | None
    works: str
    improve: str
    proposals: tuple[Answered, ...]


def asked_of(person_id: Value, organisation_id: Value, today: Value) -> ColumnElement[bool]:
    """Whether an audit asks a person and has no ticket issued to them: open now, and about their team."""
    issued = exists().where(AuditIssue.audit_id == Audit.id, AuditIssue.person_id == person_id)
    return and_(
        Audit.state == OPEN,
        Audit.starts_on <= today,
        Audit.ends_on >= today,
        _about_team_of(person_id, organisation_id),
        ~issued.correlate(Audit),
    )


def _about_team_of(person_id: Value, organisation_id: Value) -> ColumnElement[bool]:
    """Whether a person was in the audited team at any time of the audit."""
    mine = exists().where(
        Enrolment.person_id == person_id,
        Enrolment.team_id == Audit.team_id,
        or_(Enrolment.closed_on.is_(None), Enrolment.closed_on >= Audit.starts_on),
    )
    return and_(Audit.organisation_id == organisation_id, mine.correlate(Audit))


def _reported_to(person_id: Value, organisation_id: Value) -> ColumnElement[bool]:
    """Whether an audit's report is published, and about a team that a person is or was in."""
    mine = exists().where(Enrolment.person_id == person_id, Enrolment.team_id == Audit.team_id)
    return and_(Audit.organisation_id == organisation_id, Audit.state == PUBLISHED, mine.correlate(Audit))


QUESTIONS = (
    select(func.count(AuditQuestion.id))
    .where(AuditQuestion.audit_id == Audit.id)
    .correlate(Audit)
    .scalar_subquery()
)
ASKED = offer(ROOM, about=Audit.id, code=cast(QUESTIONS, String), day=Audit.ends_on).where(
    asked_of(ME, HOUSE, TODAY)
)
REPORTED = offer(REPORTS, about=Audit.id).where(_reported_to(ME, HOUSE))


def waiting_selects(asker: Asker, now: datetime) -> list[Offer]:
    """For the first page: each audit that asks the asker now, `code` is how many questions it has; and a row
    for each published report about their team.
    """
    mine = own(asker, now)
    return [Offer(ASKED, mine), Offer(REPORTED, mine)]


def sheet(session: Session, asker: Asker, audit_id: uuid.UUID, now: datetime) -> Sheet:
    """An audit that asks the asker, or asked them. Raises NoResultFound for everybody else and for drafts."""
    audit, issued = session.execute(
        select(Audit, AuditIssue.draft_hash)
        .outerjoin(AuditIssue, and_(AuditIssue.audit_id == Audit.id, AuditIssue.person_id == asker.person_id))
        .where(
            Audit.id == audit_id,
            Audit.state != "draft",
            _about_team_of(asker.person_id, asker.organisation_id),
        )
    ).one()
    return Sheet(
        audit_id=audit.id,
        title=audit.title,
        purpose=audit.purpose,
        ends_on=audit.ends_on,
        state=audit.state,
        phase=phase(audit.starts_on, audit.ends_on, now.astimezone(asker.zone).date()),
        questions=questions(session, audit.id),
        issued_hash=issued,
    )


def questions(session: Session, audit_id: uuid.UUID) -> tuple[Question, ...]:
    """An audit's questions in their order. The caller has checked the audit."""
    rows = session.scalars(
        select(AuditQuestion).where(AuditQuestion.audit_id == audit_id).order_by(AuditQuestion.position)
    )
    return tuple(Question(row.id, row.kind, row.words) for row in rows)


def asked(session: Session, audit_id: uuid.UUID) -> tuple[Asked, ...]:
    """An audit's questions as the urn counts them."""
    return tuple(
        Asked(str(one.id), one.is_text, one.kind == HOW_LONG) for one in questions(session, audit_id)
    )


def is_common(session: Session, audit_id: uuid.UUID, language: str) -> bool:
    """Whether five or more in the audited team have chosen this language (S39)."""
    speakers = (
        select(func.count(func.distinct(Person.id)))
        .join(Enrolment, Enrolment.person_id == Person.id)
        .join(Audit, Audit.team_id == Enrolment.team_id)
        .where(Audit.id == audit_id, Person.language == language, Enrolment.closed_on.is_(None))
    )
    return (session.scalar(speakers) or 0) >= FEW


def reports(session: Session, asker: Asker) -> tuple[Report, ...]:
    """The published reports about the asker's team, the newest first, with what the team replied."""
    audits = session.scalars(
        select(Audit)
        .where(_reported_to(asker.person_id, asker.organisation_id))
        .order_by(Audit.published_on.desc(), Audit.id)
    ).all()
    rows = session.scalars(
        select(AuditProposal)
        .where(AuditProposal.audit_id.in_([audit.id for audit in audits]))
        .order_by(AuditProposal.position)
    ).all()
    return tuple(
        Report(
            title=audit.title,
            published_on=audit.published_on,
            works=audit.works,
            improve=audit.improve,
            proposals=tuple(
                Answered(row.text, row.reply, row.why, row.due_on) for row in rows if row.audit_id == audit.id
            ),
        )
        for audit in audits
    )
