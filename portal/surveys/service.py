"""Answering a survey question by question, and sending it once."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.instruments.service import AlreadySent, WrongKey
from portal.journal.service import note
from portal.surveys.models import SurveyAnswer, SurveySheet
from portal.surveys.rules import ANSWERED, OPEN_STATES, SKIPPED, Round
from portal.surveys.sheet_queries import Sheet, sheet
from portal.web.asker import Asker
from portal.web.errors import Refused

__all__ = ["AlreadySent", "NotOpen", "WrongKey", "answer", "send"]


class NotOpen(Refused):
    """The time to answer has not come, or has gone."""


def answer(session: Session, asker: Asker, which: Round, number: int, given: str, now: datetime) -> None:
    """Store what was said of question `number`, in place of what stood there; "" passes it over.

    `given`: an option's key, "dont_know" or "not_for_me", or free words; the form has seen that it is one.
    The sheet is made with its first answer. Raises NoResultFound, NotOpen and AlreadySent.
    """
    found = sheet(session, asker, which, now)
    question = found.step(number).question
    _must_be_open(found)
    held = _held(session, asker, found, now)
    if held.sent_at is not None:
        raise AlreadySent
    row = session.scalars(
        select(SurveyAnswer).where(SurveyAnswer.sheet_id == held.id, SurveyAnswer.question == question.key)
    ).one_or_none()
    row = row or SurveyAnswer(sheet_id=held.id, question=question.key)
    row.state = given if given in OPEN_STATES and question.options else (ANSWERED if given else SKIPPED)
    row.answer = given if row.state == ANSWERED else ""
    row.language, row.direction = found.shown_in.code, found.shown_in.dir
    row.session_id = asker.session_id
    session.add(row)
    session.flush()


def send(session: Session, asker: Asker, which: Round, key: uuid.UUID, now: datetime) -> bool:
    """Send it once: True the first time, False for the same sending again, whenever that comes.

    What was neither answered nor passed over is passed over. Raises NoResultFound, NotOpen and WrongKey.
    """
    found = sheet(session, asker, which, now)
    if found.sheet_id is None:
        raise WrongKey
    if found.sent_at is None:
        _must_be_open(found)
    held = _held(session, asker, found, now)
    if held.submission_key != key:
        raise WrongKey
    if held.sent_at is not None:
        return False
    # Read again: an answer may have come before this one had the row.
    found = sheet(session, asker, which, now)
    for step in found.steps:
        if not step.handled:
            session.add(
                SurveyAnswer(
                    sheet_id=held.id,
                    question=step.question.key,
                    state=SKIPPED,
                    language=found.shown_in.code,
                    direction=found.shown_in.dir,
                    session_id=asker.session_id,
                )
            )
    held.sent_at = now
    session.flush()
    note(session, asker, action="change", kind="survey", subject=asker.person_id, object_id=held.id)
    return True


def _must_be_open(found: Sheet) -> None:
    if found.state != "open":
        raise NotOpen


def _held(session: Session, asker: Asker, found: Sheet, now: datetime) -> SurveySheet:
    """The asker's row, made if there is none, and taken: two taps stand in a queue."""
    wanted = select(SurveySheet).where(
        SurveySheet.person_id == asker.person_id,
        SurveySheet.enrolment_id == found.enrolment_id,
        SurveySheet.round == found.which,
    )
    if found.sheet_id is None:
        _insert(session, asker, found, now)
    return session.scalars(wanted.with_for_update().execution_options(populate_existing=True)).one()


def _insert(session: Session, asker: Asker, found: Sheet, now: datetime) -> None:
    """A new row for the asker's round; where another tap was first, its row is the one."""
    fresh = SurveySheet(
        person_id=asker.person_id,
        enrolment_id=found.enrolment_id,
        round=found.which,
        survey=found.survey.key,
        version=found.survey.version,
        submission_key=uuid.uuid4(),
        begun_at=now,
    )
    try:
        with session.begin_nested():
            session.add(fresh)
    except IntegrityError:
        return
    note(session, asker, action="change", kind="survey", subject=asker.person_id, object_id=fresh.id)
