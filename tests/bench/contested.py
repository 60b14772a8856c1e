"""How many bookings a second are decided where eight want the same times, beside INSERTs that ask nobody."""

import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal import clock
from portal.availability.service import Taken
from portal.booking import service
from portal.booking.time_service import Wish
from portal.identity.models import Person
from portal.web.asker import Asker
from tests.bench.places import Place
from tests.support.meetings import add_meeting
from tests.support.objects import asker_of
from tests.support.world import add_participant

Act = Callable[[Session, Person, datetime], None]

AT_ONCE = 8
TIMES = 50
APART = timedelta(hours=2)
FIRST = timedelta(days=60)
"""Far from what the place has booked already."""


@dataclass(frozen=True)
class Contested:
    """Decisions a second (booked or refused), the same INSERTs without rules, and how many were booked."""

    rate: float
    bare: float
    booked: int

    @property
    def ratio(self) -> float:
        """What the rules leave of the INSERT's speed."""
        return self.rate / self.bare


def contested(place: Place) -> list[Contested]:
    """Eight at once book the same fifty times with one coach, each for their own participant."""
    people, coach = _people(place)
    starts = [clock.now() + FIRST + number * APART for number in range(TIMES)]
    booked: list[uuid.UUID] = []

    def book(session: Session, person: Person, at: datetime) -> None:
        wish = Wish(at, "phone", uuid.uuid4(), length=timedelta(hours=1))
        with place.app.app_context():
            booked.append(service.book_for(session, coach, person.id, wish, clock.now(), anyway=True).id)

    def insert(session: Session, person: Person, at: datetime) -> None:
        add_meeting(session, person, place.world.coach, at, clock.now(), mode="phone")

    with_rules = _rate(place, people, starts, book)
    later = [at + timedelta(days=30) for at in starts]
    return [Contested(with_rules, _rate(place, people, later, insert), len(booked))]


def _people(place: Place) -> tuple[list[Person], Asker]:
    with place.database.transaction() as session:
        world = place.world
        made = [
            add_participant(
                session,
                world.here,
                f"Person {number}",
                clock.now(),
                coach=world.coach,
                phone=f"+4670175{number:04d}",
            )
            for number in range(AT_ONCE)
        ]
        return made, asker_of(session, world.coach)


def _rate(place: Place, people: list[Person], starts: list[datetime], act: Act) -> float:
    """Attempts a second, each in a transaction of its own."""

    def run(person: Person) -> None:
        for at in starts:
            try:
                with place.database.transaction() as session:
                    act(session, person, at)
            except Taken:
                continue

    begun = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(run, people))
    return len(people) * len(starts) / (time.perf_counter() - begun)
