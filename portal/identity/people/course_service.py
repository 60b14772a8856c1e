"""The course of an enrolment: pauses and extensions, closure and its undoing, another coach."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.identity.models import CoachChange, Enrolment, EnrolmentPeriod, Person
from portal.identity.people import person_queries, reach_queries, rules
from portal.identity.people.service import AlreadyOpen, NotOpen, WrongDays, check_coach, place_in_team
from portal.identity.service import hold_enrolment, lock_people
from portal.journal import service as journal
from portal.organisation.models import Team
from portal.web.asker import Asker


@dataclass(frozen=True)
class Period:
    """A pause or an extension as a form gives it. `ends_on` None: until further notice."""

    kind: str
    starts_on: date
    ends_on: date | None
    reason: str = ""


@dataclass(frozen=True)
class Closure:
    """How an enrolment ends; codes of the organisation's lists."""

    closed_on: date
    outcome: str
    income: str = ""


def add_period(
    session: Session, asker: Asker, person: Person, new: Period, *, ticket: str, now: datetime
) -> EnrolmentPeriod:
    """Add a pause or an extension; the same form again gives the one that is there, with what it says now.

    Raises WrongDays, NotOpen.
    """
    enrolment = hold_enrolment(session, person.id)
    # Looked for once the first of two taps is done.
    period_id = uuid.uuid5(asker.person_id, f"{enrolment.id} {new.kind} {ticket}")
    period = session.get(EnrolmentPeriod, period_id, populate_existing=True)
    if period and (period.starts_on, period.ends_on, period.reason) == (
        new.starts_on,
        new.ends_on,
        new.reason,
    ):
        return period
    if enrolment.closed_on:
        raise NotOpen
    period = period or EnrolmentPeriod(id=period_id, enrolment_id=enrolment.id, kind=new.kind)
    _apply(session, asker, enrolment, period, new=new, now=now)
    session.add(period)
    session.flush()
    return period


def change_period(
    session: Session, asker: Asker, person: Person, period_id: uuid.UUID, new: Period, *, now: datetime
) -> None:
    """Change the days or the reason of a pause or an extension. Raises WrongDays, NoResultFound."""
    enrolment = hold_enrolment(session, person.id)
    period = person_queries.period(session, enrolment.id, period_id)
    _apply(session, asker, enrolment, period, new=new, now=now)
    session.flush()


def remove_period(session: Session, asker: Asker, person: Person, period_id: uuid.UUID) -> None:
    """Take a pause or an extension away; the journal remembers that it was there. Raises NoResultFound."""
    enrolment = hold_enrolment(session, person.id)
    period = person_queries.period(session, enrolment.id, period_id)
    session.delete(period)
    session.flush()
    _note(session, asker, f"{period.kind}_removed", person.id, period.id)


def _apply(
    session: Session,
    asker: Asker,
    enrolment: Enrolment,
    period: EnrolmentPeriod,
    *,
    new: Period,
    now: datetime,
) -> None:
    rows = [row for row in person_queries.periods(session, enrolment.id) if row.id != period.id]
    span = rules.Span(new.starts_on, new.ends_on)
    problems = rules.period_problems(
        period.kind,
        span,
        rules.Dates(started_on=enrolment.started_on, closed_on=enrolment.closed_on),
        person_queries.spans(rows, period.kind),
        reach_queries.today_of(asker, now),
    )
    if problems:
        raise WrongDays(problems)
    period.starts_on, period.ends_on, period.reason = new.starts_on, new.ends_on, new.reason
    _note(session, asker, period.kind, enrolment.person_id, period.id)


def close(session: Session, asker: Asker, person: Person, closure: Closure, *, now: datetime) -> None:
    """Close the enrolment. Raises WrongDays, or NotOpen when it is closed already."""
    enrolment = hold_enrolment(session, person.id)
    if enrolment.closed_on:
        raise NotOpen
    dates = rules.Dates(
        enrolment.applied_on, enrolment.first_meeting_on, enrolment.started_on, closure.closed_on
    )
    problems = rules.date_problems(dates, reach_queries.today_of(asker, now))
    if wrong := {field: code for field, code in problems.items() if field == "closed_on"}:
        raise WrongDays(wrong)
    enrolment.closed_on = closure.closed_on
    enrolment.outcome = closure.outcome
    enrolment.income_at_closure = closure.income
    session.flush()
    _note(session, asker, "closed", person.id, enrolment.id)


def reopen(session: Session, asker: Asker, person: Person) -> None:
    """Undo a closure: outcome and income at closure go with it. Raises AlreadyOpen."""
    enrolment = hold_enrolment(session, person.id)
    if enrolment.closed_on is None:
        raise AlreadyOpen
    enrolment.closed_on = None
    enrolment.outcome = ""
    enrolment.income_at_closure = ""
    session.flush()
    _note(session, asker, "reopened", person.id, enrolment.id)


def hand_over(
    session: Session,
    asker: Asker,
    person: Person,
    coach_id: uuid.UUID,
    team_id: uuid.UUID,
    *,
    now: datetime,
) -> uuid.UUID | None:
    """Give an open enrolment to another coach, which the person is told until they have seen it; the former.

    `person` is fetched within the asker's reach. A lead hands over what the own team has, to the own
    team's staff; an admin to anybody, and the enrolment goes along to that team. Raises
    NotOpen, CoachNotInTeam, NoResultFound.
    """
    # A coach who leaves the team at this moment is not chosen afterwards.
    lock_people(session, (person.id, coach_id))
    enrolment = hold_enrolment(session, person.id)
    if enrolment.closed_on:
        raise NotOpen
    teams = select(Team.id).where(Team.organisation_id == asker.organisation_id)
    if "admin" not in asker.roles:
        teams = teams.where(Team.id.in_(reach_queries.teams_of(asker, "lead")))
        session.scalars(teams.where(Team.id == enrolment.team_id)).one()
    session.scalars(teams.where(Team.id == team_id)).one()
    check_coach(session, coach_id, team_id)
    if enrolment.coach_id == coach_id and enrolment.team_id == team_id:
        return enrolment.coach_id
    former = enrolment.coach_id
    if former != coach_id:
        session.add(CoachChange(person_id=person.id, former_id=former, coach_id=coach_id, changed_at=now))
    enrolment.coach_id, enrolment.team_id = coach_id, team_id
    place_in_team(session, person.id, team_id)
    _note(session, asker, "handover", person.id, coach_id)
    return former


def read_coach_change(session: Session, asker: Asker, coach_id: uuid.UUID, now: datetime) -> None:
    """The asking participant has seen that this is their coach; one who came after is still news."""
    session.execute(
        update(CoachChange)
        .where(
            CoachChange.person_id == asker.person_id,
            CoachChange.coach_id == coach_id,
            CoachChange.read_at.is_(None),
        )
        .values(read_at=now)
    )


def _note(session: Session, asker: Asker, kind: str, person_id: uuid.UUID, object_id: uuid.UUID) -> None:
    journal.note(session, asker, action="change", kind=kind, subject=person_id, object_id=object_id)
