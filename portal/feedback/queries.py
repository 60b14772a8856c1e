"""Check-ins begun and sent: for the person's own pages, and for staff. The asking person comes first."""

import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from portal.crypto import open_sealed
from portal.feedback.alert_queries import (
    IN_TIME,
    JUDGED,
    TOTAL,
    Alert,
    Fallen,
    Figures,
    ScaleAlert,
    Told,
    falls_of,
    norms_of,
    sent_by,
    told,
)
from portal.feedback.asking_queries import Begun, Opened, begun_where, group_selects, opened, waiting_selects
from portal.feedback.course_rules import Course, course
from portal.feedback.curve_rules import Curve, Extras, Point, curve
from portal.feedback.models import CheckIn, ScaleReading
from portal.feedback.rules import down_rule
from portal.identity.models import Person
from portal.identity.scope import participant
from portal.instruments import queries as instruments
from portal.instruments.models import Response
from portal.instruments.pack_queries import labelled
from portal.instruments.queries import Given
from portal.instruments.rules import DownRule, Instrument
from portal.instruments.scale_rules import SCALE_OF, Norms
from portal.languages import SWEDISH
from portal.organisation.queries import rules_of
from portal.web.asker import Asker

__all__ = [
    "Alert",
    "Begun",
    "Entry",
    "Fallen",
    "Opened",
    "ScaleAlert",
    "Series",
    "Told",
    "answered_about",
    "changed_since",
    "group_selects",
    "opened",
    "series",
    "told",
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
    """One check-in that was sent. `values` by line, missing where there is none; totals in tenths.

    `norms`: the values that a licensed scale's reading is judged by. `recorded_by`: who typed it from paper.
    """

    check_in_id: uuid.UUID
    reference: uuid.UUID
    instrument: Instrument
    sent_at: datetime
    total: int | None
    values: dict[str, Given]
    comment: str
    norms: Norms | None = None
    recorded_by: uuid.UUID | None = None

    @property
    def lines(self) -> tuple[int, ...]:
        """The tenths of each line, in order; empty where one is missing."""
        given = [self.figure(line.key) for line in self.instrument.lines]
        return () if None in given else tuple(tenths for tenths in given if tenths is not None)

    @property
    def shown_in(self) -> tuple[str, ...]:
        """In which languages the lines were shown, most often one."""
        return tuple(dict.fromkeys(given.language for given in self.values.values()))

    def figure(self, line: str) -> int | None:
        """The tenths on a line, or the total under the name TOTAL; None where there is none."""
        if line == TOTAL:
            return self.total
        return self.values[line].tenths if line in self.values else None


@dataclass(frozen=True)
class Series:
    """One person's check-ins on one version of an instrument, in order of time, and their curve.

    Versions are apart: a new version asks something else, so it has a baseline of its own, and the one before
    is `older`. `falls` is what is down in the last one; `curve` is None when no check-in has a total. A
    licensed scale has a `course` instead of the house rule.
    """

    instrument: Instrument
    entries: tuple[Entry, ...]
    falls: tuple[Fallen, ...]
    curve: Curve | None
    course: Course | None = None
    older: bool = False

    @property
    def foreign(self) -> bool:
        """Whether something was answered in another language than Swedish."""
        return any(code != SWEDISH.code for entry in self.entries for code in entry.shown_in)


def series(
    session: Session, asker: Asker, who: uuid.UUID | Person, *, words_of: date | None = None
) -> list[Series]:
    """All that a participant in the asker's scope has sent, "before" first, the newest version first.

    `words_of`: a licensed scale's lines have the names of the text pack that is in use that day. Raises
    NoResultFound outside the scope. The journal notes the reading.
    """
    person_id = participant(session, asker, who, what="answers").id
    rule = down_rule(rules_of(session, asker))
    entries = _entries(session, [CheckIn.person_id == person_id])

    def order(entry: Entry) -> tuple[bool, str, int]:
        return entry.instrument.when != "before", entry.instrument.key, -entry.instrument.version

    scales = {entry.instrument.key for entry in entries if entry.norms}
    packs = labelled(session, scales, words_of) if scales and words_of else {}
    after = [entry for entry in entries if entry.instrument.key == SCALE_OF["after"]]
    beside = Point(after[-1].sent_at, after[-1].total) if after else None
    found: list[Series] = []
    for instrument, same in groupby(sorted(entries, key=order), key=lambda entry: entry.instrument):
        mine = tuple(same)
        norms = mine[-1].norms
        if norms is None:
            one = _own_series(instrument, mine, rule, asker.language)
        else:
            one = _scale_series(packs.get(instrument.key, instrument), mine, norms, beside)
        older = bool(found) and found[-1].instrument.key == instrument.key
        found.append(replace(one, older=older))
    return found


def _own_series(instrument: Instrument, entries: tuple[Entry, ...], rule: DownRule, language: str) -> Series:
    points = [Point(entry.sent_at, entry.total) for entry in entries]
    falls = falls_of(rule, instrument, list(_last_figures(entries)), language)
    spread = rule.band(instrument.highest)
    return Series(instrument, entries, falls, curve(points, instrument.highest, spread))


def _scale_series(
    instrument: Instrument, entries: tuple[Entry, ...], norms: Norms, last_after: Point | None
) -> Series:
    points = [Point(entry.sent_at, entry.total, entry.lines) for entry in entries]
    extras = Extras(norms.cut_off, last_after if instrument.when == "before" else None)
    drawn = curve(points, instrument.highest, norms.reliable_change, extras)
    said = course(instrument.when, [entry.total for entry in entries], norms)
    return Series(instrument, entries, (), drawn, said)


def _last_figures(entries: Sequence[Entry]) -> Iterator[Figures]:
    """The last check-in's figures with the ones before: what `alert_queries` says in SQL."""
    for line in [TOTAL, *(line.key for line in entries[0].instrument.lines)]:
        known = [(entry.sent_at, value) for entry in entries if (value := entry.figure(line)) is not None]
        if entries[-1].figure(line) is not None:
            (now_at, now), (first_at, first) = known[-1], known[0]
            last_at, last = known[-2] if len(known) > 1 else (now_at, None)
            yield Figures(line, now, last, last_at, first, first_at)


def answered_about(
    session: Session, asker: Asker, keys: Collection[str], references: Collection[uuid.UUID]
) -> frozenset[tuple[uuid.UUID, str]]:
    """About which of these meetings of the asker's participants which of these instruments was answered.

    One query; none where there is nothing to look for.
    """
    if not keys or not references:
        return frozenset()
    rows = sent_by(asker, CheckIn.reference, CheckIn.instrument).where(
        CheckIn.instrument.in_(keys), CheckIn.reference.in_(references)
    )
    return frozenset((row.reference, row.instrument) for row in session.execute(rows))


def changed_since(
    session: Session, asker: Asker, who: uuid.UUID | Person, since: datetime | None
) -> list[Entry]:
    """What a participant has sent, or staff have typed, after `since` (None: ever), in order of time.

    Raises NoResultFound outside the scope. The journal notes the reading.
    """
    person_id = participant(session, asker, who, what="answers").id
    newer = []
    if since is not None:
        typed = and_(ScaleReading.recorded_by.is_not(None), CheckIn.begun_at > since)
        newer.append(or_(Response.sent_at > since, typed))
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
        select(CheckIn.id.label("check_in_id"), CheckIn.reference, *ANSWERED, *JUDGED)
        .join(Response, Response.id == CheckIn.response_id)
        .outerjoin(ScaleReading, ScaleReading.check_in_id == CheckIn.id)
        .where(Response.sent_at.is_not(None), *chosen)
        .order_by(*IN_TIME)
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
            norms=norms_of(row),
            recorded_by=row.recorded_by,
        )
        for row in rows
    ]
