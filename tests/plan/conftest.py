"""A plan to test with: who asks, and a hand that writes as they would."""

import html as markup
import re
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from portal.identity.models import Person
from portal.plan import rules, service
from portal.plan.models import PlanStep
from portal.web.asker import Asker
from tests.support.world import World


def asker_of(person: Person, role: str, language: str = "sv") -> Asker:
    """The person signed in, with one role, behind the second door."""
    return Asker(
        person_id=person.id,
        organisation_id=person.organisation_id,
        roles=frozenset({role}),
        tier=2,
        session_id=uuid.uuid4(),
        language=language,
        zone=ZoneInfo("Europe/Stockholm"),
    )


def hidden(html: str, name: str, within: str = "") -> str:
    """The value of a hidden field, of the form whose action is `within` when that is given."""
    form = html[html.index(f'action="{within}"') :] if within else html
    tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', form)
    assert tag, f"no {name}"
    value = re.search(r'value="([^"]*)"', tag.group())
    return markup.unescape(value.group(1)) if value else ""


@dataclass
class Desk:
    """The coach's hand on one participant's plan, and the participant's own."""

    session: Session
    world: World
    now: datetime
    coach: Asker
    own: Asker

    @property
    def person_id(self) -> uuid.UUID:
        """Whose plan it is."""
        return self.own.person_id

    def add(self, text: str = "Ring skolan", kind: str = "step", **wording: Any) -> PlanStep:
        """A step (or sub-goal) that the coach adds."""
        return service.add_step(
            self.session,
            self.coach,
            person_id=self.person_id,
            step_id=uuid.uuid4(),
            kind=kind,
            wording=rules.Wording(text, **wording),
            now=self.now,
        )

    def put(self, step: PlanStep, state: str) -> None:
        """The coach lets a step be in another state."""
        service.set_state(
            self.session,
            self.coach,
            person_id=self.person_id,
            step_id=step.id,
            state=state,
            version=step.version,
            now=self.now,
        )

    def finish(self, step: PlanStep) -> None:
        """The participant marks a step as done."""
        service.finish(self.session, self.own, step_id=step.id, version=step.version, now=self.now)


@pytest.fixture
def desk(session: Session, world: World, now: datetime) -> Desk:
    """Karin and Amina, with no plan yet."""
    coach = asker_of(world.coach, "coach")
    return Desk(session, world, now, coach, asker_of(world.participant, "participant"))
