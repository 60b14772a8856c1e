"""Who asks, and check-ins filled in at a wanted moment."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.feedback import service
from portal.feedback.sheet_queries import sheet
from portal.identity.models import Person
from portal.languages import language as language_of
from portal.web.asker import Asker
from tests.support.world import World

HOUR = timedelta(hours=1)


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
            language=language,
            zone=self.world.organisation.zone,
        )

    @property
    def coach(self) -> Asker:
        """The coach of the first two participants."""
        return self.of(self.world.coach, "coach")

    @property
    def participant(self) -> Asker:
        """The first participant, through the first door."""
        return self.of(self.world.participant, tier=1)


@pytest.fixture
def people(world: World) -> People:
    """Askers for the people of the world."""
    return People(world)


def open_address(session: Session, asker: Asker, instrument: str, now: datetime) -> str:
    """Begin the asker's check-in about a meeting of this hour; gives its address."""
    made = service.begin(
        session,
        asker,
        reference=uuid.uuid4(),
        instrument=instrument,
        opens_at=now - HOUR,
        closes_at=now + HOUR,
        language="sv",
        direction="ltr",
        now=now,
    )
    return f"/check-in/{made.id}"


Begin = Callable[..., uuid.UUID]


@pytest.fixture
def begin(session: Session, now: datetime) -> Begin:
    """`begin(asker, instrument="before", at=now)` opens a check-in two hours to either side of `at`."""

    def begun(
        asker: Asker, instrument: str = "before", *, at: datetime = now, about: uuid.UUID | None = None
    ) -> uuid.UUID:
        spoken = language_of(asker.language)
        return service.begin(
            session,
            asker,
            reference=about or uuid.uuid4(),
            instrument=instrument,
            opens_at=at - 2 * HOUR,
            closes_at=at + 2 * HOUR,
            language=spoken.code,
            direction=spoken.dir,
            now=at,
        ).id

    return begun


Fill = Callable[..., uuid.UUID]


@pytest.fixture
def fill(session: Session, begin: Begin, now: datetime) -> Fill:
    """`fill(person_asker, values, at=…, comment=…)` begins, answers and sends; a value None is skipped."""

    def filled(
        asker: Asker,
        values: Sequence[int | None],
        instrument: str = "before",
        *,
        at: datetime = now,
        comment: str = "",
    ) -> uuid.UUID:
        asker = replace(asker, session_id=uuid.uuid4())
        made = begin(asker, instrument, at=at)
        for number, value in enumerate(values, start=1):
            service.answer_line(session, asker, made, number, value, now=at)
        if comment:
            service.answer_comment(session, asker, made, comment, now=at)
        service.send(session, asker, made, sheet(session, asker, made).key, now=at)
        return made

    return filled
