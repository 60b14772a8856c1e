"""What has happened to a plan: each event as a fact, opened. Who asks comes first.

Staff may keep a step for themselves (S33), and then every change of it too: what the participant reads comes
from `own_changes` and `of_own_page` alone.
"""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select
from sqlalchemy.orm import Session, aliased

from portal.crypto import open_sealed
from portal.identity import scope
from portal.identity.models import Enrolment, Person
from portal.journal.service import note
from portal.plan import rules
from portal.plan.models import Plan, PlanAnswer, PlanEvent, PlanStep
from portal.plan.news_rules import TOLD
from portal.plan.rows import ChangeRow, first_name
from portal.web.asker import Asker

Undoing, Undone = aliased(PlanEvent), aliased(PlanEvent)
EARLIER_GOALS = 20


def changed_since(
    session: Session, asker: Asker, who: UUID | Person, since: datetime
) -> tuple[ChangeRow, ...]:
    """What has changed in a participant's plan after `since`, oldest first; what was undone is left out.

    For staff: steps that are not in the portal are among them. Raises NoResultFound outside the scope.
    """
    person = scope.participant(session, asker, who, what="plan")
    return rules.lasting(_read(session, _events().where(Plan.person_id == person.id, PlanEvent.at > since)))


def changes(session: Session, asker: Asker, person_id: UUID) -> tuple[ChangeRow, ...]:
    """Everything that has happened to the plan of the current enrolment, oldest first, undone or not.

    For staff: steps that are not in the portal are among them. Raises NoResultFound outside the scope.
    """
    scope.participant(session, asker, person_id, what="plan")
    return _read(session, _events().where(_current(person_id)))


def own_changes(session: Session, asker: Asker) -> tuple[ChangeRow, ...]:
    """Everything that has happened to the asker's own plan, oldest first; nothing of what is hidden (S33)."""
    note(session, asker, action="read", kind="plan", subject=asker.person_id)
    found = _read(session, _events().where(_current(asker.person_id), _shown()))
    return tuple(one for change in found if (one := _as_told(change)) is not None)


def own_change(session: Session, asker: Asker, event_id: UUID) -> ChangeRow:
    """One change of the asker's own plan, undone or not. Raises NoResultFound; a hidden one is not there."""
    row = _events().where(PlanEvent.id == event_id, Plan.person_id == asker.person_id, _shown())
    return _change(session.execute(row).one())


def of_goal(session: Session, plan_id: UUID) -> tuple[ChangeRow, ...]:
    """Every change of a plan's goal, oldest first. The caller has checked the plan."""
    return _read(session, _events().where(PlanEvent.plan_id == plan_id, PlanEvent.action == "goal"))


def of_own_page(session: Session, plan_id: UUID, after: int) -> tuple[ChangeRow, ...]:
    """The goal's changes and all that came after the number `after`, without what is not in the portal.

    The caller has checked that the plan is the asker's own.
    """
    wanted = or_(PlanEvent.action == "goal", PlanEvent.number > after)
    return _read(session, _events().where(PlanEvent.plan_id == plan_id, wanted, _shown()))


def earlier_goals(found: tuple[ChangeRow, ...]) -> tuple[ChangeRow, ...]:
    """The goal's earlier wordings, the latest first: each is what a change of the goal replaced."""
    goals = (change for change in reversed(found) if change.action == "goal" and change.earlier)
    return tuple(goals)[:EARLIER_GOALS]


def _as_told(change: ChangeRow) -> ChangeRow | None:
    """A change as the participant meets it: what happened while a step was hidden did not happen (S33)."""
    was_hidden = change.was is not None and change.was.get("in_portal") is False
    if change.became is not None and change.became.get("in_portal") is False:
        return None
    if not was_hidden:
        return change
    if change.action == "undo":
        return None
    return replace(change, action="add", before={"steps": {str(change.step_id): None}}, was=None, earlier="")


def _current(person_id: UUID) -> ColumnElement[bool]:
    enrolment = scope.current_of(person_id).with_only_columns(Enrolment.id).scalar_subquery()
    return Plan.enrolment_id == enrolment


def _shown() -> ColumnElement[bool]:
    """Whether an event is of the goal, or of a step that is in the portal now (S33)."""
    return or_(PlanEvent.step_id.is_(None), PlanStep.in_portal.is_(True))


def _events() -> Select[Any]:
    return (
        select(
            *PlanEvent.__table__.c,
            Person.name_sealed,
            PlanStep.kind,
            PlanStep.text_sealed,
            Undoing.id.label("undoing_id"),
            Undone.number.label("undid"),
            PlanAnswer.id.label("undid_answer_id"),
        )
        .join(Plan, Plan.id == PlanEvent.plan_id)
        .join(Person, Person.id == PlanEvent.by_id)
        .outerjoin(PlanStep, PlanStep.id == PlanEvent.step_id)
        .outerjoin(Undoing, Undoing.undoes == PlanEvent.id)
        .outerjoin(Undone, and_(Undone.id == PlanEvent.undoes, Undone.action.in_(TOLD)))
        .outerjoin(PlanAnswer, PlanAnswer.event_id == Undone.id)
        .order_by(PlanEvent.at, PlanEvent.number)
    )


def _read(session: Session, events: Select[Any]) -> tuple[ChangeRow, ...]:
    return tuple(_change(row) for row in session.execute(events))


def _change(row: Row[Any]) -> ChangeRow:
    """An event as a fact. Where it does not carry the step's words itself, they are today's."""
    before, after = _facts(row, "before_sealed"), _facts(row, "after_sealed")
    was, became = _of(before, row.step_id), _of(after, row.step_id)
    today = open_sealed("plan_step", "text_sealed", row.step_id, row.text_sealed)
    step = became or was or {"kind": row.kind or "step", "text": today}
    return ChangeRow(
        id=row.id,
        at=row.at,
        by_id=row.by_id,
        by=first_name(row.by_id, row.name_sealed),
        action=row.action,
        kind=step["kind"],
        text=after.get("goal", step["text"]),
        earlier=before.get("goal", was["text"] if was else ""),
        state=became["state"] if became else after.get("outcome", ""),
        detail=after.get("detail", ""),
        undoes=row.undoes,
        number=row.number,
        step_id=row.step_id,
        before=before,
        was=was,
        became=became,
        undone=row.undoing_id is not None,
        undid=row.undid or 0,
        undid_answered=row.undid_answer_id is not None,
    )


def _facts(row: Row[Any], column: str) -> dict[str, Any]:
    text = open_sealed("plan_event", column, row.id, getattr(row, column))
    found: dict[str, Any] = json.loads(text) if text else {}
    return found


def _of(facts: dict[str, Any], step_id: UUID | None) -> dict[str, Any] | None:
    found: dict[str, Any] | None = facts.get("steps", {}).get(str(step_id))
    return found
