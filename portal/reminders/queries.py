"""What staff see of the SMS to their participants."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.booking import queries as booking
from portal.identity import scope
from portal.identity.models import Person
from portal.messaging import queries as outbox
from portal.messaging import rules as messaging
from portal.messaging.models import OutboxMessage
from portal.messaging.queries import Trouble
from portal.notices import recording_queries
from portal.notices import service as notices
from portal.notices.recording_queries import Words
from portal.organisation import queries as organisations
from portal.reminders import rules, service
from portal.reminders.again_queries import Open, what_is_open
from portal.reminders.hours_queries import house_of
from portal.web.asker import Asker


@dataclass(frozen=True)
class Planned:
    """A reminder that will send itself."""

    which: str
    at: datetime


@dataclass(frozen=True)
class PersonMessages:
    """One participant's page of SMS.

    `refusal` is why nothing is sent ("" when it is); `meeting_at` is the next meeting; `by_hand` the
    latest reminder of it that staff sent; `can_send` whether the button does anything. `open`: what can be
    done about each message that did not arrive. `recorded`: what was played before the words of calls.
    """

    person: Person
    messages: tuple[OutboxMessage, ...]
    refusal: str
    meeting_at: datetime | None
    planned: tuple[Planned, ...]
    by_hand: OutboxMessage | None
    open: Open
    recorded: Mapping[uuid.UUID, Words]

    @property
    def can_send(self) -> bool:
        """Whether a reminder can be sent now."""
        again = self.by_hand is None or self.by_hand.state not in service.UNDER_WAY
        return self.meeting_at is not None and not self.refusal and again


def person_messages(session: Session, asker: Asker, person_id: uuid.UUID, now: datetime) -> PersonMessages:
    """What has been sent to one participant, and what will be. Raises NoResultFound."""
    person = scope.participant(session, asker, person_id, what="messages")
    refusal = notices.refusal(session, person, now)
    meeting = booking.next_due(session, person.id, now)
    planned: tuple[Planned, ...] = ()
    by_hand: list[OutboxMessage] = []
    if meeting:
        by_hand = service.by_hand(session, meeting.id, meeting.revision)
        house = house_of(organisations.organisation(session, person.organisation_id))
        timing = house.timing_for(meeting.timing, meeting.timing_at)
        hours = house.hours.narrowed(meeting.earliest_hour, meeting.latest_hour)
        ahead = rules.reminders(meeting.starts_at, meeting.settled_at, hours, timing)
        planned = tuple(Planned(one.which, one.at) for one in ahead if one.at > now and not refusal)
    messages = outbox.to_person(session, person.id)
    return PersonMessages(
        person=person,
        messages=messages,
        refusal=refusal,
        meeting_at=meeting.starts_at if meeting else None,
        planned=planned,
        by_hand=by_hand[-1] if by_hand else None,
        open=what_is_open(session, messages, refusal, now),
        recorded=recording_queries.words_of(session, messages),
    )


def failing(session: Session, asker: Asker, now: datetime) -> tuple[Trouble, ...]:
    """The asker's participants whose latest SMS failed or is unknown, the oldest trouble first; one query.

    A new trouble has a new `message_id`: what was handled stays handled until then.
    """
    return outbox.troubles(session, scope.participants_of(asker), now)


def changed_since(
    session: Session, asker: Asker, person_id: uuid.UUID, since: datetime
) -> tuple[OutboxMessage, ...]:
    """One participant's reminders and notices that arrived, failed or are in doubt since then.

    Raises NoResultFound.
    """
    person = scope.participant(session, asker, person_id, what="messages")
    settled = (messaging.DELIVERED, messaging.FAILED, messaging.UNKNOWN, messaging.EXPIRED)
    return tuple(
        one
        for one in outbox.changed_since(session, person.id, since)
        # Of an e-mail nobody hears more than that it has left.
        if one.state in settled or (one.channel, one.state) == (messaging.EMAIL, messaging.SENT)
    )
