"""Many at once, in processes of their own, on both databases: one code lets in once, every guess counts."""

import multiprocessing
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.db import Database
from portal.identity import sessions
from portal.identity.models import Person
from portal.identity.session_models import AttemptCounter, SignInCode, WebSession
from portal.identity.signin import queries, rules, service
from portal.messaging.models import OutboxMessage
from tests.support.signing_in import code_in, messages
from tests.support.world import World

AT_ONCE = 20
PHONE = "+46701740605"


def redeem(url: str, code: str, now: datetime, start: Any, results: Any) -> None:
    """One browser of many that give the same code."""
    database = Database(url, durable=False)
    with database.reading() as session:
        asked = session.scalars(select(SignInCode)).one()
    start.wait()
    try:
        with database.transaction() as session:
            assert service.code_fits(asked, code)
            person_id = service.redeem(session, asked, now)
            sessions.open_session(
                session, person_id, roles=service.PARTICIPANT, tier=1, now=now, longest=rules.DAY
            )
        results.put("in")
    except service.CodeNotValid:
        results.put("out")
    except Exception as wrong:
        results.put(repr(wrong))
        raise


def guess(url: str, person_id: Any, now: datetime, start: Any, results: Any) -> None:
    """One of many wrong PINs."""
    database = Database(url, durable=False)
    start.wait()
    try:
        with database.transaction() as session:
            tries = service.count_pin(session, person_id, "192.0.2.1", now)
        results.put("out" if tries.over else "in")
    except Exception as wrong:
        results.put(repr(wrong))
        raise


def at_once(work: Any, *arguments: Any) -> list[str]:
    """Run `work` in AT_ONCE processes that start together; their results. They inherit the keys."""
    context = multiprocessing.get_context("fork")
    start, results = context.Barrier(AT_ONCE), context.Queue()
    crowd = [
        context.Process(target=work, args=(*arguments, start, results), daemon=True) for _ in range(AT_ONCE)
    ]
    for one in crowd:
        one.start()
    said = [results.get(timeout=120) for _ in crowd]
    for one in crowd:
        one.join()
    return sorted(said)


@pytest.fixture
def asked(database: Database, world: World, now: datetime) -> str:
    """A code that was asked for; its digits."""
    with database.transaction() as session:
        organisation = world.organisation
        found = queries.reachable(session, organisation.id, PHONE, now)
        service.ask_for_code(session, organisation, PHONE, found, now)
    return code_in(messages(database)[0].body)


def test_twenty_redeems_at_once_let_in_one(database: Database, asked: str, now: datetime) -> None:
    """S10."""
    said = at_once(redeem, database.url, asked, now)
    assert said == ["in"] + ["out"] * (AT_ONCE - 1)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(WebSession)) == 1


def test_twenty_pins_at_once_are_five_tries(database: Database, world: World, now: datetime) -> None:
    """S13."""
    said = at_once(guess, database.url, world.participant.id, now)
    assert said == ["in"] * 5 + ["out"] * (AT_ONCE - 5)
    with database.reading() as session:
        counted = session.scalar(
            select(AttemptCounter.count).where(AttemptCounter.kind == rules.PIN_GUESSES.kind)
        )
    assert counted == AT_ONCE


def test_what_nobody_needs_any_more_is_forgotten(
    database: Database, world: World, asked: str, now: datetime
) -> None:
    """Codes, counters, kept forms and old sessions go; a PIN's wrong tries stay until staff lift them."""
    with database.transaction() as session:
        service.count_pin(session, world.participant.id, "192.0.2.1", now)
        token = sessions.open_session(
            session, world.participant.id, roles=service.PARTICIPANT, tier=1, now=now, longest=rules.HOUR
        )
        asker = sessions.load(session, token, now, rules.HOUR)
        assert asker is not None
        fields = (("goal", "Jag vill bli kock"),)
        service.keep_form(session, asker.person_id, tier=1, path="/plan", fields=fields, now=now)
    with database.transaction() as session:
        assert service.forget_old(session, now) == 0
        assert service.forget_old(session, now + rules.DAY) == 3
        assert service.forget_old(session, now + service.KEPT_DAYS + rules.HOUR) == 1
        assert session.scalars(select(AttemptCounter.kind)).all() == [rules.PIN_GUESSES.kind]
        assert session.scalar(select(func.count()).select_from(Person)) != 0
        assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 1
