"""Keeping the sentences that an organisation plays in its calls. Nothing here commits."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from portal.journal import service as journal
from portal.languages import Language
from portal.messaging.fetch_rules import FETCHED_WITHIN
from portal.messaging.rules import REMEMBERED
from portal.notices import recording_queries
from portal.notices.models import Recording
from portal.notices.sound_rules import Sound
from portal.notices.template_service import NotOffered
from portal.organisation import queries as organisations
from portal.organisation import service as house
from portal.web.asker import Asker


def record(
    session: Session,
    asker: Asker,
    occasion: str,
    language: Language,
    sound: Sound,
    *,
    words: str,
    now: datetime,
) -> Recording:
    """Play this in calls from now on, in place of what was played. Raises NotOffered.

    What waits in the outbox plays it instead, too: it is asked before it leaves (`service.check`).
    """
    house.hold(session, asker.organisation_id)
    if language.code not in organisations.organisation(session, asker.organisation_id).spoken:
        raise NotOffered
    _put_aside(session, asker, occasion, language, now)
    made = Recording(
        organisation_id=asker.organisation_id,
        occasion=occasion,
        language=language.code,
        sound=sound.content,
        format=sound.format,
        words=words,
        uploaded_by=asker.person_id,
        uploaded_at=now,
    )
    session.add(made)
    session.flush()
    journal.note(session, asker, action="change", kind="recording", subject=None, object_id=made.id)
    return made


def remove(session: Session, asker: Asker, occasion: str, language: Language, now: datetime) -> bool:
    """Play nothing on this occasion in this language any more; whether anything was played."""
    house.hold(session, asker.organisation_id)
    gone = _put_aside(session, asker, occasion, language, now)
    if gone:
        journal.note(session, asker, action="change", kind="recording", subject=None, object_id=gone.id)
    return gone is not None


def _put_aside(
    session: Session, asker: Asker, occasion: str, language: Language, now: datetime
) -> Recording | None:
    found = recording_queries.in_use(session, asker.organisation_id, occasion, language.code)
    if found:
        found.removed_at = now
        # Before another takes its place: one is in use.
        session.flush()
    return found


def forget(session: Session, now: datetime) -> None:
    """Let the sound go of what was removed, once no call can ask for it, and later the words.

    A call that rings already must not say a day without its sentence; and what was sent is read by staff for
    as long as messages are kept.
    """
    session.execute(
        update(Recording)
        .where(Recording.removed_at <= now - FETCHED_WITHIN, Recording.sound.is_not(None))
        .values(sound=None)
        .execution_options(synchronize_session=False)
    )
    session.execute(delete(Recording).where(Recording.removed_at <= now - REMEMBERED))
