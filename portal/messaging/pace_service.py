"""How fast routine messages leave: a row for each provider, which all workers move forward together.

Codes neither wait for it nor move it. Nobody sleeps here: who comes too early is told how long to stay away.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.messaging.models import SendingPace
from portal.messaging.pace_rules import NONE, Pace


def busy(session: Session, providers: Iterable[str], now: datetime) -> dict[str, timedelta]:
    """The providers by which no routine message may leave yet, and for how long; one query."""
    rows = session.scalars(select(SendingPace).where(SendingPace.provider.in_(list(providers))))
    return {row.provider: left for row in rows if (left := _wait(row, now))}


def wait(session: Session, pace: Pace, now: datetime) -> timedelta:
    """How long until the next routine message may leave; nothing when it may now."""
    return _wait(session.get(SendingPace, pace.provider), now)


def free(session: Session, pace: Pace, now: datetime) -> SendingPace | None:
    """The provider's row, held until the commit, if a routine message may leave now; else None."""
    row = _held(session, pace, now)
    return None if _wait(row, now) else row


def take(row: SendingPace, pace: Pace, parts: int, now: datetime) -> None:
    """A message of so many parts leaves: the next one when the provider has done with it."""
    row.free_at, row.moved_at = now + pace.takes(parts), now


def pause(session: Session, pace: Pace, until: datetime, now: datetime) -> None:
    """The provider asked us to wait: no worker sends anything routine before then."""
    row = _held(session, pace, now)
    row.free_at, row.moved_at = max(until, now + _wait(row, now)), now


def left(session: Session, pace: Pace, now: datetime) -> None:
    """A message has been taken on: the queue moves."""
    _held(session, pace, now).left_at = now


def _wait(row: SendingPace | None, now: datetime) -> timedelta:
    # What was reckoned later than now was reckoned before the clock was set back (S54).
    return NONE if row is None or row.moved_at > now else max(NONE, row.free_at - now)


def _held(session: Session, pace: Pace, now: datetime) -> SendingPace:
    which = select(SendingPace).where(SendingPace.provider == pace.provider).with_for_update()
    if found := session.scalars(which).first():
        return found
    try:
        with session.begin_nested():
            session.add(SendingPace(provider=pace.provider, free_at=now, moved_at=now))
    except IntegrityError:
        # Another worker has made it at this very moment.
        pass
    return session.scalars(which).one()
