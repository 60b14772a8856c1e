"""The SQL that docs/operations.md gives for a restored database does what the page says (S55)."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select, text

from portal.db import Database
from portal.identity import sessions
from portal.identity.session_models import WebSession
from portal.messaging import rules
from portal.messaging.models import OutboxMessage
from portal.notices import rules as kinds
from portal.reminders import service as reminders
from tests.support import meetings, outbox
from tests.support.speaking import speaking_app
from tests.support.world import World

PAGE = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
VOID, SAID = re.findall(r"```sql\n(.*?)```", PAGE.partition("## Restore")[2], re.DOTALL)
DAY = timedelta(days=1)


def run(database: Database, script: str) -> None:
    """Run a script as the database's own shell does."""
    with database.transaction() as session:
        for statement in script.split(";"):
            if statement.strip() not in ("", "BEGIN", "COMMIT"):
                session.execute(text(statement))


def test_no_session_and_no_code_survives_and_nothing_waits(
    database: Database, world: World, now: datetime
) -> None:
    with database.transaction() as session:
        sessions.open_session(
            session, world.coach.id, roles=frozenset({"coach"}), tier=2, now=now, longest=DAY
        )
        outbox.put_code(session, now)
        attempting, sent = outbox.put(session, now), outbox.put(session, now)
        attempting.state, sent.state = rules.ATTEMPTING, rules.DELIVERED
    run(database, VOID)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(WebSession)) == 0
        found = session.scalars(select(OutboxMessage)).all()
    assert sorted((row.kind, row.state, bool(row.body)) for row in found) == [
        ("reminder_one_day", rules.DELIVERED, True),
        ("reminder_one_day", rules.UNKNOWN, True),
        ("sign_in_code", rules.UNKNOWN, False),
    ]
    assert all(row.changed_at.tzinfo is UTC for row in found)


def test_what_may_have_left_since_the_backup_does_not_leave_again(
    database: Database, world: World, now: datetime
) -> None:
    """S53: on PostgreSQL, as the page says."""
    if database.engine.dialect.name == "sqlite":
        return
    script = SAID.replace("now()", f"timestamptz '{now.isoformat(sep=' ')}'")
    with database.transaction() as session:
        for days in (1, 3, 9):
            starts = now + days * DAY - timedelta(hours=1)
            meetings.add_meeting(session, world.participant, world.coach, starts, now - 20 * DAY)
    run(database, script)
    run(database, script)
    with database.transaction() as session, speaking_app().app_context():
        assert reminders.tick(session, now) == 0
        said = session.scalars(select(OutboxMessage.kind).order_by(OutboxMessage.kind)).all()
        assert said == [kinds.ONE_DAY, kinds.THREE_DAYS, kinds.THREE_DAYS]
        assert reminders.tick(session, now + 7 * DAY) == 1
