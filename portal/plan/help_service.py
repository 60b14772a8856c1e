"""Asking for help with a step, and the answer that closes the question."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.identity import scope
from portal.plan import history_service as history
from portal.plan import rules
from portal.plan.models import HelpRequest, Plan, PlanEvent
from portal.plan.queries import promised_day
from portal.plan.service import FRESHLY_READ, NotFromHere, lock, locked_plan, step_of
from portal.web.asker import Asker


def ask_help(
    session: Session, asker: Asker, *, step_id: UUID, request_id: UUID, words: str, now: datetime
) -> HelpRequest:
    """The participant needs help with a step of their own plan.

    `request_id` is the form's: sent twice it asks once. While a question about the step is open, new words
    are added to it, from whichever tab they come. Raises NoResultFound, `NotOpen`.
    """
    plan = locked_plan(session, asker, asker.person_id, now)
    sent = session.get(HelpRequest, request_id, populate_existing=True)
    if sent is not None and sent.plan_id == plan.id and sent.words == words:
        return sent
    step = step_of(session, asker, plan, step_id)
    asked = _open_for(session, step_id)
    if asked is not None:
        return _add_words(session, asker, plan, asked, words=words, now=now)
    asked = HelpRequest(
        plan_id=plan.id,
        step_id=step.id,
        words=words,
        asked_at=now,
        due_on=promised_day(session, asker, now),
        outcome="",
        **({"id": request_id} if sent is None else {}),
    )
    session.add(asked)
    session.flush()
    history.record(
        session, asker, plan, "help_asked", now=now, before={}, after={"detail": words}, step_id=step.id
    )
    return asked


def close_help(
    session: Session,
    asker: Asker,
    *,
    person_id: UUID,
    request_id: UUID,
    outcome: str,
    words: str,
    now: datetime,
) -> None:
    """Record what came of a question, in words that the participant reads. The same answer twice is once.

    Raises `NotFromHere` when somebody else has answered differently meanwhile, NoResultFound.
    """
    plan, asked = _locked(session, asker, person_id, request_id)
    if asked.outcome:
        if (asked.outcome, asked.outcome_words) == (outcome, words):
            return
        raise NotFromHere
    if outcome not in rules.OUTCOMES:
        raise ValueError("outcome")
    asked.outcome, asked.outcome_words = outcome, words
    asked.closed_at, asked.closed_by = now, asker.person_id
    after = {"outcome": outcome, "detail": words}
    history.record(
        session, asker, plan, "help_closed", now=now, before={}, after=after, step_id=asked.step_id
    )


def reopen_help(
    session: Session,
    asker: Asker,
    *,
    person_id: UUID,
    request_id: UUID,
    answered_at: datetime | None,
    now: datetime,
) -> bool:
    """Take an answer back that was recorded by mistake; the question waits again, its promise as it was.

    `answered_at` names the answer: a colleague's later one stands. Whether the question waits now: twice is
    once, and where the participant has asked again meanwhile nothing happens. Raises NoResultFound.
    """
    plan, asked = _locked(session, asker, person_id, request_id)
    if not asked.outcome:
        return True
    if asked.closed_at != answered_at or _open_for(session, asked.step_id) is not None:
        return False
    answer = session.scalars(
        select(PlanEvent.id)
        .where(
            PlanEvent.plan_id == plan.id,
            PlanEvent.step_id == asked.step_id,
            PlanEvent.action == "help_closed",
        )
        .order_by(PlanEvent.number.desc())
    ).first()
    before = {"outcome": asked.outcome, "detail": asked.outcome_words}
    asked.outcome = asked.outcome_words = ""
    asked.closed_at = asked.closed_by = None
    history.record(
        session, asker, plan, "undo", now=now, before=before, after={}, step_id=asked.step_id, undoes=answer
    )
    return True


def is_open(session: Session, request_id: UUID) -> bool:
    """Whether a question waits for an answer. The caller has checked the asker."""
    asked = session.get(HelpRequest, request_id, populate_existing=True)
    return asked is not None and not asked.outcome


def _locked(session: Session, asker: Asker, person_id: UUID, request_id: UUID) -> tuple[Plan, HelpRequest]:
    """A question of a participant in scope, and its plan, locked. Raises NoResultFound."""
    scope.participant(session, asker, person_id, what="plan")
    plan = session.scalars(
        select(Plan)
        .join(HelpRequest, HelpRequest.plan_id == Plan.id)
        .where(HelpRequest.id == request_id, Plan.person_id == person_id)
    ).one()
    lock(session, plan.enrolment_id)
    return plan, session.get_one(HelpRequest, request_id, populate_existing=True)


def _open_for(session: Session, step_id: UUID) -> HelpRequest | None:
    asked = select(HelpRequest).where(HelpRequest.step_id == step_id, HelpRequest.outcome == "")
    return session.scalars(asked.execution_options(**FRESHLY_READ)).one_or_none()


def _add_words(
    session: Session, asker: Asker, plan: Plan, asked: HelpRequest, *, words: str, now: datetime
) -> HelpRequest:
    """Both texts are kept, and the promise stays the first one."""
    together = rules.joined_words(asked.words, words)
    if together != asked.words:
        asked.words = together
        after = {"detail": words}
        history.record(
            session, asker, plan, "help_asked", now=now, before={}, after=after, step_id=asked.step_id
        )
    return asked
