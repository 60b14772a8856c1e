"""Leaving answers out of a printed figure, and taking that back. Nobody's answer is opened for it."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.journal.service import note
from portal.organisation.service import hold
from portal.surveys.figure_rules import can_leave_out
from portal.surveys.models import SurveyLeftOut
from portal.surveys.result_queries import ALL, led_team, results
from portal.surveys.rules import Round
from portal.web.asker import Asker
from portal.web.errors import Refused


class TooMany(Refused):
    """There are not so many of that answer; `most` is how many can be left out."""

    def __init__(self, most: int) -> None:
        self.most = most


@dataclass(frozen=True)
class Leaving:
    """So many of one answer to one question in one half-year, and why they are left out."""

    version: int
    question: str
    period: str
    answer: str
    count: int
    reason: str


def leave_out(
    session: Session, asker: Asker, team_id: uuid.UUID, which: Round, wanted: Leaving, now: datetime
) -> SurveyLeftOut:
    """Print a second figure without these answers, beside the whole one.

    It is a count of the figure, not a person's sheet, that is left out: nothing is learnt by it. Raises
    NoResultFound outside the asker's teams or without such a figure, and TooMany.
    """
    hold(session, asker.organisation_id)
    found = results(session, asker, team_id, which, period=wanted.period, version=wanted.version)
    shown = found.of(wanted.question)
    most = 0
    if shown.whole and found.period == wanted.period != ALL:
        most = can_leave_out(shown.question, shown.whole, shown.left_out).get(wanted.answer, 0)
    if wanted.count > most:
        raise TooMany(most)
    row = SurveyLeftOut(
        team_id=found.team.id,
        round=which,
        survey=found.survey.key,
        version=found.survey.version,
        question=wanted.question,
        period=wanted.period,
        answer=wanted.answer,
        count=wanted.count,
        by_id=asker.person_id,
        at=now,
    )
    row.reason = wanted.reason
    session.add(row)
    session.flush()
    note(session, asker, action="change", kind="survey-figures", subject=None, object_id=row.id)
    return row


def take_back(
    session: Session, asker: Asker, team_id: uuid.UUID, left_out_id: uuid.UUID, now: datetime
) -> None:
    """Count them again; the same a second time. Raises NoResultFound outside the asker's teams."""
    team = led_team(session, asker, team_id)
    row = session.scalars(
        select(SurveyLeftOut)
        .where(SurveyLeftOut.id == left_out_id, SurveyLeftOut.team_id == team.id)
        .with_for_update()
    ).one()
    if row.taken_back_at is None:
        row.taken_back_at, row.taken_back_by = now, asker.person_id
        session.flush()
        note(session, asker, action="change", kind="survey-figures", subject=None, object_id=row.id)
