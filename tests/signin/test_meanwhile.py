"""S18: what happened while a PIN or a password was hashed is seen before anybody is let in."""

from collections.abc import Callable
from types import ModuleType
from typing import Any, cast

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from portal.db import Database
from portal.identity import sessions
from portal.identity.models import Person, RoleGrant, StaffAccount
from portal.identity.people import access_service, member_service
from portal.identity.session_models import WebSession
from portal.identity.signin import hashing, pin_service, pin_views, staff_views, views
from tests.conftest import FrozenClock, SignIn
from tests.plan.conftest import asker_of
from tests.signin.test_second_door import confirm
from tests.signin.test_staff_door import NEW, sign_in_as
from tests.support.pages import Client
from tests.support.signing_in import (
    HOME,
    PASSWORD,
    PIN,
    ask,
    code_in,
    come_in,
    give_account,
    give_pin,
    messages,
)
from tests.support.world import World

KNOWN = "070-174 06 05"
Act = Callable[[Session, World, FrozenClock], object]
Meanwhile = Callable[[ModuleType, Act], None]


@pytest.fixture
def meanwhile(
    database: Database, world: World, frozen: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> Meanwhile:
    """Let this happen between what a view looked at and the transaction in which it writes."""

    def between(module: ModuleType, act: Act) -> None:
        opens = cast(Any, module).begin_writing

        def late() -> Session:
            with database.transaction() as session:
                act(session, world, frozen)
            return cast(Session, opens())

        monkeypatch.setattr(module, "begin_writing", late)

    return between


def amina(session: Session, world: World) -> Person:
    """The participant."""
    return session.get_one(Person, world.participant.id)


def everything_ends(session: Session, world: World, frozen: FrozenClock) -> None:
    """Signed out, in another tab."""
    for person in (world.participant, world.coach):
        sessions.end_all(session, person.id, frozen.moment)


def disabled(session: Session, world: World, frozen: FrozenClock) -> None:
    """An admin shuts both out; what had to end is not what is looked at here."""
    people = (world.participant.id, world.coach.id)
    session.execute(update(Person).where(Person.id.in_(people)).values(disabled_at=frozen.moment))


def protected(session: Session, world: World, frozen: FrozenClock) -> None:
    """The participant's identity is protected."""
    admin = asker_of(world.admin, "admin")
    access_service.protect(session, admin, amina(session, world), [world.coach.id], now=frozen.moment)


def another_pin(session: Session, world: World, frozen: FrozenClock) -> None:
    """The PIN is another one."""
    amina(session, world).pin_hash = hashing.hash_pin("739154", b"x" * 32)


def cleared(session: Session, world: World, frozen: FrozenClock) -> None:
    """Staff clear the PIN."""
    pin_service.reset(session, asker_of(world.coach, "coach"), world.participant.id, frozen.moment)


def renewed(session: Session, world: World, frozen: FrozenClock) -> None:
    """An admin gives the coach a new password and a new app."""
    made = member_service.Secrets("x", hashing.hash_password("x"), "JBSWY3DPEHPK3PXP")
    coach = session.get_one(Person, world.coach.id)
    member_service.renew_secrets(session, asker_of(world.admin, "admin"), coach, made, now=frozen.moment)


def another_app(session: Session, world: World, frozen: FrozenClock) -> None:
    """The coach's app is another one."""
    account = session.scalars(select(StaffAccount).where(StaffAccount.person_id == world.coach.id)).one()
    account.totp_secret = "JBSWY3DPEHPK3PXP"


def no_role(session: Session, world: World, frozen: FrozenClock) -> None:
    """The coach has no role any more."""
    session.execute(delete(RoleGrant).where(RoleGrant.person_id == world.coach.id))


def highest(database: Database) -> int:
    """The tier of the highest session ever opened, 0 where there is none."""
    with database.reading() as session:
        return session.scalar(select(func.max(WebSession.tier))) or 0


@pytest.mark.parametrize("act", [everything_ends, disabled, protected, another_pin, cleared])
def test_a_pin_that_fitted_a_moment_ago_opens_nothing(
    client: Client, world: World, database: Database, meanwhile: Meanwhile, act: Act
) -> None:
    """S13, S18, S37."""
    give_pin(database, world.participant)
    come_in(client, database, KNOWN)
    meanwhile(pin_views, act)
    answer = client.post("/pin", data={"pin": PIN})
    assert (answer.status_code, answer.location) == (303, "/pin?next=/home")
    assert highest(database) == 1


@pytest.mark.parametrize("act", [everything_ends, disabled, protected, another_pin])
def test_a_pin_chosen_a_moment_too_late_is_not_kept(
    client: Client, world: World, database: Database, sign_in: SignIn, meanwhile: Meanwhile, act: Act
) -> None:
    """S13, S18, S37."""
    come_in(client, database, KNOWN)
    client.post("/pin/choose/ask")
    assert confirm(sign_in(world.coach), world, database) == 303
    with database.transaction() as session:
        session.execute(delete(WebSession).where(WebSession.person_id == world.coach.id))
    meanwhile(pin_views, act)
    assert client.post("/pin/choose", data={"pin": PIN, "pin_again": PIN}).status_code == 303
    assert highest(database) == 1
    with database.reading() as session:
        stored = amina(session, world).pin_hash
    assert not hashing.pin_fits(stored, PIN, client.application.config["STIGEN"].pin_key)


@pytest.mark.parametrize("act", [disabled, renewed, another_app, no_role])
def test_staff_who_are_shut_out_while_they_sign_in_stay_outside(
    client: Client, world: World, database: Database, frozen: FrozenClock, meanwhile: Meanwhile, act: Act
) -> None:
    """S18, S29."""
    give_account(database, world.coach)
    meanwhile(staff_views, act)
    assert sign_in_as(client, frozen)[0] == 422
    assert highest(database) == 0


@pytest.mark.parametrize("act", [everything_ends, disabled, renewed])
def test_a_password_is_not_changed_by_who_is_out_already(
    client: Client, world: World, database: Database, frozen: FrozenClock, meanwhile: Meanwhile, act: Act
) -> None:
    """S18: a new password by an admin is not undone by the session it ended."""
    give_account(database, world.coach)
    assert sign_in_as(client, frozen)[0] == 303
    meanwhile(staff_views, act)
    data = {"password": PASSWORD, "new_password": NEW, "new_password_again": NEW}
    answer = client.post("/staff/password", data=data)
    assert (answer.status_code, answer.location) == (303, "/staff/password")
    assert client.get("/staff/password").location.startswith("/staff/sign-in")
    with database.reading() as session:
        account = session.scalars(select(StaffAccount).where(StaffAccount.person_id == world.coach.id)).one()
    assert not hashing.password_fits(account.password_hash, NEW)


@pytest.mark.parametrize("act", [disabled, protected])
def test_a_code_given_a_moment_too_late_lets_nobody_in(
    client: Client, world: World, database: Database, meanwhile: Meanwhile, act: Act
) -> None:
    """S18, S37."""
    ask(client, KNOWN)
    meanwhile(views, act)
    client.post(f"{HOME}/code", data={"code": code_in(messages(database)[-1].body)})
    assert highest(database) == 0


@pytest.mark.parametrize("tier", [1, 2])
def test_a_session_of_a_participant_with_protected_identity_is_none(
    world: World, database: Database, sign_in: SignIn, tier: int
) -> None:
    """S6, S37: whatever opened it; a member of staff with protected identity works on."""
    browser, coach = sign_in(world.participant, tier), sign_in(world.coach)
    assert browser.get("/me").status_code == 200
    with database.transaction() as session:
        people = (world.participant.id, world.coach.id)
        session.execute(update(Person).where(Person.id.in_(people)).values(protected=True))
    assert "/sign-in" in browser.get("/me").location
    assert coach.get("/staff").status_code == 200


def test_signing_out_ends_the_sessions_in_other_browsers_too(
    client: Client, world: World, database: Database, sign_in: SignIn
) -> None:
    """S18: and the one at the first door that a double tap on the PIN may still use."""
    give_pin(database, world.participant)
    come_in(client, database, KNOWN)
    client.post("/pin", data={"pin": PIN})
    other, somebody_else = sign_in(world.participant), sign_in(world.second_participant)
    client.post("/sign-out")
    assert other.get("/me").status_code == 303
    assert somebody_else.get("/me").status_code == 200
    with database.reading() as session:
        alive = session.scalars(select(WebSession.person_id).where(WebSession.ended_at.is_(None))).all()
    assert alive == [world.second_participant.id]
