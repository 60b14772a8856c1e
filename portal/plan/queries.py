"""Reading plans. Who asks comes first; what is not theirs to read is NoResultFound or simply not there.

For other rooms:
    own_plan(session, asker, now)                       the asker's own plan, whole
    persons_plan(session, asker, person_id, now)        for staff; `.shown()` of it is for anybody else's eyes
    open_help(session, asker)                           open questions of everybody the asker works with

What the first page says of a plan stands in `ahead_queries`, changes in `change_queries`, what is asked about
them in `news_queries`. A step that is not in the portal (S33) is in what staff read alone: whatever leaves
for others starts from `own_plan` or `.shown()`.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, ScalarSelect, Select, and_, func, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session, aliased

from portal.crypto import open_sealed
from portal.identity import scope
from portal.identity.absence import queries as absence
from portal.identity.models import Enrolment, Person
from portal.journal.service import note
from portal.organisation.queries import rules_of
from portal.plan import change_queries, news_queries, news_rules, rules, workdays
from portal.plan.card_rules import PROPOSED
from portal.plan.models import Adaptation, HelpRequest, Plan, PlanStep
from portal.plan.rows import ChangeRow, Enrolled, HelpRow, PlanPage, StepRow, first_name
from portal.web.asker import Asker
from portal.wording.queries import shown, with_translation

Coach, Answerer = aliased(Person), aliased(Person)


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
    chosen = rules.whats_next(row for row in rows if row.id is not None)
    return Brief(goal, tuple(_step(row) for row in chosen))


def open_help(session: Session, asker: Asker) -> tuple[HelpRow, ...]:
    """Every open question of the participants in the asker's scope, the first promised first. One query.

    Nothing is noted here: whoever shows somebody of it notes them.
    """
    mine = Plan.person_id.in_(scope.participants_of(asker))
    rows = _help_rows().where(mine, HelpRequest.outcome == "")
    return _helps(session, rows.order_by(None).order_by(HelpRequest.due_on, HelpRequest.asked_at))


def help_request(session: Session, asker: Asker, person_id: UUID, request_id: UUID) -> HelpRow:
    """One question of a participant in the asker's scope, open or not. Raises NoResultFound."""
    scope.participant(session, asker, person_id, what="plan")
    row = _help_rows().where(HelpRequest.id == request_id, Plan.person_id == person_id)
    return _help(session.execute(row).one())


def own_step(session: Session, asker: Asker, step_id: UUID) -> StepRow:
    """One step of the asker's own plan, a withdrawn one too, never a hidden one. Raises NoResultFound."""
    note(session, asker, action="read", kind="plan", subject=asker.person_id)
    found = _step_of(session, asker.person_id, step_id)
    if not found.in_portal:
        raise NoResultFound
    return found


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
    """The local day by which a question asked now is answered, by the organisation's own rule.

    Days on which the coach is away and nobody stands in count as little as a weekend.
    """
    today = now.astimezone(asker.zone).date()
    gone = absence.unanswered_days(session, asker.person_id, today)
    closed = workdays.closed_days(today).union(workdays.closed_days(max(gone, default=today)), gone)
    return workdays.answer_day(today, rules_of(session, asker).answer_working_days, closed)


def _page(
    session: Session, asker: Asker, person_id: UUID, now: datetime, *, name: str = "", language: str
) -> PlanPage:
    enrolled = _enrolled(session, person_id, language)
    if enrolled is None or enrolled.plan_id is None or enrolled.begun_at is None:
        return PlanPage(name, enrolled, "", 0, (), (), frozenset(), frozenset(), (), language=language)
    own = asker.person_id == person_id
    steps = steps_in(session, enrolled.enrolment_id, language, own=own)
    answers = news_queries.answers(session, enrolled.plan_id, own=own)
    news: tuple[news_rules.News[ChangeRow], ...] = ()
    if not own:
        changes = change_queries.of_goal(session, enrolled.plan_id)
        fresh = frozenset(step.id for step in steps if rules.is_fresh(step, asker.person_id, now))
    else:
        changes = change_queries.of_own_page(session, enrolled.plan_id, enrolled.seen_number)
        answered = news_queries.last_answered(answers)
        news = news_rules.news(changes, person_id, enrolled.seen_number, answered)
        told = {one.last.step_id for one in news}
        # In a plan that has just begun everything is new, and a mark on all marks nothing.
        begins = rules.is_new(enrolled.begun_at, now)
        fresh = frozenset(step.id for step in steps if step.id in told and not begins)
    helps = _help_rows().where(HelpRequest.plan_id == enrolled.plan_id)
    return PlanPage(
        name=name,
        enrolled=enrolled,
        goal=enrolled.goal,
        goal_version=enrolled.goal_version,
        earlier_goals=change_queries.earlier_goals(changes),
        steps=steps,
        fresh=fresh,
        just_done=frozenset(step.id for step in steps if rules.is_just_done(step, person_id, now)),
        helps=_helps(session, helps.where(PlanStep.in_portal.is_(True)) if own else helps),
        news=news,
        answers=answers,
        goal_other=enrolled.goal_other,
        language=language,
    )


def _enrolled(session: Session, person_id: UUID, language: str = "sv") -> Enrolled | None:
    """The open enrolment, else the one that closed last, with its plan."""
    rows = (
        scope.current_of(person_id)
        .outerjoin(Coach, Coach.id == Enrolment.coach_id)
        .outerjoin(Plan, Plan.enrolment_id == Enrolment.id)
        .with_only_columns(
            Enrolment.id,
            Enrolment.closed_on,
            Enrolment.coach_id,
            Coach.name_sealed,
            Plan.id.label("plan_id"),
            Plan.goal_sealed,
            Plan.version,
            Plan.created_at,
            Plan.seen_number,
            proposals_for(Enrolment.person_id).label("proposals"),
        )
    )
    row = session.execute(with_translation(rows, Plan.id, language)).one_or_none()
    if row is None:
        return None
    goal = open_sealed("plan", "goal_sealed", row.plan_id, row.goal_sealed)
    return Enrolled(
        enrolment_id=row.id,
        person_id=person_id,
        coach_id=row.coach_id,
        coach=first_name(row.coach_id, row.name_sealed),
        open=row.closed_on is None,
        plan_id=row.plan_id,
        goal=goal,
        goal_other=shown(row, goal, language),
        goal_version=row.version or 0,
        begun_at=row.created_at,
        seen_number=row.seen_number or 0,
        proposals=row.proposals,
    )


def proposals_for(person_id: Any) -> ScalarSelect[int]:
    """How many rows staff propose for a person's card."""
    waiting = select(func.count()).select_from(Adaptation)
    mine = Adaptation.person_id == person_id, Adaptation.state == PROPOSED
    return waiting.where(*mine).correlate(Enrolment).scalar_subquery()


def _step_rows(language: str) -> Select[*tuple[Any, ...]]:
    """Steps with their texts in this language, where it is not Swedish."""
    rows = select(*PlanStep.__table__.c).join(Plan, Plan.id == PlanStep.plan_id)
    return with_translation(rows, PlanStep.id, language)


def steps_in(session: Session, enrolment_id: UUID, language: str, *, own: bool) -> tuple[StepRow, ...]:
    """The steps and sub-goals of one enrolment's plan, in order. The caller has checked the asker.

    `own`: as the participant reads them, without what staff keep for themselves (S33).
    """
    rows = _step_rows(language).where(Plan.enrolment_id == enrolment_id, PlanStep.withdrawn.is_(False))
    if own:
        rows = rows.where(PlanStep.in_portal.is_(True))
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
        in_portal=row.in_portal,
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
        answered_by=first_name(row.answerer_id, row.answerer_sealed),
    )
