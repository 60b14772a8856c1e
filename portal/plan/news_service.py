"""What the participant says of a change, and the talk that follows.

Every verb locks the plan first, like all that change it. Nobody can answer for the participant, and nobody
can take an answer away: a talk about it is recorded beside it.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.identity import scope
from portal.journal.service import note
from portal.plan import change_queries, news_queries, news_rules
from portal.plan.models import Plan, PlanAnswer, PlanEvent
from portal.plan.service import FRESHLY_READ, NotFromHere, Stale, lock, locked_plan
from portal.web.asker import Asker
from portal.web.errors import Refused


class TalkedAbout(Refused):
    """The coach has recorded the talk about this question: the answer stands as it was given."""


def answer(session: Session, asker: Asker, *, event_id: UUID, said: str, now: datetime) -> PlanAnswer:
    """The participant says one of four things about a change of their plan; the same again changes nothing.

    An answer about a later change of the same step settles an open one about an earlier: it is their own last
    word. Raises NoResultFound (no such change, or hidden), `Stale` (it has been changed again since, or taken
    back), `TalkedAbout`, `NotOpen`, ValueError.
    """
    if said not in news_rules.ANSWERS:
        raise ValueError("answer")
    plan = locked_plan(session, asker, asker.person_id, now)
    given = session.scalar(
        select(PlanAnswer).where(PlanAnswer.event_id == event_id).execution_options(**FRESHLY_READ)
    )
    if given is not None and given.plan_id == plan.id and given.answer == said:
        return given
    step_id, number = _asked(session, asker, plan, event_id, given)
    if given is None:
        given = PlanAnswer(plan_id=plan.id, event_id=event_id, step_id=step_id, number=number, outcome="")
    elif given.outcome:
        raise TalkedAbout
    _settle_earlier(session, asker, given, now)
    given.answer, given.answered_at = said, now
    if said == news_rules.UNDERSTOOD:
        given.words = ""
    session.add(given)
    _noted(session, asker, plan, given)
    return given


def add_words(session: Session, asker: Asker, *, answer_id: UUID, words: str, now: datetime) -> None:
    """What the participant writes to an answer that waits for a talk; it can be changed until then.

    Raises NoResultFound, `TalkedAbout`, `NotOpen`.
    """
    plan = locked_plan(session, asker, asker.person_id, now)
    news_queries.own_answer(session, asker, answer_id)
    given = session.get_one(PlanAnswer, answer_id, populate_existing=True)
    if given.words == words:
        return
    if given.outcome or given.answer == news_rules.UNDERSTOOD:
        raise TalkedAbout
    given.words = words
    _noted(session, asker, plan, given)


def read_all(session: Session, asker: Asker, *, upto: int, now: datetime) -> None:
    """The participant has read every change up to the number that their page showed. Never goes back."""
    plan = locked_plan(session, asker, asker.person_id, now)
    last = session.scalar(select(func.max(PlanEvent.number)).where(PlanEvent.plan_id == plan.id)) or 0
    plan.seen_number = max(plan.seen_number, min(upto, last))
    note(session, asker, action="change", kind="plan_news", subject=plan.person_id)
    session.flush()


def talk(
    session: Session,
    asker: Asker,
    *,
    person_id: UUID,
    answer_ids: Collection[UUID],
    outcome: str,
    words: str,
    now: datetime,
) -> None:
    """Record that these questions have been talked about, in words that the participant reads. Twice is once.

    Raises NoResultFound (somebody else's), `NotFromHere` when a colleague has recorded something else since.
    """
    if outcome not in news_rules.CHOSEN_OUTCOMES:
        raise ValueError("outcome")
    for given in _locked(session, asker, person_id, answer_ids):
        if given.outcome:
            if (given.outcome, given.outcome_words, given.talked_by) == (outcome, words, asker.person_id):
                continue
            raise NotFromHere
        given.outcome, given.outcome_words = outcome, words
        given.talked_at, given.talked_by = now, asker.person_id
        note(session, asker, action="change", kind="plan", subject=person_id, object_id=given.id)
    session.flush()


def reopen(
    session: Session, asker: Asker, *, person_id: UUID, answer_id: UUID, talked_at: datetime | None
) -> bool:
    """Take back a talk that was recorded by mistake; whether the question waits again. Twice is once.

    `talked_at` names the record: a colleague's later one stands. Raises NoResultFound.
    """
    (given,) = _locked(session, asker, person_id, {answer_id})
    if not given.outcome:
        return True
    if given.outcome not in news_rules.CHOSEN_OUTCOMES or given.talked_at != talked_at:
        return False
    given.outcome = given.outcome_words = ""
    given.talked_at = given.talked_by = None
    note(session, asker, action="change", kind="plan", subject=person_id, object_id=given.id)
    session.flush()
    return True


def _asked(
    session: Session, asker: Asker, plan: Plan, event_id: UUID, given: PlanAnswer | None
) -> tuple[UUID | None, int]:
    """The step (None: the goal) and the number of a change to answer. Raises NoResultFound, `Stale`.

    It is the last one told of its step: either news, or answered before and nothing told since.
    """
    changes = change_queries.of_own_page(session, plan.id, plan.seen_number)
    answered = news_queries.last_answered(news_queries.answers(session, plan.id, own=True))
    news = news_rules.news(changes, plan.person_id, plan.seen_number, answered)
    told = {one.last.step_id: one.last for one in news}
    asked = next((one for one in told.values() if one.id == event_id), None)
    if asked is not None:
        return asked.step_id, asked.number
    known = change_queries.own_change(session, asker, event_id)
    if given is None or known.undone or known.step_id in told or answered.get(known.step_id) != known.number:
        raise Stale
    return known.step_id, known.number


def _settle_earlier(session: Session, asker: Asker, last: PlanAnswer, now: datetime) -> None:
    earlier = select(PlanAnswer).where(
        PlanAnswer.plan_id == last.plan_id,
        PlanAnswer.step_id.is_not_distinct_from(last.step_id),
        PlanAnswer.number < last.number,
        PlanAnswer.outcome == "",
        PlanAnswer.answer.in_(news_rules.TO_TALK_ABOUT),
    )
    for given in session.scalars(earlier.execution_options(**FRESHLY_READ)):
        given.outcome, given.talked_at, given.talked_by = "answered_again", now, asker.person_id


def _locked(
    session: Session, asker: Asker, person_id: UUID, answer_ids: Collection[UUID]
) -> tuple[PlanAnswer, ...]:
    """Answers of one plan of a participant in scope, with the plan locked. Raises NoResultFound."""
    scope.participant(session, asker, person_id, what="plan")
    rows = (
        select(PlanAnswer)
        .join(Plan, Plan.id == PlanAnswer.plan_id)
        .where(PlanAnswer.id.in_(answer_ids), Plan.person_id == person_id)
    )
    found = session.scalars(rows).all()
    if len(found) != len(set(answer_ids)) or not found:
        raise NoResultFound
    for plan_id in sorted({one.plan_id for one in found}):
        lock(session, session.get_one(Plan, plan_id).enrolment_id)
    return tuple(session.scalars(rows.order_by(PlanAnswer.number).execution_options(**FRESHLY_READ)))


def _noted(session: Session, asker: Asker, plan: Plan, given: PlanAnswer) -> None:
    note(session, asker, action="change", kind="plan", subject=plan.person_id, object_id=given.id)
    session.flush()
