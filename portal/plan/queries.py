"""Reading plans. Who asks comes first; what is not theirs to read is NoResultFound or simply not there.

For other rooms:
    own_plan(session, asker, now)                       the asker's own plan, whole
    whats_next(session, asker)                          the asker's own next steps, the first one first
    open_help(session, asker)                           open questions of everybody the asker works with
    changed_since(session, asker, person_id, since)     what has changed in one person's plan, as plain facts
"""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session, aliased

from portal.crypto import open_sealed
from portal.identity import scope
from portal.identity.models import Enrolment, Person
from portal.journal.service import note
from portal.organisation.queries import rules_of
from portal.plan import rules, workdays
from portal.plan.models import HelpRequest, Plan, PlanEvent, PlanStep
from portal.plan.rows import ChangeRow, Enrolled, HelpRow, PlanPage, StepRow
from portal.web.asker import Asker
from portal.wording.queries import shown, with_translation

Coach, Answerer = aliased(Person), aliased(Person)
EARLIER_GOALS = 20


def own_plan(session: Session, asker: Asker, now: datetime) -> PlanPage:
    """The asker's own plan: of the open enrolment, or of the latest one, then only to read."""
    note(session, asker, action="read", kind="plan", subject=asker.person_id)
    return _page(session, asker, asker.person_id, now, language=asker.language)


def persons_plan(session: Session, asker: Asker, person_id: UUID, now: datetime) -> PlanPage:
    """A participant's plan for staff, with the person's name, and the texts in the person's language too.

    Raises NoResultFound outside the scope.
    """
    person = scope.participant(session, asker, person_id, what="plan")
    return _page(session, asker, person_id, now, name=person.name, language=person.language)


@dataclass(frozen=True)
class Brief:
    """What to know of a plan before a talk: the goal, and what is next."""

    goal: str
    next: tuple[StepRow, ...]


def brief(session: Session, asker: Asker, who: UUID | Person) -> Brief:
    """The gist of a participant's plan, for staff; one query. Raises NoResultFound outside the scope."""
    person = scope.participant(session, asker, who, what="plan")
    live = and_(PlanStep.plan_id == Plan.id, PlanStep.withdrawn.is_(False))
    rows = session.execute(
        select(Plan.id.label("of_plan"), Plan.goal_sealed, *PlanStep.__table__.c)
        .outerjoin(PlanStep, live)
        .where(
            Plan.enrolment_id == scope.current_of(person.id).with_only_columns(Enrolment.id).scalar_subquery()
        )
    ).all()
    goal = open_sealed("plan", "goal_sealed", rows[0].of_plan, rows[0].goal_sealed) if rows else ""
    return Brief(goal, rules.whats_next(_step(row) for row in rows if row.id is not None))


def whats_next(session: Session, asker: Asker) -> tuple[StepRow, ...]:
    """The asker's own next steps: every one that is "now", else the first planned; () when there is none."""
    note(session, asker, action="read", kind="plan", subject=asker.person_id)
    rows = (
        _step_rows(asker.language)
        .join(Enrolment, Enrolment.id == Plan.enrolment_id)
        .where(
            Enrolment.person_id == asker.person_id,
            Enrolment.closed_on.is_(None),
            PlanStep.withdrawn.is_(False),
        )
    )
    return rules.whats_next(_step(row, asker.language) for row in session.execute(rows))


def open_help(session: Session, asker: Asker) -> tuple[HelpRow, ...]:
    """Every open question of the participants in the asker's scope, the first promised first. One query.

    Each person in it is noted as read.
    """
    mine = Plan.person_id.in_(scope.participants_of(asker))
    rows = _help_rows().where(mine, HelpRequest.outcome == "")
    found = _helps(session, rows.order_by(None).order_by(HelpRequest.due_on, HelpRequest.asked_at))
    for person_id in {row.person_id for row in found}:
        note(session, asker, action="read", kind="plan", subject=person_id)
    return found


def help_request(session: Session, asker: Asker, person_id: UUID, request_id: UUID) -> HelpRow:
    """One question of a participant in the asker's scope, open or not. Raises NoResultFound."""
    scope.participant(session, asker, person_id, what="plan")
    row = _help_rows().where(HelpRequest.id == request_id, Plan.person_id == person_id)
    return _help(session.execute(row).one())


def changed_since(session: Session, asker: Asker, person_id: UUID, since: datetime) -> tuple[ChangeRow, ...]:
    """What has changed in a participant's plan after `since`, oldest first; what was undone is left out.

    Raises NoResultFound when the person is not in the asker's scope.
    """
    scope.participant(session, asker, person_id, what="plan")
    events = _events().where(Plan.person_id == person_id, PlanEvent.at > since)
    return rules.lasting(_changes(session, events))


def changes(session: Session, asker: Asker, person_id: UUID) -> tuple[ChangeRow, ...]:
    """Everything that has happened to the plan of the current enrolment, oldest first, undone or not.

    Raises NoResultFound outside the scope.
    """
    scope.participant(session, asker, person_id, what="plan")
    enrolled = _enrolled(session, person_id)
    if enrolled is None:
        return ()
    return _changes(session, _events().where(Plan.enrolment_id == enrolled.enrolment_id))


def own_step(session: Session, asker: Asker, step_id: UUID) -> StepRow:
    """One step of the asker's own plan, a withdrawn one too. Raises NoResultFound."""
    note(session, asker, action="read", kind="plan", subject=asker.person_id)
    return _step_of(session, asker.person_id, step_id)


def withdrawn_step(session: Session, asker: Asker, person_id: UUID, step_id: UUID) -> StepRow:
    """A step that was taken back while somebody wrote about it. Raises NoResultFound."""
    scope.participant(session, asker, person_id, what="plan")
    found = _step_of(session, person_id, step_id)
    if not found.withdrawn:
        raise NoResultFound
    return found


def _step_of(session: Session, person_id: UUID, step_id: UUID) -> StepRow:
    row = _step_rows("sv").where(PlanStep.id == step_id, Plan.person_id == person_id)
    return _step(session.execute(row).one())


def in_page(page: PlanPage, step_id: UUID) -> StepRow:
    """One step or sub-goal of a plan that has been read. Raises NoResultFound."""
    found = page.step(step_id)
    if found is None:
        raise NoResultFound
    return found


def own_coach(session: Session, asker: Asker) -> str:
    """The first name of the asker's own coach, "" when there is none."""
    enrolled = _enrolled(session, asker.person_id)
    return enrolled.coach if enrolled else ""


def promised_day(session: Session, asker: Asker, now: datetime) -> date:
    """The local day by which a question asked now is answered, by the organisation's own rule."""
    today = now.astimezone(asker.zone).date()
    decided = rules_of(session, asker)
    return workdays.answer_day(today, decided.answer_working_days, workdays.closed_days(today))


def _page(
    session: Session, asker: Asker, person_id: UUID, now: datetime, *, name: str = "", language: str
) -> PlanPage:
    enrolled = _enrolled(session, person_id)
    empty = PlanPage(name, enrolled, "", 0, (), (), frozenset(), frozenset(), (), language=language)
    if enrolled is None:
        return empty
    own = select(Plan.id, Plan.goal_sealed, Plan.version, Plan.created_at)
    plan = session.execute(
        with_translation(own, Plan.id, language).where(Plan.enrolment_id == enrolled.enrolment_id)
    ).one_or_none()
    if plan is None:
        return empty
    steps = steps_in(session, enrolled.enrolment_id, language)
    goal = open_sealed("plan", "goal_sealed", plan.id, plan.goal_sealed)
    return PlanPage(
        name=name,
        enrolled=enrolled,
        goal=goal,
        goal_version=plan.version,
        earlier_goals=_earlier_goals(session, plan.id),
        steps=steps,
        fresh=frozenset(step.id for step in steps if rules.is_fresh(step, asker.person_id, now))
        if asker.person_id != person_id or not rules.is_new(plan.created_at, now)
        else frozenset(),
        just_done=frozenset(step.id for step in steps if rules.is_just_done(step, person_id, now)),
        helps=_helps(session, _help_rows().where(HelpRequest.plan_id == plan.id)),
        goal_other=shown(plan, goal, language),
        language=language,
    )


def _enrolled(session: Session, person_id: UUID) -> Enrolled | None:
    """The open enrolment, else the one that closed last."""
    row = session.execute(
        select(Enrolment.id, Enrolment.closed_on, Enrolment.coach_id, Coach.name_sealed)
        .outerjoin(Coach, Coach.id == Enrolment.coach_id)
        .where(Enrolment.person_id == person_id)
        .order_by(Enrolment.closed_on.is_not(None), Enrolment.closed_on.desc(), Enrolment.applied_on.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    coach = _first_name(row.coach_id, row.name_sealed)
    return Enrolled(row.id, person_id, row.coach_id, coach, row.closed_on is None)


def _step_rows(language: str) -> Select[*tuple[Any, ...]]:
    """Steps with their texts in this language, where it is not Swedish."""
    rows = select(*PlanStep.__table__.c).join(Plan, Plan.id == PlanStep.plan_id)
    return with_translation(rows, PlanStep.id, language)


def steps_in(session: Session, enrolment_id: UUID, language: str) -> tuple[StepRow, ...]:
    """The steps and sub-goals of one enrolment's plan, in order. The caller has checked the asker."""
    rows = _step_rows(language).where(Plan.enrolment_id == enrolment_id, PlanStep.withdrawn.is_(False))
    return rules.in_order(_step(row, language) for row in session.execute(rows))


def _step(row: Row[Any], language: str = "sv") -> StepRow:
    text = open_sealed("plan_step", "text_sealed", row.id, row.text_sealed)
    return StepRow(
        id=row.id,
        kind=row.kind,
        state=row.state,
        position=row.position,
        text=text,
        doer=row.doer,
        doer_name=open_sealed("plan_step", "doer_name_sealed", row.id, row.doer_name_sealed),
        day=row.day,
        when=open_sealed("plan_step", "when_sealed", row.id, row.when_sealed),
        subgoal_id=row.subgoal_id,
        version=row.version,
        changed_at=row.changed_at,
        changed_by=row.changed_by,
        withdrawn=row.withdrawn,
        other=shown(row, text, language),
    )


def _help_rows() -> Select[Any]:
    """Questions with their step, their person, and who answered or will answer; the latest first."""
    return (
        select(
            *HelpRequest.__table__.c,
            Plan.person_id,
            Person.name_sealed,
            PlanStep.text_sealed,
            Answerer.id.label("answerer_id"),
            Answerer.name_sealed.label("answerer_sealed"),
        )
        .join(Plan, Plan.id == HelpRequest.plan_id)
        .join(PlanStep, PlanStep.id == HelpRequest.step_id)
        .join(Person, Person.id == Plan.person_id)
        .join(Enrolment, Enrolment.id == Plan.enrolment_id)
        .outerjoin(
            Answerer,
            (Answerer.id == HelpRequest.closed_by)
            | and_(HelpRequest.closed_by.is_(None), Answerer.id == Enrolment.coach_id),
        )
        .order_by(HelpRequest.asked_at.desc())
    )


def _helps(session: Session, rows: Select[Any]) -> tuple[HelpRow, ...]:
    return tuple(_help(row) for row in session.execute(rows))


def _help(row: Row[Any]) -> HelpRow:
    return HelpRow(
        id=row.id,
        person_id=row.person_id,
        person_name=open_sealed("person", "name_sealed", row.person_id, row.name_sealed),
        step_id=row.step_id,
        step_text=open_sealed("plan_step", "text_sealed", row.step_id, row.text_sealed),
        words=open_sealed("help_request", "words_sealed", row.id, row.words_sealed),
        asked_at=row.asked_at,
        due_on=row.due_on,
        outcome=row.outcome,
        outcome_words=open_sealed("help_request", "outcome_words_sealed", row.id, row.outcome_words_sealed),
        closed_at=row.closed_at,
        answered_by=_first_name(row.answerer_id, row.answerer_sealed),
    )


def _first_name(person_id: UUID | None, sealed: bytes | None) -> str:
    return open_sealed("person", "name_sealed", person_id, sealed).split(" ", 1)[0]


def _events() -> Select[Any]:
    return (
        select(*PlanEvent.__table__.c, Person.name_sealed, PlanStep.kind, PlanStep.text_sealed)
        .join(Plan, Plan.id == PlanEvent.plan_id)
        .join(Person, Person.id == PlanEvent.by_id)
        .outerjoin(PlanStep, PlanStep.id == PlanEvent.step_id)
        .order_by(PlanEvent.at, PlanEvent.number)
    )


def _earlier_goals(session: Session, plan_id: UUID) -> tuple[ChangeRow, ...]:
    """The goal's earlier wordings, the latest first: each is what a change of the goal replaced."""
    goals = _events().where(PlanEvent.plan_id == plan_id, PlanEvent.action == "goal")
    found = reversed(_changes(session, goals))
    return tuple(change for change in found if change.earlier)[:EARLIER_GOALS]


def _changes(session: Session, events: Select[Any]) -> tuple[ChangeRow, ...]:
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
        by=_first_name(row.by_id, row.name_sealed),
        action=row.action,
        kind=step["kind"],
        text=after.get("goal", step["text"]),
        earlier=before.get("goal", was["text"] if was else ""),
        state=became["state"] if became else after.get("outcome", ""),
        detail=after.get("detail", ""),
        undoes=row.undoes,
    )


def _facts(row: Row[Any], column: str) -> dict[str, Any]:
    text = open_sealed("plan_event", column, row.id, getattr(row, column))
    found: dict[str, Any] = json.loads(text) if text else {}
    return found


def _of(facts: dict[str, Any], step_id: UUID | None) -> dict[str, Any] | None:
    found: dict[str, Any] | None = facts.get("steps", {}).get(str(step_id))
    return found
