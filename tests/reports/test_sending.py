"""SMS by month: whose, what came of them, parts and about what they cost."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from portal.db import Database
from portal.identity.models import Person
from portal.journal.models import JournalRow
from portal.messaging import rules as messaging
from portal.messaging import service
from portal.organisation.models import Organisation
from portal.reports.sending_rules import cost, months_back
from tests.conftest import SignIn
from tests.support import outbox
from tests.support.pages import Client, text_of
from tests.support.world import World

PAGE = "/staff/reports/sms"


def put(
    database: Database,
    person: Person,
    at: datetime,
    state: str,
    *,
    body: str = "Hej",
    code: bool = False,
    **facts: str,
) -> None:
    whose = {"recipient_id": person.id, "organisation_id": person.organisation_id, **facts}
    with database.transaction() as session:
        row = outbox.put_code(session, at, **whose) if code else outbox.put(session, at, body=body, **whose)
        row.state = state


def taken(browser: Client, kind: str = "csv") -> dict[str, dict[str, str]]:
    """{month: {column: cell}} of what is taken out."""
    text = browser.get(f"{PAGE}/{kind}").get_data().decode("utf-8-sig")
    return {row["Månad"]: row for row in csv.DictReader(io.StringIO(text), delimiter=";")}


def test_twelve_months_back_and_what_parts_cost() -> None:
    assert months_back(date(2026, 3, 31))[:4] == (
        date(2026, 3, 1),
        date(2026, 2, 1),
        date(2026, 1, 1),
        date(2025, 12, 1),
    )
    assert len(set(months_back(date(2024, 2, 29)))) == 12
    assert [cost(parts, 60) for parts in (0, 1, 2, 100)] == [0, 1, 1, 60]


def test_states_parts_and_cost_of_each_month(
    database: Database, world: World, sign_in: SignIn, now: datetime
) -> None:
    own = world.participant
    put(database, own, now, messaging.DELIVERED, body="Du har ett möte. " * 11)
    put(database, own, now, messaging.FAILED)
    put(database, own, now, messaging.CANCELLED)
    put(database, own, now, messaging.DELIVERED, code=True)
    # 1 November at 00.30 in Stockholm is still October by UTC.
    put(database, own, datetime(2026, 10, 31, 23, 30, tzinfo=UTC), messaging.UNKNOWN)
    put(database, own, datetime(2026, 10, 31, 22, 30, tzinfo=UTC), messaging.EXPIRED)
    put(database, own, now - timedelta(days=400), messaging.DELIVERED)
    put(database, own, now, messaging.SENT, channel="email", address="a@example.se", subject_line="Test")
    found = taken(sign_in(world.lead))
    assert len(found) == 12
    this = found["2026-11"]
    assert [this[name] for name in ("SMS utan koder", "Framme", "Kom inte fram", "Delar")] == [
        "4",
        "1",
        "1",
        "4",
    ]
    assert [
        this[name] for name in ("Vi vet inte om det kom fram", "Koder för att logga in", "Delar i koder")
    ] == [
        "1",
        "1",
        "1",
    ]
    assert this["Kostnad ungefär, kronor"] == "3"
    assert found["2026-10"]["SMS utan koder"] == "1"
    assert found["2026-10"]["Kostnad ungefär, kronor"] == "0"


def test_a_lead_counts_the_team_an_admin_the_organisation_nobody_the_protected(
    database: Database, world: World, sign_in: SignIn, now: datetime
) -> None:
    """S4, S37."""
    for person in (
        world.participant,
        world.second_participant,
        world.other_participant,
        world.far_participant,
    ):
        put(database, person, now, messaging.DELIVERED)
    with database.transaction() as session:
        session.get_one(Person, world.second_participant.id).protected = True
    assert taken(sign_in(world.lead))["2026-11"]["SMS utan koder"] == "1"
    assert taken(sign_in(world.admin))["2026-11"]["SMS utan koder"] == "2"
    assert sign_in(world.coach).get(PAGE).status_code == 404


def test_figures_hold_when_the_texts_are_forgotten(
    database: Database, world: World, sign_in: SignIn, now: datetime
) -> None:
    put(
        database,
        world.participant,
        now - timedelta(days=9),
        messaging.DELIVERED,
        body="Du har ett möte. " * 11,
    )
    lead = sign_in(world.lead)
    before = taken(lead)
    with database.transaction() as session:
        assert service.forget_texts(session, now) == 1
    assert taken(lead) == before
    assert before["2026-11"]["Delar"] == "2"


def test_the_page_says_what_it_assumes_and_is_noted(
    database: Database, world: World, sign_in: SignIn, now: datetime
) -> None:
    """S42."""
    put(database, world.participant, now, messaging.DELIVERED)
    with database.transaction() as session:
        session.get_one(Organisation, world.organisation.id).settings = {"sms_price_ore": 125}
    lead = sign_in(world.lead)
    page = text_of(lead.get(PAGE))
    assert "Kostnaden är ungefärlig: 125 öre för varje del." in page
    assert "SMS till dem som är eller har varit i teamet, varje månad." in page
    assert "De som har tagits bort ur portalen räknas inte." in page
    assert "SMS från organisationen, varje månad." in text_of(sign_in(world.admin).get(PAGE))
    assert lead.get(f"{PAGE}/xlsx").status_code == 200
    with database.reading() as session:
        noted = session.scalars(select(JournalRow.action).where(JournalRow.kind == "report")).all()
    assert {"read", "export"} <= set(noted)
