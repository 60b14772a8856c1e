"""The staff: adding, roles, a new sign-in, disabling; protected people's pages; the command line."""

import re

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.crypto import lookup_hash
from portal.db import Database
from portal.identity.models import Person, RoleGrant, StaffAccount
from portal.identity.session_models import WebSession
from portal.identity.signin.hashing import password_fits
from tests.conftest import SignIn
from tests.support.pages import seen, text_of
from tests.support.world import CANARY, World

BASE = "/staff/members"


def filled(world: World, **changes: object) -> dict[str, object]:
    """A form for somebody new."""
    return {
        "name": "Nina Ny",
        "email": " Nina@Norrby.SE ",
        "authority": "Regionen",
        "roles": [f"coach {world.here.team.id}", "translator"],
        **changes,
    }


def account(session: Session, email: str) -> StaffAccount:
    """The account with this address."""
    found = StaffAccount.email_hash == lookup_hash("email", email)
    return session.scalars(select(StaffAccount).where(found)).one()


def shown(page: str) -> list[str]:
    """The password and the secret that a page shows."""
    return re.findall(r"<code>([^<]+)</code>", page)


def alive(session: Session, person: Person) -> int:
    """How many sessions of this person live."""
    asked = select(WebSession).where(WebSession.person_id == person.id, WebSession.ended_at.is_(None))
    return len(session.scalars(asked).all())


def test_somebody_new_gets_a_sign_in_that_is_shown_once(
    sign_in: SignIn, world: World, database: Database
) -> None:
    browser = sign_in(world.admin)
    assert browser.get(f"{BASE}/new").status_code == 200
    page = browser.post(f"{BASE}/new", data=filled(world))
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    password, secret = shown(page.text)
    assert "<svg" in page.text
    with database.reading() as session:
        made = account(session, "nina@norrby.se")
        assert password_fits(made.password_hash, password)
        assert made.password_temporary
        assert made.totp_secret == secret
        assert len(pyotp.TOTP(secret).now()) == 6
        grants = session.scalars(select(RoleGrant).where(RoleGrant.person_id == made.person_id)).all()
        assert {(one.role, one.team_id) for one in grants} == {
            ("coach", world.here.team.id),
            ("translator", None),
        }
    listed = browser.get(BASE).text
    assert "Nina Ny" in listed
    assert password not in listed


@pytest.mark.parametrize(
    "change, sentence",
    [
        ({"email": "nina"}, "Det är ingen e-postadress"),
        ({"email": ""}, "Fyll i det här"),
        ({"roles": []}, "Välj minst en roll"),
        ({"roles": ["participant"]}, "Välj något i listan"),
        ({"roles": ["coach"]}, "Välj något i listan"),
        ({"name": "x" * 10_000}, "Texten är för lång"),
    ],
)
def test_what_is_wrong_with_somebody_new_is_told(
    sign_in: SignIn, world: World, change: dict[str, object], sentence: str
) -> None:
    answer = sign_in(world.admin).post(f"{BASE}/new", data=filled(world, **change))
    assert answer.status_code == 422
    assert sentence in text_of(answer)


def test_an_address_belongs_to_one_person(sign_in: SignIn, world: World) -> None:
    browser = sign_in(world.admin)
    browser.post(f"{BASE}/new", data=filled(world))
    again = browser.post(f"{BASE}/new", data=filled(world, email="NINA@norrby.se"))
    assert again.status_code == 422
    assert "Någon använder redan den e-postadressen" in text_of(again)


def test_other_roles_end_all_sessions(sign_in: SignIn, world: World, database: Database) -> None:
    """S18"""
    coach = sign_in(world.coach)
    assert coach.get("/staff/people").status_code == 200
    browser = sign_in(world.admin)
    page = browser.get(f"{BASE}/{world.coach.id}")
    assert "Är coach för 2 deltagare" in text_of(page)
    same = [f"coach {world.here.team.id}"]
    assert browser.post(f"{BASE}/{world.coach.id}", data={"roles": same}).status_code == 303
    with database.reading() as session:
        assert alive(session, world.coach) == 1
    mark = {"seen": seen(browser, f"{BASE}/{world.coach.id}")}
    assert browser.post(f"{BASE}/{world.coach.id}", data={"roles": ["translator"], **mark}).status_code == 303
    late = browser.post(f"{BASE}/{world.coach.id}", data={"roles": ["admin"], **mark})
    assert late.status_code == 422
    assert "Nu står det: Språkstöd." in text_of(late)
    assert coach.get("/staff/people").status_code == 303
    assert sign_in(world.coach).get("/staff/people").status_code == 404


def test_a_new_sign_in_ends_sessions_and_the_old_password(
    sign_in: SignIn, world: World, database: Database
) -> None:
    sign_in(world.coach)
    page = sign_in(world.admin).post(f"{BASE}/{world.coach.id}/secrets")
    password, secret = shown(page.text)
    with database.reading() as session:
        asked = select(StaffAccount).where(StaffAccount.person_id == world.coach.id)
        made = session.scalars(asked).one()
        assert password_fits(made.password_hash, password)
        assert made.totp_secret == secret
        assert alive(session, world.coach) == 0


def test_disabling_ends_sessions_and_can_be_undone(sign_in: SignIn, world: World, database: Database) -> None:
    """S18"""
    coach = sign_in(world.coach)
    browser = sign_in(world.admin)
    assert browser.post(f"{BASE}/{world.coach.id}/disable").status_code == 303
    assert coach.get("/staff/people").status_code == 303
    assert "Släpp in igen" in text_of(browser.get(f"{BASE}/{world.coach.id}"))
    assert browser.post(f"{BASE}/{world.coach.id}/enable").status_code == 303
    with database.reading() as session:
        assert session.get_one(Person, world.coach.id).disabled_at is None


def test_admins_cannot_lock_themselves_out(sign_in: SignIn, world: World, database: Database) -> None:
    browser = sign_in(world.admin)
    mine = f"{BASE}/{world.admin.id}"
    assert "Du kan inte stänga av dig själv" in text_of(browser.post(f"{mine}/disable"))
    answer = browser.post(mine, data={"roles": ["translator"], "seen": seen(browser, mine)})
    assert "din egen roll som administratör" in text_of(answer)
    assert browser.get(mine).status_code == 200


def test_staff_pages_never_show_participants_or_another_organisation(sign_in: SignIn, world: World) -> None:
    """S4"""
    browser = sign_in(world.admin)
    assert CANARY not in browser.get(BASE).text
    for person in (world.far_coach, world.participant):
        for path in ("", "/disable", "/enable", "/secrets"):
            assert browser.post(f"{BASE}/{person.id}{path}").status_code == 404


# --- protected identity ---------------------------------------------------------------------------


def test_protection_from_an_admins_tap_to_the_handlers_page(
    sign_in: SignIn, world: World, database: Database
) -> None:
    """S37: the page exists for named handlers alone."""
    admin, lead = sign_in(world.admin), sign_in(world.lead)
    page = f"/staff/people/{world.participant.id}"
    assert "Skyddade personuppgifter" in text_of(admin.get(f"{page}/access"))
    nobody = admin.post(f"{page}/protect", data={})
    assert nobody.status_code == 422
    assert "Välj minst en handläggare" in text_of(nobody)
    assert lead.get("/staff/protected").status_code == 404
    assert admin.post(f"{page}/protect", data={"handlers": [str(world.lead.id)]}).status_code == 303
    for browser in (admin, sign_in(world.coach)):
        assert "Amina" not in browser.get("/staff/people").text
        assert browser.get("/staff/protected").status_code == 404
        assert browser.get(f"{page}/enrolment").status_code == 404
        assert "Amina" not in browser.post("/staff/people", data={"q": "amina hassan"}).text
    assert "Amina Hassan" not in text_of(lead.get("/staff/people"))
    assert "Skyddade uppgifter" in text_of(lead.get("/staff/people"))
    assert "Amina Hassan" in text_of(lead.get("/staff/protected"))
    assert lead.get(f"{page}/enrolment").status_code == 200
    assert lead.get(f"{page}/card").status_code == 200


def test_handlers_choose_handlers_and_lift_the_protection(
    sign_in: SignIn, world: World, database: Database
) -> None:
    admin, lead = sign_in(world.admin), sign_in(world.lead)
    page = f"/staff/protected/{world.participant.id}"
    protect = f"/staff/people/{world.participant.id}/protect"
    admin.post(protect, data={"handlers": [str(world.lead.id)]})
    last = admin.post(f"{BASE}/{world.lead.id}/disable")
    assert last.status_code == 422
    assert "ensam handläggare" in text_of(last)
    assert lead.get(page).status_code == 200
    assert lead.post(page, data={}).status_code == 422
    assert lead.post(page, data={"handlers": [str(world.far_coach.id)]}).status_code == 422
    assert admin.get(page).status_code == 404
    assert admin.post(f"{page}/lift").status_code == 404
    both = [str(world.lead.id), str(world.coach.id)]
    mark = {"seen": seen(lead, page)}
    assert lead.post(page, data={"handlers": both, **mark}).status_code == 303
    late = lead.post(page, data={"handlers": [*both[:1], str(world.admin.id)], **mark})
    assert "Nu står det: Karin Lund, Lena Ek." in text_of(late)
    assert sign_in(world.coach).get("/staff/protected").status_code == 200
    assert lead.post(f"{page}/lift").status_code == 303
    assert "Amina Hassan" in text_of(sign_in(world.coach).get("/staff/people"))
    assert lead.get("/staff/protected").status_code == 404


# --- numbers --------------------------------------------------------------------------------------


def test_an_admin_changes_a_number_that_was_confirmed(
    sign_in: SignIn, world: World, database: Database
) -> None:
    """S35"""
    browser = sign_in(world.admin)
    theirs = sign_in(world.participant)
    path = f"/staff/people/{world.participant.id}/number"
    assert "Vi skriver inget till det gamla numret" in text_of(browser.get(path))
    unconfirmed = browser.post(path, data={"phone": "070-174 06 90"})
    assert unconfirmed.status_code == 422
    assert "Välj ett svar" in text_of(unconfirmed)
    for typed, sentence in (
        ("070-174 06 06", "Numret används redan"),
        ("08-123 456 78", "kan inte få SMS"),
        ("", "Fyll i det här"),
    ):
        answer = browser.post(path, data={"phone": typed, "confirmed": "in_person"})
        assert answer.status_code == 422
        assert sentence in text_of(answer)
    done = browser.post(path, data={"phone": "٠٧٠-١٧٤ ٠٦ ٩٠", "confirmed": "verified_call"})
    assert done.status_code == 303
    with database.reading() as session:
        assert session.get_one(Person, world.participant.id).phone == "+46701740690"
        assert alive(session, world.participant) == 0
    assert theirs.get("/plan").status_code == 303


def test_a_participant_is_disabled_and_let_in_again(
    sign_in: SignIn, world: World, database: Database
) -> None:
    """S18"""
    browser, path = sign_in(world.admin), f"/staff/people/{world.participant.id}"
    sign_in(world.participant)
    assert browser.post(f"{path}/disable").status_code == 303
    with database.reading() as session:
        assert alive(session, world.participant) == 0
    assert "Avstängd" in text_of(browser.get(f"{path}/access"))
    assert "Kan inte logga in" in text_of(browser.get("/staff/people"))
    assert browser.post(f"{path}/enable").status_code == 303


# --- the command line -----------------------------------------------------------------------------


def test_the_first_admin_is_made_on_the_command_line(app: Flask, world: World, database: Database) -> None:
    asked = ["staff", "add", "--organisation", "norrby", "--email", "ada@norrby.se", "--name", "Ada"]
    done = app.test_cli_runner().invoke(args=[*asked, "--role", "admin"])
    assert done.exit_code == 0, done.output
    password, secret = re.findall(r"(?:password|secret): +(\S+)", done.output)
    assert f"otpauth://totp/Stigen%3Aada%40norrby.se?secret={secret}&issuer=Stigen" in done.output
    with database.reading() as session:
        assert password_fits(account(session, "ada@norrby.se").password_hash, password)
    again = app.test_cli_runner().invoke(args=[*asked, "--role", "admin"])
    assert again.exit_code == 1
    assert "already" in again.output


@pytest.mark.parametrize(
    "more, said",
    [
        (["--role", "coach"], "Name it: --team"),
        (["--role", "coach", "--team", "Väst"], "There is: Team Norr, Team Söder"),
        (["--role", "admin", "--email", "ada"], "no e-mail address"),
        (["--role", "admin", "--organisation", "nowhere"], "norrby"),
    ],
)
def test_the_command_line_says_what_is_wrong(app: Flask, world: World, more: list[str], said: str) -> None:
    asked = ["staff", "add", "--organisation", "norrby", "--email", "ada@norrby.se", "--name", "Ada"]
    done = app.test_cli_runner().invoke(args=[*asked, *more])
    assert done.exit_code == 1
    assert said in done.output


def test_a_coach_is_added_to_a_named_team(app: Flask, world: World, database: Database) -> None:
    asked = ["staff", "add", "--organisation", "norrby", "--email", "ada@norrby.se", "--name", "Ada"]
    done = app.test_cli_runner().invoke(
        args=[*asked, "--role", "coach", "--role", "lead", "--team", "team norr"]
    )
    assert done.exit_code == 0, done.output
    with database.reading() as session:
        person_id = account(session, "ada@norrby.se").person_id
        grants = session.scalars(select(RoleGrant).where(RoleGrant.person_id == person_id)).all()
        assert {(one.role, one.team_id) for one in grants} == {
            ("coach", world.here.team.id),
            ("lead", world.here.team.id),
        }
