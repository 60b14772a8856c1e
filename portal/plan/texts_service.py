"""Letting the translators know what stands in plans. Nothing here commits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.identity.models import Person
from portal.plan.models import Plan, PlanStep
from portal.plan.rules import LIVE
from portal.wording import service as wording
from portal.wording.models import SourceText

MOST = 500
"""How many steps, and how many plans, one call of `collect` looks at."""
FIRST = UUID(int=0)


def follow(
    session: Session, organisation_id: UUID, plan: Plan, after: Mapping[str, Any], now: datetime
) -> None:
    """Let what a change led to be known; `after` as an event keeps it. The plan is locked."""
    person = (organisation_id, plan.person_id)
    if "goal" in after:
        wording.follow(session, _goal(person, plan.id, after["goal"]), now)
    # In the order in which the worker takes them in: neither waits for the other while it is waited for.
    for name, facts in sorted(after.get("steps", {}).items()):
        step_id = UUID(name)
        wording.follow(session, _step(person, step_id, facts or _taken_back(session, step_id)), now)


def _taken_back(session: Session, step_id: UUID) -> Mapping[str, Any]:
    """A step whose adding was undone: its text leaves the list, and comes again if it is added after all."""
    step = session.get_one(PlanStep, step_id)
    return {"kind": step.kind, "text": step.text, "state": "dropped"}


def _goal(person: tuple[UUID, UUID], plan_id: UUID, words: str) -> wording.Text:
    return wording.Text(person, "goal", plan_id, words, wanted=True)


def _step(person: tuple[UUID, UUID], step_id: UUID, facts: Mapping[str, Any]) -> wording.Text:
    # What staff keep for themselves (S33) is nobody's to translate.
    wanted = facts["state"] in LIVE and facts.get("in_portal", True)
    return wording.Text(person, facts["kind"], step_id, facts["text"], wanted)


@dataclass
class Bookmark:
    """How far the worker has looked through the plans: the last step and the last plan, by id."""

    step: UUID = FIRST
    plan: UUID = FIRST


def collect(session: Session, now: datetime, at: Bookmark, most: int = MOST) -> int:
    """Take in what stands in plans that nobody has told of, such as what was there before; how many texts.

    For the worker, which looks at the next `most` of each and moves `at` on; after the last it begins anew.
    A plan that changes while this reads is told of by its own change, which nothing here writes over.
    """
    unknown = select(SourceText.object_id)
    step_ids, at.step = _next(session, PlanStep.id, at.step, most)
    plan_ids, at.plan = _next(session, Plan.id, at.plan, most)
    steps = session.execute(
        select(PlanStep, Plan.person_id, Person.organisation_id)
        .join(Plan, Plan.id == PlanStep.plan_id)
        .join(Person, Person.id == Plan.person_id)
        .where(
            PlanStep.id.in_(step_ids),
            PlanStep.id.not_in(unknown),
            PlanStep.withdrawn.is_(False),
            PlanStep.in_portal.is_(True),
        )
        .order_by(PlanStep.id)
    ).all()
    for step, person_id, organisation_id in steps:
        facts = {"kind": step.kind, "text": step.text, "state": step.state}
        wording.know(session, _step((organisation_id, person_id), step.id, facts), step.changed_at)
    plans = session.execute(
        select(Plan, Person.organisation_id)
        .join(Person, Person.id == Plan.person_id)
        .where(Plan.id.in_(plan_ids), Plan.id.not_in(unknown), Plan.goal_sealed.is_not(None))
        .order_by(Plan.id)
    ).all()
    for plan, organisation_id in plans:
        wording.know(session, _goal((organisation_id, plan.person_id), plan.id, plan.goal), now)
    return len(steps) + len(plans)


def _next(
    session: Session, column: InstrumentedAttribute[UUID], after: UUID, most: int
) -> tuple[Sequence[UUID], UUID]:
    """The next ids of a table, and where to go on."""
    found = session.scalars(select(column).where(column > after).order_by(column).limit(most)).all()
    return found, found[-1] if len(found) == most else FIRST
