"""The worker's turn of a month: one organisation after the other, decided before anything is written."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from portal import crypto
from portal.db import Database
from portal.identity.models import Person
from portal.organisation.models import Organisation
from portal.surveys import freeze_service
from portal.surveys.freeze_service import decide, renew
from portal.surveys.models import SurveyFreeze, SurveySheet, SurveyTally
from portal.ticks import Partly, Work, freeze_surveys
from tests.support.world import World
from tests.surveys.conftest import Respond

OCTOBER = datetime(2026, 10, 15, 9, tzinfo=UTC)


@pytest.fixture
def work(database: Database, now: datetime) -> Work:
    """What the worker's tick has in its hands; it sends nothing."""
    return Work(database, cast(Any, None), now=lambda: now)


@pytest.fixture
def sent(session: Session, respond: Respond) -> list[object]:
    """Six sheets of October, committed."""
    made: list[object] = [respond(OCTOBER, time="often") for _ in range(6)]
    session.commit()
    return made


def counted(database: Database) -> int:
    """How many answers the figures hold of those that were given."""
    with database.reading() as session:
        often = select(func.sum(SurveyTally.count)).where(SurveyTally.answer == "often")
        return int(session.scalar(often) or 0)


def frozen(database: Database) -> int:
    with database.reading() as session:
        return int(session.scalar(select(func.count()).select_from(SurveyFreeze)) or 0)


def test_nobody_waits_for_the_writer_while_answers_are_opened(
    work: Work, database: Database, world: World, sent: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Any] = []

    def opening(*place: Any) -> str:
        if not opened:
            with database.transaction() as other:
                here = Organisation.id == world.organisation.id
                other.execute(update(Organisation).where(here).values(phone="010-1"))
        opened.append(place)
        return crypto.open_sealed(*place)

    monkeypatch.setattr("portal.surveys.freeze_service.open_sealed", opening)
    assert freeze_surveys(work) == 2
    assert opened
    assert counted(database) == 6


def test_an_organisation_that_fails_takes_nothing_from_the_others(
    work: Work, database: Database, world: World, sent: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    own = freeze_service.renew

    def failing(session: Session, turn: freeze_service.Turn, now: datetime) -> bool:
        done = own(session, turn, now)
        if turn.organisation_id == world.elsewhere.organisation.id:
            raise LookupError
        return done

    with monkeypatch.context() as broken:
        broken.setattr(freeze_service, "renew", failing)
        with pytest.raises(Partly, match="LookupError"):
            freeze_surveys(work)
    assert (frozen(database), counted(database)) == (1, 6)
    assert freeze_surveys(work) == 1
    assert (frozen(database), counted(database)) == (2, 6)


@pytest.mark.parametrize("what", ["protected", "gone"])
def test_what_has_changed_since_it_was_decided_is_decided_anew(
    database: Database, world: World, sent: list[object], now: datetime, what: str
) -> None:
    """S37: who is protected between the two is in no figure; nor is a sheet that is not there any more."""
    with database.reading() as reader:
        organisation = reader.get_one(Organisation, world.organisation.id)
        turn = decide(reader, organisation, now)
        assert turn
        assert len(turn.waiting) > 6
    with database.transaction() as session:
        sheet = session.get_one(SurveySheet, sent[0])
        if what == "gone":
            session.delete(sheet)
        else:
            session.execute(update(Person).where(Person.id == sheet.person_id).values(protected=True))
    with database.transaction() as session:
        assert renew(session, turn, now)
    assert counted(database) == 5


def test_of_two_that_decided_at_once_one_lets_out(
    database: Database, world: World, sent: list[object], now: datetime
) -> None:
    start = threading.Barrier(2)

    def turned(_number: int) -> bool:
        with database.reading() as reader:
            turn = decide(reader, reader.get_one(Organisation, world.organisation.id), now)
        assert turn
        start.wait(30)
        with database.transaction() as session:
            return renew(session, turn, now)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(turned, range(2))) == [False, True]
    assert (frozen(database), counted(database)) == (1, 6)
