"""What has happened to a plan: an event for each change, and the way back from the last one."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.journal.service import note
from portal.plan import texts_service as texts
from portal.plan.models import Plan, PlanEvent, PlanStep
from portal.web.asker import Asker

Facts = dict[str, Any]


def step_facts(step: PlanStep) -> Facts:
    """Everything about a step that a person can change, as JSON holds it."""
    return {
        "kind": step.kind,
        "text": step.text,
        "state": step.state,
        "position": step.position,
        "doer": step.doer,
        "doer_name": step.doer_name,
        "day": step.day.isoformat() if step.day else None,
        "when": step.when,
        "subgoal_id": str(step.subgoal_id) if step.subgoal_id else None,
        "in_portal": step.in_portal,
    }


def put_back(step: PlanStep, facts: Facts | None) -> None:
    """Make the step what `facts` say; None means that it was not there, and it is withdrawn."""
    step.withdrawn = facts is None
    if facts is None:
        return
    step.text, step.state, step.position = facts["text"], facts["state"], facts["position"]
    step.doer, step.doer_name, step.when = facts["doer"], facts["doer_name"], facts["when"]
    step.day = date.fromisoformat(facts["day"]) if facts["day"] else None
    step.subgoal_id = UUID(facts["subgoal_id"]) if facts["subgoal_id"] else None
    step.in_portal = facts.get("in_portal", True)


def of_steps(steps: Iterable[PlanStep]) -> Facts:
    """The facts of several steps, as an event keeps them."""
    return {"steps": {str(step.id): step_facts(step) for step in steps}}


def record(
    session: Session,
    asker: Asker,
    plan: Plan,
    action: str,
    *,
    now: datetime,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    step_id: UUID | None = None,
    undoes: UUID | None = None,
) -> PlanEvent:
    """Write down one change of a plan that is locked, note it in the journal, and tell the translators."""
    last = session.scalar(select(func.max(PlanEvent.number)).where(PlanEvent.plan_id == plan.id))
    event = PlanEvent(
        plan_id=plan.id,
        number=(last or 0) + 1,
        at=now,
        by_id=asker.person_id,
        action=action,
        step_id=step_id,
        before=json.dumps(before, ensure_ascii=False),
        after=json.dumps(after, ensure_ascii=False),
        undoes=undoes,
    )
    session.add(event)
    note(session, asker, action="change", kind="plan", subject=plan.person_id, object_id=step_id)
    session.flush()
    texts.follow(session, asker.organisation_id, plan, after, now)
    return event
