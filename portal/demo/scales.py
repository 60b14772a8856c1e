"""ORS and SRS in the demo's second organisation: made-up wording, marked as such, and some months."""

import random
import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.booking.models import Appointment
from portal.demo import figures
from portal.demo.stories import SEED
from portal.feedback import record_service, service
from portal.feedback.record_service import Paper
from portal.feedback.sheet_queries import sheet
from portal.groups.models import GroupLeader, GroupPart, GroupSession
from portal.identity.models import Person
from portal.instruments import pack_service, queries
from portal.instruments.loader import read_toml
from portal.instruments.pack_service import Terms
from portal.languages import language
from portal.web.asker import Asker

PACKS = Path(__file__).resolve().parents[2] / "tests" / "packs"
"""The same made-up packs that the tests use: the licensed wording is nowhere here."""

SETTINGS: dict[str, Any] = {"before_with": "digital", "after_with": "paper", "group_with": "digital"}
LICENCE = timedelta(days=365)
COURSES = ("up", "down", "level")
LEVELS = {"ors": -10.0, "srs": 45.0}
"""Tenths that each line lies beside our own check-ins': most are content with their talks."""
OF_GROUP = (78, 98)
"""Between which tenths a line lies after a session of the group: around the cut-off."""
ANSWERED_AFTER, OPEN = timedelta(minutes=20), timedelta(hours=48)


def install_packs(session: Session, now: datetime) -> None:
    """Install the made-up packs as whoever runs a portal would."""
    terms = Terms("Demonstration", "0000-DEMO", "digital", (now + LICENCE).date())
    for key in ("ors", "srs", "gsrs"):
        pack_service.install(session, read_toml(PACKS / f"{key}.toml"), f"{key}.toml", terms, now)


def add_history(session: Session, coach: Person) -> None:
    """What the coach has typed from paper about every talk that somebody came to."""
    chance = random.Random(SEED)
    asker = _asker(coach, "coach")
    people = session.scalars(
        select(Appointment.person_id)
        .where(Appointment.coach_id == coach.id, Appointment.attendance == "came")
        .group_by(Appointment.person_id)
        .order_by(Appointment.person_id)
    ).all()
    for number, person_id in enumerate(people):
        _type(session, asker, person_id, COURSES[number % len(COURSES)], chance)


def add_group_answers(session: Session, coach: Person, now: datetime) -> None:
    """What people have answered on their phones after each session of the coach's groups."""
    chance = random.Random(SEED)
    rows = session.execute(
        select(GroupPart.id, Person, GroupSession.ends_at)
        .join(GroupSession, GroupSession.id == GroupPart.session_id)
        .join(GroupLeader, GroupLeader.group_id == GroupSession.group_id)
        .join(Person, Person.id == GroupPart.person_id)
        .where(
            GroupLeader.leader_id == coach.id,
            GroupPart.attendance == "came",
            GroupSession.ends_at < now - OPEN,
        )
        .order_by(GroupSession.starts_at, Person.id)
    ).all()
    for part_id, person, ended_at in rows:
        asker, at = _asker(person, "participant"), ended_at + ANSWERED_AFTER
        window = {"opens_at": ended_at, "closes_at": ended_at + OPEN}
        spoken = language(person.language)
        made = service.begin(
            session,
            asker,
            reference=part_id,
            instrument="gsrs",
            **window,
            language=spoken.code,
            direction=spoken.dir,
            now=at,
        )
        for number in range(1, 5):
            service.answer_line(session, asker, made.id, number, chance.randint(*OF_GROUP), now=at)
        service.send(session, asker, made.id, sheet(session, asker, made.id).key, now=at)


def _type(session: Session, asker: Asker, person_id: uuid.UUID, course: str, chance: random.Random) -> None:
    talks = session.scalars(
        select(Appointment)
        .where(Appointment.person_id == person_id, Appointment.attendance == "came")
        .order_by(Appointment.starts_at)
    ).all()
    for scale, level in LEVELS.items():
        keys = [line.key for line in queries.current(scale).lines]
        drawn = figures.series(keys, len(talks), course if scale == "ors" else "level", chance)
        for talk, values in zip(talks, drawn, strict=True):
            numbers = tuple(max(0, min(100, round(values[key] + level))) for key in keys)
            at = talk.starts_at if scale == "ors" else talk.ends_at
            record_service.record(session, asker, Paper(person_id, scale, numbers, talk.id, at), at)


def _asker(person: Person, role: str) -> Asker:
    return Asker(
        person_id=person.id,
        organisation_id=person.organisation_id,
        roles=frozenset({role}),
        tier=2,
        session_id=uuid.uuid4(),
        language=person.language,
        zone=ZoneInfo("Europe/Stockholm"),
    )
