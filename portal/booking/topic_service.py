"""Saying what a meeting is to be about, until it starts. Nothing here commits."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.booking import time_service, topic_rules, topic_text_service
from portal.booking.models import Appointment
from portal.booking.service import NotBooked
from portal.booking.time_service import TooLate
from portal.booking.topic_models import MeetingTopic
from portal.booking.topic_rules import PARTICIPANT, STAFF
from portal.languages import SWEDISH
from portal.web.asker import Asker
from portal.web.errors import Refused
from portal.wording import service as wording


class NotShown(Refused):
    """The participant sees no trace of the meeting, and so would not read what it is about (S33)."""


@dataclass(frozen=True, slots=True)
class Said:
    """What one side says: topics, and own words in a language. Nothing of both is nothing said."""

    codes: tuple[str, ...] = ()
    words: str = ""
    language: str = SWEDISH.code


def choose(
    session: Session, asker: Asker, meeting_id: uuid.UUID, code: str, now: datetime, *, chosen: bool
) -> None:
    """The asking participant wants to talk about this topic, or not after all. Raises NotBooked, TooLate."""
    meeting = _open(session, asker, meeting_id, now)
    said = _said(_row(session, meeting, PARTICIPANT))
    codes = {*said.codes, code} if chosen else {*said.codes} - {code}
    _put(session, asker, meeting, PARTICIPANT, replace(said, codes=_ordered(codes)), now)


def write(
    session: Session, asker: Asker, meeting_id: uuid.UUID, words: str, language: str, now: datetime
) -> None:
    """The asking participant says it in own words; "" takes them away. Raises NotBooked, TooLate."""
    meeting = _open(session, asker, meeting_id, now)
    said = _said(_row(session, meeting, PARTICIPANT))
    _put(session, asker, meeting, PARTICIPANT, replace(said, words=words, language=language), now)


def say_for(session: Session, asker: Asker, meeting_id: uuid.UUID, said: Said, now: datetime) -> None:
    """Staff say what they want to talk about. Raises NotBooked, TooLate, NotShown."""
    meeting = _open(session, asker, meeting_id, now)
    if not meeting.in_portal:
        raise NotShown
    _put(session, asker, meeting, STAFF, replace(said, codes=_ordered(said.codes)), now)


def _ordered(codes: Collection[str]) -> tuple[str, ...]:
    return tuple(topic_rules.in_order(codes))


def _open(session: Session, asker: Asker, meeting_id: uuid.UUID, now: datetime) -> Appointment:
    meeting = time_service.locked(session, asker, meeting_id)
    if not topic_rules.is_open(meeting.state, meeting.starts_at, now):
        raise TooLate if now >= meeting.starts_at else NotBooked
    return meeting


def _row(session: Session, meeting: Appointment, side: str) -> MeetingTopic | None:
    rows = select(MeetingTopic).where(MeetingTopic.appointment_id == meeting.id, MeetingTopic.side == side)
    return session.scalars(rows.execution_options(populate_existing=True)).one_or_none()


def _said(row: MeetingTopic | None) -> Said:
    return Said(tuple(row.codes), row.words, row.language) if row else Said()


def _put(session: Session, asker: Asker, meeting: Appointment, side: str, said: Said, now: datetime) -> None:
    """What stands from now on; the same again changes nothing."""
    row = _row(session, meeting, side)
    if said == _said(row):
        return
    if not said.codes and not said.words:
        if row is not None:
            wording.forget(session, [row.id])
            session.delete(row)
    else:
        row = row or MeetingTopic(appointment_id=meeting.id, side=side)
        known = bool(row.words)
        row.codes, row.words, row.language = list(said.codes), said.words, said.language
        row.said_at, row.said_by = now, asker.person_id
        session.add(row)
        session.flush()
        if said.words:
            topic_text_service.follow(session, meeting, row, now)
        elif known:
            wording.forget(session, [row.id])
    session.flush()
    time_service.note_change(session, asker, meeting)
