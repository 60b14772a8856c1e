"""Each migration goes up and down with data, and leads to exactly the tables of the code (S56)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import cast
from uuid import UUID, uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import DBAPIError

from portal import schema
from portal.availability.models import BusyTime
from portal.db import Database
from portal.feedback import service as feedback
from portal.identity.models import Person
from portal.instruments.models import ResponseLine
from portal.journal import chain_service
from portal.organisation.models import Choice, Installation
from portal.plan.models import PlanStep
from portal.tables import metadata
from tests.support import databases
from tests.support.objects import asker_of, check_in, plan
from tests.support.packs import install
from tests.support.paper import paper
from tests.support.world import build

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
OURS = "alembic_version"


def nothing(_: str) -> None:
    """An empty database."""


@pytest.fixture(params=["sqlite", "postgresql"])
def bare(request: pytest.FixtureRequest, worker_id: str) -> Iterator[Database]:
    """A database without a table."""
    kind = cast(databases.Kind, request.param)
    url = databases.database_url(kind, f"bare_{worker_id}", build=nothing, template="bare")
    database = Database(url, durable=False)
    yield database
    database.close()


def tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names()) - {OURS}


def revisions() -> list[str]:
    """Every revision, the oldest first."""
    script = ScriptDirectory(str(schema.MIGRATIONS))
    return [revision.revision for revision in reversed(list(script.walk_revisions()))]


def test_the_migrations_lead_to_the_tables_of_the_code(bare: Database) -> None:
    schema.upgrade(bare.url)
    with bare.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
    assert differences == []
    with bare.reading() as session:
        assert schema.is_current(session)


def test_up_with_data_down_and_up_again(bare: Database) -> None:
    """S56"""
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        world = build(session, NOW)
    with bare.reading() as session:
        assert session.scalars(select(Person).where(Person.id == world.coach.id)).one().name == "Karin Lund"
    for revision in [*reversed(revisions()[:-1]), "base"]:
        schema.downgrade(bare.url, revision)
    assert tables(bare) == set()
    schema.upgrade(bare.url)
    with bare.reading() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 0


def test_answers_stand_when_the_columns_that_nothing_reads_go_and_come_back(bare: Database) -> None:
    """S56: SQLite would build a table anew, and take the lines with their response."""
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        asker = asker_of(session, build(session, NOW).participant)
        made = check_in(session, asker, asker, NOW)["check_in"]
        feedback.answer_line(session, asker, cast(UUID, made), 1, 75, now=NOW)
    schema.downgrade(bare.url, "0002")
    with bare.engine.connect() as connection:
        old = connection.execute(
            text(
                "SELECT check_in.reference_kind, check_in.begun_at = response.started_at,"
                " check_in.begun_at = response_line.answered_at, response_line.tenths FROM response_line"
                " JOIN response ON response.id = response_line.response_id"
                " JOIN check_in ON check_in.response_id = response.id"
            )
        ).all()
    assert [tuple(row) for row in old] == [("meeting", True, True, 75)]
    schema.upgrade(bare.url)
    with bare.reading() as session:
        assert session.scalars(select(ResponseLine.tenths)).all() == [75]


def test_words_and_programmes_stand_when_reports_learn_to_count(bare: Database) -> None:
    """S56"""
    schema.upgrade(bare.url, "0004")
    made = uuid4()
    with bare.engine.begin() as connection:
        given = {"id": made if bare.engine.dialect.name == "postgresql" else made.hex}
        connection.execute(
            text(
                "INSERT INTO organisation (id, slug, name, phone, zone_name, languages, settings)"
                " VALUES (:id, 'a', 'A', '1', 'Europe/Stockholm', '[]', '{}')"
            ),
            given,
        )
        connection.execute(
            text(
                "INSERT INTO programme (id, organisation_id, name, starts_on, targets, partners)"
                " VALUES (:id, :id, 'P', '2026-01-01', '{}', '[]')"
            ),
            given,
        )
        connection.execute(
            text(
                "INSERT INTO choice (id, organisation_id, kind, code, words, position, retired)"
                " VALUES (:id, :id, 'outcome', 'work', '{}', 0, false)"
            ),
            given,
        )
    schema.upgrade(bare.url, "0005")
    with bare.engine.begin() as connection:
        assert connection.execute(text("SELECT counts_as FROM choice")).scalar() == ""
        assert connection.execute(text("SELECT lists FROM programme")).scalar() in ("{}", {})
        connection.execute(text("UPDATE choice SET counts_as = 'goal'"))
    with pytest.raises(DBAPIError), bare.engine.begin() as connection:
        connection.execute(text("UPDATE choice SET counts_as = 'nonsense'"))
    schema.downgrade(bare.url, "0004")
    with bare.engine.connect() as connection:
        assert connection.execute(text("SELECT code FROM choice")).scalar() == "work"


def test_whoever_was_there_before_is_reached_as_before(bare: Database) -> None:
    """S56: the choices of how to be reached come with an answer for everybody, and go again."""
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        who = build(session, NOW).participant.id
    schema.downgrade(bare.url, "0006")
    schema.upgrade(bare.url)
    with bare.reading() as session:
        person = session.get_one(Person, who)
        assert person.name == "Amina Hassan"
        assert (person.way, {person.sms_place, person.sms_coach, person.one_page}) == ("sms", {False})


def test_what_was_typed_from_paper_stays_an_answer_without_the_tables_of_the_scales(bare: Database) -> None:
    """S56: packs, values and corrections go and come back empty; the four numbers and their total stay."""
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        world = build(session, NOW)
        session.get_one(Person, world.participant.id).age_band = "youth"
        install(session, "ors", NOW)
        paper(session, asker_of(session, world.participant), asker_of(session, world.coach), NOW)
    schema.downgrade(bare.url, "0005")
    assert {"text_pack", "scale_reading", "correction"} & tables(bare) == set()
    with bare.engine.connect() as connection:
        rows = connection.execute(text("SELECT total FROM response ORDER BY sent_at"))
        totals = [row.total for row in rows]
    assert totals == [225, 160]
    schema.upgrade(bare.url)
    with bare.reading() as session:
        assert set(session.scalars(select(Person.age_band))) == {"adult"}
        assert len(session.scalars(select(ResponseLine.tenths)).all()) == 8


def test_who_has_a_plan_has_read_it_when_answers_begin(bare: Database) -> None:
    """S56: nothing of what stood there before is told as new, and every step stays in the portal."""
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        world = build(session, NOW)
        made = plan(session, asker_of(session, world.participant), asker_of(session, world.coach), NOW)
    schema.downgrade(bare.url, "0011")
    schema.upgrade(bare.url)
    with bare.reading() as session:
        seen, last = session.execute(
            text("SELECT MAX(plan.seen_number), MAX(plan_event.number) FROM plan, plan_event")
        ).one()
        assert (seen, last) == (last, 3)
        assert session.get_one(PlanStep, cast(UUID, made["step"])).in_portal


@pytest.mark.parametrize("chained", [True, False])
def test_an_installation_that_has_chained_knows_since_when(bare: Database, chained: bool) -> None:
    """S56, S43"""
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        build(session, NOW)
        if chained:
            chain_service.hold(session, NOW)
    schema.downgrade(bare.url, "0014")
    schema.upgrade(bare.url)
    with bare.reading() as session:
        assert session.scalar(select(Installation.chained_since)) == (NOW if chained else None)


def test_an_old_database_is_not_current(bare: Database) -> None:
    with bare.reading() as session:
        assert not schema.is_current(session)


def test_the_migrated_database_itself_refuses_an_overlap(bare: Database) -> None:
    """S49"""
    schema.upgrade(bare.url)
    who = uuid4()

    def busy(minutes: int) -> BusyTime:
        start = NOW + timedelta(minutes=minutes)
        return BusyTime(
            subject_kind="person",
            subject_id=who,
            starts_at=start,
            ends_at=start + timedelta(hours=1),
            cause_kind="meeting",
            cause_id=uuid4(),
        )

    with bare.transaction() as session:
        session.add_all([busy(0), busy(60)])
    with bare.writing() as session:
        session.add(busy(30))
        with pytest.raises(DBAPIError, match="overlap"):
            session.flush()


def test_a_list_of_words_stands_when_stairs_come_and_go(bare: Database) -> None:
    """S56: SQLite builds the list anew; how an outcome counts goes along, and the stairs' own words leave."""
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        here = build(session, NOW).here
        codes = select(Choice).where(Choice.kind == "outcome", Choice.code == "work")
        session.scalars(codes.where(Choice.organisation_id == here.organisation.id)).one().counts_as = "goal"
    schema.downgrade(bare.url, "0011")
    with bare.engine.begin() as connection:
        kinds = {row[0] for row in connection.execute(text("SELECT DISTINCT kind FROM choice"))}
        counted = [
            row[0] for row in connection.execute(text("SELECT code FROM choice WHERE counts_as = 'goal'"))
        ]
    assert "stair" not in kinds
    assert counted == ["work"]
    with pytest.raises(DBAPIError), bare.engine.begin() as connection:
        connection.execute(text("UPDATE choice SET kind = 'stair'"))
    schema.upgrade(bare.url)
    with bare.transaction() as session:
        assert [one.counts_as for one in session.scalars(codes)].count("goal") == 1
        session.add(Choice(organisation_id=here.organisation.id, kind="stair", code="a", words={"sv": "A"}))
    with pytest.raises(DBAPIError), bare.engine.begin() as connection:
        connection.execute(text("UPDATE choice SET counts_as = 'nonsense'"))
