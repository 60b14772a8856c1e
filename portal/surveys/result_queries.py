"""Figures of the surveys for a lead of the team: counts that have been let out, never anybody's answers."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.crypto import open_sealed
from portal.identity.models import Person, RoleGrant
from portal.journal.service import note
from portal.organisation.models import Choice, Team
from portal.surveys.figure_rules import Figure, Group, LeftOut, Tally, figure, groups, period_of, without
from portal.surveys.models import SurveyFreeze, SurveyLeftOut, SurveyRelease, SurveyTally, SurveyText
from portal.surveys.queries import current, survey
from portal.surveys.release_rules import Dimension
from portal.surveys.rules import Question, Round, Survey
from portal.web.asker import Asker

ALL = "all"
"""Every half-year taken together."""


@dataclass(frozen=True)
class Shown:
    """One question with its figure, split where that was asked for.

    `whole` is None while fewer than five have answered. `printed` is `whole` without what was left out.
    """

    question: Question
    whole: Figure | None
    printed: Figure | None
    left_out: tuple[LeftOut, ...]
    groups: tuple[Group, ...]
    words: tuple[str, ...]


@dataclass(frozen=True)
class Results:
    """A team's figures in one round of one version of the survey.

    `until`: answers given before this day are in them, None while there are none. `periods`: the half-years
    that have figures, the newest first; `period` is one of them, or ALL. `municipalities`: their names.
    """

    team: Team
    which: Round
    survey: Survey
    versions: tuple[int, ...]
    period: str
    periods: tuple[str, ...]
    by: Dimension | None
    until: date | None
    shown: tuple[Shown, ...]
    municipalities: Mapping[str, str]

    @property
    def empty(self) -> bool:
        """Whether nothing has been let out yet."""
        return not self.periods

    def of(self, question: str) -> Shown:
        """One question. Raises NoResultFound."""
        for one in self.shown:
            if one.question.key == question:
                return one
        raise NoResultFound


@dataclass(frozen=True)
class Overview:
    """A team that the asker leads, and of how many sheets the figures of each round are made, at the most."""

    team: Team
    counted: Mapping[str, int]


def led_team(session: Session, asker: Asker, team_id: uuid.UUID) -> Team:
    """A team that the asker leads. Raises NoResultFound."""
    return session.scalars(
        select(Team).where(
            Team.id == team_id, Team.organisation_id == asker.organisation_id, Team.id.in_(_led(asker))
        )
    ).one()


def _led(asker: Asker) -> Select[uuid.UUID | None]:
    return select(RoleGrant.team_id).where(RoleGrant.person_id == asker.person_id, RoleGrant.role == "lead")


def overview(session: Session, asker: Asker) -> tuple[Overview, ...]:
    """The asker's teams with how much there is to read; one query."""
    rows = session.execute(
        select(Team, SurveyRelease.round, func.sum(SurveyTally.count).label("sheets"))
        .outerjoin(SurveyRelease, SurveyRelease.team_id == Team.id)
        .outerjoin(SurveyTally, SurveyTally.release_id == SurveyRelease.id)
        .where(Team.organisation_id == asker.organisation_id, Team.id.in_(_led(asker)))
        .group_by(Team.id, SurveyRelease.round, SurveyRelease.question)
        .order_by(Team.name)
    )
    found: dict[Team, dict[str, int]] = {}
    for team, which, sheets in rows:
        counted = found.setdefault(team, {})
        if sheets is not None:
            counted[which] = max(counted.get(which, 0), int(sheets))
    return tuple(Overview(team, counted) for team, counted in found.items())


def results(
    session: Session,
    asker: Asker,
    team_id: uuid.UUID,
    which: Round,
    *,
    period: str = "",
    by: Dimension | None = None,
    version: int | None = None,
) -> Results:
    """The figures of a team that the asker leads: the newest half-year and version unless others are named.

    Raises NoResultFound outside the asker's teams, and for a version without figures. The journal notes it.
    """
    team = led_team(session, asker, team_id)
    note(session, asker, action="read", kind="survey-figures", subject=None, object_id=team.id)
    rows = _rows(session, team.id, which)
    versions = tuple(sorted({one for one, _until, _tally in rows}, reverse=True))
    if version is not None and version not in versions:
        raise NoResultFound
    chosen = version or (versions[0] if versions else current().version)
    asked = survey(current().key, chosen)
    tallies = [tally for one, _until, tally in rows if one == chosen]
    periods = tuple(sorted({tally.period for tally in tallies}, reverse=True))
    period = period if period in (ALL, *periods) else next(iter(periods), ALL)
    within = [tally for tally in tallies if period in (ALL, tally.period)]
    left_out = _left_out(session, asker, team.id, which, asked, period)
    words = _words(session, team.id, which, asked, period)
    return Results(
        team=team,
        which=which,
        survey=asked,
        versions=versions,
        period=period,
        periods=periods,
        by=by,
        until=max((until for _version, until, _tally in rows), default=None),
        shown=tuple(_shown(one, within, left_out, words.get(one.key, ()), by) for one in asked.questions),
        municipalities=_municipalities(session, asker) if by == "municipality" else {},
    )


def _shown(
    question: Question,
    tallies: Sequence[Tally],
    left_out: Sequence[LeftOut],
    words: tuple[str, ...],
    by: Dimension | None,
) -> Shown:
    mine = [tally for tally in tallies if tally.question == question.key]
    gone = tuple(one for one in left_out if one.question == question.key)
    if not mine:
        return Shown(question, None, None, (), (), ())
    whole = figure(question, mine)
    split = groups(question, mine, by) if by and question.options else ()
    return Shown(question, whole, without(question, whole, gone) if gone else None, gone, split, words)


def _rows(session: Session, team_id: uuid.UUID, which: Round) -> list[tuple[int, date, Tally]]:
    """Version, the day until which answers are in it, and the tally; one query. Scope is the caller's."""
    rows = session.execute(
        select(
            SurveyRelease.version,
            SurveyRelease.question,
            SurveyFreeze.until,
            SurveyTally.gender,
            SurveyTally.born,
            SurveyTally.municipality,
            SurveyTally.intake,
            SurveyTally.answer,
            SurveyTally.count.label("many"),
        )
        .join(SurveyRelease, SurveyRelease.id == SurveyTally.release_id)
        .join(SurveyFreeze, SurveyFreeze.id == SurveyRelease.freeze_id)
        .where(SurveyRelease.team_id == team_id, SurveyRelease.round == which)
    )
    return [
        (
            row.version,
            row.until,
            Tally(
                row.question,
                (row.gender, row.born, row.municipality, row.intake),
                period_of(row.until),
                row.answer,
                row.many,
            ),
        )
        for row in rows
    ]


def _left_out(
    session: Session, asker: Asker, team_id: uuid.UUID, which: Round, asked: Survey, period: str
) -> list[LeftOut]:
    rows = session.execute(
        select(SurveyLeftOut, Person)
        .join(Person, Person.id == SurveyLeftOut.by_id)
        .where(
            SurveyLeftOut.team_id == team_id,
            SurveyLeftOut.round == which,
            SurveyLeftOut.survey == asked.key,
            SurveyLeftOut.version == asked.version,
            SurveyLeftOut.taken_back_at.is_(None),
        )
        .order_by(SurveyLeftOut.at, SurveyLeftOut.id)
    ).all()
    return [
        LeftOut(
            id=row.id,
            question=row.question,
            period=row.period,
            answer=row.answer,
            count=row.count,
            reason=row.reason,
            by=person.name,
            on=row.at.astimezone(asker.zone).date(),
        )
        for row, person in rows
        if period in (ALL, row.period)
    ]


def _words(
    session: Session, team_id: uuid.UUID, which: Round, asked: Survey, period: str
) -> dict[str, tuple[str, ...]]:
    """What was written, by question, in the order of random ids."""
    rows = session.execute(
        select(SurveyText.id, SurveyText.words_sealed, SurveyRelease.question, SurveyFreeze.until)
        .join(SurveyRelease, SurveyRelease.id == SurveyText.release_id)
        .join(SurveyFreeze, SurveyFreeze.id == SurveyRelease.freeze_id)
        .where(
            SurveyRelease.team_id == team_id,
            SurveyRelease.round == which,
            SurveyRelease.survey == asked.key,
            SurveyRelease.version == asked.version,
        )
        .order_by(SurveyText.id)
    )
    found: dict[str, tuple[str, ...]] = {}
    for row in rows:
        if period in (ALL, period_of(row.until)):
            words = open_sealed("survey_text", "words_sealed", row.id, row.words_sealed)
            found[row.question] = (*found.get(row.question, ()), words)
    return found


def _municipalities(session: Session, asker: Asker) -> dict[str, str]:
    rows = session.scalars(
        select(Choice).where(Choice.organisation_id == asker.organisation_id, Choice.kind == "municipality")
    )
    return {row.code: row.label(asker.language) for row in rows}
