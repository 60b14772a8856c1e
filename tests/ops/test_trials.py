"""The page with which an admin sends a test message and reads what became of it."""

from datetime import datetime

import pytest
from sqlalchemy import select

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
