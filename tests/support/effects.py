"""What a request did to the database, comparable between two runs of it: rows that came, went and changed."""

import re
import sqlite3

# Ids, tokens, hashes, and the digits of a code that is read aloud.
RANDOM = (
    r"\$argon2[^']*",
    r"'shown_code': '\d+'",
    r"\b[0-9a-f]{32}\b",
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    r"[A-Za-z0-9_-]{40,}",
)
IDENTITY = re.compile("|".join(RANDOM))
Rows = dict[str, dict[str, object]]
Effects = dict[str, list[str]]


def rows_of(connection: sqlite3.Connection, without: set[str]) -> dict[str, Rows]:
    """Every row of every table but those in `without`, by its id, else by its whole content."""
    cursor = connection.cursor()
    cursor.row_factory = sqlite3.Row
    names = [row[0] for row in cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {
        name: {_key(row): dict(row) for row in cursor.execute(f'SELECT * FROM "{name}"')}
        for name in names
        if name not in without
    }


def _key(row: sqlite3.Row) -> str:
    values = dict(row)
    return str(values.get("id") or tuple(row))


def effects(before: dict[str, Rows], after: dict[str, Rows]) -> Effects:
    """For each table that changed, a line a row; what is random (ids, tokens, sealed bytes) is left out."""
    found: Effects = {}
    for table, rows in after.items():
        old = before.get(table, {})
        lines = [f"new {_plain(row)}" for key, row in rows.items() if key not in old]
        lines += [f"gone {_plain(row)}" for key, row in old.items() if key not in rows]
        for key, row in rows.items():
            moved = {name: value for name, value in row.items() if key in old and old[key][name] != value}
            if moved:
                lines.append(f"changed {_plain(moved)}")
        if lines:
            found[table] = sorted(lines)
    return found


def _plain(row: dict[str, object]) -> str:
    shown = {name: "sealed" if isinstance(value, bytes) else value for name, value in row.items()}
    return IDENTITY.sub("ID", repr(shown))
