"""Noting who asked for whose what, and writing the notes before the answer leaves."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.journal.models import JournalRow

NOTES = "journal"
SINCE = "since"
"""Of a note, not of its row: when the session began that it was made in."""


class Actor(Protocol):
    """Who asks: the part of an asker that the journal needs."""

    @property
    def person_id(self) -> uuid.UUID: ...
    @property
    def organisation_id(self) -> uuid.UUID: ...
    @property
    def session_id(self) -> uuid.UUID: ...
    @property
    def began_at(self) -> datetime | None: ...


def note(
    session: Session,
    asker: Actor | None,
    *,
    action: str,
    kind: str,
    subject: uuid.UUID | None,
    object_id: uuid.UUID | None = None,
) -> None:
    """Remember that `asker` did `action` (read, change, export, refused) to `subject`'s `kind`.

    The note is written by `write`, with the request's transaction or apart from it. A person's own
    reading is noted once for each session and kind.
    """
    own_reading = asker is not None and action == "read" and subject == asker.person_id
    row = {
        "organisation_id": asker.organisation_id if asker else None,
        "actor_id": asker.person_id if asker else None,
        "action": action,
        "kind": kind,
        "subject_id": subject,
        "object_id": object_id,
        "once": f"{asker.session_id}:{kind}" if asker and own_reading else None,
        SINCE: asker.began_at if asker else None,
    }
    notes: dict[tuple[Any, ...], dict[str, Any]] = session.info.setdefault(NOTES, {})
    notes.setdefault(tuple(row.values()), row)


def take_notes(session: Session) -> list[dict[str, Any]]:
    """The notes made in this session so far; they are the caller's to write from here on."""
    notes: dict[tuple[Any, ...], dict[str, Any]] = session.info.pop(NOTES, {})
    return list(notes.values())


def write(session: Session, notes: list[dict[str, Any]], now: datetime) -> None:
    """Insert the notes. A reading already noted for its session is passed over."""
    if not notes:
        return
    rows = [{**{name: row[name] for name in row if name != SINCE}, "at": now} for row in notes]
    dialect = session.get_bind().dialect.name
    if dialect == "sqlite":
        session.execute(sqlite.insert(JournalRow).on_conflict_do_nothing(index_elements=["once"]), rows)
    else:
        session.execute(postgresql.insert(JournalRow).on_conflict_do_nothing(index_elements=["once"]), rows)


def standing(session: Session, notes: Sequence[dict[str, Any]]) -> bool:
    """Whether each of these is a reading that stands in the journal since its session began."""
    return all(note["action"] == "read" and _stands(session, note) for note in notes)


def _stands(session: Session, note: dict[str, Any]) -> bool:
    if note["once"]:
        same = [JournalRow.once == note["once"]]
    elif note[SINCE]:
        asked = ("actor_id", "action", "kind", "subject_id", "object_id")
        same = [JournalRow.at >= note[SINCE], *(getattr(JournalRow, name) == note[name] for name in asked)]
    else:
        return False
    return session.scalar(select(JournalRow.number).where(*same).limit(1)) is not None


def write_own(session: Session, now: datetime) -> None:
    """Insert the notes of a session that is no request's: a command ends its transaction with this."""
    write(session, take_notes(session), now)
