"""Audits as a participant meets them: what is asked now, the questions, and what came of it."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, String, and_, cast, exists, func, or_, select
from sqlalchemy.orm import Session

from portal.identity.models import Enrolment, Person
from portal.identity.waiting_queries import HOUSE, ME, TODAY, Offer, offer
from portal.user_audit.bank_rules import Option, options, said, spoken
from portal.user_audit.handover_rules import (
    IMPROVE,
    PURPOSE,
    REPLY,
    WORKS,
    part_id,
    planned,
    reported,
    texts_of,
)
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
from portal.wording.queries import beside
from portal.wording.rules import CONFIRMED, Both

ROOM, REPORTS = "user_audit", "user_audit_reports"
"""The names under which the first page hears of questions, and of reports."""
Value = uuid.UUID | date | BindParameter[Any]
"""What a question is about: a value, or a name that gets its value when it is asked."""


@dataclass(frozen=True)
class Question:
    """A question as it is asked. `both`: an auditor's own one, as translators have put it for the reader.

    It is None where the words themselves have the reader's language: those of ours, and those that an auditor
    has written until a translator has confirmed others.
    """

    id: uuid.UUID
    kind: str
    words: Mapping[str, str]
    both: Both | None = None

    def text(self, language: str) -> str:
        """The question in this language, in Swedish when it has no such words."""
        return self.both.own if self.both else said(self.words, language)

    def language(self, wanted: str) -> str:
        """In which language `text` answers."""
        return wanted if self.both and self.both.doubled else spoken(self.words, wanted)

    @property
    def is_text(self) -> bool:
        """Whether one answers in one's own words."""
        return self.kind == TEXT

    @property
    def options(self) -> tuple[Option, ...]:
        """What one can choose among."""
        return options(self.kind)


@dataclass(frozen=True)
class Words:
    """What an audit says before and while one answers, to a reader of one language."""

    title: Both
    purpose: Both
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Sheet:
    """An audit that asks the asker. `issued_hash`: the form that the asker's ticket was issued for."""

    audit_id: uuid.UUID
    title: Both
    purpose: Both
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
    def untranslated(self) -> bool:
        """Whether title and purpose can be read in Swedish alone."""
        return self.title.untranslated and self.purpose.untranslated

    @property
    def minutes(self) -> int:
        """About how long it takes."""
        return minutes(len(self.questions))


@dataclass(frozen=True)
class Answered:
    """A proposal of a report and what the team says to it; `reply` is "" while they think."""

    text: Both
    reply: str
    why: Both
    due_on: date | None


@dataclass(frozen=True)
class Report:
    """What participants read of a published report."""

    title: Both
    published_on: date | None
    works: Both
    improve: Both
    proposals: tuple[Answered, ...]

    @property
    def only_swedish(self) -> bool:
        """Whether nothing of it stands in the reader's language yet."""
        replies = [part for one in self.proposals for part in (one.text, one.why) if part.text]
        return all(part.untranslated for part in (self.title, self.works, self.improve, *replies))


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
_ASKED = offer(ROOM, about=Audit.id, code=cast(QUESTIONS, String), day=Audit.ends_on).where(
    asked_of(ME, HOUSE, TODAY)
)
_REPORTED = offer(REPORTS, about=Audit.id).where(_reported_to(ME, HOUSE))
WAITING = (Offer(_ASKED), Offer(_REPORTED))
"""For the first page: each audit that asks the asker now, `code` is how many questions it has; and a row for
each published report about their team.
"""


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
    words = words_of(session, audit, asker.language)
    return Sheet(
        audit_id=audit.id,
        title=words.title,
        purpose=words.purpose,
        ends_on=audit.ends_on,
        state=audit.state,
        phase=phase(audit.starts_on, audit.ends_on, now.astimezone(asker.zone).date()),
        questions=words.questions,
        issued_hash=issued,
    )


def questions(session: Session, audit_id: uuid.UUID) -> tuple[Question, ...]:
    """An audit's questions in their order, as they were written. The caller has checked the audit."""
    return tuple(Question(row.id, row.kind, row.words) for row in _questions(session, audit_id))


def _questions(session: Session, audit_id: uuid.UUID) -> Sequence[AuditQuestion]:
    return session.scalars(
        select(AuditQuestion).where(AuditQuestion.audit_id == audit_id).order_by(AuditQuestion.position)
    ).all()


def words_of(session: Session, audit: Audit, language: str) -> Words:
    """What an audit says to a reader of this language. The caller has checked the audit."""
    rows = _questions(session, audit.id)
    shown = beside(session, texts_of(planned(audit, rows)), language)
    return Words(
        title=shown[audit.id],
        purpose=shown.get(part_id(audit.id, PURPOSE), Both(audit.purpose)),
        questions=tuple(
            Question(row.id, row.kind, row.words, _both(row, shown.get(row.id), language)) for row in rows
        ),
    )


def _both(row: AuditQuestion, both: Both | None, language: str) -> Both | None:
    """What stands for the question's own words: what is confirmed, or whatever there is where it has none."""
    if both is None or both.other is None:
        return None
    return both if both.other.state == CONFIRMED or not row.words.get(language) else None


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
    own = {audit.id: [row for row in rows if row.audit_id == audit.id] for audit in audits}
    parts = [part for audit in audits for part in (*planned(audit, ()), *reported(audit, own[audit.id]))]
    shown = beside(session, texts_of(parts), asker.language)
    return tuple(_report(audit, own[audit.id], shown) for audit in audits)


def _report(audit: Audit, proposals: Sequence[AuditProposal], shown: Mapping[uuid.UUID, Both]) -> Report:
    return Report(
        title=shown[audit.id],
        published_on=audit.published_on,
        works=shown[part_id(audit.id, WORKS)],
        improve=shown[part_id(audit.id, IMPROVE)],
        proposals=tuple(
            Answered(shown[one.id], one.reply, shown.get(part_id(one.id, REPLY), Both("")), one.due_on)
            for one in proposals
        ),
    )
