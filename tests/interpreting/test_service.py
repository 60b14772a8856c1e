"""The code and what it opens: once, for ten minutes, for one meeting, on one device; both databases."""

import threading
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.identity.models import Person
from portal.interpreting import queries, service
from portal.interpreting.models import InterpreterGrant
from portal.interpreting.rules import Talk
from portal.journal.service import take_notes
from portal.web.asker import Asker
from tests.plan.conftest import asker_of
from tests.support.world import World

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
Show = Callable[..., str]


@pytest.fixture
def talk(world: World, now: datetime) -> Talk:
    """Amina's meeting in an hour, an hour long."""
    return Talk(uuid.uuid4(), world.participant.id, now + HOUR, now + 2 * HOUR)


@pytest.fixture
def coach(world: World) -> Asker:
    """Karin."""
    return asker_of(world.coach, "coach")


@pytest.fixture
def show(session: Session, coach: Asker, talk: Talk, now: datetime) -> Show:
    """`show(at=…, of=…)`: the coach's screen shows a code."""

    def make(at: datetime = now, of: Talk = talk, shown: tuple[uuid.UUID, ...] = ()) -> str:
        return service.let_in(session, coach, of, language="ar", shown=shown, now=at)

    return make


def test_eight_digits_of_which_only_a_hash_is_kept(show: Show, session: Session) -> None:
    """S10"""
    code = show()
    assert len(code) == 8
    assert code.isdecimal()
    grant = session.scalars(select(InterpreterGrant)).one()
    assert code.encode() not in grant.code_hash
    assert str(vars(grant)).find(code) == -1


def test_whoever_has_the_code_reads_that_meeting(
    show: Show, session: Session, talk: Talk, now: datetime
) -> None:
    ticked = uuid.uuid4()
    token = service.redeem(session, show(shown=(ticked,)), now)
    found = queries.guest(session, token, now)
    assert found is not None
    assert (found.subject_id, found.meeting_id, found.language) == (talk.person_id, talk.meeting_id, "ar")
    assert found.shown == {ticked}
    assert found.person_id == found.grant_id
    assert queries.guest(session, token + "x", now) is None


def test_a_code_is_good_once_and_for_ten_minutes(show: Show, session: Session, now: datetime) -> None:
    """S10"""
    code = show()
    assert not queries.is_waiting(session, code, now + timedelta(minutes=10))
    with pytest.raises(service.CodeNotValid):
        service.redeem(session, code, now + timedelta(minutes=10))
    assert queries.is_waiting(session, code, now)
    service.redeem(session, code, now + timedelta(minutes=10) - SECOND)
    assert not queries.is_waiting(session, code, now)
    with pytest.raises(service.CodeNotValid):
        service.redeem(session, code, now)
    with pytest.raises(service.CodeNotValid):
        service.redeem(session, "00000000" if code != "00000000" else "11111111", now)


def test_of_twenty_at_once_one_gets_in(
    database: Database, world: World, coach: Asker, talk: Talk, now: datetime
) -> None:
    """S10"""
    with database.transaction() as session:
        code = service.let_in(session, coach, talk, language="ar", shown=(), now=now)
    got_in: list[str] = []
    start = threading.Barrier(20)

    def guess() -> None:
        start.wait()
        try:
            with database.transaction() as fresh:
                token = service.redeem(fresh, code, now)
        except service.CodeNotValid:
            return
        got_in.append(token)

    threads = [threading.Thread(target=guess) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got_in) == 1


def test_it_lasts_from_24_hours_before_until_1_hour_after(
    show: Show, session: Session, talk: Talk, now: datetime
) -> None:
    """S8"""
    with pytest.raises(service.TooEarly):
        show(at=talk.opens_at - SECOND)
    with pytest.raises(service.Over):
        show(at=talk.closes_at)
    token = service.redeem(session, show(at=talk.opens_at), talk.opens_at)
    assert queries.guest(session, token, talk.opens_at - SECOND) is None
    for moment in (talk.opens_at, talk.starts_at, talk.closes_at - SECOND):
        assert queries.guest(session, token, moment) is not None
    assert queries.guest(session, token, talk.closes_at) is None


def test_the_coach_closes_and_a_new_code_closes_too(
    show: Show, session: Session, talk: Talk, now: datetime
) -> None:
    first = service.redeem(session, show(), now)
    unused = show()
    assert queries.guest(session, first, now) is None
    second = service.redeem(session, show(), now)
    with pytest.raises(service.CodeNotValid):
        service.redeem(session, unused, now)
    assert queries.guest(session, second, now) is not None
    assert service.close(session, talk.meeting_id, now) == 1
    assert queries.guest(session, second, now) is None
    assert service.close(session, talk.meeting_id, now) == 0


def test_another_meeting_of_the_same_person_is_left_alone(
    show: Show, session: Session, talk: Talk, now: datetime
) -> None:
    token = service.redeem(session, show(), now)
    show(of=replace(talk, meeting_id=uuid.uuid4()))
    assert queries.guest(session, token, now) is not None


def test_an_interpreter_leaves(show: Show, session: Session, now: datetime) -> None:
    token = service.redeem(session, show(), now)
    found = queries.guest(session, token, now)
    assert found is not None
    service.leave(session, found, now)
    assert queries.guest(session, token, now) is None


def test_opening_closing_and_leaving_are_noted_once_each(
    show: Show, session: Session, talk: Talk, world: World, now: datetime
) -> None:
    """S42: by the coach who closed, or by the interpreter, named by the grant; nothing for nobody."""
    coach = asker_of(world.coach, "coach")

    def noted() -> list[tuple[object, ...]]:
        return [
            (one["actor_id"], one["action"], one["kind"], one["subject_id"], one["object_id"])
            for one in take_notes(session)
        ]

    line = ("change", "interpreter", world.participant.id, talk.meeting_id)
    token = service.redeem(session, show(), now)
    assert noted() == [(world.coach.id, *line)]
    service.shut_out(session, coach, talk, now)
    service.shut_out(session, coach, talk, now)
    assert noted() == [(world.coach.id, *line)]
    found = queries.guest(session, service.redeem(session, show(), now), now)
    assert found is not None
    assert queries.guest(session, token, now) is None
    take_notes(session)
    service.leave(session, found, now)
    service.leave(session, found, now)
    assert noted() == [(found.grant_id, *line)]


def test_protected_identity_beats_every_code(
    show: Show, session: Session, talk: Talk, world: World, now: datetime
) -> None:
    """S6, S37: whoever is in is out, a code that was shown opens nothing, and no new one is made."""
    token = service.redeem(session, show(), now)
    person = session.get_one(Person, world.participant.id)
    waiting = show(of=replace(talk, meeting_id=uuid.uuid4()))
    person.protected = True
    session.flush()
    assert queries.guest(session, token, now) is None
    assert not queries.is_waiting(session, waiting, now)
    with pytest.raises(service.CodeNotValid):
        service.redeem(session, waiting, now)
    with pytest.raises(service.Hidden):
        show()


def test_nobody_reads_about_whoever_is_disabled(
    show: Show, session: Session, talk: Talk, world: World, now: datetime
) -> None:
    """S18: whoever is in is out, and a code that was shown opens nothing."""
    token = service.redeem(session, show(), now)
    waiting = show(of=replace(talk, meeting_id=uuid.uuid4()))
    session.get_one(Person, world.participant.id).disabled_at = now
    session.flush()
    assert queries.guest(session, token, now) is None
    assert not queries.is_waiting(session, waiting, now)
    with pytest.raises(service.CodeNotValid):
        service.redeem(session, waiting, now)


def test_what_the_coach_sees_of_it(show: Show, session: Session, talk: Talk, now: datetime) -> None:
    assert queries.standing(session, talk.meeting_id, now) == queries.Standing()
    code = show()
    assert queries.standing(session, talk.meeting_id, now).code_until == now + timedelta(minutes=10)
    assert queries.standing(session, talk.meeting_id, now + timedelta(minutes=10)).code_until is None
    service.redeem(session, code, now + SECOND)
    assert queries.standing(session, talk.meeting_id, now + HOUR).since == now + SECOND
    assert queries.standing(session, talk.meeting_id, talk.closes_at).since is None


def test_the_journal_can_tell_an_interpreter_from_a_person(
    show: Show, session: Session, world: World, now: datetime
) -> None:
    """S42"""
    show()
    grant = session.scalars(select(InterpreterGrant.id)).one()
    assert queries.grants_among(session, [grant, world.coach.id]) == {grant}
