"""Builds the whole demo, anew each day: its dates are relative to the day it is loaded."""

import random
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.booking.models import Appointment
from portal.db import Base, Database
from portal.demo import (
    audits,
    calendars,
    conversations,
    followups,
    groups,
    hours,
    interpreters,
    looks,
    networks,
    own_texts,
    people,
    places,
    plans,
    rooms,
    scales,
    stories,
    surveys,
    topics,
    translations,
    weeks,
)
from portal.demo.past import Teller, free_starts
from portal.demo.people import PIN, STAFF_PASSWORD, House
from portal.demo.stories import Story
from portal.identity.models import Enrolment, Person
from portal.identity.signin.hashing import hash_password, hash_pin
from portal.notices.models import CallWish
from portal.notices.rules import BOOKED
from portal.organisation.models import Installation, Organisation
from portal.plan.models import HelpRequest, Plan, PlanStep
from portal.reminders.call_rules import Call
from portal.schema import stamp
from portal.staff.models import CallTry
from portal.surveys.freeze_service import freeze

SLUG, FAR_SLUG = "norrby", "soderby"
OF_OTHERS, FAR = 3, 7
"""People of the other coach, and of the other organisation: enough there for tables that tell of no few."""
QUARTER = timedelta(minutes=15)
SOON = timedelta(minutes=70)
FRESH = timedelta(hours=20)


def load(database: Database, now: datetime, pin_key: bytes) -> bool:
    """Load the demo, or build it anew when it is from another day; whether anything was done.

    Raises WrongStamp on a database of real people.
    """
    with database.reading() as session:
        if _is_fresh(session, now):
            return False
    password, pin = hash_password(STAFF_PASSWORD), hash_pin(PIN, pin_key)
    with database.transaction() as session:
        stamp(session, "demo", now)
        _empty(session)
        stamp(session, "demo", now)
        _build(session, now, password=password, pin=pin)
    return True


def _is_fresh(session: Session, now: datetime) -> bool:
    stamped_at = session.scalar(select(Installation.stamped_at).where(Installation.stamp == "demo"))
    has_people = session.scalar(select(Organisation.id).limit(1)) is not None
    return stamped_at is not None and has_people and abs(now - stamped_at) < FRESH


def _empty(session: Session) -> None:
    for table in reversed(Base.metadata.sorted_tables):
        session.execute(table.delete())
    session.expunge_all()


STAFF = (
    ("karin", "Karin Lund", "coach"),
    ("olof", "Olof Berg", "coach"),
    ("lena", "Lena Ek", "lead"),
    ("adam", "Adam Sjö", "admin"),
    ("tara", "Tara Lind", "translator"),
    ("ulla", "Ulla Dahl", "user_auditor"),
)


def _build(session: Session, now: datetime, *, password: str, pin: str) -> None:
    today = now.date()
    began = date(today.year - 1, 1, 1)
    settings = {**places.SETTINGS, **places.crisis_lines_checked(today)}
    here = people.add_house(
        session, SLUG, "Samordningen i Norrby", "010-123 45 67", settings=settings, began=began
    )
    there = people.add_house(
        session, FAR_SLUG, "Stödet i Söderby", "010-765 43 21", settings=scales.SETTINGS, began=began
    )
    scales.install_packs(session, now)
    staff = {
        name: people.add_staff(session, here, full, role, password=password, now=now)
        for name, full, role in STAFF
    }
    frida = people.add_staff(session, there, "Frida Norén", "coach", password=password, now=now)
    people.add_staff(session, there, "Maj Lundin", "lead", password=password, now=now)
    everybody = stories.stories(today)
    _people(session, here, staff["karin"], everybody, now=now, pin=pin)
    few = [stories.stranger(number, today) for number in range(OF_OTHERS + FAR)]
    _people(session, here, staff["olof"], few[:OF_OTHERS], now=now, pin=pin)
    _people(session, there, frida, few[OF_OTHERS:], now=now, pin=pin)
    session.flush()
    freeze(session, now)
    for applicant in stories.APPLICANTS:
        people.add_applicant(session, here, applicant, now=now)
    audits.add_audits(session, here, staff["ulla"], staff["lena"], now)
    _own_time(session, staff["karin"], now)
    groups.add(session, staff["karin"], here.team.id, now)
    looks.add_looks(session, staff["karin"], staff["olof"], now)
    own_texts.add(session, staff["adam"], staff["karin"], here.organisation.zone, now)
    translations.add(session, staff["tara"].id, now)
    interpreters.add(session, staff["adam"], staff["tara"], here.organisation.zone, now)
    networks.add(session, staff["karin"], staff["olof"], here.organisation.zone, now)
    scales.add_history(session, frida)
    groups.add_talks(session, frida, there.team.id, now)
    scales.add_group_answers(session, frida, now)


def _own_time(session: Session, coach: Person, now: datetime) -> None:
    """The coach's hours, the calendar elsewhere, and what stands in the week."""
    hours.add(session, coach, now.date())
    calendars.add(session, coach, session.get_one(Organisation, coach.organisation_id).zone, now)
    weeks.add(session, coach, now)
    rooms.add(session, coach, now)


def _people(
    session: Session, house: House, coach: Person, told: list[Story], *, now: datetime, pin: str
) -> None:
    chance = random.Random(stories.SEED)
    teller = Teller(session, house.organisation.id, house.organisation.zone, now, chance)
    enrolments = []
    for story in told:
        enrolment = people.add_participant(session, house, coach, story, pin=pin, now=now)
        people.add_plan(session, enrolment, coach, story, chance, now)
        teller.past(enrolment, story)
        enrolments.append((enrolment, story))
    _ahead(teller, enrolments)
    _asking_for_help(session, enrolments, now)
    surveys.add(session, enrolments, now, chance)
    plans.add_climbs(session, coach, enrolments, now)
    followups.add(session, [enrolment for enrolment, _story in enrolments], now)
    if len(told) > len(stories.GOALS):
        zone = house.organisation.zone
        plans.add_changes(session, coach, enrolments, zone, now)
        writers = [session.get_one(Person, enrolment.person_id) for enrolment, _story in enrolments[:3]]
        conversations.add(session, coach, writers, zone, now)
        topics.add(session, coach, writers, zone, now)


def _ahead(teller: Teller, enrolments: list[tuple[Enrolment, Story]]) -> None:
    """The first one meets the coach soon, so that a check-in is open; the others on days to come."""
    waiting = [
        enrolment for enrolment, story in enrolments if not (story.until or story.pausing or story.no_meeting)
    ]
    soon = teller.now + SOON
    teller.ahead(waiting[0], soon - (soon - datetime.min.replace(tzinfo=soon.tzinfo)) % QUARTER)
    times = free_starts(teller.today + timedelta(days=1), teller.zone, len(waiting) - 1)
    wants_calls = {enrolment.id for enrolment, story in enrolments if story.calls}
    for enrolment, starts_at in zip(waiting[1:], times, strict=True):
        meeting = teller.ahead(enrolment, starts_at)
        if enrolment.id in wants_calls:
            _to_be_rung(teller, meeting)


def _to_be_rung(teller: Teller, meeting: Appointment) -> None:
    """News that the coach tells on the phone, because this person wants no SMS; nobody has answered yet."""
    teller.session.add(
        CallWish(
            person_id=meeting.person_id,
            subject=meeting.id,
            revision=meeting.revision,
            kind=BOOKED,
            starts_at=meeting.starts_at,
            wished_at=teller.now - timedelta(hours=3),
        )
    )
    tried = Call(meeting.person_id, meeting.id, meeting.revision, BOOKED, meeting.starts_at, teller.now, "")
    teller.session.add(
        CallTry(
            person_id=meeting.person_id,
            key=tried.key,
            tried_by=meeting.coach_id,
            tried_at=teller.now - timedelta(hours=1),
        )
    )


def _asking_for_help(session: Session, enrolments: list[tuple[Enrolment, Story]], now: datetime) -> None:
    """Two people wait for an answer."""
    for (enrolment, _story), words in zip(enrolments[1:6:4], stories.NEEDS, strict=False):
        step = session.scalars(
            select(PlanStep)
            .join(Plan, Plan.id == PlanStep.plan_id)
            .where(Plan.enrolment_id == enrolment.id, PlanStep.state == "now")
            .order_by(PlanStep.position)
        ).first()
        if step is None:
            continue
        request = HelpRequest(
            plan_id=step.plan_id,
            step_id=step.id,
            asked_at=now - timedelta(hours=20),
            due_on=now.date() + timedelta(days=1),
            outcome="",
        )
        request.words = words
        session.add(request)
