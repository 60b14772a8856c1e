"""Shutting somebody out and letting them in at the same moment: no session is left alive (S18)."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.crypto import Keyring
from portal.db import Database
from portal.identity import sessions
from portal.identity.models import Person, RoleGrant
from portal.identity.people import access_service, member_service
from portal.identity.people.member_service import Grant
from portal.identity.session_models import SignInCode, WebSession
from portal.identity.signin import queries, service
from portal.web.asker import Asker
from tests.plan.conftest import asker_of
from tests.support.side_by_side import Act, nothing, side_by_side
from tests.support.world import World

PHONE, LONGEST = "+46701740605", timedelta(hours=8)


def alive(database: Database, person: Person) -> int:
    """How many of the person's sessions nobody has ended."""
    with database.reading() as session:
        rows = select(WebSession.id).where(WebSession.person_id == person.id, WebSession.ended_at.is_(None))
        return len(session.scalars(rows).all())


@pytest.fixture
def shut_out(world: World, now: datetime) -> Act:
    """An admin disables the participant."""

    def act(session: Session) -> None:
        person = session.get_one(Person, world.participant.id)
        access_service.disable(session, asker_of(world.admin, "admin"), person, now=now)

    return act


@pytest.fixture
def asked(database: Database, world: World, now: datetime) -> SignInCode:
    """The code that the participant asked for."""
    with database.transaction() as session:
        found = queries.reachable(session, world.organisation.id, PHONE, now)
        service.ask_for_code(session, world.organisation, PHONE, found, now)
    with database.reading() as session:
        return session.scalars(select(SignInCode)).one()


@pytest.fixture
def asker(database: Database, world: World, now: datetime) -> Asker:
    """The participant, past the first door, with a PIN."""
    with database.transaction() as session:
        session.get_one(Person, world.participant.id).pin_hash = "the PIN"
        token = enter(session, world, now)
        found = sessions.load(session, token, now, LONGEST)
    assert found is not None
    return found


def enter(session: Session, world: World, now: datetime) -> str:
    """Open a session at the first door."""
    return sessions.open_session(
        session, world.participant.id, roles=service.PARTICIPANT, tier=1, now=now, longest=LONGEST
    )


@pytest.mark.parametrize("code_first", [True, False])
def test_a_code_and_a_disabling_at_once(
    database: Database, world: World, now: datetime, asked: SignInCode, shut_out: Act, code_first: bool
) -> None:
    """S18: the code lets in first and its session ends, or the code is void."""

    def redeem(session: Session) -> None:
        service.redeem(session, asked, now)

    def open_one(session: Session) -> None:
        enter(session, world, now)

    def both(session: Session) -> None:
        redeem(session)
        open_one(session)

    if code_first:
        assert side_by_side(database, redeem, shut_out, open_one) == []
    else:
        assert side_by_side(database, shut_out, both, nothing) == [service.CodeNotValid]
    assert alive(database, world.participant) == 0


@pytest.mark.parametrize("pin_first", [True, False])
def test_a_pin_and_a_disabling_at_once(
    database: Database, world: World, now: datetime, asker: Asker, shut_out: Act, pin_first: bool
) -> None:
    """S18: the second door opens first and what it opened ends, or it stays shut."""

    def up(session: Session) -> None:
        service.step_up(session, asker, "the PIN", now, LONGEST)

    if pin_first:
        assert side_by_side(database, up, shut_out, nothing) == []
    else:
        assert side_by_side(database, shut_out, up, nothing) == [sessions.Ended]
    assert alive(database, world.participant) == 0


def test_a_pin_and_signing_out_at_once(database: Database, world: World, now: datetime, asker: Asker) -> None:
    """S18, S32: who leaves while the PIN is looked at is out."""

    def up(session: Session) -> None:
        service.step_up(session, asker, "the PIN", now, LONGEST)

    def out(session: Session) -> None:
        sessions.end_all(session, asker.person_id, now)

    assert side_by_side(database, up, out, nothing) == []
    assert alive(database, world.participant) == 0


@pytest.mark.parametrize("how", ["roles", "disabled"])
def test_of_two_admins_who_remove_each_other_one_stays(
    database: Database, world: World, now: datetime, keys: Keyring, how: str
) -> None:
    """Nobody would be left to undo it."""
    with database.transaction() as session:
        session.add(RoleGrant(person_id=world.lead.id, role="admin"))

    def remove(session: Session, admin: Person, other: Person) -> None:
        asking, person = asker_of(admin, "admin"), session.get_one(Person, other.id)
        if how == "roles":
            member_service.set_roles(session, asking, person, frozenset({Grant("translator")}), now=now)
        else:
            member_service.disable_member(session, asking, person, now=now)

    said = side_by_side(
        database,
        lambda session: remove(session, world.admin, world.lead),
        lambda session: remove(session, world.lead, world.admin),
        nothing,
    )
    assert said == [NoResultFound]
    with database.reading() as session:
        left = session.scalars(
            select(Person.id)
            .join(RoleGrant, RoleGrant.person_id == Person.id)
            .where(RoleGrant.role == "admin", Person.disabled_at.is_(None))
        ).all()
    assert world.admin.id in left
