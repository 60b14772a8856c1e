"""Beginning a check-in, answering it line by line, and sending it once."""

import uuid
from dataclasses import replace
from datetime import datetime
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.feedback import sheet_queries as queries
from portal.feedback.models import CheckIn, ScaleReading
from portal.feedback.rules import Window
from portal.identity.models import Person
from portal.identity.service import lock_people
from portal.instruments import pack_queries as packs
from portal.instruments import queries as instruments
from portal.instruments import service as responses
from portal.instruments.rules import Direction, Instrument
from portal.instruments.scale_rules import AgeBand, norms
from portal.instruments.service import Writer
from portal.journal.service import note
from portal.organisation.queries import rules_of
from portal.web.asker import Asker
from portal.web.errors import Refused


class NotOpenYet(Refused):
    """The check-in's time has not come."""


class Closed(Refused):
    """The check-in's time has gone."""


def begin(
    session: Session,
    asker: Asker,
    *,
    reference: uuid.UUID,
    instrument: str,
    opens_at: datetime,
    closes_at: datetime,
    language: str,
    direction: Direction,
    now: datetime,
) -> CheckIn:
    """The asker's check-in about this reference: made if there is none, else the one there is.

    The window of one that is not sent follows what it is about: a meeting that was moved takes it along.
    Raises NotOpenYet, Closed, KeyError for an unknown instrument, DefinitionError for one without words.
    """
    chosen, reading = _wording(session, asker, instrument, now)
    window = Window(opens_at, closes_at)
    _must_be_open(window, now)
    found = _found(session, asker, reference, instrument)
    if found is None:
        # Another tap may be first, or staff who type the same form from paper: one of them at a time.
        lock_people(session, (asker.person_id,))
        found = _found(session, asker, reference, instrument)
    if found is None:
        writer = Writer(asker.session_id, replace(queries.shown_in(chosen, language), dir=direction), now)
        found = CheckIn(person_id=asker.person_id, reference=reference, instrument=instrument, begun_at=now)
        found.opens_at, found.closes_at = opens_at, closes_at
        found.response_id = responses.start(session, chosen, writer).id
        session.add(found)
        session.flush()
        if reading:
            reading.check_in_id = found.id
            session.add(reading)
        note(session, asker, action="change", kind="answers", subject=asker.person_id, object_id=found.id)
    found.opens_at, found.closes_at = opens_at, closes_at
    session.flush()
    return found


def _wording(
    session: Session, asker: Asker, key: str, now: datetime
) -> tuple[Instrument, ScaleReading | None]:
    """An instrument with its words; with a licensed scale, the values that its reading is judged by."""
    if instruments.current(key).licence == "open":
        return instruments.answerable(key), None
    pack_id, chosen = packs.to_send(session, key, now.astimezone(asker.zone).date())
    return chosen, reading_of(session, asker, asker.person_id, key, pack_id=pack_id)


def reading_of(
    session: Session,
    asker: Asker,
    person_id: uuid.UUID,
    scale: str,
    *,
    pack_id: uuid.UUID | None = None,
    recorded_by: uuid.UUID | None = None,
) -> ScaleReading:
    """The values of today for one reading of a person's; its check-in is the caller's to name."""
    band = session.scalars(select(Person.age_band).where(Person.id == person_id)).one()
    values = norms(rules_of(session, asker), scale, cast(AgeBand, band))
    return ScaleReading(
        pack_id=pack_id,
        recorded_by=recorded_by,
        age_band=values.age_band,
        cut_off=values.cut_off,
        reliable_change=values.reliable_change,
        patience=values.patience,
        slip=values.slip,
    )


def answer_line(
    session: Session, asker: Asker, check_in_id: uuid.UUID, number: int, tenths: int | None, *, now: datetime
) -> None:
    """Store the answer on line `number` (from 1): tenths, or None to skip it.

    Raises NoResultFound for someone else's check-in or a line that is not there, NotOpenYet, Closed,
    and AlreadySent of `instruments.service`.
    """
    sheet = queries.sheet(session, asker, check_in_id)
    line = sheet.line(number)
    _must_be_open(sheet.window, now)
    writer = Writer(asker.session_id, sheet.shown_in, now)
    responses.save_line(session, sheet.response_id, line.key, tenths, writer)


def answer_comment(
    session: Session, asker: Asker, check_in_id: uuid.UUID, text: str, *, now: datetime
) -> None:
    """Store the free answer after the lines; "" for none. Raises as `answer_line`."""
    sheet = queries.sheet(session, asker, check_in_id)
    sheet.comment_number()
    _must_be_open(sheet.window, now)
    responses.save_comment(session, sheet.response_id, text, Writer(asker.session_id, sheet.shown_in, now))


def send(session: Session, asker: Asker, check_in_id: uuid.UUID, key: uuid.UUID, *, now: datetime) -> bool:
    """Send it once: True the first time, False for the same sending again, whenever that comes.

    A line that nothing was said of is skipped. Raises NoResultFound, NotOpenYet, Closed, and WrongKey or
    NothingSaid of `instruments.service`.
    """
    sheet = queries.sheet(session, asker, check_in_id)
    if sheet.sent_at is None:
        _must_be_open(sheet.window, now)
    writer = Writer(asker.session_id, sheet.shown_in, now)
    first = responses.send(session, sheet.response_id, key, writer)
    if first:
        note(session, asker, action="change", kind="answers", subject=asker.person_id, object_id=check_in_id)
    return first


def _must_be_open(window: Window, now: datetime) -> None:
    match window.state(now):
        case "early":
            raise NotOpenYet
        case "late":
            raise Closed
        case "open":
            return


def _found(session: Session, asker: Asker, reference: uuid.UUID, instrument: str) -> CheckIn | None:
    """The asker's check-in about this reference."""
    mine = select(CheckIn).where(
        CheckIn.person_id == asker.person_id,
        CheckIn.reference == reference,
        CheckIn.instrument == instrument,
    )
    return session.scalars(mine).one_or_none()
