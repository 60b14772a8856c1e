"""Staff: e-mail, password and the code of an app, all at once; a temporary password leads no further."""

from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select, update

from portal.db import Database
from portal.identity.models import Person, StaffAccount
from portal.identity.session_models import WebSession
from portal.identity.signin import password_rules
from tests.conftest import FrozenClock, SignIn
from tests.support.pages import Client, text_of
from tests.support.signing_in import EMAIL, PASSWORD, TOTP_SECRET, another, give_account
from tests.support.world import World

NEW = "ett nytt och långt lösenord"


def app_code(frozen: FrozenClock, steps: int = 0) -> str:
    """What the app shows now, or so many steps of 30 seconds away."""
    return pyotp.TOTP(TOTP_SECRET).at(frozen.moment + timedelta(seconds=30 * steps))


def sign_in_as(client: Client, frozen: FrozenClock, **fields: str) -> tuple[int, str]:
    """Try to sign in; the status, and where it leads."""
    data = {"email": EMAIL, "password": PASSWORD, "totp": app_code(frozen), **fields}
    answer = client.post("/staff/sign-in", data=data)
    return answer.status_code, answer.location or text_of(answer)


def test_password_and_code_let_in_with_the_persons_roles(
    client: Client, world: World, database: Database, frozen: FrozenClock
) -> None:
    """S29."""
    give_account(database, world.coach)
    assert sign_in_as(client, frozen, email=f" {EMAIL.upper()} ") == (303, "/staff")
    with database.reading() as session:
        opened = session.scalars(select(WebSession)).one()
    assert (opened.person_id, opened.tier, opened.roles) == (world.coach.id, 2, ["coach"])


def test_next_leads_inside(client: Client, world: World, database: Database, frozen: FrozenClock) -> None:
    """S25."""
    give_account(database, world.coach)
    assert sign_in_as(client, frozen, next="https://evil.example/") == (303, "/staff")
    frozen.move(timedelta(minutes=1))
    assert sign_in_as(client, frozen, next="/staff/people?q=1") == (303, "/staff/people?q=1")


@pytest.mark.parametrize("wrong", ["email", "password", "totp"])
def test_nobody_learns_which_of_them_was_wrong(
    client: Client, world: World, database: Database, frozen: FrozenClock, wrong: str
) -> None:
    """S15."""
    give_account(database, world.coach)
    given = {"email": "nobody@example.se", "password": "something else", "totp": another(app_code(frozen))}
    status, text = sign_in_as(client, frozen, **{wrong: given[wrong]})
    assert status == 422
    assert "E-post, lösenord eller kod stämmer inte" in text
    with database.reading() as session:
        assert session.scalars(select(WebSession)).all() == []


def test_a_code_of_the_app_works_once(
    client: Client, world: World, database: Database, frozen: FrozenClock
) -> None:
    """S29: nor may an older one follow it."""
    give_account(database, world.coach)
    assert sign_in_as(client, frozen)[0] == 303
    assert sign_in_as(client, frozen)[0] == 422
    assert sign_in_as(client, frozen, totp=app_code(frozen, -1))[0] == 422
    assert sign_in_as(client, frozen, totp=app_code(frozen, 1))[0] == 303


@pytest.mark.parametrize(("steps", "status"), [(-2, 422), (-1, 303), (1, 303), (2, 422)])
def test_the_apps_clock_may_be_half_a_minute_wrong(
    client: Client, world: World, database: Database, frozen: FrozenClock, steps: int, status: int
) -> None:
    give_account(database, world.coach)
    assert sign_in_as(client, frozen, totp=app_code(frozen, steps))[0] == status


def test_ten_tries_in_a_quarter_then_none_not_even_the_right_one(
    client: Client, world: World, database: Database, frozen: FrozenClock
) -> None:
    """S12."""
    give_account(database, world.coach)
    for _ in range(10):
        assert sign_in_as(client, frozen, password="something else")[0] == 422
    assert sign_in_as(client, frozen)[0] == 429
    frozen.move(timedelta(minutes=15))
    assert sign_in_as(client, frozen)[0] == 303


def test_an_unknown_address_is_counted_too(client: Client, world: World, frozen: FrozenClock) -> None:
    """S12, S15."""
    for _ in range(10):
        assert sign_in_as(client, frozen, email="nobody@example.se")[0] == 422
    assert sign_in_as(client, frozen, email="nobody@example.se")[0] == 429


def test_a_disabled_member_of_staff_stays_outside(
    client: Client, world: World, database: Database, frozen: FrozenClock
) -> None:
    """S18."""
    give_account(database, world.coach)
    with database.transaction() as session:
        session.execute(update(Person).where(Person.id == world.coach.id).values(disabled_at=frozen.moment))
    assert sign_in_as(client, frozen)[0] == 422


@pytest.mark.parametrize("field", ["email", "password", "totp"])
def test_what_is_missing_is_said_beside_the_field_and_secrets_do_not_come_back(
    client: Client, world: World, database: Database, frozen: FrozenClock, field: str
) -> None:
    answer = client.post(
        "/staff/sign-in",
        data={"email": EMAIL, "password": PASSWORD, "totp": app_code(frozen)} | {field: ""},
    )
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.get_data(as_text=True)
    assert PASSWORD not in answer.get_data(as_text=True)


def test_a_temporary_password_leads_to_choosing_another_and_no_further(
    client: Client, world: World, database: Database, frozen: FrozenClock
) -> None:
    """S29."""
    give_account(database, world.coach, temporary=True)
    assert sign_in_as(client, frozen)[0] == 303
    pin_page = f"/staff/people/{world.participant.id}/pin"
    assert client.get(pin_page).location.startswith("/staff/password")
    assert "tillfälligt" in text_of(client.get("/staff/password"))
    answer = client.post(
        "/staff/password", data={"password": PASSWORD, "new_password": NEW, "new_password_again": NEW}
    )
    assert (answer.status_code, answer.location) == (303, "/staff")
    assert client.get(pin_page).status_code == 200
    frozen.move(timedelta(minutes=1))
    assert sign_in_as(client, frozen)[0] == 422
    assert sign_in_as(client, frozen, password=NEW)[0] == 303


def test_a_new_password_ends_the_other_sessions(world: World, database: Database, sign_in: SignIn) -> None:
    """S18."""
    give_account(database, world.coach)
    here, there = sign_in(world.coach), sign_in(world.coach)
    here.post("/staff/password", data={"password": PASSWORD, "new_password": NEW, "new_password_again": NEW})
    assert here.get("/staff/password").status_code == 200
    assert there.get("/staff/password").status_code == 303


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"password": "something else"}, "inte lösenordet du har nu"),
        ({"new_password": "kort", "new_password_again": "kort"}, "minst 12"),
        ({"new_password": "a" * 201, "new_password_again": "a" * 201}, "högst 200"),
        ({"new_password": "abababababab", "new_password_again": "abababababab"}, "lätt att gissa"),
        ({"new_password": "karin och mer ord", "new_password_again": "karin och mer ord"}, "e-postadress"),
        ({"new_password": PASSWORD, "new_password_again": PASSWORD}, "samma lösenord"),
        ({"new_password_again": "något annat igen"}, "inte samma"),
    ],
)
def test_a_password_that_will_not_do_says_why(
    world: World, database: Database, sign_in: SignIn, fields: dict[str, str], sentence: str
) -> None:
    give_account(database, world.coach)
    data = {"password": PASSWORD, "new_password": NEW, "new_password_again": NEW, **fields}
    answer = sign_in(world.coach).post("/staff/password", data=data)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    with database.reading() as session:
        account = session.scalars(select(StaffAccount).where(StaffAccount.email_sealed.is_not(None)))
        assert all(not one.password_temporary for one in account)


def test_a_participant_has_no_password_page(world: World, sign_in: SignIn) -> None:
    assert sign_in(world.participant).get("/staff/password").status_code == 404


def test_matching_steps_agree_with_the_standard(frozen: FrozenClock) -> None:
    """RFC 6238, appendix B, SHA-1: at 59 seconds the eight digits are 94287082, so the six are 287082."""
    from datetime import UTC, datetime

    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    moment = datetime.fromtimestamp(59, UTC)
    assert password_rules.matching_step(secret, "287082", moment) == 1
    assert password_rules.matching_step(secret, "000000", moment) is None
