"""Making, renewing and ending the address of a coach's calendar feed. Nothing here commits."""

from datetime import datetime
from typing import cast

from sqlalchemy import CursorResult, delete
from sqlalchemy.orm import Session

from portal.booking import feed_rules
from portal.booking.feed_models import CalendarFeed
from portal.booking.feed_queries import hash_of
from portal.identity.scope import coaching
from portal.identity.service import lock_people
from portal.journal.service import note
from portal.web.asker import Asker


def make(session: Session, asker: Asker, now: datetime) -> str:
    """A new address for the asker's feed; the one before is dead from here on. Returns its token.

    The token is returned this once: what is kept of it is a hash.
    """
    lock_people(session, (asker.person_id,))
    _remove(session, asker)
    token = feed_rules.new_token()
    feed = CalendarFeed(person_id=asker.person_id, token_hash=hash_of(token), made_at=now)
    session.add(feed)
    session.flush()
    note(session, asker, action="change", kind="calendar", subject=asker.person_id)
    return token


def end(session: Session, asker: Asker) -> bool:
    """Nobody reads the asker's feed any longer; whether there was one."""
    lock_people(session, (asker.person_id,))
    ended = _remove(session, asker)
    if ended:
        note(session, asker, action="change", kind="calendar", subject=asker.person_id)
    return ended


def forget(session: Session) -> int:
    """Remove the feeds of those who meet nobody any longer; returns how many. For the worker.

    They are dead before: this keeps them so when somebody comes back.
    """
    gone = delete(CalendarFeed).where(CalendarFeed.person_id.not_in(coaching()))
    done = session.execute(gone.execution_options(synchronize_session=False))
    return cast("CursorResult[object]", done).rowcount


def _remove(session: Session, asker: Asker) -> bool:
    own = delete(CalendarFeed).where(CalendarFeed.person_id == asker.person_id)
    return cast("CursorResult[object]", session.execute(own)).rowcount > 0
