"""Reads of an organisation's recordings for calls. None of them is about a participant."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.identity.models import Person
from portal.languages import LANGUAGES, Language
from portal.messaging.models import OutboxMessage
from portal.notices import template_queries
from portal.notices.models import Recording
from portal.notices.recording_rules import OCCASION_OF, OCCASIONS
from portal.web.asker import Asker


@dataclass(frozen=True)
class Kept:
    """A recording that is played now: what it says, who uploaded it and when. `uploaded_by`: a name."""

    id: uuid.UUID
    words: str
    uploaded_by: str
    uploaded_at: datetime


@dataclass(frozen=True)
class Shelf:
    """The occasions of one language, each with its recording, None where there is none."""

    language: Language
    kept: Mapping[str, Kept | None]

    @property
    def recorded(self) -> int:
        """How many occasions have one."""
        return len(self.kept) - self.missing

    @property
    def missing(self) -> int:
        """How many occasions have none."""
        return sum(one is None for one in self.kept.values())


@dataclass(frozen=True)
class Words:
    """What a recording says, and the language that it says it in."""

    said: str
    language: Language


def shelves(session: Session, asker: Asker) -> tuple[Shelf, ...]:
    """What the asker's organisation has recorded, in each language that it offers; two queries."""
    rows = session.execute(
        select(Recording, Person)
        .join(Person, Person.id == Recording.uploaded_by)
        .where(Recording.organisation_id == asker.organisation_id, Recording.removed_at.is_(None))
    )
    found = {
        (row.language, row.occasion): Kept(row.id, row.words, person.name, row.uploaded_at)
        for row, person in rows
    }
    return tuple(
        Shelf(one, {occasion: found.get((one.code, occasion)) for occasion in OCCASIONS})
        for one in template_queries.offered(session, asker)
    )


def of_call(session: Session, organisation_id: uuid.UUID, kind: str, language: str) -> Recording | None:
    """What a call of this kind plays now in this language, without its sound; None for nothing."""
    return in_use(session, organisation_id, OCCASION_OF[kind], language)


def in_use(session: Session, organisation_id: uuid.UUID, occasion: str, language: str) -> Recording | None:
    """The recording of this occasion in this language, without its sound."""
    return session.scalars(
        select(Recording).where(
            Recording.organisation_id == organisation_id,
            Recording.occasion == occasion,
            Recording.language == language,
            Recording.removed_at.is_(None),
        )
    ).one_or_none()


def is_whole(session: Session, organisation_id: uuid.UUID, language: str) -> bool:
    """Whether every occasion is recorded in this language."""
    found = session.scalar(
        select(func.count()).where(
            Recording.organisation_id == organisation_id,
            Recording.language == language,
            Recording.removed_at.is_(None),
        )
    )
    return found == len(OCCASIONS)


def sound(session: Session, recording_id: uuid.UUID) -> tuple[bytes, str] | None:
    """The sound and its format, also of one that was removed while a call may still ask for it."""
    row = session.execute(
        select(Recording.sound, Recording.format).where(Recording.id == recording_id)
    ).one_or_none()
    return (row.sound, row.format) if row and row.sound is not None else None


def sound_for(session: Session, asker: Asker, recording_id: uuid.UUID) -> tuple[bytes, str]:
    """The sound and its format of one that the asker's organisation plays now. Raises NoResultFound."""
    row = session.execute(
        select(Recording.sound, Recording.format).where(
            Recording.id == recording_id,
            Recording.organisation_id == asker.organisation_id,
            Recording.removed_at.is_(None),
        )
    ).one()
    return row.sound, row.format


def words_of(session: Session, messages: Iterable[OutboxMessage]) -> Mapping[uuid.UUID, Words]:
    """What each recording says that these calls begin with; no query where none does.

    One that was removed a week ago is not among them.
    """
    wanted = {one.recording_id for one in messages if one.recording_id}
    if not wanted:
        return {}
    rows = session.execute(
        select(Recording.id, Recording.words, Recording.language).where(Recording.id.in_(wanted))
    )
    return {row.id: Words(row.words, LANGUAGES[row.language]) for row in rows}
