"""Following what is written in Swedish, and writing and confirming its translations. Nothing here commits."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.journal.service import note
from portal.web.asker import Asker
from portal.web.errors import Refused
from portal.wording import phrases, queries, rules
from portal.wording.models import SourceText, Translation, WantedLanguage


class Stale(Refused):
    """The Swedish text, or its translation, is another one than when the page was made."""


def follow(
    session: Session,
    *,
    person: tuple[uuid.UUID, uuid.UUID],
    kind: str,
    object_id: uuid.UUID,
    text: str,
    wanted: bool,
    now: datetime,
) -> None:
    """Let the text of this object be known as it stands; the same again changes nothing.

    `person` is (organisation, person); the caller has checked the asker. A text in its own script (somebody's
    own words) is known but not wanted.
    """
    wanted = wanted and bool(text) and rules.in_latin_letters(text)
    row = session.scalars(select(SourceText).where(SourceText.object_id == object_id)).one_or_none()
    made = queries.text_hash(text)
    if row is not None and (row.source_hash, row.wanted) == (made, wanted):
        return
    phrase = phrases.known(text)
    if row is None:
        row = SourceText(organisation_id=person[0], person_id=person[1], object_id=object_id, changed_at=now)
        session.add(row)
    if row.source_hash != made:
        row.source, row.source_hash, row.changed_at = text, made, now
        row.phrase = phrase.key if phrase else ""
        row.phrase_version = phrases.version()
    row.kind, row.wanted = kind, wanted
    session.flush()


def want(session: Session, person_id: uuid.UUID, language: str, now: datetime) -> None:
    """Let a person's texts be translated to this language too. The caller has checked the asker."""
    known = select(WantedLanguage.id).where(
        WantedLanguage.person_id == person_id, WantedLanguage.language == language
    )
    if language != rules.SWEDISH and session.scalar(known) is None:
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
    """Keep a translation as a draft, or confirmed; `seen` is the mark of what the page showed.

    The same again is kept once. Raises `Stale`, NoResultFound (not the asker's to translate).
    """
    found = queries.source_for(session, asker, work, locked=True)
    row = session.scalars(
        select(Translation)
        .where(Translation.source_id == found.id, Translation.language == language)
        .execution_options(populate_existing=True)
    ).one_or_none()
    wanted = rules.CONFIRMED if confirm else rules.DRAFT
    if row and (row.translated, row.state, row.from_hash) == (text, wanted, found.source_hash):
        return
    if queries.mark(found.source_hash, row.version if row else 0) != seen:
        raise Stale
    if row is None:
        row = Translation(source_id=found.id, language=language, version=0)
        session.add(row)
    if row.version == 0 or row.translated != text:
        row.written_by, row.written_at = asker.person_id, now
    row.translated, row.origin, row.from_hash = text, found.source, found.source_hash
    row.state, row.version = wanted, row.version + 1
    row.confirmed_by, row.confirmed_at = (asker.person_id, now) if confirm else (None, None)
    session.flush()
    note(session, asker, action="change", kind="translation", subject=found.person_id, object_id=found.id)
