"""Telling people that there is something to read, what staff wrote and what changed in the plan together."""

from datetime import datetime
from functools import cache
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.conversation import queries as conversation
from portal.identity.models import Person
from portal.messaging import queries as outbox
from portal.notices import rules as kinds
from portal.notices import service as notices
from portal.organisation import queries as organisations
from portal.plan import news_queries as plan_news
from portal.reminders import news_rules
from portal.reminders.hours_queries import hours_of
from portal.reminders.news_rules import Waiting


def tick(session: Session, now: datetime) -> int:
    """Put in the outbox what is due to be told; returns how many are new.

    Nothing is scheduled ahead: what is read meanwhile needs no clean-up.
    """
    found = waiting(session)
    said = outbox.said_when(session, kinds.SOMETHING_NEW, found)
    homes = {one.id: one for one in organisations.everyone(session)}
    hours = cache(lambda place: hours_of(homes[place]))
    people = select(Person.id, Person.organisation_id).where(Person.id.in_(list(found)))
    made = 0
    for person_id, place in session.execute(people.order_by(Person.id)).all():
        telling = news_rules.due(found[person_id], said.get(person_id, ()), now, hours(place))
        if telling is not None:
            put = notices.something_new(
                session, person_id, number=telling.number, expires_at=telling.expires_at, now=now
            )
            made += put is not None
    return made


def waiting(session: Session) -> dict[UUID, Waiting]:
    """What each person has not read; two queries."""
    found: dict[UUID, Waiting] = {}
    for news, settles in (
        (conversation.unread(session), news_rules.WRITING),
        (plan_news.unseen(session), news_rules.PLANNING),
    ):
        for person_id, last_at in news.items():
            new = Waiting(last_at, last_at + settles)
            found[person_id] = found[person_id].joined(new) if person_id in found else new
    return found


def is_unread(session: Session, person_id: UUID) -> bool:
    """Whether there still is something that somebody has not read. Asked just before an SMS leaves."""
    return conversation.has_unread(session, person_id) or plan_news.has_unseen(session, person_id)
