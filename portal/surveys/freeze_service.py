"""Once a month answers that have been sent become figures, and are never looked at one by one.

What is counted is decided by `release_rules`. The figures stand by themselves from then on: they do not
change when a person's facts do, and they stay when the answers are gone.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
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


@dataclass(frozen=True)
class Turn:
    """What an organisation's turn of a month lets out, decided before anything is written.

    `waiting`: the answers that it was decided from.
    """

    organisation_id: uuid.UUID
    until: date
    waiting: frozenset[uuid.UUID]
    atoms: Mapping[Pool, tuple[Atom, ...]]


def freeze(session: Session, now: datetime) -> int:
    """Renew the figures of each organisation whose month has turned, all at once; how many were renewed.

    Done once a month for each, however often it is called; after a silence, for the last turn alone. The
    worker does one organisation after the other, and decides before it writes.
    """
    turns = [decide(session, one, now) for one in session.scalars(select(Organisation)).all()]
    return sum(renew(session, turn, now) for turn in turns if turn)


def decide(session: Session, organisation: Organisation, now: datetime) -> Turn | None:
    """What is to be let out now; None where this month's turn is done. Writes nothing.

    Every answer that waits is opened for it, which takes its time: nobody waits for the writer meanwhile.
    """
    until = now.astimezone(organisation.zone).date().replace(day=1)
    if session.scalar(_frozen(organisation.id, until)):
        return None
    waiting = sorted(_waiting(session, organisation, until), key=lambda one: one[0])
    atoms = {
        pool: _atoms(session, pool, [entry for _pool, entry in entries], until)
        for pool, entries in groupby(waiting, key=lambda one: one[0])
    }
    return Turn(organisation.id, until, frozenset(entry.id for _pool, entry in waiting), atoms)


def renew(session: Session, turn: Turn, now: datetime) -> bool:
    """Let out what was decided; False where somebody else was first.

    Where the answers that wait are no longer those it was decided from (somebody's identity has been
    protected, somebody has been forgotten), it is decided anew.
    """
    hold(session, turn.organisation_id)
    if session.scalar(_frozen(turn.organisation_id, turn.until)):
        return False
    organisation = session.get_one(Organisation, turn.organisation_id)
    waiting = session.scalars(_of_turn(select(SurveyAnswer.id), organisation, turn.until))
    if frozenset(waiting) != turn.waiting:
        anew = decide(session, organisation, now)
        if not anew:
            return False
        turn = anew
    done = SurveyFreeze(organisation_id=organisation.id, until=turn.until, frozen_at=now)
    session.add(done)
    session.flush()
    _forget_drafts(session, organisation, now)
    for pool, atoms in turn.atoms.items():
        _let_out(session, done, pool, atoms)
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
    """Every answer that waits for a turn, opened."""
    asked = select(
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
    rows = session.execute(_of_turn(asked, organisation, until))
    return [
        (Pool(row.team_id, row.round, row.survey, row.version, row.question), _entry(row)) for row in rows
    ]


def _of_turn(
    asked: Select[*tuple[Any, ...]], organisation: Organisation, until: date
) -> Select[*tuple[Any, ...]]:
    """Of the answers sent before `until` that are in no figure yet; protected people's are not (S37)."""
    before = datetime.combine(until, time(), organisation.zone)
    return (
        asked.select_from(SurveyAnswer)
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


def _atoms(session: Session, pool: Pool, entries: Sequence[Entry], until: date) -> tuple[Atom, ...]:
    """What may be let out of one pool."""
    question = survey(pool.survey, pool.version).question(pool.question)
    earlier = exists().where(
        SurveyRelease.team_id == pool.team_id,
        SurveyRelease.round == pool.round,
        SurveyRelease.survey == pool.survey,
        SurveyRelease.version == pool.version,
        SurveyRelease.question == pool.question,
    )
    first = not session.scalar(select(earlier))
    return release(entries, until, first=first, cut=bool(question.options))


def _let_out(session: Session, done: SurveyFreeze, pool: Pool, atoms: Sequence[Atom]) -> None:
    """Let these out of one pool, as counts, and free words in an order that says nothing."""
    if not atoms:
        return
    question = survey(pool.survey, pool.version).question(pool.question)
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
