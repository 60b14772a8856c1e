"""Enrolling somebody, and what changes about an enrolment afterwards."""

import uuid
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.crypto import code_hash, lookup_hash
from portal.identity.models import AGE_BANDS, Enrolment, Person, RoleGrant
from portal.identity.people import reach_queries, rules
from portal.identity.service import hold_enrolment, lock_people
from portal.journal import service as journal
from portal.organisation.models import Programme, Team
from portal.web.asker import Asker
from portal.web.errors import Refused


class NumberInUse(Refused):
    """The number belongs to an active person of the organisation, who is enrolled or out of reach."""


class PerhapsTheSame(Refused):
    """Somebody within the asker's reach has this number or this name, and is not enrolled now.

    `people`: who it may be; `by_number`: the number is theirs, so it can be nobody else.
    """

    def __init__(self, people: tuple[Person, ...], by_number: bool) -> None:
        self.people = people
        self.by_number = by_number


class CoachNotInTeam(Refused):
    """The chosen coach does not work in the chosen team."""


class WrongDays(Refused):
    """Days that cannot be; `problems` is {field: code}, see rules.date_problems."""

    def __init__(self, problems: dict[str, str]) -> None:
        self.problems = problems


class ChangedMeanwhile(Refused):
    """Somebody else changed the same facts after the form was opened; `facts` is how they stand now."""

    def __init__(self, facts: "Facts") -> None:
        self.facts = facts


class AlreadyOpen(Refused):
    """The person has an open enrolment."""


class NotOpen(Refused):
    """The enrolment is closed: open it again first."""


@dataclass(frozen=True)
class Background:
    """What reports and scales ask about a person; codes of the lists, "" and None are not told."""

    gender: str = "not_told"
    born_in_sweden: bool | None = None
    municipality: str = ""
    education: str = ""
    age_band: str = ""


@dataclass(frozen=True)
class Facts:
    """Everything about a person and an enrolment that its form may change, and nothing else (S7)."""

    name: str
    language: str
    programme_id: uuid.UUID
    referrer: str = ""
    intake: int | None = None
    applied_on: date | None = None
    first_meeting_on: date | None = None
    started_on: date | None = None
    income_at_start: str = ""
    background: Background = field(default_factory=Background)

    @property
    def dates(self) -> rules.Dates:
        """The days."""
        return rules.Dates(self.applied_on, self.first_meeting_on, self.started_on)


@dataclass(frozen=True)
class NewEnrolment:
    """A filled-in form for enrolling. `phone` is E.164, or "" for somebody without a mobile."""

    facts: Facts
    phone: str
    team_id: uuid.UUID
    coach_id: uuid.UUID | None


@dataclass(frozen=True)
class Answer:
    """What was answered to "is it the same person?": `asked` or not, and who (None: another person)."""

    asked: bool = False
    person_id: uuid.UUID | None = None


def enrol(
    session: Session, asker: Asker, new: NewEnrolment, *, ticket: str, answer: Answer, now: datetime
) -> Enrolment:
    """Enrol somebody; the same form again (its `ticket`, name and number) gives the enrolment that is there.

    Somebody who comes back keeps the number we have: changing it is an act of its own (S35).
    Raises NumberInUse, AlreadyOpen (who comes back has just been enrolled), PerhapsTheSame (ask, then come
    back with the answer), CoachNotInTeam, WrongDays, NoResultFound for a team or programme not the asker's.
    """
    enrolment_id = uuid.uuid5(asker.person_id, f"{ticket} {new.phone} {rules.name_key(new.facts.name)}")
    if done := session.get(Enrolment, enrolment_id):
        return done
    _check_place(session, asker, new)
    _check_days(new.facts.dates, now, asker)
    try:
        # Held before anything is read: whoever undoes a closure, or forgets somebody, is done or comes later.
        lock_people(session, {one for one in (answer.person_id, new.coach_id) if one})
        if answer.person_id and session.get(Person, answer.person_id) is None:
            answer = Answer(True)
        person = _who(session, asker, new, answer)
        if new.coach_id is not None:
            # The coach may have left the team while this waited.
            check_coach(session, new.coach_id, new.team_id)
        with session.begin_nested():
            return _store(session, asker, new, person=person, enrolment_id=enrolment_id, now=now)
    except (IntegrityError, NumberInUse, AlreadyOpen) as first:
        # The same form, the same number or the same person came in at the same moment and was first.
        if done := session.get(Enrolment, enrolment_id):
            return done
        raise (AlreadyOpen if isinstance(first, AlreadyOpen) else NumberInUse) from None


def _check_place(session: Session, asker: Asker, new: NewEnrolment) -> None:
    team = select(Team.id).where(Team.id == new.team_id, Team.organisation_id == asker.organisation_id)
    if "admin" not in asker.roles:
        team = team.where(Team.id.in_(reach_queries.teams_of(asker, *rules.TEAM_ROLES)))
    session.scalars(team).one()
    _check_programme(session, asker, new.facts.programme_id)
    if new.coach_id is not None:
        check_coach(session, new.coach_id, new.team_id)


def _check_programme(session: Session, asker: Asker, programme_id: uuid.UUID) -> None:
    session.scalars(
        select(Programme.id).where(
            Programme.id == programme_id, Programme.organisation_id == asker.organisation_id
        )
    ).one()


def check_coach(session: Session, coach_id: uuid.UUID, team_id: uuid.UUID) -> None:
    """Raises CoachNotInTeam unless this is an active coach or lead of the team."""
    found = session.scalars(
        select(Person.id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(
            Person.id == coach_id,
            Person.disabled_at.is_(None),
            RoleGrant.team_id == team_id,
            RoleGrant.role.in_(rules.TEAM_ROLES),
        )
    ).first()
    if found is None:
        raise CoachNotInTeam


def _check_days(dates: rules.Dates, now: datetime, asker: Asker) -> None:
    if problems := rules.date_problems(dates, reach_queries.today_of(asker, now)):
        raise WrongDays(problems)


def _who(session: Session, asker: Asker, new: NewEnrolment, answer: Answer) -> Person | None:
    """The person who comes back, or None for somebody new."""
    _check_left(session, reach_queries.findable(asker).where(Person.id == answer.person_id))
    by_number, by_name = _matches(session, asker, new)
    people = by_number or by_name
    if answer.asked and answer.person_id is None and by_number:
        raise NumberInUse
    chosen = next((person for person in people if person.id == answer.person_id), None)
    if chosen or (answer.asked and answer.person_id is None):
        return chosen
    if not people:
        if answer.asked:
            raise NumberInUse
        return None
    for person in people:
        journal.note(session, asker, action="read", kind="enrolment", subject=person.id)
    raise PerhapsTheSame(people, bool(by_number))


def _matches(
    session: Session, asker: Asker, new: NewEnrolment
) -> tuple[tuple[Person, ...], tuple[Person, ...]]:
    """(who has this number, who has this name), of those within reach who could come back.

    Raises NumberInUse when the number is taken by anybody else of the organisation.
    """
    here = select(Person).where(Person.organisation_id == asker.organisation_id, Person.disabled_at.is_(None))
    within = select(Person.id).where(Person.id.in_(reach_queries.findable(asker)))
    enrolled = select(Enrolment.person_id).where(Enrolment.closed_on.is_(None))
    could = here.where(Person.id.in_(within), Person.id.not_in(enrolled))
    by_number: tuple[Person, ...] = ()
    if new.phone:
        same = Person.phone_hash == lookup_hash("phone", new.phone)
        by_number = tuple(session.scalars(could.where(same)))
        if not by_number and session.scalars(here.where(same)).first():
            raise NumberInUse
    key = lookup_hash("name", rules.name_key(new.facts.name))
    return by_number, tuple(session.scalars(could.where(Person.name_hash == key)))


def _check_left(session: Session, who: Select[uuid.UUID]) -> None:
    """Raises AlreadyOpen when somebody just enrolled this person again, or undid the closure."""
    enrolled = select(Enrolment.id).where(Enrolment.person_id.in_(who), Enrolment.closed_on.is_(None))
    if session.scalars(enrolled).first():
        raise AlreadyOpen


def _with_known(person: Person, facts: Facts) -> Facts:
    """The facts, where nothing was told this time with what we know since last time."""
    told = facts.background
    return replace(
        facts,
        background=Background(
            gender=person.gender if told.gender == "not_told" else told.gender,
            born_in_sweden=person.born_in_sweden if told.born_in_sweden is None else told.born_in_sweden,
            municipality=told.municipality or person.municipality,
            education=told.education or person.education,
            age_band=told.age_band or person.age_band,
        ),
    )


def _new_person(session: Session, asker: Asker, new: NewEnrolment, now: datetime) -> Person:
    person = Person(organisation_id=asker.organisation_id, language=new.facts.language, created_at=now)
    session.add(person)
    return person


def give_number(person: Person, phone: str, *, confirmed_at: datetime | None) -> None:
    """The first number (E.164) of somebody who had none, and when staff saw that it is theirs."""
    person.phone = phone
    person.phone_hash = lookup_hash("phone", phone)
    person.phone_confirmed_at = confirmed_at


def _store(
    session: Session,
    asker: Asker,
    new: NewEnrolment,
    *,
    person: Person | None,
    enrolment_id: uuid.UUID,
    now: datetime,
) -> Enrolment:
    if person:
        _check_left(session, select(Person.id).where(Person.id == person.id))
        new = replace(new, facts=_with_known(person, new.facts))
    else:
        person = _new_person(session, asker, new, now)
    first = bool(new.phone) and not person.phone
    if first:
        give_number(person, new.phone, confirmed_at=now)
    enrolment = Enrolment(
        id=enrolment_id,
        person_id=person.id,
        programme_id=new.facts.programme_id,
        team_id=new.team_id,
        coach_id=new.coach_id,
    )
    apply_facts(person, enrolment, new.facts)
    session.flush()
    session.add(enrolment)
    place_in_team(session, person.id, new.team_id)
    journal.note(session, asker, action="change", kind="enrolled", subject=person.id, object_id=enrolment.id)
    if first:
        journal.note(session, asker, action="change", kind="number_enrolled", subject=person.id)
    return enrolment


def place_in_team(session: Session, person_id: uuid.UUID, team_id: uuid.UUID) -> None:
    """Let the participant's role stand in this team and no other."""
    grants = select(RoleGrant).where(RoleGrant.person_id == person_id, RoleGrant.role == "participant")
    for grant in session.scalars(grants):
        session.delete(grant)
    session.flush()
    session.add(RoleGrant(person_id=person_id, role="participant", team_id=team_id))
    session.flush()


def apply_facts(person: Person, enrolment: Enrolment, facts: Facts) -> None:
    """Let these facts stand in the two rows; whoever calls has checked them."""
    person.name = facts.name
    # A protected person is found by no search, an exact one included (S37).
    person.name_hash = None if person.protected else lookup_hash("name", rules.name_key(facts.name))
    person.language = facts.language
    person.gender = facts.background.gender
    person.born_in_sweden = facts.background.born_in_sweden
    person.municipality = facts.background.municipality
    person.education = facts.background.education
    person.age_band = facts.background.age_band or person.age_band or AGE_BANDS[0]
    enrolment.programme_id = facts.programme_id
    enrolment.referrer = facts.referrer
    enrolment.intake = facts.intake
    enrolment.applied_on = facts.applied_on
    enrolment.first_meeting_on = facts.first_meeting_on
    enrolment.started_on = facts.started_on
    enrolment.income_at_start = facts.income_at_start


def facts_of(person: Person, enrolment: Enrolment) -> Facts:
    """The facts as they stand."""
    background = Background(
        person.gender, person.born_in_sweden, person.municipality, person.education, person.age_band
    )
    return Facts(
        name=person.name,
        language=person.language,
        programme_id=enrolment.programme_id,
        referrer=enrolment.referrer,
        intake=enrolment.intake,
        applied_on=enrolment.applied_on,
        first_meeting_on=enrolment.first_meeting_on,
        started_on=enrolment.started_on,
        income_at_start=enrolment.income_at_start,
        background=background,
    )


def seen(facts: Facts) -> str:
    """A mark of these facts that a form carries, so that a later change is noticed when it comes back."""
    return code_hash(repr(facts), "facts").hex()[:16]


def change_facts(
    session: Session, asker: Asker, person: Person, facts: Facts, *, seen_before: str, now: datetime
) -> None:
    """Change the facts of a person and their present enrolment.

    `person` is fetched within the asker's reach. Raises WrongDays, ChangedMeanwhile.
    """
    enrolment = hold_enrolment(session, person.id)
    stored = facts_of(person, enrolment)
    if stored == facts:
        return
    if seen(stored) != seen_before:
        raise ChangedMeanwhile(stored)
    _check_programme(session, asker, facts.programme_id)
    dates = rules.Dates(facts.applied_on, facts.first_meeting_on, facts.started_on, enrolment.closed_on)
    _check_days(dates, now, asker)
    apply_facts(person, enrolment, facts)
    session.flush()
    journal.note(session, asker, action="change", kind="facts", subject=person.id, object_id=enrolment.id)
