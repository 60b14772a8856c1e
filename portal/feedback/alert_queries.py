"""Whose last check-in asks for attention, among all that the asker may read."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Select, Subquery, func, literal, select, union_all
from sqlalchemy.orm import Session

from portal.db import Instant
from portal.feedback.models import CheckIn, ScaleReading
from portal.feedback.rules import down_rule
from portal.identity.scope import participants_of
from portal.instruments import queries as instruments
from portal.instruments.models import Response, ResponseLine
from portal.instruments.rules import DownRule, Drop, Figure, Instrument, drops
from portal.instruments.scale_rules import Norms, Signal, Standing, signals
from portal.journal.service import note
from portal.organisation.queries import rules_of
from portal.web.asker import Asker

TOTAL = ""
"""The name under which a total stands among the lines' figures."""


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
    """What a person's last reading of a scale says before the next talk, the most important first."""

    person_id: uuid.UUID
    check_in_id: uuid.UUID
    instrument: Instrument
    sent_at: datetime
    signals: tuple[Signal, ...]

    @property
    def alarm(self) -> Signal | None:
        """The first that asks for attention; None for a first reading, which says nothing yet."""
        return next((signal for signal in self.signals if signal.alarms), None)


@dataclass(frozen=True)
class Told:
    """What the last check-ins say: our own by the house rule, the licensed scales by theirs."""

    falls: tuple[Alert, ...]
    scales: tuple[ScaleAlert, ...]

    def before_talk_with(self, person_id: uuid.UUID) -> tuple[ScaleAlert, ...]:
        """What the scales say of one person, the scale before the talk first."""
        mine = [alert for alert in self.scales if alert.person_id == person_id and alert.signals]
        return tuple(sorted(mine, key=lambda alert: alert.instrument.when != "before"))


@dataclass(frozen=True)
class Figures:
    """A figure of a check-in and its dates: a row of `_latest_figures`."""

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


def alerts(session: Session, asker: Asker, now: datetime) -> list[Alert]:
    """Whose last own check-in is down, among all participants in the asker's scope; two queries in all."""
    return list(told(session, asker, now).falls)


def told(session: Session, asker: Asker, now: datetime) -> Told:
    """What the last check-ins of all participants in the asker's scope say; two queries in all.

    The latest first. The first check-in is never down: there is nothing to compare it with. The journal
    notes whose answers are shown.
    """
    rule = down_rule(rules_of(session, asker))
    figures = _latest_figures(asker, now)
    rows = session.execute(
        select(figures).where(figures.c.place == 1).order_by(figures.c.sent_at.desc(), figures.c.check_in_id)
    ).all()
    falls: list[Alert] = []
    scales: list[ScaleAlert] = []
    for check_in_id, group in groupby(rows, key=lambda row: row.check_in_id):
        same = list(group)
        row = same[0]
        instrument = instruments.instrument(row.instrument, row.version)
        if norms_of(row) is not None:
            scales += _said(instrument, same)
        elif down := falls_of(rule, instrument, same, asker.language):
            falls.append(Alert(row.person_id, check_in_id, instrument, row.sent_at, down))
    shown = [*(one.person_id for one in falls), *(one.person_id for one in scales)]
    for person_id in dict.fromkeys(shown):
        note(session, asker, action="read", kind="answers", subject=person_id)
    return Told(tuple(falls), tuple(scales))


def _said(instrument: Instrument, rows: Sequence[Any]) -> list[ScaleAlert]:
    """What one reading's total says; nothing where it has none."""
    found = []
    for row in rows:
        norms = norms_of(row)
        if row.line == TOTAL and norms is not None:
            standing = Standing(row.value, row.last, row.first, row.count)
            said = signals(instrument.when, standing, norms)
            found.append(ScaleAlert(row.person_id, row.check_in_id, instrument, row.sent_at, said))
    return [alert for alert in found if alert.signals]


def _latest_figures(asker: Asker, now: datetime) -> Subquery:
    """Each total and line with the one before and the first of its kind; `place` 1 is the last check-in.

    A figure is compared with the last time that it was given, so that a skipped line hides nothing.
    """
    who = (
        CheckIn.person_id,
        CheckIn.id.label("check_in_id"),
        Response.instrument,
        Response.version,
        Response.sent_at,
        *JUDGED,
    )
    totals = sent_by(asker, *who, literal(TOTAL).label("line"), Response.total.label("value"))
    lines = sent_by(asker, *who, ResponseLine.line, ResponseLine.tenths.label("value")).join(
        ResponseLine, ResponseLine.response_id == Response.id
    )
    reading = ScaleReading.check_in_id == CheckIn.id
    totals, lines = totals.outerjoin(ScaleReading, reading), lines.outerjoin(ScaleReading, reading)
    each = union_all(
        totals.where(Response.total.is_not(None), Response.sent_at <= now),
        lines.where(ResponseLine.tenths.is_not(None), Response.sent_at <= now),
    ).subquery()
    same = [each.c.person_id, each.c.instrument, each.c.version, each.c.line]
    time = [each.c.sent_at, each.c.check_in_id]
    recent = [each.c.sent_at.desc(), each.c.check_in_id.desc()]
    return select(
        each,
        func.lag(each.c.value).over(partition_by=same, order_by=time).label("last"),
        func.lag(each.c.sent_at, type_=Instant).over(partition_by=same, order_by=time).label("last_at"),
        func.first_value(each.c.value).over(partition_by=same, order_by=time).label("first"),
        func.first_value(each.c.sent_at, type_=Instant)
        .over(partition_by=same, order_by=time)
        .label("first_at"),
        func.count().over(partition_by=same, order_by=time).label("count"),
        func.dense_rank()
        .over(partition_by=[each.c.person_id, each.c.instrument], order_by=recent)
        .label("place"),
    ).subquery()


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
