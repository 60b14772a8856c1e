"""What waits for translation, and what other rooms show beside their Swedish.

For other rooms:
    with_translation(rows, object_id, language)     a query of theirs, joined with what it is translated to
    shown(row, text, language)                      what such a row shows beside its Swedish text
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.crypto import code_hash, open_sealed
from portal.identity import scope
from portal.identity.models import Enrolment, Person
from portal.journal.service import note
from portal.languages import LANGUAGES
from portal.web.asker import Asker
from portal.wording import phrases, rules
from portal.wording.models import SourceText, Translation, WantedLanguage
from portal.wording.rules import Shown

Anything = Select[*tuple[Any, ...]]
MOST = 50
"""How many texts one page lists: more than a translator does in a day."""
CONFIRMED_SHOWN = 20


def text_hash(text: str) -> bytes:
    """What tells one wording from another without keeping it open."""
    return code_hash(text, "source-text")


def mark(source_hash: bytes, version: int) -> str:
    """What a page carries of the Swedish text and the translation's version that it showed."""
    return f"{source_hash.hex()[:16]}-{version}"


# What other rooms show


def with_translation(
    rows: Anything, object_id: ColumnElement[uuid.UUID] | InstrumentedAttribute[uuid.UUID], language: str
) -> Anything:
    """The query with the translation of each row's text to a language, Swedish aside; the same rows."""
    if language == rules.SWEDISH:
        return rows
    return (
        rows.outerjoin(SourceText, SourceText.object_id == object_id)
        .outerjoin(
            Translation, and_(Translation.source_id == SourceText.id, Translation.language == language)
        )
        .add_columns(
            Translation.id.label("translation_id"),
            Translation.translated_sealed,
            Translation.from_hash,
            Translation.state.label("translation_state"),
        )
    )


def shown(row: Row[Any], text: str, language: str) -> Shown | None:
    """What stands beside a Swedish text for a reader of `language`; None for a reader of Swedish.

    `row` comes from `with_translation` for the same language.
    """
    if language == rules.SWEDISH or not text:
        return None
    phrase = phrases.known(text)
    if phrase is not None and language in phrase.texts:
        return Shown(phrase.texts[language], rules.CONFIRMED, ready=True)
    if not rules.in_latin_letters(text):
        return None
    state = rules.state_of(row.translation_state, row.from_hash, text_hash(text))
    opened = open_sealed("translation", "translated_sealed", row.translation_id, row.translated_sealed)
    return Shown(opened, state)


# What translators work with


@dataclass(frozen=True, slots=True)
class Waiting:
    """A text that waits for one language, without whose it is. `since`: when it got its present words."""

    id: uuid.UUID
    kind: str
    language: str
    source: str
    state: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Work:
    """One text and its translation. `origin` is the Swedish that the translation was made from.

    `seen` is what the page carries back; `own`: the asker wrote what stands there. `suggested`: how the same
    Swedish has been translated before, for somebody else.
    """

    id: uuid.UUID
    kind: str
    language: str
    source: str
    translated: str
    origin: str
    state: str
    since: datetime
    seen: str
    own: bool
    suggested: str


@dataclass(frozen=True)
class Desk:
    """A translator's page: what waits, oldest first, how much for each language, and what was done last."""

    waiting: tuple[Waiting, ...]
    counts: Mapping[str, int]
    confirmed: tuple[Waiting, ...]


def source_for(session: Session, asker: Asker, text_id: uuid.UUID, *, locked: bool = False) -> SourceText:
    """A text that the asker may translate. Raises NoResultFound; notes the reading."""
    row = select(SourceText).where(SourceText.id == text_id, SourceText.phrase == "", *_in_use(asker))
    if locked:
        row = row.with_for_update().execution_options(populate_existing=True)
    found = session.scalars(row).one()
    note(session, asker, action="read", kind="translation", subject=found.person_id, object_id=found.id)
    return found


def _in_use(asker: Asker) -> tuple[ColumnElement[bool], ...]:
    """Which texts are anybody's to translate: those that are wanted, of somebody who is enrolled now.

    What was done, dropped, taken back or hidden (S33) meanwhile is not there, whoever still has its address.
    """
    return (
        SourceText.person_id.in_(scope.translated_for(asker)),
        SourceText.wanted.is_(True),
        exists().where(Enrolment.person_id == SourceText.person_id, Enrolment.closed_on.is_(None)),
    )


def work(session: Session, asker: Asker, text_id: uuid.UUID, language: str) -> Work:
    """One text with its translation to a language. Raises NoResultFound."""
    found = source_for(session, asker, text_id)
    row = session.scalars(
        select(Translation).where(Translation.source_id == found.id, Translation.language == language)
    ).one_or_none()
    stored, made_from = (row.state, row.from_hash) if row else (None, None)
    return Work(
        id=found.id,
        kind=found.kind,
        language=language,
        source=found.source,
        translated=row.translated if row else "",
        origin=row.origin if row else "",
        state=rules.state_of(stored, made_from, found.source_hash),
        since=found.changed_at,
        seen=mark(found.source_hash, row.version if row else 0),
        own=row is not None and row.written_by == asker.person_id,
        suggested="" if row else _said_before(session, asker, found, language),
    )


def _said_before(session: Session, asker: Asker, source: SourceText, language: str) -> str:
    """What a colleague has confirmed for the very same Swedish text; that reading is noted too."""
    before = session.execute(
        select(Translation.id, Translation.translated_sealed, SourceText.person_id, SourceText.id.label("of"))
        .join(SourceText, SourceText.id == Translation.source_id)
        .where(
            *_in_use(asker),
            Translation.from_hash == source.source_hash,
            Translation.language == language,
            Translation.state == rules.CONFIRMED,
        )
        .order_by(Translation.confirmed_at.desc())
        .limit(1)
    ).one_or_none()
    if before is None:
        return ""
    note(session, asker, action="read", kind="translation", subject=before.person_id, object_id=before.of)
    return open_sealed("translation", "translated_sealed", before.id, before.translated_sealed)


def desk(session: Session, asker: Asker, language: str | None) -> Desk:
    """What waits for the asker, of one language or of all. Each person whose text is shown is noted."""
    waits = {code: _waiting(asker, code) for code in LANGUAGES if code != rules.SWEDISH}
    counts = {
        code: session.scalar(select(func.count()).select_from(rows.subquery())) or 0
        for code, rows in waits.items()
    }
    wanted = [language] if language in waits else list(waits)
    found = [
        row
        for code in wanted
        if counts[code]
        for row in session.execute(waits[code].order_by(SourceText.changed_at, SourceText.id).limit(MOST))
    ]
    found.sort(key=lambda row: (row.changed_at, row.id))
    done = [row for row in session.execute(_confirmed(asker, wanted)) if row.from_hash == row.source_hash]
    shown_now = found[:MOST]
    for row in (*shown_now, *done):
        note(session, asker, action="read", kind="translation", subject=row.person_id, object_id=row.id)
    return Desk(tuple(_row(row) for row in shown_now), counts, tuple(_row(row) for row in done))


def _texts(asker: Asker, language: ColumnElement[str] | InstrumentedAttribute[str]) -> Anything:
    """Free texts in use that the asker may translate, each with its translation to a language, if any."""
    return (
        select(
            SourceText.id,
            SourceText.person_id,
            SourceText.kind,
            SourceText.source_sealed,
            SourceText.source_hash,
            SourceText.changed_at,
            Translation.state,
            Translation.from_hash,
            language.label("language"),
        )
        .join(Person, Person.id == SourceText.person_id)
        .where(SourceText.phrase == "", *_in_use(asker))
    )


def _waiting(asker: Asker, language: str) -> Anything:
    """Texts of those who read this language, or meet with an interpreter of it, that nobody has confirmed."""
    asked_for = exists().where(
        WantedLanguage.person_id == SourceText.person_id, WantedLanguage.language == language
    )
    settled = and_(Translation.state == rules.CONFIRMED, Translation.from_hash == SourceText.source_hash)
    return (
        _texts(asker, literal(language))
        .outerjoin(
            Translation, and_(Translation.source_id == SourceText.id, Translation.language == language)
        )
        .where(
            or_(Person.language == language, asked_for),
            or_(Translation.id.is_(None), ~settled),
        )
    )


def _confirmed(asker: Asker, languages: list[str]) -> Anything:
    """What was confirmed last, to be corrected."""
    return (
        _texts(asker, Translation.language)
        .join(Translation, Translation.source_id == SourceText.id)
        .where(Translation.language.in_(languages), Translation.state == rules.CONFIRMED)
        .order_by(Translation.confirmed_at.desc())
        .limit(CONFIRMED_SHOWN)
    )


def _row(row: Row[Any]) -> Waiting:
    return Waiting(
        id=row.id,
        kind=row.kind,
        language=row.language,
        source=open_sealed("source_text", "source_sealed", row.id, row.source_sealed),
        state=rules.state_of(row.state, row.from_hash, row.source_hash),
        since=row.changed_at,
    )
