"""Hands the request's notes to the journal when its transaction ends."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.journal import service

REMEMBERED = 10_000
"""Readings that a process knows to be in the journal: some dozens for each of the people who are in now."""


class Journal:
    """The journal as the transaction's end sees it: no record, no answer.

    A reading that counts once a session is written by the first page that makes it; this process then knows
    that it stands, and its next pages need not ask the database to pass it over.
    """

    def __init__(self) -> None:
        self._standing: dict[str, None] = {}

    def pending(self, session: Session | None) -> list[dict[str, Any]]:
        """The notes of this request that do not stand already."""
        notes = service.take_notes(session) if session is not None else []
        return [note for note in notes if note["once"] not in self._standing]

    def write(self, session: Session, pending: list[dict[str, Any]], now: datetime) -> None:
        """Insert them."""
        service.write(session, pending, now)

    def kept(self, pending: list[dict[str, Any]]) -> None:
        """Remember what has been committed; the oldest is let go when there is too much."""
        self._standing.update({note["once"]: None for note in pending if note["once"]})
        for oldest in list(self._standing)[: max(0, len(self._standing) - REMEMBERED)]:
            self._standing.pop(oldest, None)

    def spared(self, session: Session, pending: list[dict[str, Any]]) -> bool:
        """Whether every one of them is a reading of this session that stands already."""
        return service.standing(session, pending)
