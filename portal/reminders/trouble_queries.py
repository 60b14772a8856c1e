"""What a coach and a lead see of the messages that did not arrive, and what there is to do about each."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.identity.models import Person
from portal.identity.people.rules import Page, page
from portal.identity.scope import participants_of
from portal.journal.service import note
from portal.messaging import trouble_queries as outbox
from portal.messaging.trouble_queries import Missed
from portal.notices import rules as kinds
from portal.reminders.again_rules import what_to_do
from portal.web.asker import Asker


@dataclass(frozen=True)
class Row:
    """One message to one participant, under the name it is shown by; `to_do` is a code of `again_rules`.

    `repeatable`: it is of a kind that staff can send again.
    """

    message_id: uuid.UUID
    person_id: uuid.UUID
    name: str
    kind: str
    state: str
    code: str
    at: datetime
    channel: str
    undecided: bool
    repeatable: bool
    to_do: str


def trouble(session: Session, asker: Asker, now: datetime, *, number: int = 1) -> Page[Row]:
    """The messages since yesterday to the asker's participants that did not arrive, and what is undecided.

    `number`: which page, from 1. Whoever is shown is noted as read (S42). Nobody with protected
    identity is (S37).
    """
    found = outbox.missed(session, participants_of(asker), _yesterday(asker, now), now, kinds.KINDS)
    shown = page(found, number)
    asked = select(Person).where(Person.id.in_({one.recipient_id for one in shown.items}))
    people = {person.id: person for person in session.scalars(asked)}
    for person_id in people:
        note(session, asker, action="read", kind="messages", subject=person_id)
    return shown.of([_row(one, people[one.recipient_id]) for one in shown.items])


def _row(one: Missed, person: Person) -> Row:
    repeatable = one.kind in kinds.KINDS
    to_do = what_to_do(
        one.state, one.code, undecided=one.undecided, unsafe=person.sms_unsafe, repeatable=repeatable
    )
    return Row(
        one.message_id,
        one.recipient_id,
        person.short_name,
        one.kind,
        one.state,
        one.code,
        one.at,
        one.channel,
        one.undecided,
        repeatable,
        to_do,
    )


def _yesterday(asker: Asker, now: datetime) -> datetime:
    midnight = now.astimezone(asker.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight - timedelta(days=1)).astimezone(UTC)
