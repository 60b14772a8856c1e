"""No room left for the database: a clear error, no half write, and what can be read is read (S50)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, cast

import pytest
from sqlalchemy import event, func, insert, select, text
from sqlalchemy.exc import OperationalError

from portal import clock
from portal.config import Settings
from portal.db import Database, is_full
from portal.journal.models import JournalRow
from portal.tables import metadata
from tests.conftest import NOW, FrozenClock, SignIn
from tests.support.apps import fresh_app
from tests.support.objects import populate
from tests.support.pages import Client, text_of
from tests.support.world import World

TRIGGER = """
    CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$;
    CREATE TRIGGER no_room BEFORE INSERT ON journal FOR EACH ROW EXECUTE FUNCTION no_room();
    CREATE TRIGGER no_room BEFORE UPDATE ON web_session FOR EACH ROW EXECUTE FUNCTION no_room();
"""
ROOM_AGAIN = "DROP FUNCTION IF EXISTS no_room CASCADE"


class Disk:
    """The disk of a database, which can be full: SQLite's own limit, or PostgreSQL's own error."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.sqlite = database.engine.dialect.name == "sqlite"

    def fill(self) -> None:
        """Leave no room for another line of the journal."""
        if not self.sqlite:
            self._run(TRIGGER)
            return
        event.listen(self.database.engine, "checkout", _no_more_pages)
        for size in (500, 50, 1):
            with pytest.raises(OperationalError) as raised:
                self._fill(size)
            assert is_full(raised.value)

    def _fill(self, size: int) -> None:
        while True:
            with self.database.transaction() as session:
                session.execute(insert(JournalRow), [{"at": NOW, "action": "read", "kind": "plan"}] * size)

    def empty(self) -> None:
        """Make room again."""
        if not self.sqlite:
            self._run(ROOM_AGAIN)
        elif event.contains(self.database.engine, "checkout", _no_more_pages):
            event.remove(self.database.engine, "checkout", _no_more_pages)
            self.database.close()

    def _run(self, script: str) -> None:
        with self.database.transaction() as session:
            session.execute(text(script))


def _no_more_pages(connection: Any, *_: object) -> None:
    """As many pages as there are: SQLite takes the smallest number that is not too small."""
    connection.execute("PRAGMA max_page_count = 1")


@pytest.fixture
def disk(database: Database, world: World, frozen: FrozenClock) -> Iterator[Disk]:
    with database.transaction() as session:
        populate(session, world, frozen.moment)
    made = Disk(database)
    yield made
    made.empty()


def counts(database: Database) -> dict[str, int]:
    with database.reading() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table)) or 0
            for table in metadata.sorted_tables
        }


def test_what_is_typed_comes_back_and_nothing_is_kept_by_half(
    disk: Disk, world: World, sign_in: SignIn, caplog: pytest.LogCaptureFixture
) -> None:
    coach = sign_in(world.coach)
    path = f"/staff/people/{world.participant.id}/plan/add/step"
    typed = {"text": "Ring skolan om kursen", "doer": "participant"}
    disk.fill()
    before = counts(disk.database)
    answer = coach.post(path, data=typed)
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "Ring skolan om kursen" in answer.get_data(as_text=True)
    assert "Just nu kan vi inte spara." in text_of(answer)
    assert counts(disk.database) == before
    assert "no room left" in caplog.text
    assert "Traceback" not in caplog.text
    disk.empty()
    assert coach.post(path, data=typed).status_code == 303
    assert counts(disk.database)["plan_step"] == before["plan_step"] + 1


def test_what_was_read_before_is_read_and_all_else_waits(
    disk: Disk, world: World, sign_in: SignIn, client: Client, frozen: FrozenClock
) -> None:
    """Public pages, and pages noted in this session already; no record, no answer for the rest (S42)."""
    me, coach = sign_in(world.participant), sign_in(world.coach)
    assert me.get("/plan").status_code == 200
    assert coach.get(f"/staff/people/{world.participant.id}/plan").status_code == 200
    disk.fill()
    # Last-seen is due, too.
    frozen.move(timedelta(minutes=2))
    assert client.get("/norrby").status_code == 200
    assert client.get("/turn-to").status_code == 200
    assert "Laga mat" in text_of(me.get("/plan"))
    assert me.get("/meetings").status_code == 503
    assert "Laga mat" in text_of(coach.get(f"/staff/people/{world.participant.id}/plan"))
    refused = coach.get(f"/staff/people/{world.second_participant.id}/plan")
    assert refused.status_code == 503
    assert world.second_participant.first_name not in text_of(refused)


def test_what_somebody_else_or_an_earlier_session_read_does_not_count(
    disk: Disk, world: World, sign_in: SignIn, frozen: FrozenClock
) -> None:
    """S42: each session's own reading stands in the journal before it reads on without another line."""
    plan = f"/staff/people/{world.participant.id}/plan"
    assert sign_in(world.coach).get(plan).status_code == 200
    frozen.move(timedelta(minutes=1))
    again, lead = sign_in(world.coach), sign_in(world.lead)
    assert lead.get(plan).status_code == 200
    disk.fill()
    assert "Laga mat" in text_of(lead.get(plan))
    refused = again.get(plan)
    assert refused.status_code == 503
    assert "Laga mat" not in text_of(refused)


def test_another_process_reads_on_too(
    disk: Disk, world: World, sign_in: SignIn, settings: Settings, frozen: FrozenClock
) -> None:
    """It has not written the note itself, and finds that it stands."""
    plan = f"/staff/people/{world.participant.id}/plan"
    read = ((sign_in(world.participant), "/plan"), (sign_in(world.coach), plan))
    other = fresh_app(settings, disk.database)
    clock.use(frozen)
    found = []
    for before, path in read:
        assert before.get(path).status_code == 200
        cookie = before.get_cookie("stigen", domain="127.0.0.1")
        assert cookie is not None
        browser = cast(Client, other.test_client())
        browser.set_cookie("stigen", cookie.value, domain="127.0.0.1")
        found.append((browser, path))
    disk.fill()
    frozen.move(timedelta(minutes=2))
    for browser, path in found:
        assert "Laga mat" in text_of(browser.get(path))
    assert found[0][0].get("/meetings").status_code == 503
    assert found[1][0].get(f"/staff/people/{world.second_participant.id}/plan").status_code == 503


def test_an_error_of_another_kind_is_not_taken_for_a_full_disk() -> None:
    assert not is_full(OperationalError("INSERT", {}, Exception("disk full")))
    assert not is_full(ValueError())
