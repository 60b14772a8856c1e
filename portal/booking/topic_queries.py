"""What meetings are to be about, for whoever may read the meetings. Behind the first door: nothing (S30)."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.booking.shown_queries import Meeting
from portal.booking.topic_models import MeetingTopic
from portal.booking.topic_rules import PARTICIPANT
from portal.crypto import open_sealed
from portal.web.asker import Asker
from portal.wording.queries import shown, with_any
from portal.wording.rules import SWEDISH, Both


@dataclass(frozen=True, slots=True)
class Words:
    """What one side has said. `text`: their own words in `language`, with what stands beside them."""

    codes: tuple[str, ...]
    text: Both
    language: str


@dataclass(frozen=True, slots=True)
class Topics:
    """What a meeting is to be about, as its participant says it and as staff do; None for nothing said."""

    own: Words | None = None
    staff: Words | None = None


def topics_of(session: Session, asker: Asker, meetings: Iterable[Meeting]) -> Mapping[uuid.UUID, Topics]:
    """What these meetings, which the asker has been shown, are to be about, by their ids; one query."""
    ids = [one.id for one in meetings]
    if asker.tier < 2 or not ids:
        return {}
    wanted = select(
        MeetingTopic.id,
        MeetingTopic.appointment_id,
        MeetingTopic.side,
        MeetingTopic.codes,
        MeetingTopic.language.label("written_in"),
        MeetingTopic.words_sealed,
    ).where(MeetingTopic.appointment_id.in_(ids))
    reads = asker.language if asker.is_participant else SWEDISH
    found: dict[uuid.UUID, Topics] = {}
    for row in session.execute(with_any(wanted, MeetingTopic.id, reads)):
        text = open_sealed("meeting_topic", "words_sealed", row.id, row.words_sealed)
        both = Both(text, shown(row, text, reads, row.written_in))
        words = Words(tuple(row.codes), both, row.written_in)
        side = {"own": words} if row.side == PARTICIPANT else {"staff": words}
        found[row.appointment_id] = replace(found.get(row.appointment_id, Topics()), **side)
    return found
