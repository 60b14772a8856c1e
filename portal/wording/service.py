"""Following what is written, and writing and confirming its translations. Nothing here commits."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, delete, select, update
from sqlalchemy.exc import IntegrityError, NoResultFound
from sqlalchemy.orm import Session

from portal.journal.service import note
from portal.languages import LANGUAGES
from portal.web.asker import Asker
from portal.web.errors import Refused
from portal.wording import phrases, queries, rules, text_queries
from portal.wording.models import SourceText, Translation, WantedLanguage
from portal.wording.text_queries import SameWords


class Stale(Refused):
    """The Swedish text, or its translation, is another one than when the page was made."""


@dataclass(frozen=True, slots=True)
class Text:
    """What stands in another room: of which object of whose, in which words; `wanted`: to be translated.

    `person` is (organisation, person), the person None for what a team's participants read in common: then
    `team_id` is given. `language`: what it is written in. The caller has checked the asker.
    """

    person: tuple[uuid.UUID, uuid.UUID | None]
    kind: str
    object_id: uuid.UUID
    text: str
    wanted: bool
    team_id: uuid.UUID | None = None
    language: str = rules.SWEDISH

    @property
    def is_work(self) -> bool:
        """Whether translators get it. What is called Swedish and has other letters is known alone."""
        readable = self.language != rules.SWEDISH or rules.in_latin_letters(self.text)
        return self.wanted and bool(self.text) and readable


def follow(session: Session, now_stands: Text, now: datetime) -> None:
    """Let the text of this object be known as it stands; the same again changes nothing.

    Words that nobody is to translate are not kept (S33): what was known before stays, out of reach.
    """
    row = session.scalars(_of(now_stands.object_id)).one_or_none()
    if row is None:
        try:
            _take_in(session, now_stands, now)
            return
        except IntegrityError:
            row = session.scalars(_of(now_stands.object_id)).one_or_none()
            if row is None:
                # Nobody else has told of it: it cannot be kept, which is no missing page.
                raise
    if not now_stands.is_work:
        row.wanted = False
    else:
        row.language = now_stands.language
        _write(row, now_stands.text, now)
        row.kind, row.team_id, row.wanted = now_stands.kind, now_stands.team_id, True
    session.flush()


def know(session: Session, first: Text, now: datetime) -> bool:
    """Take in a text that is not known yet; one that is known stays as it is. Whether it was taken in."""
    try:
        _take_in(session, first, now)
    except IntegrityError:
        # Its owner's change, or the worker, has told of it a moment ago.
        return False
    return True


def _take_in(session: Session, first: Text, now: datetime) -> None:
    """Keep a text that is not known. Raises IntegrityError where it is, or cannot be kept."""
    organisation_id, person_id = first.person
    row = SourceText(
        organisation_id=organisation_id,
        person_id=person_id,
        team_id=first.team_id,
        kind=first.kind,
        object_id=first.object_id,
        language=first.language,
        wanted=first.is_work,
    )
    _write(row, first.text if first.is_work else "", now)
    with session.begin_nested():
        session.add(row)


def rest(session: Session, object_ids: Iterable[uuid.UUID]) -> None:
    """Let the texts of these objects be nobody's to translate any more."""
    session.execute(
        update(SourceText)
        .where(SourceText.object_id.in_(list(object_ids)))
        .values(wanted=False)
        .execution_options(synchronize_session="fetch")
    )


def forget(session: Session, object_ids: Iterable[uuid.UUID]) -> None:
    """Let the texts of these objects be gone with their translations: the objects are gone too."""
    known = select(SourceText.id).where(SourceText.object_id.in_(list(object_ids)))
    # Held in the order of translators: none of them writes a translation of what goes.
    gone = session.scalars(known.order_by(SourceText.object_id).with_for_update()).all()
    session.execute(delete(Translation).where(Translation.source_id.in_(gone)))
    session.execute(delete(SourceText).where(SourceText.id.in_(gone)))


def _of(object_id: uuid.UUID) -> Select[SourceText]:
    """The text of an object as it stands, held until this transaction ends."""
    row = select(SourceText).where(SourceText.object_id == object_id)
    return row.with_for_update().execution_options(populate_existing=True)


def _write(row: SourceText, text: str, now: datetime) -> None:
    made = queries.text_hash(text)
    if row.source_hash == made:
        return
    phrase = phrases.known(text) if row.language == rules.SWEDISH else None
    row.source, row.source_hash, row.changed_at = text, made, now
    row.phrase = phrase.key if phrase else ""
    row.phrase_version = phrases.version()


def want(session: Session, person_id: uuid.UUID, language: str, now: datetime) -> None:
    """Let a person's texts be translated to this language too, where the portal has it.

    The caller has checked the asker.
    """
    known = select(WantedLanguage.id).where(
        WantedLanguage.person_id == person_id, WantedLanguage.language == language
    )
    if language in LANGUAGES and language != rules.SWEDISH and session.scalar(known) is None:
        session.add(WantedLanguage(person_id=person_id, language=language, since=now))
        session.flush()


def write(
    session: Session,
    asker: Asker,
    work: uuid.UUID,
    language: str,
    *,
    text: str,
    confirm: bool,
    seen: str,
    now: datetime,
) -> None:
    """Keep a translation as a draft, or confirmed, for every text with these words.

    `seen` is the mark of what the page showed. The same again is kept once. Raises `Stale`, NoResultFound
    (not the asker's to translate).
    """
    try:
        found = text_queries.same_words(session, asker, work, language, locked=True)
    except NoResultFound:
        # Somebody may have changed its words while this waited for it: then it is found by the new ones.
        found = text_queries.same_words(session, asker, work, language, locked=True)
    wanted = rules.CONFIRMED if confirm else rules.DRAFT
    if _stands(found, text, wanted):
        return
    if queries.seen(found) != seen:
        raise Stale
    # One number for all: whichever of them a page goes by later, it is another one than before.
    version = found.version + 1
    for source, made in found.texts:
        row = made or Translation(source_id=source.id, language=language, version=0)
        session.add(row)
        if row.version == 0 or row.translated != text:
            row.written_by, row.written_at = asker.person_id, now
        row.translated, row.origin, row.from_hash = text, source.source, source.source_hash
        row.state, row.version = wanted, version
        row.confirmed_by, row.confirmed_at = (asker.person_id, now) if confirm else (None, None)
        note(
            session, asker, action="change", kind="translation", subject=source.person_id, object_id=source.id
        )
    session.flush()


def _stands(found: SameWords, text: str, state: str) -> bool:
    """Whether this is what stands already, wherever these words are translated."""
    rows = [(row.translated, row.state, row.from_hash) for _source, row in found.texts if row is not None]
    lead, own = found.lead
    return own is not None and all(row == (text, state, lead.source_hash) for row in rows)
