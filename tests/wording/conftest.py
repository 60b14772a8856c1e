"""A coach who writes, and a translator who does not know for whom."""

import uuid
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.identity.models import Person
from portal.plan.models import PlanStep
from portal.web.asker import Asker
from portal.wording import queries, service
from portal.wording.models import SourceText
from tests.plan.conftest import Desk, asker_of, desk
from tests.support.world import World

__all__ = ["desk"]

Translate = Callable[..., None]


@pytest.fixture
def tara(world: World) -> Asker:
    """The translator."""
    return asker_of(world.translator, "translator")


@pytest.fixture
def arabic(session: Session, world: World, desk: Desk) -> Desk:
    """The coach's hand on the plan of somebody who reads Arabic."""
    session.get_one(Person, world.participant.id).language = "ar"
    session.flush()
    return Desk(desk.session, world, desk.now, desk.coach, asker_of(world.participant, "participant", "ar"))


def source_of(session: Session, step: PlanStep) -> SourceText:
    """A step as translators meet it."""
    return session.scalars(select(SourceText).where(SourceText.object_id == step.id)).one()


@pytest.fixture
def translate(session: Session, tara: Asker, desk: Desk) -> Translate:
    """`translate(step, text, confirm=True)`: the translator writes and confirms."""

    def write(step: PlanStep, text: str, *, confirm: bool = True, language: str = "ar") -> None:
        found: uuid.UUID = source_of(session, step).id
        seen = queries.work(session, tara, found, language).seen
        service.write(session, tara, found, language, text=text, confirm=confirm, seen=seen, now=desk.now)

    return write
