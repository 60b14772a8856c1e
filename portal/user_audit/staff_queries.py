"""Audits as staff see them: the organisation's own for its user auditors, published ones for the team.

None of these reads knows a participant (S9).
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from portal.identity.models import RoleGrant
from portal.organisation.models import Team
from portal.user_audit.models import (
    HIDDEN,
    OPEN,
    PART,
    PUBLISHED,
    WAITING,
    Audit,
    AuditProposal,
    AuditQuestion,
    AuditText,
    AuditUrn,
)
from portal.user_audit.queries import Question
from portal.user_audit.rules import rough
from portal.user_audit.urn_rules import Urn
from portal.web.asker import Asker


@dataclass(frozen=True)
class Listed:
    """An audit in a list. `waiting`: proposals without a reply."""

    id: uuid.UUID
    title: str
    team: str
    state: str
    starts_on: date
    ends_on: date
    waiting: int


@dataclass(frozen=True)
class Free:
    """A free text with what was decided about it."""

    id: uuid.UUID
    question: str
    language: str
    text: str
    state: str
    shown: str
    why: str


@dataclass(frozen=True)
class Asked:
    """A question of the plan; `own` is one in the auditor's words, which can be changed."""

    id: uuid.UUID
    text: str
    kind: str
    own: bool


@dataclass(frozen=True)
class Overview:
    """An audit on the auditor's page. `count` in whole fives, None for fewer (S41)."""

    audit: Audit
    team: str
    questions: tuple[Asked, ...]
    count: int | None
    unscreened: int
    proposals: int


def audit(session: Session, asker: Asker, audit_id: uuid.UUID, *, lock: bool = False) -> Audit:
    """An audit of the asker's organisation, for its user auditors. Raises NoResultFound."""
    wanted = select(Audit).where(Audit.id == audit_id, Audit.organisation_id == asker.organisation_id)
    if lock:
        wanted = wanted.with_for_update(of=Audit)
    return session.scalars(wanted).one()


def listed(session: Session, asker: Asker) -> tuple[Listed, ...]:
    """The organisation's audits, the newest first."""
    return _listed(session, Audit.organisation_id == asker.organisation_id)


def for_team(session: Session, asker: Asker) -> tuple[Listed, ...]:
    """The published audits of the asker's teams, the newest first."""
    return _listed(session, _of_team(asker))


def _listed(session: Session, which: ColumnElement[bool]) -> tuple[Listed, ...]:
    waiting = (
        select(func.count(AuditProposal.id))
        .where(AuditProposal.audit_id == Audit.id, AuditProposal.reply == "")
        .correlate(Audit)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Audit, Team.name, waiting)
        .join(Team, Team.id == Audit.team_id)
        .where(which)
        .order_by(Audit.starts_on.desc(), Audit.id)
    )
    return tuple(_line(row[0], row[1], row[2]) for row in rows)


def _line(one: Audit, team: str, waiting: int) -> Listed:
    return Listed(one.id, one.title, team, one.state, one.starts_on, one.ends_on, waiting)


def _of_team(asker: Asker) -> ColumnElement[bool]:
    """Published, and about a team that the asker leads or is a coach in; to user auditors, all of them."""
    if "user_auditor" in asker.roles:
        return (Audit.state == PUBLISHED) & (Audit.organisation_id == asker.organisation_id)
    return _published_to(asker, "lead", "coach")


def _published_to(asker: Asker, *roles: str) -> ColumnElement[bool]:
    """Published, and about a team in which the asker has one of these roles."""
    teams = select(RoleGrant.team_id).where(RoleGrant.person_id == asker.person_id, RoleGrant.role.in_(roles))
    return (
        (Audit.state == PUBLISHED)
        & (Audit.organisation_id == asker.organisation_id)
        & Audit.team_id.in_(teams)
    )


def published(session: Session, asker: Asker, audit_id: uuid.UUID) -> Audit:
    """A published audit of one of the asker's teams. Raises NoResultFound."""
    return session.scalars(select(Audit).where(Audit.id == audit_id, _of_team(asker))).one()


def proposal_of(
    session: Session, asker: Asker, audit_id: uuid.UUID, proposal_id: uuid.UUID, *, lock: bool = False
) -> AuditProposal:
    """A proposal of a published audit of a team that the asker leads. Raises NoResultFound."""
    wanted = (
        select(AuditProposal)
        .join(Audit, Audit.id == AuditProposal.audit_id)
        .where(AuditProposal.id == proposal_id, Audit.id == audit_id, _published_to(asker, "lead"))
    )
    if lock:
        wanted = wanted.with_for_update(of=AuditProposal)
    return session.scalars(wanted).one()


def proposals(session: Session, found: Audit) -> Sequence[AuditProposal]:
    """An audit's proposals in their order."""
    return session.scalars(
        select(AuditProposal).where(AuditProposal.audit_id == found.id).order_by(AuditProposal.position)
    ).all()


def team_name(session: Session, found: Audit) -> str:
    """What the audited team is called."""
    return session.scalars(select(Team.name).where(Team.id == found.team_id)).one()


def overview(session: Session, asker: Asker, audit_id: uuid.UUID) -> Overview:
    """Everything on the auditor's page of one audit. Raises NoResultFound."""
    found = audit(session, asker, audit_id)
    rows = session.scalars(
        select(AuditQuestion).where(AuditQuestion.audit_id == found.id).order_by(AuditQuestion.position)
    )
    shown = tuple(
        Asked(row.id, Question(row.id, row.kind, row.words).text(asker.language), row.kind, not row.bank)
        for row in rows
    )
    unscreened = select(func.count()).where(AuditText.audit_id == found.id, AuditText.state == WAITING)
    written = select(func.count()).where(AuditProposal.audit_id == found.id)
    return Overview(
        audit=found,
        team=team_name(session, found),
        questions=shown,
        count=_count(session, found),
        unscreened=session.scalar(unscreened) or 0,
        proposals=session.scalar(written) or 0,
    )


def question(session: Session, found: Audit, question_id: uuid.UUID) -> AuditQuestion:
    """An own question of an audit. Raises NoResultFound."""
    return session.scalars(
        select(AuditQuestion).where(
            AuditQuestion.id == question_id, AuditQuestion.audit_id == found.id, AuditQuestion.bank == ""
        )
    ).one()


def chosen(session: Session, found: Audit) -> list[str]:
    """The keys of the bank's questions that an audit asks."""
    return list(
        session.scalars(
            select(AuditQuestion.bank)
            .where(AuditQuestion.audit_id == found.id, AuditQuestion.bank != "")
            .order_by(AuditQuestion.position)
        )
    )


def _count(session: Session, found: Audit) -> int | None:
    if found.state != OPEN:
        return found.results.get("count") if found.results else None
    urn = session.scalars(select(AuditUrn).where(AuditUrn.id == found.id)).one()
    return rough(Urn.unpacked(urn.content).count) or None


def free_texts(session: Session, asker: Asker, found: Audit) -> tuple[Free, ...]:
    """The free texts of a closed audit with their questions."""
    rows = session.execute(
        select(AuditText, AuditQuestion)
        .join(AuditQuestion, AuditQuestion.id == AuditText.question_id)
        .where(AuditText.audit_id == found.id)
        .order_by(AuditQuestion.position, AuditText.id)
    )
    return tuple(
        Free(
            id=row.id,
            question=Question(one.id, one.kind, one.words).text(asker.language),
            language=row.language,
            text=row.text,
            state=row.state,
            shown=row.shown,
            why=row.why,
        )
        for row, one in rows
    )


def free_text(session: Session, asker: Asker, found: Audit, text_id: uuid.UUID) -> Free:
    """One free text of an audit. Raises NoResultFound."""
    session.scalars(select(AuditText.id).where(AuditText.id == text_id, AuditText.audit_id == found.id)).one()
    return next(one for one in free_texts(session, asker, found) if one.id == text_id)


def quotes(texts: Sequence[Free]) -> dict[str, list[tuple[str, str]]]:
    """What may be read of the free texts: (language, words) by question."""
    found: dict[str, list[tuple[str, str]]] = {}
    for one in texts:
        if one.state not in (WAITING, HIDDEN):
            words = one.shown if one.state == PART else one.text
            found.setdefault(one.question, []).append((one.language, words))
    return found
