"""Reading the chain of the journal from its beginning to its end, and telling what is wrong with it (S43)."""

import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from portal.crypto import keys
from portal.journal import chain_rules
from portal.journal.chain_rules import BEGINNING, Head, Line, Walk
from portal.journal.models import INSTALLATION, JournalCheckpoint, JournalHead, JournalRow

CHAIN, SEAL = "journal chain", "journal seal"
"""What the keys of the chain are derived for."""
AT_ONCE = 2000
MOST_FAULTS = 50


@dataclass(frozen=True)
class Verdict:
    """What a look at the whole chain found. `waiting`: lines not chained yet; `since`: the oldest of them."""

    lines: int
    head: Head
    faults: tuple[str, ...]
    waiting: int
    since: datetime | None

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def lines(session: Session, query: Select[JournalRow]) -> Iterator[Line]:
    """Lines as values; streamed, so that a long journal does not fill the memory."""
    columns = [getattr(JournalRow, name) for name in Line.__dataclass_fields__]
    rows = session.execute(query.with_only_columns(*columns), execution_options={"yield_per": AT_ONCE})
    for row in rows:
        values: tuple[Any, ...] = tuple(row)
        yield Line(*values)


def head(session: Session) -> Head:
    """Where the chain ends now, as the worker has noted it."""
    row = session.execute(select(JournalHead.link, JournalHead.mac)).first()
    return Head(*row) if row else BEGINNING


def begun(session: Session) -> bool:
    """Whether this installation has ever chained, whatever is left of its journal."""
    return session.scalar(select(INSTALLATION.c.chained_since)) is not None


def verify(session: Session, noted: Iterable[Head] = ()) -> Verdict:
    """Walk the whole chain, in a session that sees one moment: a worker may go on chaining.

    `noted`: heads that were kept elsewhere (printed, in a backup).
    """
    faults: list[str] = []
    beginning = _beginning(session, faults)
    end = _end(session, faults)
    walk = Walk(keys().derived(CHAIN), beginning, (*((end,) if end else ()), *noted))
    chained = select(JournalRow).where(JournalRow.link.is_not(None)).order_by(JournalRow.link)
    for line in lines(session, chained):
        if line.link is not None and line.link <= beginning.link:
            faults.append(f"put back: line {line.number} was deleted in time, and stands here again")
            continue
        # What is wholly broken is not told line by line for ever.
        faults.extend(fault for fault in walk.step(line) if len(faults) < MOST_FAULTS)
    faults.extend(walk.end())
    if end is None and (walk.lines or beginning.link or begun(session)):
        faults.append("the head is missing: nothing says where the chain ends")
    elif end is not None and walk.head.link > end.link:
        faults.append(f"added: the chain goes on after link {end.link}, where the worker ended it")
    waiting, since = session.execute(
        select(func.count(), func.min(JournalRow.at)).where(JournalRow.link.is_(None))
    ).one()
    return Verdict(walk.lines, walk.head, tuple(faults), waiting, since)


def _beginning(session: Session, faults: list[str]) -> Head:
    """The newest checkpoint, when its seal is whole."""
    last = BEGINNING
    for row in session.scalars(select(JournalCheckpoint).order_by(JournalCheckpoint.link)):
        found = Head(row.link, row.mac)
        if _sealed("checkpoint", found, row, row.lines):
            last = found
        else:
            faults.append(f"a checkpoint was changed: the one at link {row.link}")
    return last


def _end(session: Session, faults: list[str]) -> Head | None:
    row = session.scalars(select(JournalHead)).one_or_none()
    if row is None:
        return None
    found = Head(row.link, row.mac)
    if not _sealed("head", found, row):
        faults.append("the head was changed: its seal does not fit")
    return found


def _sealed(what: str, found: Head, row: Any, count: int = 0) -> bool:
    made = chain_rules.seal(keys().derived(SEAL), what, found, row.at, count)
    return hmac.compare_digest(made, row.seal)
