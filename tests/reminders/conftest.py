"""Somebody who answers our SMS: a phone, a worker's tick, and what came of it."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.availability.models import WeeklyHours
from portal.booking import service as booking
from portal.booking.models import Appointment
from portal.booking.time_service import Wish
from portal.conversation.models import Message
from portal.db import Database
from portal.identity.models import Person
from portal.identity.people.number_queries import homes_of
from portal.messaging import incoming_service as incoming
from portal.messaging import rules as messaging
from portal.messaging import sender
from portal.messaging.gateways.console import Console
from portal.messaging.models import IncomingMessage, OutboxMessage
from portal.notices import rules as notices
from portal.reminders import reply_service, service
from tests.conftest import FrozenClock
from tests.support.objects import asker_of
from tests.support.speaking import speaking_app
from tests.support.world import World


@dataclass
class Answers:
    """A participant with a meeting, and the phone that answers us. Every step commits."""

    database: Database
    world: World
    clock: FrozenClock
    person: Person

    @property
    def now(self) -> datetime:
        """The moment of the clock."""
        return self.clock.moment

    def book(self, in_days: int = 1) -> Appointment:
        """Staff book a meeting at 13 on a coming day, and say so by SMS, which arrives."""
        with self.database.transaction() as session:
            coach = asker_of(session, self.world.coach)
            starts_at = datetime(2026, 11, 24, 12, 0, tzinfo=self.now.tzinfo) + timedelta(days=in_days)
            made = booking.book_for(
                session, coach, self.person.id, Wish(starts_at, "on_site"), self.now, anyway=True
            )
        self.deliver()
        return made

    def deliver(self) -> None:
        """Let what is in the outbox arrive."""
        sender.send_due(self.database, Console(), lambda: self.now, service.check)

    def text(self, words: str, phone: str = "") -> None:
        """The phone sends this, the worker takes it, and what we answer arrives."""
        self.bring(words, phone)
        self.take()
        self.deliver()

    def bring(self, words: str, phone: str = "") -> IncomingMessage:
        """The phone sends this, a moment after what went before; nobody has taken it yet."""
        self.clock.move(timedelta(milliseconds=1))
        number = phone or self.person.phone
        with self.database.transaction() as session:
            return incoming.receive(
                session,
                provider="console",
                reference=uuid.uuid4().hex,
                address=number,
                body=words,
                homes=homes_of(session, number),
                now=self.now,
            )

    def take(self) -> None:
        """The worker takes what came."""
        with self.database.reading() as session:
            new = incoming.waiting(session)
        for one in new:
            with self.database.transaction() as session:
                reply_service.dispatch(session, one, self.now)

    def answers(self) -> list[str]:
        """What we have answered, the first first."""
        with self.database.reading() as session:
            rows = session.scalars(
                select(OutboxMessage)
                .where(OutboxMessage.kind.in_(notices.REPLIES), OutboxMessage.state == messaging.DELIVERED)
                .order_by(OutboxMessage.created_at)
            )
            return [row.body for row in rows]

    def digits(self) -> str:
        """The digits of our last answer."""
        return "".join(sign for sign in self.answers()[-1].split(" om ")[0] if sign.isdigit())

    def taken_as(self) -> list[str]:
        """What became of what came, the first first."""
        with self.database.reading() as session:
            rows = session.scalars(select(IncomingMessage).order_by(IncomingMessage.received_at))
            return [row.taken_as for row in rows]

    def meeting(self, made: Appointment) -> Appointment:
        """The meeting as it stands."""
        with self.database.reading() as session:
            return session.get_one(Appointment, made.id)

    def letters(self) -> Sequence[Message]:
        """What stands in the conversation."""
        with self.database.reading() as session:
            return session.scalars(select(Message).order_by(Message.written_at, Message.number)).all()

    def outbox(self) -> Sequence[OutboxMessage]:
        """Everything that was put, the first first."""
        with self.database.reading() as session:
            return session.scalars(select(OutboxMessage).order_by(OutboxMessage.created_at)).all()

    def set(self, **facts: object) -> None:
        """Change the person."""
        with self.database.transaction() as session:
            session.execute(update(Person).where(Person.id == self.person.id).values(**facts))

    def stands(self) -> Person:
        """The person as they stand."""
        with self.database.reading() as session:
            return session.get_one(Person, self.person.id)

    def session(self) -> Session:
        """A reading session, for a with."""
        return Session(self.database.engine)


@pytest.fixture
def answering(database: Database, world: World, frozen: FrozenClock) -> Iterator[Answers]:
    """Amina, whose coach meets people on weekdays."""
    with database.transaction() as fresh:
        fresh.add_all(
            WeeklyHours(person_id=world.coach.id, weekday=day, starts=time(start), ends=time(end))
            for day in range(5)
            for start, end in ((9, 12), (13, 16))
        )
    with speaking_app().app_context():
        yield Answers(database, world, frozen, world.participant)
