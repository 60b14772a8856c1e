"""Telling people that there is something for them: what staff wrote, news of the plan, questions, a survey.

All of it together, once a day at most.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.booking.ended_queries import ended_between
from portal.conversation import queries as conversation
from portal.feedback import asking_queries as asking
from portal.groups import sheet_queries as groups
from portal.identity.models import Person
from portal.instruments.scale_rules import asked, asked_of_group
from portal.messaging import queries as outbox
from portal.notices import rules as kinds
from portal.notices import service as notices
from portal.notices.hours_queries import hours_of
from portal.organisation import queries as organisations
from portal.organisation.models import Organisation
from portal.organisation.rules import Rules
from portal.plan import news_queries as plan_news
from portal.reminders import news_rules
from portal.reminders.news_rules import MEETING, WRITING, Waiting
from portal.surveys.open_queries import unanswered

LONGEST = timedelta(days=14)
"""The longest that questions after a meeting are open, for which meetings are looked through."""
Homes = Mapping[UUID, Organisation]


def tick(session: Session, now: datetime) -> int:
    """Put in the outbox what is due to be told; returns how many are new.

    Nothing is scheduled ahead: what is read or answered meanwhile needs no clean-up.
    """
    found = waiting(session, now)
    if not found:
        return 0
    said = outbox.said_when(session, kinds.SOMETHING_NEW, found)
    homes = _homes(session)
    people = select(Person.id, Person.organisation_id, Person.earliest_hour, Person.latest_hour).where(
        Person.id.in_(list(found))
    )
    made = 0
    for person_id, place, earliest, latest in session.execute(people.order_by(Person.id)).all():
        hours = hours_of(homes[place], earliest, latest)
        telling = news_rules.due(found[person_id], said.get(person_id, ()), now, hours)
        if telling is not None:
            put = notices.something_new(
                session, person_id, number=telling.number, expires_at=telling.expires_at, now=now
            )
            made += put is not None
    return made


def is_waiting(session: Session, person_id: UUID, now: datetime) -> bool:
    """Whether there still is something for somebody. Asked just before an SMS leaves."""
    return person_id in waiting(session, now, only=(person_id,))


def waiting(
    session: Session, now: datetime, only: Collection[UUID] | None = None, homes: Homes | None = None
) -> dict[UUID, list[Waiting]]:
    """What waits for each person, of whatever kind; a few queries, as many for many people.

    `only`: for these people alone. `homes`: the organisations that they are in, where the caller has them.
    """
    homes, since = _homes(session) if homes is None else homes, now - news_rules.OLD
    found: dict[UUID, list[Waiting]] = {}
    for person_id, at in conversation.unread(session, since, only).items():
        found.setdefault(person_id, []).append(Waiting(at, at + WRITING, written=True))
    for person_id, last_at, settles in (
        *((one, at, MEETING) for one, at in plan_news.unseen(session, since, only).items()),
        *((one, at, MEETING) for one, at in _questions(session, homes, now, only)),
        *((one, at, timedelta()) for one, at in _surveys(session, homes, now, only)),
    ):
        found.setdefault(person_id, []).append(Waiting(last_at, last_at + settles))
    return found


def _questions(
    session: Session, homes: Homes, now: datetime, only: Collection[UUID] | None
) -> Iterator[tuple[UUID, datetime]]:
    """Whose meeting or group has ended without the questions after it being answered, while they are open."""
    met = ended_between(session, now - LONGEST, now, only)
    groups_ask = any(home.rules.group_with == "digital" for home in homes.values())
    grouped = groups.ended_between(session, now - LONGEST, now, only) if groups_ask else ()
    open_now = [
        (one, key)
        for ended, key in ((met, _after_talk), (grouped, asked_of_group))
        for one in ended
        if now - one.ends_at <= timedelta(hours=homes[one.organisation_id].rules.checkin_after_hours)
    ]
    if not open_now:
        return
    answered = asking.answered_after(session, [one.id for one, _key in open_now])
    sendable = asking.sendable_on(session, now.date())
    for one, key in open_now:
        if one.id not in answered and key(homes[one.organisation_id].rules, sendable):
            yield one.person_id, one.ends_at


def _after_talk(rules: Rules, sendable: Collection[str]) -> str | None:
    return asked(rules, "after", sendable)


def _surveys(
    session: Session, homes: Homes, now: datetime, only: Collection[UUID] | None
) -> Iterator[tuple[UUID, datetime]]:
    """Whose survey is open and not sent: since the morning of its first day."""
    for place in homes.values():
        own, today = place.rules, now.astimezone(place.zone).date()
        for person_id, day in unanswered(session, place.id, own, today, only).items():
            yield person_id, datetime.combine(day, time(own.reminder_earliest_hour), place.zone)


def _homes(session: Session) -> Homes:
    return {one.id: one for one in organisations.everyone(session)}
