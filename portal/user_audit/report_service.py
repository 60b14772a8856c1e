"""From frozen answers to a published report: screening, writing, publishing, and the team's replies."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from portal.journal import service as journal
from portal.user_audit import texts_service
from portal.user_audit.models import (
    CLOSED,
    HIDDEN,
    PART,
    PUBLISHED,
    WAITING,
    Audit,
    AuditProposal,
    AuditText,
)
from portal.user_audit.text_rules import only_cuts
from portal.web.asker import Asker
from portal.web.errors import Refused


class NotNow(Refused):
    """The audit is not closed yet, or its report is published already."""


class NotACut(Refused):
    """What should be shown says something that the person did not write."""


class NoReason(Refused):
    """What is hidden needs a reason."""


class Unscreened(Refused):
    """Nobody has looked at some of the free texts; `count` is how many."""

    def __init__(self, count: int) -> None:
        self.count = count


class Unwritten(Refused):
    """The report has no proposal, or does not say what works and what can be better."""


@dataclass(frozen=True)
class Screening:
    """What is decided about a free text: `state` of `models.SCREENED`, the text with gaps, the reason."""

    state: str
    shown: str = ""
    why: str = ""


@dataclass(frozen=True)
class Writing:
    """A report as a form gives it; the proposals in their order."""

    works: str
    improve: str
    proposals: tuple[str, ...]


@dataclass(frozen=True)
class Reply:
    """What the team says to a proposal: `code` of `models.REPLIES`, why, and by when."""

    code: str
    why: str
    due_on: date | None


def screen(session: Session, asker: Asker, audit: Audit, text_id: uuid.UUID, decided: Screening) -> None:
    """Decide whether a free text is shown. Raises NotNow, NoResultFound, NotACut, NoReason."""
    _must_be_closed(audit)
    row = session.scalars(
        select(AuditText).where(AuditText.id == text_id, AuditText.audit_id == audit.id)
    ).one()
    if decided.state == PART and not only_cuts(row.text, decided.shown):
        raise NotACut
    if decided.state in (PART, HIDDEN) and not decided.why:
        raise NoReason
    row.state = decided.state
    row.shown = decided.shown if decided.state == PART else ""
    row.why = decided.why if decided.state in (PART, HIDDEN) else ""
    session.flush()
    _note(session, asker, "audit_text", row.id)


def write(session: Session, asker: Asker, audit: Audit, report: Writing) -> None:
    """Write the report, or write it anew. Raises NotNow."""
    _must_be_closed(audit)
    audit.works, audit.improve = report.works, report.improve
    session.execute(delete(AuditProposal).where(AuditProposal.audit_id == audit.id))
    for position, words in enumerate(report.proposals):
        row = AuditProposal(audit_id=audit.id, position=position, reply="")
        row.text = words
        session.add(row)
    session.flush()
    _note(session, asker, "audit", audit.id)


def publish(session: Session, asker: Asker, audit: Audit, now: datetime) -> None:
    """Hand the report to the team and the participants; twice is once.

    Raises NotNow for one that is not closed, Unscreened, Unwritten.
    """
    if audit.state == PUBLISHED:
        return
    _must_be_closed(audit)
    waiting = session.scalar(
        select(func.count())
        .select_from(AuditText)
        .where(AuditText.audit_id == audit.id, AuditText.state == WAITING)
    )
    if waiting:
        raise Unscreened(waiting)
    proposals = session.scalar(
        select(func.count()).select_from(AuditProposal).where(AuditProposal.audit_id == audit.id)
    )
    if not (audit.works and audit.improve and proposals):
        raise Unwritten
    audit.state = PUBLISHED
    audit.published_on = now.astimezone(asker.zone).date()
    session.flush()
    texts_service.follow(session, audit, now)
    _note(session, asker, "audit", audit.id)


def reply(session: Session, asker: Asker, proposal: AuditProposal, said: Reply, now: datetime) -> None:
    """Say what the team does with a proposal. The caller has found it for the asker."""
    proposal.reply, proposal.why = said.code, said.why
    proposal.due_on = said.due_on if said.code == "will" else None
    proposal.replied_on = now.astimezone(asker.zone).date()
    proposal.replied_by = asker.person_id
    session.flush()
    # Held: whoever replies to another proposal meanwhile would tell of this reply as it was before.
    audit = session.get_one(Audit, proposal.audit_id, with_for_update=True)
    texts_service.follow(session, audit, now)
    _note(session, asker, "audit_reply", proposal.id)


def _must_be_closed(audit: Audit) -> None:
    if audit.state != CLOSED:
        raise NotNow


def _note(session: Session, asker: Asker, kind: str, object_id: uuid.UUID) -> None:
    journal.note(session, asker, action="change", kind=kind, subject=None, object_id=object_id)
