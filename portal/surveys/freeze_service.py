"""Once a month answers that have been sent become figures, and are never looked at one by one.

What is counted is decided by `release_rules`. The figures stand by themselves from then on: they do not
change when a person's facts do, and they stay when the answers are gone.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from random import SystemRandom
from typing import Any

from sqlalchemy import Row, Select, delete, exists, select, update
from sqlalchemy.orm import Session

from portal.crypto import open_sealed
from portal.identity.models import Enrolment, Person
from portal.organisation.models import Organisation
from portal.organisation.service import hold
from portal.surveys.models import (
    SurveyAnswer,
    SurveyFreeze,
    SurveyRelease,
    SurveySheet,
    SurveyTally,
    SurveyText,
)
from portal.surveys.queries import survey
from portal.surveys.release_rules import Atom, Entry, release
from portal.surveys.rules import ANSWERED, Question

CHUNK = 500
"""Answers marked in one statement."""
DRAFTS_KEPT = timedelta(days=30)
"""How long after its time a sheet that was not sent is kept, for an organisation that lengthens the time."""

_chance = SystemRandom()


@dataclass(frozen=True, order=True)
class Pool:
    """Where answers wait together: of one team, one round, one version of one question."""

    team_id: uuid.UUID
    round: str
    survey: str
    version: int
    question: str


def freeze(session: Session, now: datetime) -> int:
    """Renew the figures of each organisation whose month has turned; how many were renewed.

    Done once a month for each, however often it is called; after a silence, for the last turn alone.
    """
    return sum(_renew(session, one, now) for one in session.scalars(select(Organisation)).all())


def _renew(session: Session, organisation: Organisation, now: datetime) -> bool:
    until = now.astimezone(organisation.zone).date().replace(day=1)
    if session.scalar(_frozen(organisation.id, until)):
        return False
    hold(session, organisation.id)
    if session.scalar(_frozen(organisation.id, until)):
        return False
    done = SurveyFreeze(organisation_id=organisation.id, until=until, frozen_at=now)
    session.add(done)
    session.flush()
    _forget_drafts(session, organisation, now)
    waiting = _waiting(session, organisation, until)
    for pool, entries in groupby(sorted(waiting, key=lambda one: one[0]), key=lambda one: one[0]):
        _let_out(session, done, pool, [entry for _pool, entry in entries])
    session.flush()
    return True


def _forget_drafts(session: Session, organisation: Organisation, now: datetime) -> None:
    """Remove what was begun, not sent, and cannot be sent any more: nobody is to have it."""
    last = now - timedelta(days=organisation.rules.survey_open_days) - DRAFTS_KEPT
    people = select(Person.id).where(Person.organisation_id == organisation.id)
    over = select(SurveySheet.id).where(
        SurveySheet.person_id.in_(people), SurveySheet.sent_at.is_(None), SurveySheet.begun_at < last
    )
    session.execute(delete(SurveyAnswer).where(SurveyAnswer.sheet_id.in_(over)))
    session.execute(delete(SurveySheet).where(SurveySheet.id.in_(over)))


def _frozen(organisation_id: uuid.UUID, until: date) -> Select[uuid.UUID]:
    """Whether this turn of a month, or a later one, is done: a clock that is set back renews nothing."""
    return select(SurveyFreeze.id).where(
        SurveyFreeze.organisation_id == organisation_id, SurveyFreeze.until >= until
    )


def _waiting(session: Session, organisation: Organisation, until: date) -> list[tuple[Pool, Entry]]:
    """Every answer that was sent before `until` and is in no figure yet; protected people's are not (S37)."""
    before = datetime.combine(until, time(), organisation.zone)
    rows = session.execute(
        select(
            SurveyAnswer.id,
            SurveyAnswer.question,
            SurveyAnswer.state,
            SurveyAnswer.answer_sealed,
            SurveySheet.round,
            SurveySheet.survey,
            SurveySheet.version,
            SurveySheet.sent_at,
            Enrolment.team_id,
            Enrolment.intake,
            Person.gender,
            Person.born_in_sweden,
            Person.municipality,
        )
        .join(SurveySheet, SurveySheet.id == SurveyAnswer.sheet_id)
        .join(Enrolment, Enrolment.id == SurveySheet.enrolment_id)
        .join(Person, Person.id == SurveySheet.person_id)
        .where(
            Person.organisation_id == organisation.id,
            Person.protected.is_(False),
            SurveySheet.sent_at < before,
            SurveyAnswer.release_id.is_(None),
        )
    )
    return [
        (Pool(row.team_id, row.round, row.survey, row.version, row.question), _entry(row)) for row in rows
    ]


def _entry(row: Row[*tuple[Any, ...]]) -> Entry:
    """An answer with the facts by which it can be split; "" for what is not known."""
    return Entry(
        id=row.id,
        answer=_answer(row.id, row.state, row.answer_sealed),
        counts=row.state == ANSWERED,
        traits=(
            "" if row.gender == "not_told" else row.gender,
            {True: "inside", False: "outside", None: ""}[row.born_in_sweden],
            row.municipality,
            "" if row.intake is None else str(row.intake),
        ),
        sent_on=row.sent_at.date(),
    )


def _answer(answer_id: uuid.UUID, state: str, sealed: bytes | None) -> str:
    return open_sealed("survey_answer", "answer_sealed", answer_id, sealed) if state == ANSWERED else state


def _let_out(session: Session, done: SurveyFreeze, pool: Pool, entries: Sequence[Entry]) -> None:
    """Let out of one pool what may be, as counts, and free words in an order that says nothing."""
    question = survey(pool.survey, pool.version).question(pool.question)
    earlier = exists().where(
        SurveyRelease.team_id == pool.team_id,
        SurveyRelease.round == pool.round,
        SurveyRelease.survey == pool.survey,
        SurveyRelease.version == pool.version,
        SurveyRelease.question == pool.question,
    )
    first = not session.scalar(select(earlier))
    atoms = release(entries, done.until, first=first, cut=bool(question.options))
    if not atoms:
        return
    made = SurveyRelease(
        freeze_id=done.id,
        team_id=pool.team_id,
        round=pool.round,
        survey=pool.survey,
        version=pool.version,
        question=pool.question,
    )
    session.add(made)
    session.flush()
    for atom in atoms:
        session.add_all(_tallies(made.id, question, atom))
    _keep_words(session, made.id, question, atoms)
    _mark(session, made.id, [entry.id for atom in atoms for entry in atom.entries])


def _tallies(release_id: uuid.UUID, question: Question, atom: Atom) -> list[SurveyTally]:
    counts: dict[str, int] = {}
    for entry in atom.entries:
        key = entry.answer if question.options or not entry.counts else ANSWERED
        counts[key] = counts.get(key, 0) + 1
    gender, born, municipality, intake = atom.labels
    return [
        SurveyTally(
            release_id=release_id,
            gender=gender,
            born=born,
            municipality=municipality,
            intake=intake,
            answer=key,
            count=count,
        )
        for key, count in sorted(counts.items())
    ]


def _keep_words(session: Session, release_id: uuid.UUID, question: Question, atoms: Iterable[Atom]) -> None:
    if question.options:
        return
    said = [entry.answer for atom in atoms for entry in atom.entries if entry.counts]
    _chance.shuffle(said)
    for words in said:
        row = SurveyText(release_id=release_id)
        row.words = words
        session.add(row)


def _mark(session: Session, release_id: uuid.UUID, answer_ids: Sequence[uuid.UUID]) -> None:
    for start in range(0, len(answer_ids), CHUNK):
        chunk = answer_ids[start : start + CHUNK]
        session.execute(update(SurveyAnswer).where(SurveyAnswer.id.in_(chunk)).values(release_id=release_id))
