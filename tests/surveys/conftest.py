"""Who asks, participants whose survey is open, and sheets that were sent at a wanted moment."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.db import Database
from portal.identity.models import Enrolment, Person
from portal.languages import language as language_of
from portal.surveys.models import SurveyAnswer, SurveySheet
from portal.surveys.queries import current
from portal.surveys.rules import ANSWERED, SKIPPED, STATES
from portal.web.asker import Asker
from tests.support.world import World, add_participant

MONTHS_AGO = date(2026, 8, 20)
"""A start whose third month is over when the tests begin, 24 November."""


@dataclass
class People:
    """Askers for the people of a world."""

    world: World

    def of(self, person: Person, *roles: str, tier: int = 2, language: str = "sv") -> Asker:
        """This person, asking in these roles, in a session of their own."""
        return Asker(
            person_id=person.id,
            organisation_id=person.organisation_id,
            roles=frozenset(roles or ("participant",)),
            tier=tier,
            session_id=uuid.uuid4(),
            language=language_of(language).code,
            zone=self.world.organisation.zone,
        )

    @property
    def lead(self) -> Asker:
        """The lead of the first team."""
        return self.of(self.world.lead, "lead")


@pytest.fixture
def people(world: World) -> People:
    """Askers for the people of the world."""
    return People(world)


def open_survey(session: Session, person: Person, **facts: Any) -> None:
    """Let somebody's third month be over; or what `facts` say of their enrolment."""
    session.execute(
        update(Enrolment)
        .where(Enrolment.person_id == person.id)
        .values(**(facts or {"started_on": MONTHS_AGO}))
    )


@pytest.fixture
def asked(database: Database, world: World) -> World:
    """The world in which the first two participants are asked now."""
    with database.transaction() as session:
        open_survey(session, world.participant)
        open_survey(session, world.second_participant)
    return world


Respond = Callable[..., uuid.UUID]
_numbers = count(1000)


def add_sheet(
    session: Session, person: Person, sent_at: datetime | None, which: str, said: Mapping[str, str]
) -> uuid.UUID:
    """A sheet as if it had been answered on the phone; what is not said was passed over."""
    asked = current()
    enrolment = session.query(Enrolment.id).filter(Enrolment.person_id == person.id).scalar()
    sheet = SurveySheet(
        person_id=person.id,
        enrolment_id=enrolment,
        round=which,
        survey=asked.key,
        version=asked.version,
        submission_key=uuid.uuid4(),
        begun_at=sent_at,
        sent_at=sent_at,
    )
    session.add(sheet)
    session.flush()
    for question in asked.questions:
        given = said.get(question.key, SKIPPED)
        row = SurveyAnswer(sheet_id=sheet.id, question=question.key, language="sv", direction="ltr")
        row.session_id = uuid.uuid4()
        row.state = given if given in STATES else ANSWERED
        row.answer = given if row.state == ANSWERED else ""
        session.add(row)
    session.flush()
    return sheet.id


@pytest.fixture
def respond(session: Session, world: World, now: datetime) -> Respond:
    """`respond(sent_at, gender="man", team=…, time="often", …)`: a new participant who has sent a sheet."""

    def responded(sent_at: datetime, which: str = "ongoing", **facts: Any) -> uuid.UUID:
        said = {key: facts.pop(key) for key in list(facts) if key in {one.key for one in current().questions}}
        intake = facts.pop("intake", 1)
        person = add_participant(
            session,
            world.here,
            "Svar Svarsson",
            now,
            coach=world.coach,
            phone=f"+4670174{next(_numbers):04d}",
            team=facts.pop("team", None),
            **{"gender": "woman", "born_in_sweden": True, "municipality": "norr", **facts},
        )
        open_survey(session, person, intake=intake)
        return add_sheet(session, person, sent_at, which, said)

    return responded
