"""Who has asked in the conversation to be rung up, for whoever makes the calls of the day."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.conversation import queries as conversation
from portal.conversation.row_queries import MessageRow
from portal.conversation.rules import CALL
from portal.identity.models import Person
from portal.journal.service import note
from portal.languages import Language, language
from portal.reminders.call_queries import can_be_rung
from portal.staff import rules
from portal.staff.rules import Cause, Mark
from portal.web.asker import Asker


@dataclass(frozen=True)
class WishRow:
    """One wish to be rung up: `message` says when it suits and by which day, `phone` is the number to ring.

    `coach`: the first name of the coach, "" where there is none or it is the asker. `late`: that day is over.
    """

    message: MessageRow
    name: str
    phone: str
    spoken: Language
    coach: str
    late: bool


def wished(session: Session, asker: Asker, now: datetime) -> tuple[MessageRow, ...]:
    """The open wishes among what `conversation.unanswered` gives the asker, the oldest first; one query.

    Somebody with protected identity is among them for being counted, and on no list (S37).
    """
    return tuple(row for row in conversation.unanswered(session, asker, now) if row.kind == CALL)


def rows(
    wishes: Iterable[MessageRow],
    people: Mapping[uuid.UUID, Person],
    coaches: Mapping[uuid.UUID, str],
    marks: Mapping[str, Mark],
    asker: Asker,
    now: datetime,
) -> tuple[WishRow, ...]:
    """Those of these wishes that are not put off, of whom a call can reach.

    `people`: whom the caller has found within the asker's scope. `coaches`: the name to say, by the person.
    """
    return tuple(
        WishRow(
            one,
            people[one.person_id].short_name,
            people[one.person_id].phone,
            language(people[one.person_id].language),
            coaches.get(one.person_id, ""),
            conversation.is_late(one, asker, now),
        )
        for one in wishes
        if one.person_id in people and can_be_rung(people[one.person_id]) and _open(one, marks, now)
    )


def _open(one: MessageRow, marks: Mapping[str, Mark], now: datetime) -> bool:
    key = rules.message_key(one.id)
    return rules.still_open(Cause(one.person_id, rules.MESSAGE, key, one.written_at), marks, now)


def note_shown(session: Session, asker: Asker, shown: Sequence[WishRow]) -> None:
    """Note whose conversation the sentences of these rows are from (S42)."""
    for person_id in {row.message.person_id for row in shown}:
        note(session, asker, action="read", kind=rules.WRITTEN, subject=person_id)
