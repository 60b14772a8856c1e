"""What a participant does from the first page that touches more than one room."""

import uuid
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from portal.booking import queries as booking
from portal.feedback import service as feedback
from portal.feedback.asking_queries import opened_for, sent_about
from portal.feedback.rules import Window, window
from portal.groups import sheet_queries as groups
from portal.instruments.rules import When
from portal.languages import Language
from portal.organisation.queries import rules_of
from portal.web.asker import Asker


def begin_about(
    session: Session, asker: Asker, meeting_id: uuid.UUID, when: When, language: Language, now: datetime
) -> uuid.UUID:
    """The id of the check-in before or after one of the asker's meetings, made if it has not been begun.

    What was begun is gone on with, whatever the organisation has chosen since. Raises NoResultFound for a
    meeting that is not theirs, NotOpenYet and Closed outside its window, and Closed where paper is used.
    """
    meeting = booking.occasion(session, asker, meeting_id)
    rules = rules_of(session, asker)
    asked = opened_for(session, asker, meeting.id, now).asked(meeting.id, when, rules)
    opens = window(when, meeting.starts_at, meeting.ends_at, rules)
    return _begin(session, asker, _Asked(meeting.id, when, asked, opens), language, now)


def begin_about_group(
    session: Session, asker: Asker, part_id: uuid.UUID, language: Language, now: datetime
) -> uuid.UUID:
    """The same about a session of a group that the asker was at, by their part in it. Raises as it."""
    occasion = groups.occasion(session, asker, part_id)
    rules = rules_of(session, asker)
    asked = opened_for(session, asker, occasion.id, now).asked_of_group(occasion.id, rules)
    opens = window("after", occasion.starts_at, occasion.ends_at, rules)
    return _begin(session, asker, _Asked(occasion.id, "after", asked, opens), language, now)


class _Asked(NamedTuple):
    """What is asked about what, and when; `instrument` is None where nothing is."""

    about: uuid.UUID
    when: When
    instrument: str | None
    window: Window


def _begin(session: Session, asker: Asker, asked: _Asked, language: Language, now: datetime) -> uuid.UUID:
    """The check-in of what is asked; where nothing is, what was sent already."""
    if asked.instrument is None:
        sent = sent_about(session, asker, asked.about, asked.when)
        if sent is None:
            raise feedback.Closed
        return sent
    return feedback.begin(
        session,
        asker,
        reference=asked.about,
        instrument=asked.instrument,
        opens_at=asked.window.opens_at,
        closes_at=asked.window.closes_at,
        language=language.code,
        direction=language.dir,
        now=now,
    ).id
