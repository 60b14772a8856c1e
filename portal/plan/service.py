"""Changing a plan: its goal, its steps, their order and state, and taking the last change back.

Every verb locks the plan first, so that two people never write over each other (S49), and leaves an
event behind. Each checks the scope itself: someone else's plan or step is NoResultFound.
"""

import json
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.identity import scope
from portal.identity.models import Enrolment
from portal.plan import history_service as history
from portal.plan import rules
from portal.plan.models import Plan, PlanEvent, PlanStep
from portal.web.asker import Asker
from portal.web.errors import Refused

FRESHLY_READ = {"populate_existing": True}


class NotOpen(Refused):
    """The person has no open enrolment, so there is no plan to change."""


class Stale(Refused):
    """Somebody changed this while the form was open; the form is shown again with both texts."""


class NotFromHere(Refused):
    """The step cannot go from the state it is in to the one asked for."""


class Withdrawn(Refused):
    """The step was there when the page was made; its adding has been taken back."""


def locked_plan(session: Session, asker: Asker, person_id: UUID, now: datetime) -> Plan:
    """The plan of the person's open enrolment, made when missing; others wait until this one has committed.

    Raises NoResultFound (not the asker's to see) and `NotOpen`.
    """
    scope.participant(session, asker, person_id, what="plan")
    enrolment = scope.current_enrolment(session, person_id)
    if enrolment is None or not lock(session, enrolment.id):
        raise NotOpen
    found = session.scalar(
        select(Plan).where(Plan.enrolment_id == enrolment.id).execution_options(**FRESHLY_READ)
    )
    if found is not None:
        return found
    plan = Plan(enrolment_id=enrolment.id, person_id=person_id, version=0, created_at=now)
    session.add(plan)
    session.flush()
    return plan


def lock(session: Session, enrolment_id: UUID) -> bool:
    """Let others who change this enrolment's plan wait; whether it is still open."""
    row = select(Enrolment.closed_on).where(Enrolment.id == enrolment_id)
    return session.execute(row.with_for_update(key_share=True)).scalar_one() is None


def steps_of(session: Session, plan: Plan) -> list[PlanStep]:
    """The steps and sub-goals of a locked plan, withdrawn ones aside."""
    rows = select(PlanStep).where(PlanStep.plan_id == plan.id, PlanStep.withdrawn.is_(False))
    return list(session.scalars(rows.execution_options(**FRESHLY_READ)))


def step_of(session: Session, asker: Asker, plan: Plan, step_id: UUID) -> PlanStep:
    """One step of a locked plan. Raises NoResultFound, `Withdrawn`.

    To the participant a step that is not in the portal is not there (S33).
    """
    row = select(PlanStep).where(PlanStep.id == step_id, PlanStep.plan_id == plan.id)
    step = session.scalars(row.execution_options(**FRESHLY_READ)).one()
    if asker.is_participant and not step.in_portal:
        raise NoResultFound
    if step.withdrawn:
        raise Withdrawn
    return step


def write_goal(
    session: Session, asker: Asker, *, person_id: UUID, words: str, version: int, now: datetime
) -> None:
    """Keep the goal in these words; the earlier words stay in the events. Same words again change nothing.

    `version` is the one the form was made from. Raises `Stale`, `NotOpen`.
    """
    plan = locked_plan(session, asker, person_id, now)
    if plan.goal == words:
        return
    if plan.version != version:
        raise Stale
    before = {"goal": plan.goal}
    plan.goal = words
    plan.version += 1
    history.record(session, asker, plan, "goal", now=now, before=before, after={"goal": words})


def add_step(
    session: Session,
    asker: Asker,
    *,
    person_id: UUID,
    step_id: UUID,
    kind: str,
    wording: rules.Wording,
    now: datetime,
) -> PlanStep:
    """Add a step or sub-goal, planned, after the others. `step_id` is the form's: sent twice it adds once.

    Other words under an id that is taken are somebody who went back and wrote more; the same words under
    one that was undone somebody who wants it after all: both get an id of their own.
    Raises NoResultFound (the id is another plan's), `NotOpen`.
    """
    plan = locked_plan(session, asker, person_id, now)
    taken = session.get(PlanStep, step_id, populate_existing=True)
    if taken is not None and taken.plan_id != plan.id:
        raise NoResultFound
    if taken is not None and _wording(taken) == wording and not taken.withdrawn:
        return taken
    step = PlanStep(
        plan_id=plan.id,
        kind=kind,
        state="planned",
        position=rules.last_place(steps_of(session, plan)),
        withdrawn=False,
        version=0,
        **({"id": step_id} if taken is None else {}),
    )
    _write(session, plan, step, wording)
    _touch(step, asker, now)
    session.add(step)
    session.flush()
    before = {"steps": {str(step.id): None}}
    history.record(
        session, asker, plan, "add", now=now, before=before, after=history.of_steps([step]), step_id=step.id
    )
    return step


def change_step(
    session: Session,
    asker: Asker,
    *,
    person_id: UUID,
    step_id: UUID,
    wording: rules.Wording,
    version: int,
    now: datetime,
) -> None:
    """Give a step other words, doer, time or sub-goal. What is the same already changes nothing.

    Raises `Stale` when its `version` is not the form's, NoResultFound, `NotOpen`.
    """
    plan = locked_plan(session, asker, person_id, now)
    step = step_of(session, asker, plan, step_id)
    if _wording(step) == wording:
        return
    _check(step, version)
    before = history.of_steps([step])
    _write(session, plan, step, wording)
    _touch(step, asker, now)
    history.record(
        session,
        asker,
        plan,
        "change",
        now=now,
        before=before,
        after=history.of_steps([step]),
        step_id=step.id,
    )


def set_state(
    session: Session, asker: Asker, *, person_id: UUID, step_id: UUID, state: str, version: int, now: datetime
) -> None:
    """Let a step be planned, now, done, paused or dropped. Twice is once.

    Raises `Stale`, `NotFromHere`, NoResultFound, `NotOpen`.
    """
    plan = locked_plan(session, asker, person_id, now)
    step = step_of(session, asker, plan, step_id)
    if step.state == state:
        return
    _check(step, version)
    if not rules.may_become(step.state, state):
        raise NotFromHere
    _become(session, asker, plan, step, state=state, now=now)


def finish(session: Session, asker: Asker, *, step_id: UUID, version: int, now: datetime) -> None:
    """The participant has done a step of their own. Twice is once.

    Raises `Stale`, `NotFromHere` (not theirs to finish), NoResultFound, `NotOpen`.
    """
    plan = locked_plan(session, asker, asker.person_id, now)
    step = step_of(session, asker, plan, step_id)
    if step.state == "done":
        return
    _check(step, version)
    if not rules.may_finish(step):
        raise NotFromHere
    _become(session, asker, plan, step, state="done", now=now)


def unfinish(session: Session, asker: Asker, *, step_id: UUID, now: datetime) -> None:
    """The participant takes their own "done" back; the step is again what it was. Twice is once.

    Raises `NotFromHere` when somebody else finished or changed it since, NoResultFound, `NotOpen`.
    """
    plan = locked_plan(session, asker, asker.person_id, now)
    step = step_of(session, asker, plan, step_id)
    if rules.may_finish(step):
        return
    last = session.scalars(
        select(PlanEvent)
        .where(PlanEvent.plan_id == plan.id, PlanEvent.step_id == step.id, PlanEvent.action == "state")
        .order_by(PlanEvent.number.desc())
        .limit(1)
    ).one_or_none()
    if last is None or step.state != "done" or last.by_id != asker.person_id:
        raise NotFromHere
    was: str = json.loads(last.before)["steps"][str(step.id)]["state"]
    _become(session, asker, plan, step, state=was, now=now)


def move(
    session: Session, asker: Asker, *, person_id: UUID, step_id: UUID, way: str, version: int, now: datetime
) -> None:
    """Let a step change places with the one above ("up") or below ("down"); at the end nothing happens.

    Raises `Stale`, NoResultFound, `NotOpen`.
    """
    plan = locked_plan(session, asker, person_id, now)
    step = step_of(session, asker, plan, step_id)
    _check(step, version)
    pair = rules.swap(steps_of(session, plan), step.id, way)
    if pair is None:
        return
    before = history.of_steps(pair)
    one, other = pair
    one.position, other.position = other.position, one.position
    for moved in pair:
        moved.version += 1
    history.record(
        session, asker, plan, "move", now=now, before=before, after=history.of_steps(pair), step_id=step.id
    )


def undo(session: Session, asker: Asker, *, person_id: UUID, event_id: UUID, now: datetime) -> None:
    """Take the last change of a plan back: `event_id` is the one the person saw. Twice is once.

    Raises `Stale` when something else has changed since, `NotOpen`, NoResultFound.
    """
    plan = locked_plan(session, asker, person_id, now)
    events = session.scalars(
        select(PlanEvent).where(PlanEvent.plan_id == plan.id).order_by(PlanEvent.number)
    ).all()
    if any(event.undoes == event_id for event in events):
        return
    last = rules.last_change(events)
    if last is None or last.id != event_id:
        raise Stale
    before = json.loads(last.before)
    if "goal" in before:
        plan.goal = before["goal"]
        plan.version += 1
    for name, facts in before.get("steps", {}).items():
        step = step_of(session, asker, plan, UUID(name))
        history.put_back(step, facts)
        _touch(step, asker, now)
    history.record(
        session,
        asker,
        plan,
        "undo",
        now=now,
        before=json.loads(last.after),
        after=before,
        step_id=last.step_id,
        undoes=last.id,
    )


def _check(step: PlanStep, version: int) -> None:
    if step.version != version:
        raise Stale


def _touch(step: PlanStep, asker: Asker, now: datetime) -> None:
    step.version += 1
    step.changed_at, step.changed_by = now, asker.person_id


def _become(session: Session, asker: Asker, plan: Plan, step: PlanStep, *, state: str, now: datetime) -> None:
    before = history.of_steps([step])
    step.state = state
    _touch(step, asker, now)
    history.record(
        session, asker, plan, "state", now=now, before=before, after=history.of_steps([step]), step_id=step.id
    )


def _wording(step: PlanStep) -> rules.Wording:
    return rules.Wording(
        step.text, step.doer, step.doer_name, step.day, step.when, step.subgoal_id, step.in_portal
    )


def _write(session: Session, plan: Plan, step: PlanStep, wording: rules.Wording) -> None:
    if wording.subgoal_id is not None:
        own = select(PlanStep.id).where(
            PlanStep.id == wording.subgoal_id,
            PlanStep.plan_id == plan.id,
            PlanStep.kind == "subgoal",
            PlanStep.withdrawn.is_(False),
        )
        session.scalars(own).one()
    step.text, step.doer, step.doer_name = wording.text, wording.doer, wording.doer_name
    step.day, step.when, step.subgoal_id = wording.day, wording.when, wording.subgoal_id
    step.in_portal = wording.in_portal
