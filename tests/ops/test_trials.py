"""The page with which an admin sends a test message and reads what became of it."""

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select

from portal.config import Settings
from portal.db import Database
from portal.journal.models import JournalRow
from portal.messaging.models import OutboxMessage
from portal.worker import Worker
from tests.conftest import FrozenClock, SignIn
from tests.support import outbox
from tests.support.pages import text_of
from tests.support.world import World

PAGE = "/staff/sending"


def rows(database: Database) -> list[OutboxMessage]:
    with database.reading() as session:
        return list(session.scalars(select(OutboxMessage)))


def test_an_admin_sends_a_test_and_reads_what_became_of_it(
    sign_in: SignIn, world: World, database: Database, frozen: FrozenClock
) -> None:
    admin = sign_in(world.admin)
    assert "De senaste testen" not in text_of(admin.get(PAGE))
    answer = admin.post(f"{PAGE}/test", data={"phone": "070-174 06 99"}, follow_redirects=True)
    assert "Väntar på att skickas" in text_of(answer)
    (row,) = rows(database)
    assert (row.address, row.organisation_id) == ("+46701740699", world.organisation.id)
    assert Worker(admin.application).once()
    shown = text_of(admin.get(PAGE))
    assert "Framme" in shown
    assert "06 99" not in shown
    with database.reading() as session:
        noted = session.scalars(select(JournalRow).where(JournalRow.kind == "test_message")).one()
    assert (noted.actor_id, noted.object_id) == (world.admin.id, row.id)


def test_another_organisations_tests_are_its_own(
    sign_in: SignIn, world: World, database: Database, now: datetime
) -> None:
    """S4."""
    with database.transaction() as session:
        outbox.put(session, now, kind="test", organisation_id=world.elsewhere.organisation.id)
    assert "De senaste testen" not in text_of(sign_in(world.admin).get(PAGE))


@pytest.mark.parametrize(
    "typed, told",
    [
        ("", "Ditt eget mobilnummer"),
        ("08-123 456 78", "Det numret kan inte få SMS"),
        ("+4915112345678", "Numret är inte svenskt"),
        ("participant", "Numret är inte ditt"),
    ],
)
def test_a_number_that_will_not_do_is_told_beside_the_field(
    sign_in: SignIn, world: World, database: Database, typed: str, told: str
) -> None:
    """S14, S34: what was typed stays."""
    typed = world.participant.phone if typed == "participant" else typed
    answer = sign_in(world.admin).post(f"{PAGE}/test", data={"phone": typed})
    assert answer.status_code == 422
    assert told in text_of(answer)
    assert f'value="{typed}"' in answer.text
    assert rows(database) == []


def test_the_sixth_within_an_hour_is_refused(sign_in: SignIn, world: World, database: Database) -> None:
    admin = sign_in(world.admin)
    for number in range(5):
        assert admin.post(f"{PAGE}/test", data={"phone": f"070-174 06 9{number}"}).status_code == 303
    answer = admin.post(f"{PAGE}/test", data={"phone": "070-174 06 99"})
    assert (answer.status_code, "fem test på en timme" in text_of(answer)) == (422, True)
    assert len(rows(database)) == 5


@pytest.mark.parametrize("who", ["coach", "lead", "translator", "participant"])
def test_a_test_is_sent_by_admins_alone(sign_in: SignIn, world: World, database: Database, who: str) -> None:
    browser = sign_in(getattr(world, who))
    assert browser.post(f"{PAGE}/test", data={"phone": "070-174 06 99"}).status_code == 404
    assert rows(database) == []


def test_a_test_goes_by_e_mail_where_e_mail_is_set_up(
    sign_in: SignIn, world: World, database: Database
) -> None:
    admin = sign_in(world.admin)
    answer = admin.post(f"{PAGE}/test-mail", follow_redirects=True)
    assert "Testet skickas" in text_of(answer)
    assert [row.channel for row in rows(database)] == ["email"]
    for number in range(4):
        admin.post(f"{PAGE}/test", data={"phone": f"070-174 06 9{number}"})
    assert Worker(admin.application).once()
    assert "Framme" in text_of(admin.get(PAGE))
    assert "fem test på en timme" in text_of(admin.post(f"{PAGE}/test-mail", follow_redirects=True))
    assert len(rows(database)) == 5


def test_without_a_mail_server_there_is_no_such_button(
    settings: Settings, world: World, database: Database, sign_in: SignIn
) -> None:
    admin = sign_in(world.admin)
    admin.application.config["STIGEN"] = replace(settings, sms_provider="twilio", twilio_sender="Portalen")
    try:
        assert "e-post" not in text_of(admin.get(PAGE))
        assert admin.post(f"{PAGE}/test-mail").status_code == 404
    finally:
        admin.application.config["STIGEN"] = settings
    assert rows(database) == []


def test_of_an_e_mail_that_has_left_no_more_is_promised(
    sign_in: SignIn, world: World, database: Database, now: datetime
) -> None:
    with database.transaction() as session:
        more = {"channel": "email", "address": "a@example.se", "subject_line": "Ett test"}
        row = outbox.put(session, now, kind="test", organisation_id=world.organisation.id, **more)
        row.state = "sent"
    assert "E-post berättar inte om det kom fram" in text_of(sign_in(world.admin).get(PAGE))
