"""What a participant meets first: the next meeting, what there is to do now, what is next in the plan."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from portal.booking import ahead_queries as booking
from portal.booking.rules import ABSENT, change_open
from portal.conversation import queries as conversation
from portal.conversation.rules import is_late
from portal.feedback import queries as feedback
from portal.feedback.rules import window
from portal.groups import ahead_queries as groups
from portal.identity.models import Enrolment
from portal.identity.people import change_queries
from portal.identity.people.change_queries import NewCoach
from portal.identity.waiting_queries import ME, Offer, Waiting, offer, waiting
from portal.instruments import queries as instruments
from portal.instruments.rules import When
from portal.organisation.queries import phone_of, rules_of
from portal.organisation.rules import Rules
from portal.plan import ahead_queries as plan
from portal.surveys import queries as surveys
from portal.user_audit import queries as audits
from portal.user_audit.rules import minutes
from portal.web.asker import Asker

STEPS_SHOWN = 2
WHEN: tuple[When, ...] = ("before", "after")


@dataclass(frozen=True)
class Todo:
    """A check-in that is open now, before or after the talk; `begun` when some lines have answers.

    `about`: the meeting, or with `of_group` the part in a session.
    """

    about: uuid.UUID
    when: When
    questions: int
    minutes: int
    begun: bool
    of_group: bool = False


@dataclass(frozen=True)
class AuditTodo:
    """An audit that asks the participant now, without a name, up to and with `ends_on`."""

    audit_id: uuid.UUID
    questions: int
    minutes: int
    ends_on: date


@dataclass(frozen=True)
class Home:
    """The first page. Behind the first door `name` is "" and `steps` is empty (S30).

    `new_coach`: a coach whom the participant has got and not seen yet. `reported`: there is a report about
    the participant's team to read. `plan_news`: something in the plan is new
    to them; `written`: staff have written to them; `answer_by`: the day by which an answer to what they wrote
    is promised, None where nothing waits, and `answer_late`: it has passed; `proposals`: how many rows are
    proposed for their card; `too_late`: the next meeting can no longer be changed here. `to_sign`: the
    meetings of which they have not signed that they were there. `group_at`: when a group meets next that they
    are in; `seat_in`: in which group a seat waits for their answer.
    """

    name: str
    has_pin: bool
    meeting: booking.NextMeeting | None
    todos: tuple[Todo, ...]
    surveys: tuple[surveys.Todo, ...]
    steps: tuple[plan.NextStep, ...]
    phone: str
    new_coach: NewCoach | None
    audits: tuple[AuditTodo, ...] = ()
    reported: bool = False
    plan_news: bool = False
    proposals: int = 0
    enrolled: bool = True
    written: bool = False
    answer_by: date | None = None
    answer_late: bool = False
    to_sign: tuple[booking.Booked, ...] = ()
    too_late: bool = False
    groups_to_sign: tuple[groups.OwnPart, ...] = ()
    group_at: datetime | None = None
    seat_in: uuid.UUID | None = None


def home(session: Session, asker: Asker, now: datetime) -> Home:
    """The asking participant's first page."""
    rules = rules_of(session, asker)
    since = now - timedelta(hours=rules.checkin_after_hours)
    meetings = booking.own_booked(session, asker, now, since)
    open_now = _open_now(meetings.all, rules, now)
    found = waiting(session, asker, now, _offers(asker, open_now, rules, now))
    due = min((one.day for one in found if one.room == conversation.WAITS and one.day), default=None)
    ahead = plan.whats_next(session, asker, STEPS_SHOWN) if asker.tier >= 2 else plan.Ahead()
    return Home(
        name=asker.first_name,
        has_pin=asker.has_pin,
        meeting=meetings.next,
        todos=(*_todos(open_now, found, rules), *_group_todos(found, rules)),
        surveys=surveys.todos(found, asker, rules, now),
        steps=ahead.steps,
        phone=phone_of(session, asker),
        new_coach=change_queries.new_coach(session, asker) if asker.coach_is_new else None,
        audits=tuple(_audits(found)),
        reported=any(one.room == audits.REPORTS for one in found),
        plan_news=ahead.news,
        proposals=ahead.proposals,
        enrolled=any(one.room == ENROLLED for one in found),
        written=any(one.room == conversation.ROOM for one in found),
        answer_by=due,
        to_sign=tuple(one for one in meetings.all if one.can_sign),
        too_late=_too_late(meetings.next, rules, now),
        answer_late=due is not None and is_late(due, now.astimezone(asker.zone).date()),
        groups_to_sign=groups.to_sign(found),
        group_at=groups.next_at(found),
        seat_in=groups.offered_in(found),
    )


def _too_late(meeting: booking.NextMeeting | None, rules: Rules, now: datetime) -> bool:
    """Whether a meeting that has not begun is nearer than a participant may change it."""
    if meeting is None or meeting.starts_at <= now:
        return False
    return not change_open(meeting.starts_at, now, rules.change_deadline_hours)


ENROLLED = "enrolled"
IS_ENROLLED = offer(ENROLLED).where(Enrolment.person_id == ME, Enrolment.closed_on.is_(None))
"""Whether somebody has a coach to book with, or is done here."""


def _audits(found: Sequence[Waiting]) -> Iterator[AuditTodo]:
    """The audits that ask the participant now."""
    for one in found:
        if one.room == audits.ROOM and one.about and one.day:
            yield AuditTodo(one.about, int(one.code), minutes(int(one.code)), one.day)


def _offers(
    asker: Asker, open_now: Sequence[tuple[uuid.UUID, When]], rules: Rules, now: datetime
) -> list[Offer]:
    """What each room offers the asker now: all of it is asked in one statement."""
    since = now - timedelta(hours=rules.checkin_after_hours) if rules.attendance_signed else None
    offers = [Offer(IS_ENROLLED), conversation.UNREAD, *groups.waiting_selects(now, since)]
    offers += [*surveys.waiting_selects(asker, rules, now), *audits.WAITING]
    if asker.tier >= 2:
        offers.append(conversation.ASKED)
    if rules.group_with == "digital":
        closed = now - timedelta(hours=rules.checkin_after_hours)
        offers += [*groups.asking_selects(now, closed), *feedback.group_selects(closed)]
    if open_now:
        offers += feedback.waiting_selects({meeting_id for meeting_id, _ in open_now})
    return offers


def _open_now(
    meetings: Sequence[booking.Booked], rules: Rules, now: datetime
) -> list[tuple[uuid.UUID, When]]:
    """The check-ins whose time has come, about which meeting, before or after it."""
    return [
        (meeting.id, when)
        for meeting in meetings
        for when in WHEN
        if asks(meeting, when) and window(when, meeting.starts_at, meeting.ends_at, rules).is_open(now)
    ]


def _todos(
    open_now: Sequence[tuple[uuid.UUID, When]], found: Sequence[Waiting], rules: Rules
) -> tuple[Todo, ...]:
    """The check-ins that can be answered now: their time has come, and they are not sent."""
    opened = feedback.opened(found)
    asked = ((about, when, opened.asked(about, when, rules)) for about, when in open_now)
    return tuple(_todo(opened, about, when, key) for about, when, key in asked if key)


def _group_todos(found: Sequence[Waiting], rules: Rules) -> tuple[Todo, ...]:
    """The same about sessions of groups."""
    opened = feedback.opened(found)
    asked = ((one.id, opened.asked_of_group(one.id, rules)) for one in groups.to_ask(found))
    return tuple(replace(_todo(opened, about, "after", key), of_group=True) for about, key in asked if key)


def _todo(opened: feedback.Opened, about: uuid.UUID, when: When, key: str) -> Todo:
    sheet, begun = instruments.current(key), opened.is_begun(about, when, key)
    return Todo(about, when, sheet.screens, sheet.minutes, begun)


def asks(meeting: booking.Booked, when: When) -> bool:
    """Whether there is something to ask about a booked meeting: not after one that was missed."""
    return when == "before" or meeting.attendance != ABSENT
