"""Chaining the journal's lines, and deleting old ones so that the chain still holds (S43, S46)."""

from datetime import datetime
from typing import cast

from sqlalchemy import CursorResult, Table, bindparam, delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.crypto import keys
from portal.journal import chain_queries, chain_rules
from portal.journal.chain_rules import BEGINNING, Head
from portal.journal.models import INSTALLATION, JournalCheckpoint, JournalHead, JournalRow

BATCH = 500
_ROWS = cast(Table, JournalRow.__table__)


class HeadMissing(RuntimeError):
    """The chain has begun, and nothing says where it ends: somebody took its head away."""


def chain(session: Session, now: datetime, most: int = BATCH) -> int:
    """Tie up to `most` new lines to the chain; returns how many.

    Two workers wait for each other at the head. A number that a transaction took and gave back leaves no
    gap: a line's place in the chain is counted here. Raises HeadMissing.
    """
    head = _locked_head(session, now)
    if head is None:
        return 0
    lines = chain_queries.lines(
        session, select(JournalRow).where(JournalRow.link.is_(None)).order_by(JournalRow.number).limit(most)
    )
    end, places = Head(head.link, head.mac), []
    key = keys().derived(chain_queries.CHAIN)
    for line in lines:
        end = Head(end.link + 1, chain_rules.tie(key, end.mac, line))
        places.append({"which": line.number, "place": end.link, "tie": end.mac})
    if places:
        session.connection().execute(
            update(_ROWS)
            .where(_ROWS.c.number == bindparam("which"))
            .values(link=bindparam("place"), mac=bindparam("tie")),
            places,
        )
        _write_head(head, end, now)
        session.flush()
    return len(places)


def hold(session: Session, now: datetime) -> None:
    """Let no other worker chain or delete old lines until this transaction ends. Raises HeadMissing."""
    _locked_head(session, now)


def _locked_head(session: Session, now: datetime) -> JournalHead | None:
    """The head, for us alone; None when another worker is making the very first one.

    A second first one is never made: with a new chain a journal that was wiped would look whole again.
    """
    # Asked first: both come with one commit, so whoever sees that it has begun sees the head too.
    begun = chain_queries.begun(session)
    found = session.scalars(select(JournalHead).with_for_update()).one_or_none()
    if found is not None:
        return found
    if begun:
        raise HeadMissing
    fresh = JournalHead(id=1)
    _write_head(fresh, BEGINNING, now)
    try:
        with session.begin_nested():
            session.add(fresh)
            session.execute(update(INSTALLATION).values(chained_since=now))
    except IntegrityError:
        return None
    return fresh


def _write_head(row: JournalHead, head: Head, now: datetime) -> None:
    row.link, row.mac, row.at = head.link, head.mac, now
    row.seal = chain_rules.seal(keys().derived(chain_queries.SEAL), "head", head, now)


def old_lines(session: Session, before: datetime) -> Head | None:
    """Up to which link every line is older than `before`; None when none is."""
    youngest = session.scalar(select(func.min(JournalRow.link)).where(JournalRow.at >= before))
    old = select(JournalRow.link, JournalRow.mac).where(JournalRow.link.is_not(None), JournalRow.at < before)
    if youngest is not None:
        old = old.where(JournalRow.link < youngest)
    row = session.execute(old.order_by(JournalRow.link.desc()).limit(1)).first()
    return Head(cast(int, row[0]), cast(bytes, row[1])) if row else None


def delete_old(session: Session, last: Head, now: datetime) -> int:
    """Delete the lines up to this link; a sealed checkpoint stays in their place. Returns how many."""
    _locked_head(session, now)
    done = session.execute(
        delete(JournalRow).where(JournalRow.link <= last.link).execution_options(synchronize_session=False)
    )
    lines = cast("CursorResult[object]", done).rowcount
    key = keys().derived(chain_queries.SEAL)
    session.add(
        JournalCheckpoint(
            link=last.link,
            mac=last.mac,
            lines=lines,
            at=now,
            seal=chain_rules.seal(key, "checkpoint", last, now, lines),
        )
    )
    session.flush()
    return lines
