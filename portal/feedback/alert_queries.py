"""Whose last check-in asks for attention, among all that the asker may read."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Select,
    Subquery,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from portal.feedback.models import CheckIn, ScaleReading
from portal.feedback.rules import down_rule
from portal.identity.scope import participants_of
from portal.instruments import queries as instruments
from portal.instruments.models import Response, ResponseLine
from portal.instruments.rules import DownRule, Drop, Figure, Instrument, drops
from portal.instruments.scale_rules import Norms, Signal, Standing, signal
from portal.organisation.queries import rules_of
from portal.web.asker import Asker

TOTAL = ""
"""The name under which a total stands among the lines' figures."""


WIDTH = 10_000
"""More than any total: a place times it, and a figure, are one number that both can be read from."""


@dataclass(frozen=True)
class Fallen:
    """A figure that is down: `label` None for the total, else the line's name in the asker's language.

    `by` in tenths, since the `since` ("last" or "first") check-in, which was sent at `since_at`.
    """

    label: str | None
    by: int
    since: str
    since_at: datetime


@dataclass(frozen=True)
class Alert:
    """A person whose last check-in is down by the house rule. `falls` has the most important first."""

    person_id: uuid.UUID
    check_in_id: uuid.UUID
    instrument: Instrument
    sent_at: datetime
    falls: tuple[Fallen, ...]

    kind = "down"

    @property
    def cause(self) -> str:
        """The key of this cause: a new check-in that is down is a new cause."""
        return f"down:{self.check_in_id}"


@dataclass(frozen=True)
class ScaleAlert:
    """What a person's last reading of a scale says before the next talk."""

    person_id: uuid.UUID
    check_in_id: uuid.UUID
    instrument: Instrument
    sent_at: datetime
    signal: Signal

    @property
    def alarm(self) -> Signal | None:
        """The signal, if it asks for attention; None for a first reading, which says nothing yet."""
        return self.signal if self.signal.alarms else None


@dataclass(frozen=True)
class Told:
    """What the last check-ins say: our own by the house rule, the licensed scales by theirs."""

    falls: tuple[Alert, ...]
    scales: tuple[ScaleAlert, ...]

    def before_talk_with(self, person_id: uuid.UUID) -> tuple[ScaleAlert, ...]:
        """What the scales say of one person, the scale before the talk first."""
        mine = [alert for alert in self.scales if alert.person_id == person_id]
        return tuple(sorted(mine, key=lambda alert: alert.instrument.when != "before"))


@dataclass(frozen=True)
class Figures:
    """A figure of a check-in and its dates: a row of `_last_figures`."""

    line: str
    value: int
    last: int | None
    last_at: datetime | None
    first: int | None
    first_at: datetime | None


JUDGED = (
    ScaleReading.age_band,
    ScaleReading.cut_off,
    ScaleReading.reliable_change,
    ScaleReading.patience,
    ScaleReading.slip,
    ScaleReading.recorded_by,
)


IN_TIME = (Response.sent_at, CheckIn.begun_at, CheckIn.id)
"""The order of check-ins: of two paper forms of one moment, the one that was typed first comes first."""


def norms_of(row: Any) -> Norms | None:
    """The values that a licensed scale's reading is judged by; None for any other check-in."""
    if row.cut_off is None:
        return None
    return Norms(row.age_band, row.cut_off, row.reliable_change, row.patience, row.slip)


def sent_by(asker: Asker, *columns: Any) -> Select[Any]:
    """Columns of what the participants in the asker's scope have sent."""
    return (
        select(*columns)
        .join(Response, Response.id == CheckIn.response_id)
        .where(Response.sent_at.is_not(None), CheckIn.person_id.in_(participants_of(asker)))
    )


def told(session: Session, asker: Asker, now: datetime) -> Told:
    """What the last check-ins of all participants in the asker's scope say, the latest first; one query.

    The first check-in is never down: there is nothing to compare it with. Nothing is noted here: a list is
    made of everybody and shows few, and whoever shows somebody notes them.
    """
    rule = down_rule(rules_of(session, asker))
    falls: list[Alert] = []
    scales: list[ScaleAlert] = []
    rows = session.execute(_last_figures(asker, now))
    for check_in_id, group in groupby(rows, key=lambda row: row.check_in_id):
        same = list(group)
        row = same[0]
        instrument = instruments.instrument(row.instrument, row.version)
        if norms_of(row) is not None:
            scales += _said(instrument, same)
        elif down := falls_of(rule, instrument, same, asker.language):
            falls.append(Alert(row.person_id, check_in_id, instrument, row.sent_at, down))
    return Told(tuple(falls), tuple(scales))


def _said(instrument: Instrument, rows: Sequence[Any]) -> list[ScaleAlert]:
    """What one reading's total says; nothing where it has none."""
    found = []
    for row in rows:
        norms = norms_of(row)
        if row.line == TOTAL and norms is not None:
            standing = Standing(row.value, row.last, row.first, row.count)
            if said := signal(instrument.when, standing, norms):
                found.append(ScaleAlert(row.person_id, row.check_in_id, instrument, row.sent_at, said))
    return found


def _last_figures(asker: Asker, now: datetime) -> Select[Any]:
    """The figures of each last check-in with the one before and the first of their kind, the latest first.

    A figure is compared with the last time that it was given, so that a skipped line hides nothing. Of our
    own check-ins, only what is lower than it was. What a last check-in leaves out, no older one says.
    """
    newest = _sent(asker, now)
    found = _figures(newest)
    before, first = newest.alias("before"), newest.alias("first")

    def at(sent: FromClause, place: ColumnElement[int]) -> ColumnElement[bool]:
        same = (sent.c.person_id == found.c.person_id, sent.c.instrument == found.c.instrument)
        return and_(*same, sent.c.place == place)

    last_value, first_value = found.c.last % WIDTH, found.c.first % WIDTH
    lower = or_(found.c.value < last_value, found.c.value < first_value)
    return (
        select(
            newest.c.check_in_id,
            newest.c.person_id,
            newest.c.instrument,
            newest.c.version,
            newest.c.sent_at,
            found.c.line,
            found.c.value,
            last_value.label("last"),
            before.c.sent_at.label("last_at"),
            first_value.label("first"),
            first.c.sent_at.label("first_at"),
            found.c.count,
            *(newest.c[column.key] for column in JUDGED),
        )
        .join_from(found, newest, at(newest, literal(1)))
        .outerjoin(before, at(before, found.c.last // WIDTH))
        .join(first, at(first, found.c.first // WIDTH))
        .where(found.c.value.is_not(None), or_(newest.c.cut_off.is_not(None), lower))
        .order_by(newest.c.sent_at.desc(), newest.c.check_in_id)
    )


def _figures(sent: CTE) -> Subquery:
    """Each total and line of a person's: in the last check-in, the nearest before it, the first, how many.

    The latter two are a place and its figure in one number, so that one pass over all answers finds them:
    a team has a hundred thousand.
    """
    of = (sent.c.person_id, sent.c.instrument, sent.c.version, sent.c.place)
    totals = select(*of, literal(TOTAL).label("line"), sent.c.total.label("value"))
    lines = select(*of, ResponseLine.line, ResponseLine.tenths).join(
        ResponseLine, ResponseLine.response_id == sent.c.response_id
    )
    each = union_all(
        totals.where(sent.c.total.is_not(None)),
        lines.where(ResponseLine.tenths.is_not(None), sent.c.cut_off.is_(None)),
    ).subquery()
    same = (each.c.person_id, each.c.instrument, each.c.version, each.c.line)
    placed = each.c.place * WIDTH + each.c.value
    return (
        select(
            *same,
            func.max(case((each.c.place == 1, each.c.value))).label("value"),
            func.min(case((each.c.place > 1, placed))).label("last"),
            func.max(placed).label("first"),
            func.count().label("count"),
        )
        .group_by(*same)
        .subquery()
    )


def _sent(asker: Asker, now: datetime) -> CTE:
    """Each check-in that was sent; `place` 1 is a person's last on an instrument, whatever it leaves out."""
    recent = [column.desc() for column in IN_TIME]
    place = func.row_number().over(partition_by=[CheckIn.person_id, Response.instrument], order_by=recent)
    return (
        sent_by(
            asker,
            CheckIn.person_id,
            CheckIn.id.label("check_in_id"),
            Response.id.label("response_id"),
            Response.instrument,
            Response.version,
            Response.sent_at,
            Response.total,
            *JUDGED,
            place.label("place"),
        )
        .outerjoin(ScaleReading, ScaleReading.check_in_id == CheckIn.id)
        .where(Response.sent_at <= now)
        .cte("sent")
    )


def falls_of(
    rule: DownRule, instrument: Instrument, rows: Sequence[Any], language: str
) -> tuple[Fallen, ...]:
    """What is down among the figures of one check-in."""
    figures = [Figure(row.line or None, row.value, row.last, row.first) for row in rows]
    dates = {row.line or None: {"last": row.last_at, "first": row.first_at} for row in rows}
    labels = {line.key: instrument.text(line, language).label for line in instrument.lines if line.texts}

    def told(drop: Drop) -> Fallen:
        label = labels.get(drop.line, drop.line) if drop.line else None
        return Fallen(label, drop.by, drop.since, dates[drop.line][drop.since])

    return tuple(told(drop) for drop in drops(rule, instrument.highest, figures))
