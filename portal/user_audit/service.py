"""What a user auditor does with an audit: plan it, write its questions, open it, close it."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import leftovers
from portal.journal import service as journal
from portal.organisation import queries as organisations
from portal.organisation.models import Organisation
from portal.user_audit import queries, texts_service
from portal.user_audit.bank_rules import bank
from portal.user_audit.models import (
    CLOSED,
    DRAFT,
    OPEN,
    PASSING,
    Audit,
    AuditIssue,
    AuditQuestion,
    AuditText,
    AuditUrn,
)
from portal.user_audit.rules import MOST_QUESTIONS, phase
from portal.user_audit.urn_rules import Urn, frozen, texts
from portal.web.asker import Asker
from portal.web.errors import Refused


class Begun(Refused):
    """The audit is open or over: what is asked stands."""


class NoQuestions(Refused):
    """An audit without questions cannot be opened."""


class TooMany(Refused):
    """There are as many questions as people bear."""


class Gone(Refused):
    """The last day has gone: there is no time left to answer in."""


@dataclass(frozen=True)
class Plan:
    """What an audit is about, as a form gives it."""

    team_id: uuid.UUID
    title: str
    purpose: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class OwnQuestion:
    """A question in the auditor's own words, by language; Swedish always."""

    kind: str
    words: dict[str, str]


def plan(
    session: Session, asker: Asker, audit_id: uuid.UUID, facts: Plan, chosen: Iterable[str], now: datetime
) -> Audit:
    """A new audit with these questions of the bank; the same form again gives the one that is there.

    Raises NoResultFound for a team or an audit of another organisation, TooMany.
    """
    organisations.team(session, asker.organisation_id, facts.team_id)
    known = select(Audit).where(Audit.id == audit_id, Audit.organisation_id == asker.organisation_id)
    if found := session.scalars(known).one_or_none():
        return found
    audit = Audit(
        id=audit_id,
        organisation_id=asker.organisation_id,
        made_by=asker.person_id,
        state=DRAFT,
        team_id=facts.team_id,
        starts_on=facts.starts_on,
        ends_on=facts.ends_on,
    )
    audit.title, audit.purpose = facts.title, facts.purpose
    try:
        with session.begin_nested():
            session.add(audit)
    except IntegrityError:
        # Another tap on the same form was first, and has committed.
        return session.scalars(known).one()
    _ask(session, audit, chosen)
    texts_service.follow(session, audit, now)
    _note(session, asker, audit)
    return audit


def change(
    session: Session, asker: Asker, audit: Audit, facts: Plan, chosen: Iterable[str], now: datetime
) -> None:
    """Change the plan, and which questions of the bank are asked. Raises Begun, TooMany, NoResultFound."""
    _must_be(audit, DRAFT)
    organisations.team(session, asker.organisation_id, facts.team_id)
    audit.team_id, audit.title, audit.purpose = facts.team_id, facts.title, facts.purpose
    audit.starts_on, audit.ends_on = facts.starts_on, facts.ends_on
    session.flush()
    _ask(session, audit, chosen)
    texts_service.follow(session, audit, now)
    _note(session, asker, audit)


def _ask(session: Session, audit: Audit, chosen: Iterable[str]) -> None:
    """Let these questions of the bank be asked, in the bank's order; own questions and their order stay.

    Raises TooMany.
    """
    wanted = set(chosen) & bank().keys()
    rows = session.scalars(_questions(audit)).all()
    if sum(not row.bank for row in rows) + len(wanted) > MOST_QUESTIONS:
        raise TooMany
    for row in rows:
        if row.bank and row.bank not in wanted:
            session.delete(row)
    there = {row.bank for row in rows}
    last = max((row.position for row in rows), default=-1)
    for key, question in bank().items():
        if key in wanted - there:
            last += 1
            session.add(
                AuditQuestion(
                    audit_id=audit.id, position=last, kind=question.kind, bank=key, words=dict(question.words)
                )
            )
    session.flush()


def add_question(
    session: Session, asker: Asker, audit: Audit, question_id: uuid.UUID, new: OwnQuestion, now: datetime
) -> None:
    """Put an own question at the end; the same form again adds nothing. Raises Begun, TooMany."""
    _must_be(audit, DRAFT)
    rows = session.scalars(_questions(audit)).all()
    if (taken := session.get(AuditQuestion, question_id)) and taken.audit_id != audit.id:
        # Another audit's: one that is new, and the same for the same form.
        question_id = uuid.uuid5(audit.id, str(question_id))
    if any(row.id == question_id for row in rows):
        return
    if len(rows) >= MOST_QUESTIONS:
        raise TooMany
    last = max((row.position for row in rows), default=-1)
    session.add(
        AuditQuestion(
            id=question_id, audit_id=audit.id, position=last + 1, kind=new.kind, bank="", words=new.words
        )
    )
    session.flush()
    texts_service.follow(session, audit, now)
    _note(session, asker, audit)


def change_question(
    session: Session, asker: Asker, audit: Audit, question_id: uuid.UUID, new: OwnQuestion, now: datetime
) -> None:
    """Change an own question. Raises Begun, NoResultFound."""
    _must_be(audit, DRAFT)
    row = session.scalars(
        _questions(audit).where(AuditQuestion.id == question_id, AuditQuestion.bank == "")
    ).one()
    row.kind, row.words = new.kind, new.words
    session.flush()
    texts_service.follow(session, audit, now)
    _note(session, asker, audit)


def remove_question(session: Session, asker: Asker, audit: Audit, question_id: uuid.UUID) -> None:
    """Ask a question no more; twice is once. Raises Begun."""
    _must_be(audit, DRAFT)
    gone = session.execute(
        delete(AuditQuestion)
        .where(AuditQuestion.id == question_id, AuditQuestion.audit_id == audit.id)
        .returning(AuditQuestion.id)
    )
    texts_service.dropped(session, gone.scalars().all())
    _note(session, asker, audit)


def move_question(session: Session, asker: Asker, audit: Audit, question_id: uuid.UUID, up: bool) -> None:
    """Let a question change places with the one before or after it. Raises Begun, NoResultFound."""
    _must_be(audit, DRAFT)
    rows = list(session.scalars(_questions(audit)))
    session.scalars(_questions(audit).where(AuditQuestion.id == question_id)).one()
    at = next(place for place, row in enumerate(rows) if row.id == question_id)
    to = at - 1 if up else at + 1
    if 0 <= to < len(rows):
        rows.insert(to, rows.pop(at))
    for place, row in enumerate(rows):
        row.position = place
    session.flush()
    _note(session, asker, audit)


def remove(session: Session, asker: Asker, audit: Audit) -> None:
    """Throw a plan away. Raises Begun."""
    _must_be(audit, DRAFT)
    texts_service.removed(session, audit, session.scalars(_question_ids(audit)))
    session.execute(delete(AuditQuestion).where(AuditQuestion.audit_id == audit.id))
    session.delete(audit)
    session.flush()
    _note(session, asker, audit)


def start(session: Session, asker: Asker, audit: Audit, now: datetime) -> None:
    """Let the questions be answered from the first day on; twice is once.

    Raises Begun for one that is closed, NoQuestions, Gone.
    """
    if audit.state == OPEN:
        return
    _must_be(audit, DRAFT)
    if phase(audit.starts_on, audit.ends_on, now.astimezone(asker.zone).date()) == "late":
        raise Gone
    if not session.scalar(select(func.count()).select_from(_questions(audit).subquery())):
        raise NoQuestions
    audit.state = OPEN
    urn = AuditUrn(id=audit.id)
    urn.content = Urn().packed()
    session.add(urn)
    session.flush()
    _note(session, asker, audit)


def close(session: Session, asker: Asker | None, audit: Audit) -> None:
    """Freeze what was answered, and forget the urn and to whom tickets were issued; twice is once.

    `asker` is None when the last day has closed it. Raises Begun for a plan that was never opened.
    """
    if audit.state == DRAFT:
        raise Begun
    row = session.scalars(
        select(AuditUrn).where(AuditUrn.id == audit.id).with_for_update(of=AuditUrn)
    ).one_or_none()
    if audit.state != OPEN or row is None:
        return
    urn = Urn.unpacked(row.content)
    audit.results = frozen(urn, queries.asked(session, audit.id))
    audit.state = CLOSED
    texts_service.answered(session, audit, session.scalars(_question_ids(audit)))
    for question, language, words in texts(urn):
        free = AuditText(audit_id=audit.id, question_id=uuid.UUID(question), language=language)
        free.text = words
        session.add(free)
    session.delete(row)
    session.execute(delete(AuditIssue).where(AuditIssue.audit_id == audit.id))
    session.flush()
    leftovers.sweep_after(session, PASSING)
    _note(session, asker, audit)


def close_due(session: Session, now: datetime) -> int:
    """Close the audits whose last day has gone where they are; returns how many."""
    rows = session.execute(
        select(Audit, Organisation)
        .join(Organisation, Organisation.id == Audit.organisation_id)
        .where(Audit.state == OPEN, Audit.ends_on <= now.date())
    ).all()
    due = [
        audit
        for audit, house in rows
        if phase(audit.starts_on, audit.ends_on, now.astimezone(house.zone).date()) == "late"
    ]
    for audit in due:
        close(session, None, audit)
    return len(due)


def _questions(audit: Audit) -> Select[AuditQuestion]:
    return select(AuditQuestion).where(AuditQuestion.audit_id == audit.id).order_by(AuditQuestion.position)


def _question_ids(audit: Audit) -> Select[uuid.UUID]:
    return select(AuditQuestion.id).where(AuditQuestion.audit_id == audit.id)


def _must_be(audit: Audit, state: str) -> None:
    if audit.state != state:
        raise Begun


def _note(session: Session, asker: Asker | None, audit: Audit) -> None:
    if asker:
        journal.note(session, asker, action="change", kind="audit", subject=None, object_id=audit.id)
