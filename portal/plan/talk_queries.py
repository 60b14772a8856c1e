"""What of a plan a meeting is about: for the coach who chooses, and for the interpreter who reads."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.crypto import open_sealed
from portal.identity import scope
from portal.identity.models import Enrolment
from portal.journal.service import note
from portal.plan import rules
from portal.plan.models import Plan
from portal.plan.queries import steps_in
from portal.plan.rows import StepRow
from portal.web.asker import Asker, Guest
from portal.wording.queries import shown, with_translation
from portal.wording.rules import Shown


@dataclass(frozen=True, slots=True)
class TalkItem:
    """One text. `kind` is goal, subgoal or step; `state` is "" for the goal; `other` its translation."""

    id: UUID
    kind: str
    state: str
    text: str
    other: Shown | None


def for_coach(
    session: Session, asker: Asker, person_id: UUID, language: str, now: datetime
) -> tuple[TalkItem, ...]:
    """What there is to talk about in a participant's plan now. Raises NoResultFound outside the scope."""
    scope.participant(session, asker, person_id, what="plan")
    return _items(session, person_id, language, now)


def for_guest(session: Session, guest: Guest, now: datetime) -> tuple[TalkItem, ...]:
    """What the interpreter reads of the plan: what the coach has ticked, of what is still to be talked about.

    The reading is noted of the person, by the grant (S8, S42).
    """
    note(
        session,
        guest,
        action="read",
        kind="interpreter",
        subject=guest.subject_id,
        object_id=guest.meeting_id,
    )
    items = _items(session, guest.subject_id, guest.language, now)
    return tuple(item for item in items if item.id in guest.shown)


def _items(session: Session, person_id: UUID, language: str, now: datetime) -> tuple[TalkItem, ...]:
    """The goal, the sub-goals that hold, and the steps that are now, next or lately changed."""
    current = scope.current_of(person_id).with_only_columns(Enrolment.id).scalar_subquery()
    own = select(Plan.id, Plan.goal_sealed, Plan.enrolment_id).where(Plan.enrolment_id == current)
    plan = session.execute(with_translation(own, Plan.id, language)).one_or_none()
    if plan is None:
        return ()
    goal = open_sealed("plan", "goal_sealed", plan.id, plan.goal_sealed)
    items = [TalkItem(plan.id, "goal", "", goal, shown(plan, goal, language))] if goal else []
    steps = rules.to_talk_about(steps_in(session, plan.enrolment_id, language, own=True), now)
    return (*items, *(_item(step) for step in steps))


def _item(step: StepRow) -> TalkItem:
    return TalkItem(step.id, step.kind, step.state, step.text, step.other)
