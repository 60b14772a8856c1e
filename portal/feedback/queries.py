"""Check-ins begun and sent: for the person's own pages, and for staff. The asking person comes first."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from portal.crypto import open_sealed
from portal.feedback.alert_queries import TOTAL, Alert, Fallen, Figures, alerts, falls_of
from portal.feedback.asking_queries import Begun, Opened, begun_where, opened, waiting_selects
from portal.feedback.models import CheckIn
from portal.feedback.rules import Curve, Point, curve, down_rule
from portal.identity.models import Person
from portal.identity.scope import participant
from portal.instruments import queries as instruments
from portal.instruments.models import Response
from portal.instruments.queries import Given
from portal.instruments.rules import DownRule, Instrument
from portal.languages import Language, language
from portal.organisation.queries import rules_of
from portal.web.asker import Asker

__all__ = [
    "Alert",
    "Begun",
    "Entry",
    "Fallen",
    "Opened",
    "Series",
    "alerts",
    "changed_since",
    "opened",
    "series",
    "unsent",
    "waiting_selects",
]

ANSWERED = (
    Response.id,
    Response.instrument,
    Response.version,
    Response.sent_at,
    Response.total,
    Response.comment_sealed,
)


@dataclass(frozen=True)
class Entry:
    """One check-in that was sent. `values` by line, missing where there is none; totals in tenths."""

    check_in_id: uuid.UUID
    reference: uuid.UUID
    instrument: Instrument
    sent_at: datetime
    total: int | None
    values: dict[str, Given]
    comment: str

    @property
    def shown_in(self) -> list[tuple[Language, str]]:
        """In which languages and directions the lines were shown, most often one."""
        shown = {(given.language, given.direction): None for given in self.values.values()}
        return [(language(code), direction) for code, direction in shown]

    def figure(self, line: str) -> int | None:
        """The tenths on a line, or the total under the name TOTAL; None where there is none."""
        if line == TOTAL:
            return self.total
        return self.values[line].tenths if line in self.values else None


@dataclass(frozen=True)
class Series:
    """One person's check-ins on one version of an instrument, in order of time, and their curve.

    Versions are apart: a new version asks something else, so it has a baseline of its own. `falls` is what
    is down in the last one; `curve` is None when no check-in has a total.
    """

    instrument: Instrument
    entries: tuple[Entry, ...]
    falls: tuple[Fallen, ...]
    curve: Curve | None


def series(session: Session, asker: Asker, who: uuid.UUID | Person) -> list[Series]:
    """All that a participant in the asker's scope has sent, "before" first, the newest version first.

    Raises NoResultFound outside the scope. The journal notes the reading.
    """
    person_id = participant(session, asker, who, what="answers").id
    rule = down_rule(rules_of(session, asker))
    entries = _entries(session, [CheckIn.person_id == person_id])

    def order(entry: Entry) -> tuple[bool, str, int]:
        return entry.instrument.when != "before", entry.instrument.key, -entry.instrument.version

    grouped = groupby(sorted(entries, key=order), key=lambda entry: entry.instrument)
    return [_series(instrument, tuple(same), rule, asker.language) for instrument, same in grouped]


def _series(instrument: Instrument, entries: tuple[Entry, ...], rule: DownRule, language: str) -> Series:
    points = [Point(entry.sent_at, entry.total) for entry in entries]
    falls = falls_of(rule, instrument, list(_last_figures(entries)), language)
    return Series(instrument, entries, falls, curve(points, instrument.highest, rule))


def _last_figures(entries: Sequence[Entry]) -> Iterator[Figures]:
    """The last check-in's figures with the ones before: what `alert_queries` says in SQL."""
    for line in [TOTAL, *(line.key for line in entries[0].instrument.lines)]:
        known = [(entry.sent_at, value) for entry in entries if (value := entry.figure(line)) is not None]
        if entries[-1].figure(line) is not None:
            (now_at, now), (first_at, first) = known[-1], known[0]
            last_at, last = known[-2] if len(known) > 1 else (now_at, None)
            yield Figures(line, now, last, last_at, first, first_at)


def changed_since(
    session: Session, asker: Asker, who: uuid.UUID | Person, since: datetime | None
) -> list[Entry]:
    """What a participant in the asker's scope has sent after `since` (None: ever), in order of time.

    Raises NoResultFound outside the scope. The journal notes the reading.
    """
    person_id = participant(session, asker, who, what="answers").id
    newer = [] if since is None else [Response.sent_at > since]
    return _entries(session, [CheckIn.person_id == person_id, *newer])


def unsent(session: Session, asker: Asker, who: uuid.UUID | Person) -> list[Begun]:
    """What a participant in the asker's scope has begun and not sent, the newest first: when, not what.

    Raises NoResultFound outside the scope. The journal notes the reading.
    """
    person_id = participant(session, asker, who, what="answers").id
    return sorted(
        begun_where(session, [CheckIn.person_id == person_id, Response.sent_at.is_(None)]),
        key=lambda begun: begun.begun_at,
        reverse=True,
    )


def _entries(session: Session, chosen: Sequence[ColumnElement[bool]]) -> list[Entry]:
    """Sent check-ins, in order of time. Two queries; scope is the caller's."""
    rows = session.execute(
        select(CheckIn.id.label("check_in_id"), CheckIn.reference, *ANSWERED)
        .join(Response, Response.id == CheckIn.response_id)
        .where(Response.sent_at.is_not(None), *chosen)
        .order_by(Response.sent_at, CheckIn.id)
    ).all()
    given = instruments.given_in(session, [row.id for row in rows])
    return [
        Entry(
            check_in_id=row.check_in_id,
            reference=row.reference,
            instrument=instruments.instrument(row.instrument, row.version),
            sent_at=row.sent_at,
            total=row.total,
            values=given.get(row.id, {}),
            comment=open_sealed("response", "comment_sealed", row.id, row.comment_sealed),
        )
        for row in rows
    ]
