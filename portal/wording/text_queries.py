"""Which texts are a translator's to see, and which of them have the very same words. Who asks comes first.

Equal words of one kind (goal, sub-goal, step) are one piece of work: they are translated once for every plan
that they stand in. That they stand in several says nothing about anybody; what stands in one is by itself.
What a team reads in common is in no plan.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, exists, func, or_, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.identity import scope
from portal.identity.models import Enrolment, Person
from portal.journal.service import note
from portal.organisation.models import Organisation
from portal.web.asker import Asker
from portal.wording import rules
from portal.wording.models import SourceText, Translation, WantedLanguage

Anything = Select[*tuple[Any, ...]]
Place = tuple[datetime, bytes, str]
"""Where words stand in a list: since when, which words, of which kind."""


def in_use(asker: Asker) -> ColumnElement[bool]:
    """Which texts are anybody's to translate: the wanted ones of teams, and of those who are enrolled now.

    What was done, dropped, taken back or hidden (S33) meanwhile is not there, whoever still has its address.
    """
    enrolled = exists().where(Enrolment.person_id == SourceText.person_id, Enrolment.closed_on.is_(None))
    return and_(
        SourceText.wanted.is_(True),
        or_(
            and_(SourceText.person_id.in_(scope.translated_for(asker)), enrolled),
            SourceText.team_id.in_(scope.teams_translated_for(asker)),
        ),
    )


def needed(asker: Asker, language: str) -> ColumnElement[bool]:
    """Whether somebody who is to read a text reads this language.

    Swedish, of what is written in another one: staff read it. Others, of Swedish: the text's person reads it,
    or meets with an interpreter of it.

    What a team reads in common is needed in every language that the organisation offers, whoever is in the
    team: what waits must not tell that somebody there reads a rare one (S39).
    """
    if language == rules.SWEDISH:
        return SourceText.language != rules.SWEDISH
    asked_for = exists().where(
        WantedLanguage.person_id == SourceText.person_id, WantedLanguage.language == language
    )
    of_team = and_(SourceText.team_id.is_not(None), offers(asker, language))
    return and_(SourceText.language == rules.SWEDISH, or_(Person.language == language, asked_for, of_team))


def offers(asker: Asker, language: str) -> ColumnElement[bool]:
    """Whether the asker's organisation offers a language. Its codes stand as a list of JSON."""
    listed = cast(Organisation.languages, String).contains(f'"{language}"')
    return exists().where(Organisation.id == asker.organisation_id, listed)


def waiting(asker: Asker, language: str) -> Anything:
    """Texts that are needed in a language and that nobody has confirmed as they stand."""
    left = or_(Translation.id.is_(None), ~_settled())
    return _texts(asker, language).where(needed(asker, language), left)


def confirmed(asker: Asker, language: str) -> Anything:
    """Texts whose translation stands."""
    return _texts(asker, language).where(_settled())


def _settled() -> ColumnElement[bool]:
    return and_(Translation.state == rules.CONFIRMED, Translation.from_hash == SourceText.source_hash)


def _texts(asker: Asker, language: str) -> Anything:
    """Free texts in use that the asker may translate, each with its translation to a language, if any."""
    translated = and_(Translation.source_id == SourceText.id, Translation.language == language)
    return (
        select(
            SourceText.id,
            SourceText.person_id,
            SourceText.kind,
            SourceText.source_sealed,
            SourceText.source_hash,
            SourceText.changed_at,
            SourceText.language,
            Translation.state,
            Translation.confirmed_at,
        )
        .outerjoin(Person, Person.id == SourceText.person_id)
        .outerjoin(Translation, translated)
        .where(SourceText.phrase == "", SourceText.language != language, in_use(asker))
    )


# Words by words


@dataclass(frozen=True, slots=True)
class Words:
    """Equal words of one kind, for one language. `many`: in how many plans, 0 of what teams read; `since`:
    the first of them.

    `at` is what a list is ordered by: `since`, of what is confirmed when that was.
    """

    source_hash: bytes
    kind: str
    language: str
    state: str
    many: int
    since: datetime
    at: datetime

    @property
    def place(self) -> Place:
        """Where it stands in a list."""
        return self.at, self.source_hash, self.kind


def words(session: Session, asker: Asker, language: str, *, done: bool = False) -> list[Words]:
    """What waits for a language (`done`: what is confirmed), words by words, unordered; nothing is opened."""
    text = (confirmed if done else waiting)(asker, language).subquery()
    rows = select(
        text.c.source_hash,
        text.c.kind,
        func.count(text.c.person_id.distinct()).label("many"),
        func.min(text.c.changed_at).label("since"),
        func.max(text.c.confirmed_at).label("confirmed_at"),
        func.count(text.c.state).label("translated"),
        func.max(case((text.c.state == rules.DRAFT, 1), else_=0)).label("drafts"),
    ).group_by(text.c.source_hash, text.c.kind)
    return [
        Words(
            source_hash=row.source_hash,
            kind=row.kind,
            language=language,
            state=rules.CONFIRMED if done else rules.state_together(row.translated, row.drafts),
            many=row.many,
            since=row.since,
            at=row.confirmed_at if done else row.since,
        )
        for row in session.execute(rows)
    ]


def texts_with(
    session: Session, asker: Asker, language: str, found: Sequence[Words], *, done: bool = False
) -> Mapping[tuple[bytes, str], Any]:
    """The first text of each of these words, by the words and their kind. Everybody who has them is noted."""
    texts = (confirmed if done else waiting)(asker, language)
    rows = session.execute(
        texts.where(SourceText.source_hash.in_([one.source_hash for one in found])).order_by(
            SourceText.changed_at, SourceText.id
        )
    ).all()
    wanted = {(one.source_hash, one.kind) for one in found}
    first: dict[tuple[bytes, str], Any] = {}
    for row in rows:
        if (row.source_hash, row.kind) in wanted:
            first.setdefault((row.source_hash, row.kind), row)
            note(session, asker, action="read", kind="translation", subject=row.person_id, object_id=row.id)
    return first


def first_with(session: Session, asker: Asker, found: Words) -> uuid.UUID | None:
    """The id of the first text that waits with these words: a way to it, and nothing of whose it is."""
    texts = waiting(asker, found.language).with_only_columns(SourceText.id)
    same = texts.where(SourceText.source_hash == found.source_hash, SourceText.kind == found.kind)
    return session.scalars(same.order_by(SourceText.changed_at, SourceText.id).limit(1)).one_or_none()


# One piece of work


@dataclass(frozen=True, slots=True)
class SameWords:
    """The texts with the very same words that are translated in one go, each with its translation, if any.

    `lead` is the one that was asked for, else the first: that one may be done while others need the words.
    """

    lead: tuple[SourceText, Translation | None]
    texts: tuple[tuple[SourceText, Translation | None], ...]

    @property
    def made(self) -> Translation | None:
        """The translation to show: the last that was written, a draft before one of older Swedish."""
        rows = [row for _source, row in self.texts if row is not None]
        return max(rows, key=lambda row: (row.state == rules.DRAFT, row.written_at), default=None)

    @property
    def version(self) -> int:
        """Which translation this is: every saving gives all of its texts a higher one."""
        return max((row.version for _source, row in self.texts if row is not None), default=0)


def same_words(
    session: Session, asker: Asker, text_id: uuid.UUID, language: str, *, locked: bool = False
) -> SameWords:
    """A text that the asker may translate, with all that have its words and, as it does, wait or do not.

    What is confirmed is no part of what waits, and the other way round: neither is written over unseen.
    Raises NoResultFound; notes the reading of each.
    """
    named = select(SourceText.source_hash, SourceText.kind).where(
        SourceText.id == text_id,
        SourceText.phrase == "",
        or_(
            SourceText.person_id.in_(scope.translated_for(asker)),
            SourceText.team_id.in_(scope.teams_translated_for(asker)),
        ),
    )
    same, kind = session.execute(named).one()
    translated = exists().where(Translation.source_id == SourceText.id, Translation.language == language)
    rows = (
        select(SourceText)
        .outerjoin(Person, Person.id == SourceText.person_id)
        .where(SourceText.source_hash == same, SourceText.kind == kind, SourceText.phrase == "")
        .where(SourceText.language != language)
        .where(in_use(asker), or_(SourceText.id == text_id, needed(asker, language), translated))
        # In the order in which a change of a plan takes them: neither waits for the other in a ring.
        .order_by(SourceText.object_id)
    )
    if locked:
        rows = rows.with_for_update(of=SourceText).execution_options(populate_existing=True)
    sources = session.scalars(rows).all()
    if not sources:
        raise NoResultFound
    found = _together(text_id, sources, _translations(session, sources, language))
    for source, _made in found.texts:
        note(session, asker, action="read", kind="translation", subject=source.person_id, object_id=source.id)
    return found


def _translations(
    session: Session, sources: Sequence[SourceText], language: str
) -> Mapping[uuid.UUID, Translation]:
    """What the texts are translated to, by the text: asked anew, for they may have waited to be locked."""
    rows = select(Translation).where(
        Translation.source_id.in_([source.id for source in sources]), Translation.language == language
    )
    found = session.scalars(rows.execution_options(populate_existing=True))
    return {row.source_id: row for row in found}


def _together(
    text_id: uuid.UUID, sources: Sequence[SourceText], made: Mapping[uuid.UUID, Translation]
) -> SameWords:
    both = [(source, made.get(source.id)) for source in sources]
    settled = [one for one in both if state(*one) == rules.CONFIRMED]
    waits = [one for one in both if one not in settled]
    lead = next((one for one in both if one[0].id == text_id), (waits or settled)[0])
    return SameWords(lead, tuple(settled if lead in settled else waits))


def state(source: SourceText, row: Translation | None) -> str:
    """How far the translation of a text has come."""
    stored, made_from = (row.state, row.from_hash) if row else (None, None)
    return rules.state_of(stored, made_from, source.source_hash)
