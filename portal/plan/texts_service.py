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
        wording.follow(
            session, person=person, kind="goal", object_id=plan.id, text=after["goal"], wanted=True, now=now
        )
    for name, facts in after.get("steps", {}).items():
        _step(session, person, UUID(name), facts, now)


def _step(
    session: Session, person: tuple[UUID, UUID], step_id: UUID, facts: Mapping[str, Any] | None, now: datetime
) -> None:
    if facts is None:
        # Its adding was taken back: the text leaves the list, and comes again if it is added after all.
        step = session.get_one(PlanStep, step_id)
        facts = {"kind": step.kind, "text": step.text, "state": "dropped"}
    wording.follow(
        session,
        person=person,
        kind=facts["kind"],
        object_id=step_id,
        text=facts["text"],
        # What staff keep for themselves (S33) is nobody's to translate.
        wanted=facts["state"] in LIVE and facts.get("in_portal", True),
        now=now,
    )


@dataclass
class Bookmark:
    """How far the worker has looked through the plans: the last step and the last plan, by id."""

    step: UUID = FIRST
    plan: UUID = FIRST


def collect(session: Session, now: datetime, at: Bookmark, most: int = MOST) -> int:
    """Take in what stands in plans that nobody has told of, such as what was there before; how many texts.

    For the worker, which looks at the next `most` of each and moves `at` on; after the last it begins anew.
    A plan that changes while this reads is told of by its own change.
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
    ).all()
    for step, person_id, organisation_id in steps:
        facts = {"kind": step.kind, "text": step.text, "state": step.state}
        _step(session, (organisation_id, person_id), step.id, facts, step.changed_at)
    plans = session.execute(
        select(Plan, Person.organisation_id)
        .join(Person, Person.id == Plan.person_id)
        .where(Plan.id.in_(plan_ids), Plan.id.not_in(unknown), Plan.goal_sealed.is_not(None))
    ).all()
    for plan, organisation_id in plans:
        follow(session, organisation_id, plan, {"goal": plan.goal}, now)
    return len(steps) + len(plans)


def _next(
    session: Session, column: InstrumentedAttribute[UUID], after: UUID, most: int
) -> tuple[Sequence[UUID], UUID]:
    """The next ids of a table, and where to go on."""
    found = session.scalars(select(column).where(column > after).order_by(column).limit(most)).all()
    return found, found[-1] if len(found) == most else FIRST
