"""A plan to test with: who asks, and a hand that writes as they would."""

import html as markup
import re
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.identity.models import Person
from portal.plan import change_queries, news_service, rules, service
from portal.plan.models import PlanAnswer, PlanEvent, PlanStep
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

    def goal(self, words: str) -> None:
        """The coach writes the goal down."""
        plan = service.locked_plan(self.session, self.coach, self.person_id, self.now)
        service.write_goal(
            self.session,
            self.coach,
            person_id=self.person_id,
            words=words,
            version=plan.version,
            now=self.now,
        )

    def change(self, step: PlanStep, text: str, **wording: Any) -> None:
        """The coach gives a step other words."""
        service.change_step(
            self.session,
            self.coach,
            person_id=self.person_id,
            step_id=step.id,
            wording=rules.Wording(text, **wording),
            version=step.version,
            now=self.now,
        )

    def last(self) -> PlanEvent:
        """What happened last."""
        plan = service.locked_plan(self.session, self.coach, self.person_id, self.now)
        newest = select(PlanEvent).where(PlanEvent.plan_id == plan.id).order_by(PlanEvent.number.desc())
        return self.session.scalars(newest.limit(1)).one()

    def undo(self) -> None:
        """The coach takes the last change back."""
        told = change_queries.changes(self.session, self.coach, self.person_id)
        last = rules.last_change(told)
        assert last is not None
        service.undo(self.session, self.coach, person_id=self.person_id, event_id=last.id, now=self.now)

    def answer(self, said: str, event: PlanEvent | None = None) -> PlanAnswer:
        """What the participant says of a change, the last one when none is given."""
        event_id = (event or self.last()).id
        return news_service.answer(self.session, self.own, event_id=event_id, said=said, now=self.now)

    def read_all(self) -> None:
        """The participant has read everything."""
        news_service.read_all(self.session, self.own, upto=self.last().number, now=self.now)


@pytest.fixture
def desk(session: Session, world: World, now: datetime) -> Desk:
    """Karin and Amina, with no plan yet."""
    coach = asker_of(world.coach, "coach")
    return Desk(session, world, now, coach, asker_of(world.participant, "participant"))
