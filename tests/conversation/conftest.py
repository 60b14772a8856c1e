"""A conversation to test with: both sides of it, each with a hand that writes."""

import uuid
from dataclasses import dataclass
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from portal.conversation import rules, service, thread_queries
from portal.conversation.models import Message
from portal.conversation.service import Letter
from portal.conversation.thread_queries import Thread
from portal.web.asker import Asker
from tests.support.objects import asker_of
from tests.support.world import World


@dataclass
class Talk:
    """Amina and her coach Karin, who write to each other."""

    session: Session
    world: World
    now: datetime
    own: Asker
    coach: Asker

    @property
    def person_id(self) -> uuid.UUID:
        """Whose conversation it is."""
        return self.own.person_id

    def write(
        self, words: str = "När ses vi?", language: str = "sv", letter_id: uuid.UUID | None = None
    ) -> Message:
        """Amina writes."""
        letter = Letter(letter_id or uuid.uuid4(), words, language)
        return service.write(self.session, self.own, letter, self.now)

    def call(self, when: str = rules.MORNING) -> Message:
        """Amina wants to be rung up."""
        return service.ask_call(self.session, self.own, when, self.now)

    def answer(
        self,
        words: str = "På torsdag.",
        *,
        upto: int | None = None,
        by: Asker | None = None,
        letter_id: uuid.UUID | None = None,
        language: str = "sv",
    ) -> Message:
        """Karin writes, having seen everything unless `upto` says otherwise."""
        seen = self.staff_thread().seen if upto is None else upto
        letter = Letter(letter_id or uuid.uuid4(), words, language)
        return service.answer(self.session, by or self.coach, self.person_id, letter, upto=seen, now=self.now)

    def close(self, message: Message, outcome: str = rules.NOT_NEEDED) -> None:
        """Karin records what came of it."""
        service.close(self.session, self.coach, self.person_id, message.id, outcome, self.now)

    def own_thread(self, number: int = 1) -> Thread:
        """What Amina sees."""
        return thread_queries.own_thread(self.session, self.own, self.now, number=number)

    def staff_thread(self, by: Asker | None = None) -> Thread:
        """What Karin sees."""
        return thread_queries.thread(self.session, by or self.coach, self.person_id)


@pytest.fixture
def talk(session: Session, world: World, now: datetime) -> Talk:
    """Nothing is written yet."""
    return Talk(session, world, now, asker_of(session, world.participant), asker_of(session, world.coach))
