"""One participant for staff: what to know before the talk, and what is new since it was last copied."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.booking import queries as booking
from portal.booking.rules import BOOKED
from portal.booking.shown_queries import Meeting
from portal.conversation import queries as conversation
from portal.conversation.row_queries import MessageRow
from portal.feedback import queries as feedback
from portal.feedback.queries import Entry, Series
from portal.identity.people import person_queries as people
from portal.identity.people.person_queries import Head
from portal.identity.people.rules import CLOSED
from portal.identity.scope import participant
from portal.instruments.scale_rules import recorded
from portal.organisation.queries import rules_of
from portal.plan import change_queries as plan_changes
from portal.plan import news_queries as plan_news
from portal.plan import queries as plan
from portal.plan import stair_queries as stair
from portal.plan.queries import Brief
from portal.plan.rows import AnswerRow, ChangeRow
from portal.plan.stair_queries import Place
from portal.reminders import queries as reminders
from portal.staff import queries
from portal.staff.models import CopyMark
from portal.staff.queries import NamedNeed
from portal.web.asker import Asker
from portal.web.forms import moment

FIRST_COPY = timedelta(days=90)
"""How far back the first copy reaches: about as long as one period of work experience."""


@dataclass(frozen=True)
class Overview:
    """One participant's page."""

    person: Head
    need: NamedNeed
    next: Meeting | None
    last: Meeting | None
    series: Sequence[Series]
    scales: Sequence[str]
    plan: Brief
    place: Place | None


@dataclass(frozen=True)
class News:
    """What is new about one participant from `since` up to `upto`; `messages` counts the SMS."""

    person: Head
    since: datetime
    upto: datetime
    meetings: Sequence[Meeting]
    changes: Sequence[ChangeRow]
    said: Sequence[AnswerRow]
    answers: Sequence[Entry]
    written: Sequence[MessageRow]
    messages: int

    @property
    def empty(self) -> bool:
        """Whether nothing has happened."""
        written = self.said or self.answers or self.written
        return not (self.meetings or self.changes or written or self.messages)


def overview(session: Session, asker: Asker, person_id: uuid.UUID, now: datetime) -> Overview:
    """Everything on one participant's page. Raises NoResultFound outside the asker's scope."""
    person = participant(session, asker, person_id, what="person")
    booked = [one for one in booking.person_meetings(session, asker, person, now) if one.state == BOOKED]
    head = people.head(session, asker, person, now.astimezone(asker.zone).date(), content=True)
    return Overview(
        person=head,
        need=queries.need_of(session, asker, person, now, enrolled=head.state not in ("", CLOSED)),
        next=min((one for one in booked if one.ends_at > now), key=lambda one: one.starts_at, default=None),
        last=next((one for one in booked if one.ends_at <= now), None),
        series=feedback.series(session, asker, person),
        scales=recorded(rules_of(session, asker)),
        plan=plan.brief(session, asker, person),
        place=stair.persons_place(session, asker, person),
    )


def news(session: Session, asker: Asker, person_id: uuid.UUID, now: datetime) -> News:
    """What has happened since the asker last copied. Raises NoResultFound outside the asker's scope."""
    person = participant(session, asker, person_id, what="person")
    mark = session.get(CopyMark, (asker.person_id, person_id))
    since = mark.copied_at if mark else now - FIRST_COPY
    return News(
        person=people.head(session, asker, person, now.astimezone(asker.zone).date()),
        since=since,
        upto=now,
        meetings=booking.changed_since(session, asker, person_id, since, now),
        changes=plan_changes.changed_since(session, asker, person, since),
        said=plan_news.said_since(session, asker, person, since),
        answers=feedback.changed_since(session, asker, person_id, since),
        written=conversation.written_since(session, asker, person, since),
        messages=len(reminders.changed_since(session, asker, person_id, since)),
    )


def read_moment(text: str, now: datetime) -> datetime:
    """The moment a page was made, as it says itself; now when that is no moment, or one to come."""
    return min(moment(text) or now, now)
