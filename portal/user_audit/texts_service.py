"""Letting translators know what participants read of audits. Nothing here commits.

Answers are never among it: neither what was counted nor what somebody wrote, screened or not.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from portal.user_audit.handover_rules import PURPOSE, part_id, planned, reported
from portal.user_audit.models import Audit, AuditProposal, AuditQuestion
from portal.wording import service as wording
from portal.wording.models import SourceText

MOST = 20
"""How many audits one call of `collect` takes in."""


def follow(session: Session, audit: Audit, now: datetime) -> None:
    """Let the audit's texts be known as they stand; the same again changes nothing. The audit is locked."""
    questions = session.scalars(
        select(AuditQuestion).where(AuditQuestion.audit_id == audit.id).order_by(AuditQuestion.position)
    ).all()
    proposals = session.scalars(
        select(AuditProposal).where(AuditProposal.audit_id == audit.id).order_by(AuditProposal.position)
    ).all()
    nobody = (audit.organisation_id, None)
    # In the order of their ids: two who follow at once wait for each other, never both.
    parts = sorted((*planned(audit, questions), *reported(audit, proposals)), key=lambda one: one.object_id)
    for part in parts:
        text = wording.Text(nobody, part.kind, part.object_id, part.text, wanted=True, team_id=audit.team_id)
        wording.follow(session, text, now)


def answered(session: Session, audit: Audit, questions: Iterable[UUID]) -> None:
    """The questions are closed: nobody reads them any more, nor why they were asked."""
    wording.rest(session, (part_id(audit.id, PURPOSE), *questions))


def removed(session: Session, audit: Audit, questions: Iterable[UUID]) -> None:
    """The plan is thrown away, and its texts with it."""
    wording.forget(session, (audit.id, part_id(audit.id, PURPOSE), *questions))


def dropped(session: Session, questions: Iterable[UUID]) -> None:
    """These questions are thrown away."""
    wording.forget(session, questions)


def collect(session: Session, now: datetime) -> int:
    """Take in the audits that nobody has told of, such as those from before; how many. For the worker."""
    known = exists().where(SourceText.object_id == Audit.id)
    found = session.scalars(
        select(Audit).where(~known).order_by(Audit.id).limit(MOST).with_for_update(of=Audit, skip_locked=True)
    ).all()
    for audit in found:
        follow(session, audit, now)
    return len(found)
