"""What waits for translation, and what other rooms show beside their Swedish.

For other rooms:
    with_translation(rows, object_id, language)     a query of theirs, joined with what it is translated to
    shown(row, text, language)                      what such a row shows beside its Swedish text
    beside(session, texts, language)                the same for texts at hand, by the object of each
"""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.crypto import code_hash, open_sealed
from portal.identity.people.rules import Page, page
from portal.journal.service import note
from portal.languages import LANGUAGES
from portal.web.asker import Asker
from portal.wording import phrases, rules, text_queries
from portal.wording.models import SourceText, Translation
from portal.wording.rules import Both, Shown
from portal.wording.text_queries import Place, SameWords, Words

Anything = Select[*tuple[Any, ...]]


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
    return rows if language == rules.SWEDISH else with_any(rows, object_id, language)


def with_any(
    rows: Anything, object_id: ColumnElement[uuid.UUID] | InstrumentedAttribute[uuid.UUID], language: str
) -> Anything:
    """The same for texts in any language: also with what they are in Swedish."""
    return (
        rows.outerjoin(SourceText, SourceText.object_id == object_id)
        .outerjoin(
            Translation, and_(Translation.source_id == SourceText.id, Translation.language == language)
        )
        .add_columns(*_SHOWN)
    )


def beside(
    session: Session, texts: Mapping[uuid.UUID, str], language: str, source: str = rules.SWEDISH
) -> dict[uuid.UUID, Both]:
    """Texts in the language `source` with what stands beside each for a reader of `language`.

    The caller has checked the reader.
    """
    if language == source or not texts:
        return {object_id: Both(text) for object_id, text in texts.items()}
    known = select(SourceText.object_id).where(SourceText.object_id.in_(list(texts)))
    translations = known.outerjoin(
        Translation, and_(Translation.source_id == SourceText.id, Translation.language == language)
    ).add_columns(*_SHOWN)
    rows = {row.object_id: row for row in session.execute(translations)}
    return {one: Both(text, shown(rows.get(one), text, language, source)) for one, text in texts.items()}


_SHOWN = (
    Translation.id.label("translation_id"),
    Translation.translated_sealed,
    Translation.from_hash,
    Translation.state.label("translation_state"),
)
"""What `shown` reads of a row."""


def shown(row: Row[Any] | None, text: str, language: str, source: str = rules.SWEDISH) -> Shown | None:
    """What stands beside a text in the language `source` for a reader of `language`; None for the same.

    `row` comes from `with_translation` for the same language; None for a text that is not known yet.
    """
    if language == source or not text:
        return None
    if source == rules.SWEDISH:
        phrase = phrases.known(text)
        if phrase is not None and language in phrase.texts:
            return Shown(phrase.texts[language], rules.CONFIRMED, ready=True)
        if not rules.in_latin_letters(text):
            return None
    if row is None:
        return Shown("", rules.NONE)
    state = rules.state_of(row.translation_state, row.from_hash, text_hash(text))
    opened = open_sealed("translation", "translated_sealed", row.translation_id, row.translated_sealed)
    return Shown(opened, state)


# What translators work with


@dataclass(frozen=True, slots=True)
class Waiting:
    """Words that wait for one language, or have it, without whose they are; `many`: in how many plans.

    `id` is that of one of the texts; `since`: when the first of them got these words.
    """

    id: uuid.UUID
    kind: str
    language: str
    source: str
    state: str
    since: datetime
    many: int = 1
    written_in: str = rules.SWEDISH


@dataclass(frozen=True, slots=True)
class Work:
    """Words and their translation, in `many` plans. `origin` is the Swedish that it was made from.

    `seen` is what the page carries back; `own`: the asker wrote what stands there. `suggested`: how the same
    Swedish has been translated before, for somebody else. `place` is where it stands among what waits.
    `of_team`: it is about nobody and in no plan, a team reads it.
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
    many: int
    place: Place
    of_team: bool
    written_in: str


@dataclass(frozen=True)
class Desk:
    """A translator's page: the part of the list that was asked for.

    `counts`: how much waits for each language; `states`: how much of the list is in each state.
    """

    page: Page[Waiting]
    counts: Mapping[str, int]
    states: Mapping[str, int]

    @property
    def waiting(self) -> tuple[Waiting, ...]:
        """What the page lists."""
        return self.page.items


def work(session: Session, asker: Asker, text_id: uuid.UUID, language: str) -> Work:
    """One text, and those with the same words, with the translation to a language. Raises NoResultFound."""
    found = text_queries.same_words(session, asker, text_id, language)
    (source, _own), made = found.lead, found.made
    since = min(one.changed_at for one, _made in found.texts)
    return Work(
        id=source.id,
        kind=source.kind,
        language=language,
        source=source.source,
        translated=made.translated if made else "",
        origin=made.origin if made else "",
        state=text_queries.state(source, made),
        since=since,
        seen=seen(found),
        own=made is not None and made.written_by == asker.person_id,
        suggested="" if made else _said_before(session, asker, source, language),
        many=len({one.person_id for one, _made in found.texts} - {None}),
        place=(since, source.source_hash, source.kind),
        of_team=source.team_id is not None,
        written_in=source.language,
    )


def seen(found: SameWords) -> str:
    """The mark of what a page shows of these words."""
    return mark(found.lead[0].source_hash, found.version)


def _said_before(session: Session, asker: Asker, source: SourceText, language: str) -> str:
    """What a colleague has confirmed for the very same Swedish text; that reading is noted too."""
    before = session.execute(
        select(Translation.id, Translation.translated_sealed, SourceText.person_id, SourceText.id.label("of"))
        .join(SourceText, SourceText.id == Translation.source_id)
        .where(
            text_queries.in_use(asker),
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


def desk(
    session: Session, asker: Asker, language: str | None, *, state: str | None = None, number: int = 1
) -> Desk:
    """One page of what waits for the asker, oldest first: of one language or of all, in one state or any.

    What is confirmed is listed when that state is asked for, the latest first. Each person whose text is
    shown is noted.
    """
    waits = {code: text_queries.words(session, asker, code) for code in LANGUAGES}
    wanted = [language] if language in waits else list(waits)
    found = [one for code in wanted for one in waits[code]]
    done = [one for code in wanted for one in text_queries.words(session, asker, code, done=True)]
    by_state = Counter(one.state for one in (*found, *done))
    if state == rules.CONFIRMED:
        listed = sorted(done, key=lambda one: one.place, reverse=True)
    else:
        listed = _oldest_first(found, state)
    shown_now = page(listed, number)
    return Desk(
        page=shown_now.of(_opened(session, asker, shown_now.items)),
        counts={code: len(words) for code, words in waits.items()},
        states={code: by_state[code] for code in rules.STATES},
    )


def next_after(session: Session, asker: Asker, done: Work, state: str | None) -> uuid.UUID | None:
    """The way to what waits next for the language of this work, in one state or any; None after the last.

    Nothing is opened, so that nobody is noted.
    """
    found = text_queries.words(session, asker, done.language)
    later = (
        one
        for one in _oldest_first(found, state)
        if one.place > done.place and one.place[1:] != done.place[1:]
    )
    after = next(later, None)
    return text_queries.first_with(session, asker, after) if after else None


def _oldest_first(found: Sequence[Words], state: str | None) -> list[Words]:
    return sorted((one for one in found if state in (None, one.state)), key=lambda one: one.place)


def _opened(session: Session, asker: Asker, found: Sequence[Words]) -> list[Waiting]:
    """The words themselves, in the same order."""
    rows: dict[tuple[str, bytes, str], Any] = {}
    for language, done in sorted({(one.language, one.state == rules.CONFIRMED) for one in found}):
        part = [one for one in found if one.language == language]
        for (words, kind), row in text_queries.texts_with(session, asker, language, part, done=done).items():
            rows[language, words, kind] = row
    return [
        _row(one, rows[key]) for one in found if (key := (one.language, one.source_hash, one.kind)) in rows
    ]


def _row(words: Words, row: Row[Any]) -> Waiting:
    return Waiting(
        id=row.id,
        kind=words.kind,
        language=words.language,
        source=open_sealed("source_text", "source_sealed", row.id, row.source_sealed),
        state=words.state,
        since=words.since,
        many=words.many,
        written_in=row.language,
    )
