"""Backup and restore as commands, on both databases and from one to the other (S55)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import delete, func, inspect, select, update

from portal import clock, schema
from portal.booking.network.models import MeetingParty
from portal.config import Settings
from portal.crypto import Keyring, use
from portal.db import Database
from portal.identity import sessions
from portal.identity.models import Person
from portal.interpreting.models import InterpreterGrant
from portal.journal import chain_queries, chain_service
from portal.journal.models import JournalRow
from portal.messaging import rules
from portal.messaging.models import OutboxMessage
from portal.organisation.models import Installation
from portal.plan.models import PlanStep
from portal.reminders import service as reminders
from portal.tables import metadata
from portal.worker import Worker
from tests.conftest import FrozenClock
from tests.signin.test_staff_door import sign_in_as
from tests.support import databases, meetings, objects, outbox
from tests.support.apps import fresh_app
from tests.support.pages import Client, text_of
from tests.support.signing_in import PIN, come_in, give_account, give_pin
from tests.support.world import World

DAY = timedelta(days=1)


def nothing(_: str) -> None:
    """An empty database."""


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, worker_id: str) -> Iterator[Database]:
    """Where it is restored: a database without a table, of each kind."""
    kind = cast(databases.Kind, request.param)
    url = databases.database_url(kind, f"restored_{worker_id}", build=nothing, template="bare")
    fresh = Database(url, durable=False)
    yield fresh
    fresh.close()


@pytest.fixture
def full(database: Database, world: World, now: datetime) -> Database:
    """One object of each kind for three people, a session, messages in every state, a chained journal."""
    with database.transaction() as session:
        objects.populate(session, world, now)
        sessions.open_session(
            session, world.coach.id, roles=frozenset({"coach"}), tier=2, now=now, longest=DAY
        )
        waiting = outbox.put(session, now, recipient_id=world.participant.id)
        waiting.state = rules.ATTEMPTING
        outbox.put(session, now).state = rules.DELIVERED
        outbox.put_code(session, now)
        session.add_all(
            JournalRow(at=now, action="read", kind="plan", subject_id=world.coach.id) for _ in range(9)
        )
        session.flush()
        chain_service.chain(session, now)
    return database


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=list(arguments))


def app_on(settings: Settings, database: Database) -> Flask:
    """The application on another database, at the same time of day."""
    time = clock.source()
    made = fresh_app(settings, database)
    clock.use(time)
    return made


def rows(database: Database) -> dict[str, int]:
    with database.reading() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table)) or 0
            for table in metadata.sorted_tables
        }


@pytest.fixture
def restored(app: Flask, settings: Settings, full: Database, empty: Database, tmp_path: Path) -> Flask:
    """The application on a restored copy."""
    assert run(app, "backup", str(tmp_path / "copy")).exit_code == 0
    other = app_on(settings, empty)
    done = run(other, "restore", str(tmp_path / "copy"))
    assert done.exit_code == 0, done.output
    return other


def test_everything_comes_back_but_what_lets_somebody_in(
    restored: Flask, full: Database, empty: Database, world: World
) -> None:
    before, after = rows(full), rows(empty)
    gone = {"web_session", "sign_in_code", "pin_request", "kept_form", "desk_code"}
    assert before["web_session"] == 1
    differing = {name for name in before if before[name] != after[name]}
    # The restore itself is in the journal; what was due is in the outbox.
    assert differing <= gone | {"journal", "outbox_message"}
    assert after["journal"] == before["journal"] + 1
    assert not any(after[name] for name in gone)
    with empty.reading() as session:
        assert session.scalars(select(Person).where(Person.id == world.coach.id)).one().name == "Karin Lund"
        assert session.scalars(select(PlanStep)).first() is not None
        assert schema.is_current(session)
        assert (
            session.scalars(select(InterpreterGrant).where(InterpreterGrant.ended_at.is_(None))).all() == []
        )
        pages = select(MeetingParty).where(MeetingParty.token_hash.is_not(None))
        assert session.scalars(pages).all() == []
        assert session.scalars(select(MeetingParty)).first() is not None


def test_nothing_is_said_twice_and_the_worker_waits(
    restored: Flask, empty: Database, frozen: FrozenClock
) -> None:
    with empty.reading() as session:
        messages = session.scalars(select(OutboxMessage)).all()
        held = session.scalars(select(Installation)).one()
    assert {one.state for one in messages} == {rules.UNKNOWN, rules.DELIVERED}
    assert not any(one.body for one in messages if one.is_secret)
    assert (held.held_since, held.copied_at) == (frozen.moment, frozen.moment)
    client = cast(Client, restored.test_client())
    assert client.get("/health").get_json()["held"] is True
    assert Worker(restored, most=1000).once()
    with empty.reading() as session:
        assert {one.state for one in session.scalars(select(OutboxMessage))} == {
            rules.UNKNOWN,
            rules.DELIVERED,
        }
    said = run(restored, "worker", "release")
    assert said.output == "The worker sends from now on.\n"
    assert run(restored, "worker", "release").output == "The worker was not held.\n"
    assert client.get("/health").get_json()["held"] is False


def test_a_reminder_that_left_after_the_backup_does_not_leave_again(
    app: Flask,
    settings: Settings,
    database: Database,
    world: World,
    now: datetime,
    empty: Database,
    frozen: FrozenClock,
    tmp_path: Path,
) -> None:
    """S53: and one that becomes due after the restore leaves once the worker is let go."""
    with database.transaction() as session:
        for hours in (24 + 2, 24 * 9):
            meetings.add_meeting(
                session, world.participant, world.coach, now + timedelta(hours=hours), now - 20 * DAY
            )
    assert run(app, "backup", str(tmp_path / "copy")).exit_code == 0
    frozen.move(timedelta(hours=5))
    assert Worker(app, most=1000).once()
    with database.reading() as session:
        left = [one.kind for one in session.scalars(select(OutboxMessage))]
    assert left == ["reminder_one_day"]
    other = app_on(settings, empty)
    assert "1 messages may have left" in run(other, "restore", str(tmp_path / "copy")).output
    run(other, "worker", "release")
    assert Worker(other, most=1000).once()
    with empty.reading() as session:
        assert [one.state for one in session.scalars(select(OutboxMessage))] == [rules.UNKNOWN]
    frozen.move(6 * DAY)
    assert Worker(other, most=1000).once()
    with empty.reading() as session:
        states = session.scalars(select(OutboxMessage.state).order_by(OutboxMessage.created_at)).all()
    assert states == [rules.UNKNOWN, rules.DELIVERED]


def test_what_could_not_be_marked_is_told(
    app: Flask,
    settings: Settings,
    database: Database,
    world: World,
    now: datetime,
    empty: Database,
    frozen: FrozenClock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """S55: a reminder that cannot be made then would leave again, so whoever restores must know."""
    with database.transaction() as session:
        meetings.add_meeting(
            session, world.participant, world.coach, now + timedelta(hours=26), now - 20 * DAY
        )
    assert run(app, "backup", str(tmp_path / "copy")).exit_code == 0
    frozen.move(timedelta(hours=5))

    def broken(*_: object) -> bool:
        raise LookupError("words are missing")

    monkeypatch.setattr(reminders, "_remind", broken)
    said = run(app_on(settings, empty), "restore", str(tmp_path / "copy"))
    assert said.exit_code == 0
    assert "1 reminders could not be made (LookupError)" in said.output
    assert "They are NOT marked" in said.output


def test_a_restored_copy_serves_pages(
    restored: Flask, empty: Database, world: World, frozen: FrozenClock
) -> None:
    """People sign in on it as they always do, read, and write; the journal goes on where it was."""
    give_pin(empty, world.participant)
    give_account(empty, world.coach)
    phone, desk = (cast(Client, restored.test_client()) for _ in range(2))
    assert come_in(phone, empty, "070-174 06 05").location == "/home"
    assert phone.post("/pin", data={"pin": PIN}).status_code == 303
    assert sign_in_as(desk, frozen)[0] == 303
    shown = {}
    for browser, path in (
        (phone, "/home"),
        (phone, "/plan"),
        (phone, "/meetings"),
        (desk, "/staff"),
        (desk, f"/staff/people/{world.participant.id}"),
    ):
        answer = browser.get(path, follow_redirects=True)
        assert answer.status_code == 200, path
        shown[path] = text_of(answer)
    assert "Laga mat" in shown["/plan"]
    assert "Amina" in shown["/staff"]
    with empty.transaction() as session:
        chain_service.chain(session, frozen.moment)
    with empty.snapshot() as session:
        found = chain_queries.verify(session)
    assert (found.faults, found.waiting) == ((), 0)
    assert found.lines > 10


def test_a_table_that_is_not_empty_is_left_alone(app: Flask, full: Database, tmp_path: Path) -> None:
    run(app, "backup", str(tmp_path / "copy"))
    before = rows(full)
    said = run(app, "restore", str(tmp_path / "copy"))
    assert (said.exit_code, "Restore into an empty one" in said.output) == (1, True)
    assert rows(full) == before


def test_a_backup_names_no_key_and_no_person_and_is_its_owners_alone(
    app: Flask, settings: Settings, full: Database, world: World, tmp_path: Path
) -> None:
    target = tmp_path / "copy"
    said = run(app, "backup", str(target))
    assert "read again and whole" in said.output
    data = target.read_bytes()
    for secret in (world.coach.name.encode(), settings.lookup_key, settings.pin_key):
        assert secret not in data
    assert target.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir() if "copy" in path.name] == ["copy"]
    again = run(app, "backup", str(target))
    assert (again.exit_code, target.read_bytes() == data) == (1, True)


def test_the_backup_is_one_moment(
    app: Flask,
    full: Database,
    world: World,
    tmp_path: Path,
    empty: Database,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    now: datetime,
) -> None:
    """What is committed while it is written is not in it, not even in part."""
    from portal.keeping import backup_service

    write, many = backup_service._write_table, rows(full)["appointment"]

    def slowly(writer: Any, connection: Any, table: Any, used: Any) -> int:
        if table.name == "appointment":
            with full.transaction() as session:
                meetings.add_meeting(session, world.participant, world.coach, now + 30 * DAY, now)
        return write(writer, connection, table, used)

    monkeypatch.setattr(backup_service, "_write_table", slowly)
    assert run(app, "backup", str(tmp_path / "copy")).exit_code == 0
    run(app_on(settings, empty), "restore", str(tmp_path / "copy"))
    assert rows(full)["appointment"] == many + 1
    assert rows(empty)["appointment"] == many


def test_a_restore_that_fails_leaves_the_database_empty(
    app: Flask,
    settings: Settings,
    full: Database,
    empty: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from portal.keeping import restore_service

    run(app, "backup", str(tmp_path / "copy"))

    def broken(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(restore_service, "_void", broken)
        said = run(app_on(settings, empty), "restore", str(tmp_path / "copy"))
    assert (said.exit_code, "the disk is full" in said.output) == (1, True)
    assert inspect(empty.engine).get_table_names() == []
    assert run(app_on(settings, empty), "restore", str(tmp_path / "copy")).exit_code == 0


def test_other_keys_and_another_kind_are_refused_before_anything_is_touched(
    app: Flask, settings: Settings, full: Database, empty: Database, tmp_path: Path
) -> None:
    run(app, "backup", str(tmp_path / "copy"))
    other = b"x" * 32
    for changes, words in (
        ({"lookup_key": other, "pin_key": other}, "LOOKUP_KEY, PIN_KEY"),
        ({"data_keys": {"new": other}}, "DATA_KEYS demo"),
        ({"deployment": "production"}, "kept apart"),
        ({"backup_key": other}, "another BACKUP_KEY"),
        ({"backup_key": b""}, "BACKUP_KEY is not set"),
    ):
        app.config["STIGEN"] = replace(settings, **changes)
        said = run(app, "restore", str(tmp_path / "copy"))
        assert (said.exit_code, words in said.output) == (1, True), said.output
    use(Keyring(settings.data_keys, settings.lookup_key))


def test_a_damaged_file_and_a_full_disk_are_said_plainly(
    app: Flask, full: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(app, "backup", str(tmp_path / "copy"))
    data = bytearray((tmp_path / "copy").read_bytes())
    data[-10] ^= 1
    (tmp_path / "copy").write_bytes(data)
    said = run(app, "restore", str(tmp_path / "copy"))
    assert (said.exit_code, "changed, cut off" in said.output) == (1, True)
    from portal.keeping import file_rules

    def full_disk(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(file_rules.Writer, "close", full_disk)
    said = run(app, "backup", str(tmp_path / "other"))
    assert (said.exit_code, "the disk is full" in said.output) == (1, True)
    assert [path.name for path in tmp_path.iterdir() if "other" in path.name] == []


def test_a_journal_that_was_cut_after_the_backup_is_seen_by_its_head(
    app: Flask, full: Database, tmp_path: Path
) -> None:
    """S43: every backup carries the head of its moment."""
    said = run(app, "backup", str(tmp_path / "copy")).output
    head = said.strip().rsplit(": ", 1)[1]
    with full.transaction() as session:
        session.execute(update(JournalRow).values(link=None, mac=None))
        session.execute(delete(JournalRow))
    assert run(app, "journal", "verify", "--head", head).exit_code == 1


def test_every_column_has_a_way_into_the_file() -> None:
    from portal.keeping.backup_service import kind_of

    for table in metadata.sorted_tables:
        for column in table.columns:
            assert kind_of(column.type)


def test_everything_that_lets_somebody_in_is_void() -> None:
    """S55: whatever has a hash of a code or a token is a door."""
    from portal.keeping.restore_service import DOORS

    doors = {
        table.name
        for table in metadata.sorted_tables
        for column in table.columns
        if column.name in {"code_hash", "token_hash", "shown_code", "browser_hash"}
    }
    # An interpreter's is ended, not deleted: the journal names them by it. A party's page alone is ended.
    assert doors <= {"interpreter_grant", "meeting_party", *(door.__tablename__ for door in DOORS)}
    assert {"web_session", "sign_in_code", "desk_code"} <= doors
