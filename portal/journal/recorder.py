"""Hands the request's notes to the journal when its transaction ends."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.journal import service


class Journal:
    """The journal as the transaction's end sees it: no record, no answer."""

    def pending(self, session: Session | None) -> list[dict[str, Any]]:
        """The notes of this request."""
        return service.take_notes(session) if session is not None else []

    def write(self, session: Session, pending: list[dict[str, Any]], now: datetime) -> None:
        """Insert them."""
        service.write(session, pending, now)
