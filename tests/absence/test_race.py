"""Several at once: somebody is away once at a time, and nobody stands in who is away themselves (S49)."""

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.identity.absence import queries, service
from portal.identity.absence.models import Absence
from portal.identity.absence.service import Wish
from portal.identity.models import Person
from tests.support.objects import asker_of
from tests.support.races import AT_ONCE, race
from tests.support.world import World

TODAY = date(2026, 11, 24)


def test_of_many_that_overlap_one_stands(database: Database, world: World, now: datetime) -> None:
    def act(session: Session, number: int) -> None:
        by = (world.coach, world.lead)[number % 2]
        wish = Wish(TODAY, date(2026, 12, 1 + number))
        service.take(session, asker_of(session, by), world.coach.id, wish, now)

    assert race(database, act) == {"written": 1, "Overlaps": AT_ONCE - 1}


def test_the_same_sent_many_times_is_once(database: Database, world: World, now: datetime) -> None:
    def act(session: Session, number: int) -> None:
        wish = Wish(TODAY, TODAY, world.other_coach.id)
        service.take(session, asker_of(session, world.coach), world.coach.id, wish, now)

    assert race(database, act) == {"written": AT_ONCE}
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Absence)) == 1


def test_two_who_choose_each_other_never_both_answer(database: Database, world: World, now: datetime) -> None:
    """S6: whoever comes second is away too; and neither waits for the other for ever."""
    pairs: list[tuple[Person, Person]] = [
        (world.coach, world.other_coach),
        (world.other_coach, world.coach),
    ]

    def act(session: Session, number: int) -> None:
        absent, stand_in = pairs[number % 2]
        wish = Wish(TODAY, TODAY, stand_in.id)
        service.take(session, asker_of(session, absent), absent.id, wish, now)

    ended = race(database, act)
    assert ended == {"written": AT_ONCE // 2, "AwayToo": AT_ONCE // 2}
    with database.reading() as session:
        for absent, stand_in in pairs:
            found = queries.away(session, absent.id, TODAY)
            assert found is None or found.stand_in_id == stand_in.id
            assert not (found and queries.away(session, stand_in.id, TODAY))
