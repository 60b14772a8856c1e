"""Taking in a list of participants: every row is looked at, and all are stored or none."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.identity.importing import queries, rules, sheet_rules
from portal.identity.importing.rules import Course, Newcomer
from portal.identity.importing.sheet_rules import Problem
from portal.identity.models import Enrolment, Person, RoleGrant
from portal.identity.people import service as enrolling
from portal.identity.people.service import Background, Facts
from portal.journal import service as journal
from portal.organisation import service as organisations
from portal.organisation.models import Organisation
from portal.web.errors import Refused


class Meanwhile(Refused):
    """Somebody in the file was enrolled by somebody else at this very moment."""


@dataclass(frozen=True)
class Taken:
    """What a file led to: `problems`, and then nothing is stored; or how much is stored.

    `ageless`: people of whom the file tells no age, so that they are stored as grown up.
    """

    problems: tuple[Problem, ...] = ()
    people: int = 0
    with_number: int = 0
    open: int = 0
    closed: int = 0
    ageless: int = 0


def take_in(session: Session, organisation: Organisation, content: bytes, *, now: datetime) -> Taken:
    """Store everybody in the file, when nothing at all is wrong with it.

    The caller commits, or rolls back a trial. Raises Unreadable, Meanwhile.
    """
    organisations.hold(session, organisation.id)
    sheet = sheet_rules.read(content)
    reading = rules.read(sheet, queries.house(session, organisation, now))
    problems = reading.problems or tuple(
        Problem(line, sheet.heads.get(key, rules.title(key)), reason)
        for line, key, reason in sorted(queries.here_already(session, organisation, reading.people))
    )
    if problems:
        return Taken(problems)
    try:
        _store(session, organisation, reading.people, now)
    except IntegrityError:
        raise Meanwhile from None
    courses = [course for one in reading.people for course in one.courses]
    states = Counter(course.dates.closed_on is None for course in courses)
    numbers = sum(bool(one.own.phone) for one in reading.people)
    ageless = sum(not one.own.age_band for one in reading.people)
    return Taken((), len(reading.people), numbers, states[True], states[False], ageless)


def _store(session: Session, organisation: Organisation, people: tuple[Newcomer, ...], now: datetime) -> None:
    enrolments: list[Enrolment] = []
    grants: list[RoleGrant] = []
    for one in people:
        person = Person(organisation_id=organisation.id, created_at=now)
        courses = [_course(person, one, course) for course in one.courses]
        present = one.courses[-1]
        enrolling.apply_facts(person, courses[-1], _facts(one, present))
        if one.own.phone:
            # Nobody has met the person with it: it stays unconfirmed until staff do (S35).
            enrolling.give_number(person, one.own.phone, confirmed_at=None)
        session.add(person)
        enrolments += courses
        grants.append(RoleGrant(person_id=person.id, role="participant", team_id=UUID(present.team)))
        for made in courses:
            journal.note(
                session, None, action="change", kind="enrolled", subject=person.id, object_id=made.id
            )
    session.flush()
    session.add_all([*enrolments, *grants])
    session.flush()
    journal.write(session, journal.take_notes(session), now)


def _course(person: Person, one: Newcomer, course: Course) -> Enrolment:
    enrolment = Enrolment(
        person_id=person.id,
        team_id=UUID(course.team),
        coach_id=UUID(course.coach) if course.coach else None,
        closed_on=course.dates.closed_on,
        outcome=course.outcome,
        income_at_closure=course.income_at_closure,
    )
    enrolling.apply_facts(person, enrolment, _facts(one, course))
    return enrolment


def _facts(one: Newcomer, course: Course) -> Facts:
    own = one.own
    return Facts(
        name=own.name,
        language=own.language,
        programme_id=UUID(course.programme),
        referrer=course.referrer,
        intake=course.intake,
        applied_on=course.dates.applied_on,
        first_meeting_on=course.dates.first_meeting_on,
        started_on=course.dates.started_on,
        income_at_start=course.income_at_start,
        background=Background(own.gender, own.born_in_sweden, own.municipality, own.education, own.age_band),
    )
