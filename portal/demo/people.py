"""The demo's staff and participants as rows: who they are, when they came, what they want."""

import random
import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from portal.availability.models import WeeklyHours
from portal.crypto import lookup_hash
from portal.demo.places import COUNTED, LISTS
from portal.demo.stories import STEPS, Applicant, Story
from portal.identity.models import Enrolment, EnrolmentPeriod, Person, RoleGrant, StaffAccount
from portal.notices.rules import CALL, EMAIL, SMS, VOICE
from portal.organisation.models import Choice, Organisation, Programme, Team
from portal.plan.models import Plan, PlanStep

STAFF_PASSWORD = "en-lugn-stig-i-skogen"
STAFF_SECRETS = {
    "karin": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
    "olof": "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU",
    "lena": "MFZWIZTHNBVGW3DNMFZWIZTHNBVGW3DN",
    "adam": "NBSWY3DPO5XXE3DENBSWY3DPO5XXE3DE",
    "tara": "ONSWG4TFORSGKZLTONSWG4TFORSGKZLT",
    "ulla": "PFXXKYLSMVQWYZLTPFXXKYLSMVQWYZLT",
    "frida": "OBQXG43XN5ZGIMJSOBQXG43XN5ZGIMJS",
    "maj": "MJQXG2LOMVXGK3DFMJQXG2LOMVXGK3DF",
}
"""Secrets for an authenticator app. They open nothing but made-up people, so they stand here."""
PIN = "582941"
HEARD = timedelta(days=4)
"""How long ago everybody signed in, but for the one whose number is silent."""
HOURS = ((time(9), time(12)), (time(13), time(16)))


@dataclass(frozen=True)
class House:
    """An organisation, its programme and its first team."""

    organisation: Organisation
    programme: Programme
    team: Team


def add_house(session: Session, slug: str, name: str, phone: str, **more: object) -> House:
    """An organisation with its lists. `more`: settings and the day its programme began."""
    organisation = Organisation(
        slug=slug, name=name, phone=phone, languages=["sv", "en", "ar"], settings=more["settings"]
    )
    organisation.zone_name = "Europe/Stockholm"
    session.add(organisation)
    session.flush()
    programme = Programme(
        organisation_id=organisation.id,
        name="Vägen vidare",
        starts_on=more["began"],
        targets={"participants": 60, "share_of_women": 0.5, "share_to_work": 0.4, "share_one_step": 0.8},
        partners=["Försäkringskassan", "Arbetsförmedlingen", "Regionen", "Kommunen"],
    )
    town = name.rsplit(maxsplit=1)[-1]
    team = Team(organisation_id=organisation.id, name=f"Teamet i {town}", municipality=town)
    session.add_all([programme, team])
    for kind, words in LISTS.items():
        for position, (code, (sv, en, ar)) in enumerate(words.items()):
            words_of = {"sv": sv, "en": en, "ar": ar}
            session.add(
                Choice(
                    organisation_id=organisation.id,
                    kind=kind,
                    code=code,
                    words=words_of,
                    position=position,
                    counts_as=COUNTED.get(code, "") if kind == "outcome" else "",
                )
            )
    session.flush()
    return House(organisation, programme, team)


def add_staff(
    session: Session, house: House, name: str, role: str, *, password: str, now: datetime
) -> Person:
    """A member of staff who signs in as <first name>@<slug>.example; coaches keep office hours."""
    first = name.split(maxsplit=1)[0].lower()
    person = Person(organisation_id=house.organisation.id, created_at=now)
    person.name, person.name_hash = name, lookup_hash("name", name.casefold())
    session.add(person)
    session.flush()
    email = f"{first}@{house.organisation.slug}.example"
    account = StaffAccount(
        person_id=person.id,
        email_hash=lookup_hash("email", email),
        password_hash=password,
        authority="Kommunen",
    )
    account.email, account.totp_secret = email, STAFF_SECRETS[first]
    team_id = None if role == "admin" else house.team.id
    session.add_all([account, RoleGrant(person_id=person.id, role=role, team_id=team_id)])
    if role == "coach":
        for weekday in range(5):
            for starts, ends in HOURS:
                session.add(WeeklyHours(person_id=person.id, weekday=weekday, starts=starts, ends=ends))
    session.flush()
    return person


def add_participant(
    session: Session, house: House, coach: Person, story: Story, *, pin: str, now: datetime
) -> Enrolment:
    """A person with the enrolment that is open (or closed last), its pauses and extensions."""
    began = datetime.combine(story.started_on, time(10), house.organisation.zone)
    person = Person(
        organisation_id=house.organisation.id,
        language=story.language,
        gender=story.gender,
        born_in_sweden=story.born_in_sweden,
        municipality=("norrby", "asen", "sjovik")[story.intake % 3],
        education=("none", "primary", "secondary")[len(story.name) % 3],
        created_at=began,
        phone_hash=lookup_hash("phone", story.phone),
        phone_confirmed_at=began,
        phone_heard_at=None if story.silent else now - HEARD,
        way=CALL if story.calls else EMAIL if story.by_mail else VOICE if story.voice else SMS,
        reminder_timing=story.timing,
        email_confirmed_at=began if story.email else None,
        earliest_hour=10 if story.by_mail else None,
        latest_hour=17 if story.by_mail else None,
        sms_unsafe=story.sms_unsafe,
        pin_hash=pin if story.has_pin else None,
        pin_chosen_at=began if story.has_pin else None,
    )
    person.name, person.name_hash = story.name, lookup_hash("name", story.name.casefold())
    person.phone = story.phone
    if story.email:
        person.email = story.email
    session.add(person)
    session.flush()
    session.add(RoleGrant(person_id=person.id, role="participant", team_id=house.team.id))
    enrolment = _enrolment(house, coach, person.id, story)
    session.add(enrolment)
    session.flush()
    _periods(session, enrolment, story, now.astimezone(house.organisation.zone).date())
    if story.returned:
        session.add(_earlier(house, coach, person.id, story))
    session.flush()
    return enrolment


def add_applicant(session: Session, house: House, told: Applicant, *, now: datetime) -> None:
    """Somebody who waits for a first meeting."""
    applied = now.astimezone(house.organisation.zone).date() - timedelta(days=told.days)
    person = Person(
        organisation_id=house.organisation.id,
        language="sv",
        gender=told.gender,
        municipality="norrby",
        created_at=now - timedelta(days=told.days),
        phone_hash=lookup_hash("phone", told.phone),
        phone_confirmed_at=now - timedelta(days=told.days),
    )
    person.name, person.name_hash = told.name, lookup_hash("name", told.name.casefold())
    person.phone = told.phone
    session.add(person)
    session.flush()
    session.add(RoleGrant(person_id=person.id, role="participant", team_id=house.team.id))
    session.add(
        Enrolment(
            person_id=person.id,
            programme_id=house.programme.id,
            team_id=house.team.id,
            referrer="fk",
            applied_on=applied,
            income_at_start="sickness",
        )
    )
    session.flush()


def _enrolment(house: House, coach: Person, person_id: uuid.UUID, story: Story) -> Enrolment:
    incomes = list(LISTS["income"])
    return Enrolment(
        person_id=person_id,
        programme_id=house.programme.id,
        team_id=house.team.id,
        coach_id=coach.id,
        referrer=list(LISTS["referrer"])[len(story.name) % 5],
        intake=story.intake,
        applied_on=story.applied_on,
        first_meeting_on=story.started_on - timedelta(days=8),
        started_on=story.started_on,
        closed_on=story.until,
        outcome=story.outcome,
        income_at_start=incomes[len(story.goal) % len(incomes)],
        income_at_closure="wage" if story.outcome == "work" else ("social" if story.until else ""),
    )


def _earlier(house: House, coach: Person, person_id: uuid.UUID, story: Story) -> Enrolment:
    """The first time in the programme of somebody who came back."""
    began = story.started_on - timedelta(days=400)
    return Enrolment(
        person_id=person_id,
        programme_id=house.programme.id,
        team_id=house.team.id,
        coach_id=coach.id,
        referrer="af",
        intake=1,
        applied_on=began - timedelta(days=30),
        first_meeting_on=began - timedelta(days=7),
        started_on=began,
        closed_on=began + timedelta(days=220),
        outcome="work",
        income_at_start="social",
        income_at_closure="wage",
    )


def _periods(session: Session, enrolment: Enrolment, story: Story, today: date) -> None:
    def add(kind: str, starts_on: date, ends_on: date | None, reason: str) -> None:
        period = EnrolmentPeriod(enrolment_id=enrolment.id, kind=kind, starts_on=starts_on, ends_on=ends_on)
        period.reason = reason
        session.add(period)

    if story.pausing:
        add("pause", today - timedelta(days=12), today + timedelta(days=30), "Sjukskriven")
    if story.paused_before:
        pause = story.started_on + timedelta(days=40)
        add("pause", pause, pause + timedelta(days=30), "Föräldraledig")
    if story.extended:
        add("extension", today - timedelta(days=20), today + timedelta(days=90), "Praktiken går bra")


def add_plan(
    session: Session, enrolment: Enrolment, coach: Person, story: Story, chance: random.Random, now: datetime
) -> None:
    """A goal and five steps: some done, one or two now, the rest planned."""
    plan = Plan(enrolment_id=enrolment.id, person_id=enrolment.person_id, version=1, created_at=now)
    plan.goal = story.goal
    session.add(plan)
    session.flush()
    states = ("done", "done", "now", "now" if chance.random() < 0.4 else "planned", "planned")
    for position, (state, (words, doer)) in enumerate(zip(states, chance.sample(STEPS, 5), strict=True)):
        step = PlanStep(
            plan_id=plan.id,
            kind="step",
            state=state if story.until is None else "done",
            position=position,
            doer=doer,
            day=now.date() + timedelta(days=7 * position) if state == "planned" else None,
            withdrawn=False,
            version=1,
            changed_at=now - timedelta(days=20),
            changed_by=coach.id,
        )
        step.text = words
        session.add(step)
    session.flush()
