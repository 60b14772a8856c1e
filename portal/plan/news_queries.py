"""What a participant says of the changes in their plan, and what waits for a talk. Who asks comes first."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.crypto import open_sealed
from portal.db import word
from portal.identity import scope
from portal.identity.models import Enrolment, Person
from portal.journal.service import note
from portal.plan.models import Plan, PlanAnswer, PlanEvent, PlanStep
from portal.plan.news_rules import TO_TALK_ABOUT, TOLD, UNDO
from portal.plan.rows import AnswerRow, first_name
from portal.web.asker import Asker

Talker = aliased(Person)


def open_questions(session: Session, asker: Asker) -> tuple[AnswerRow, ...]:
    """Every answer of the asker's participants that waits for a talk, the oldest first. One query.

    A change that was taken back has taken its question with it. Nothing is noted here: whoever shows somebody
    of it notes them.
    """
    mine = Plan.person_id.in_(scope.participants_of(asker))
    return _read(session, _rows().where(mine, *_waiting()))


def questions_of(session: Session, asker: Asker, person_id: UUID) -> tuple[AnswerRow, ...]:
    """One participant's answers that wait for a talk, the oldest first. Raises NoResultFound."""
    scope.participant(session, asker, person_id, what="plan")
    return _read(session, _rows().where(Plan.person_id == person_id, *_waiting()))


def said_since(session: Session, asker: Asker, who: UUID | Person, since: datetime) -> tuple[AnswerRow, ...]:
    """What a participant has answered, or was talked about, after `since`; the oldest first. For staff.

    Raises NoResultFound outside the scope.
    """
    person = scope.participant(session, asker, who, what="plan")
    lately = or_(PlanAnswer.answered_at > since, PlanAnswer.talked_at > since)
    return _read(session, _rows().where(Plan.person_id == person.id, lately))


def own_answer(session: Session, asker: Asker, answer_id: UUID) -> AnswerRow:
    """One of the asker's own answers. Raises NoResultFound, also when its change is taken back or hidden."""
    note(session, asker, action="read", kind="plan", subject=asker.person_id)
    row = _rows().where(PlanAnswer.id == answer_id, Plan.person_id == asker.person_id, _shown(PlanAnswer))
    return _answer(session.execute(row).one())


def answers(session: Session, plan_id: UUID, *, own: bool) -> tuple[AnswerRow, ...]:
    """What was answered about changes that still stand, the oldest first. The caller has checked the plan.

    `own`: for the participant, without what is not in the portal (S33).
    """
    rows = _rows().where(PlanAnswer.plan_id == plan_id)
    return _read(session, rows.where(_shown(PlanAnswer)) if own else rows)


def last_answered(rows: Iterable[AnswerRow]) -> dict[UUID | None, int]:
    """The number of the last change that was answered, by step (None: the goal)."""
    found: dict[UUID | None, int] = {}
    for row in rows:
        found[row.step_id] = max(row.number, found.get(row.step_id, 0))
    return found


def has_news() -> ColumnElement[bool]:
    """Whether something is new to the person of a Plan in the query: `news_rules.news`, said in SQL.

    tests/plan/test_news_queries.py holds the two against each other.
    """
    event = aliased(PlanEvent)
    return exists().where(event.plan_id == Plan.id, *_is_news(event))


def _is_news(event: Any) -> tuple[ColumnElement[bool], ...]:
    """Whether an event of a Plan in the query is new to its person."""
    undoing, undone = aliased(PlanEvent), aliased(PlanEvent)
    answered, later, step = aliased(PlanAnswer), aliased(PlanAnswer), aliased(PlanStep)
    known = or_(undone.number <= Plan.seen_number, exists().where(answered.event_id == undone.id))
    told = [word(action) for action in TOLD]
    stands = and_(event.action.in_(told), ~exists().where(undoing.undoes == event.id))
    taken_back = and_(
        event.action == word(UNDO),
        # Named, because two levels down the plan is not found by itself.
        exists().where(undone.id == event.undoes, undone.action.in_(told), known).correlate(event, Plan),
        ~exists().where(undoing.undoes == event.id),
    )
    same = later.step_id.is_not_distinct_from(event.step_id)
    return (
        event.number > Plan.seen_number,
        event.by_id != Plan.person_id,
        or_(stands, taken_back),
        or_(event.step_id.is_(None), exists().where(step.id == event.step_id, step.in_portal.is_(True))),
        ~exists().where(later.plan_id == event.plan_id, same, later.number >= event.number, _stands(later)),
    )


def unseen(session: Session, since: datetime, only: Collection[UUID] | None = None) -> dict[UUID, datetime]:
    """Everybody enrolled whose plan has something new to them from after `since`, and when the latest came.

    Nothing of it is shown. `only`: these people alone.
    """
    event = aliased(PlanEvent)
    rows = (
        select(Plan.person_id, func.max(event.at))
        .join(Enrolment, Enrolment.id == Plan.enrolment_id)
        .join(event, event.plan_id == Plan.id)
        .where(Enrolment.closed_on.is_(None), event.at > since, *_is_news(event))
        .group_by(Plan.person_id)
    )
    if only is not None:
        rows = rows.where(Plan.person_id.in_(only))
    return {row[0]: row[1] for row in session.execute(rows)}


def _stands(answer: Any) -> ColumnElement[bool]:
    """Whether the change that an answer is about has not been taken back."""
    undoing = aliased(PlanEvent)
    return ~exists().where(undoing.undoes == answer.event_id)


def _shown(answer: Any) -> ColumnElement[bool]:
    step = aliased(PlanStep)
    seen = exists().where(step.id == answer.step_id, step.in_portal.is_(True))
    return or_(answer.step_id.is_(None), seen)


def _waiting() -> tuple[ColumnElement[bool], ...]:
    return PlanAnswer.answer.in_(TO_TALK_ABOUT), PlanAnswer.outcome == ""


def _rows() -> Select[Any]:
    return (
        select(
            *PlanAnswer.__table__.c,
            Plan.person_id,
            Plan.goal_sealed,
            PlanStep.text_sealed,
            Talker.name_sealed.label("talker_sealed"),
        )
        .join(Plan, Plan.id == PlanAnswer.plan_id)
        .outerjoin(PlanStep, PlanStep.id == PlanAnswer.step_id)
        .outerjoin(Talker, Talker.id == PlanAnswer.talked_by)
        .where(_stands(PlanAnswer))
        .order_by(PlanAnswer.answered_at, PlanAnswer.number)
    )


def _read(session: Session, rows: Select[Any]) -> tuple[AnswerRow, ...]:
    return tuple(_answer(row) for row in session.execute(rows))


def _answer(row: Row[Any]) -> AnswerRow:
    if row.step_id is None:
        about = open_sealed("plan", "goal_sealed", row.plan_id, row.goal_sealed)
    else:
        about = open_sealed("plan_step", "text_sealed", row.step_id, row.text_sealed)
    return AnswerRow(
        id=row.id,
        person_id=row.person_id,
        event_id=row.event_id,
        step_id=row.step_id,
        about=about,
        number=row.number,
        answer=row.answer,
        words=open_sealed("plan_answer", "words_sealed", row.id, row.words_sealed),
        answered_at=row.answered_at,
        outcome=row.outcome,
        outcome_words=open_sealed("plan_answer", "outcome_words_sealed", row.id, row.outcome_words_sealed),
        talked_at=row.talked_at,
        talked_by=first_name(row.talked_by, row.talker_sealed),
    )
