"""A coach's week: meetings, blocked and free time, days that differ; few or many in as many questions."""

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal import holidays
from portal.availability import queries as availability
from portal.availability import rules as hours
from portal.availability import week_queries as around
from portal.availability.block_service import WHAT
from portal.availability.outside import queries as outside
from portal.availability.queries import Keeper
from portal.availability.rules import Departure, Interval, Span
from portal.availability.span_rules import merged
from portal.availability.week_queries import Blocked
from portal.booking import week_queries as meetings
from portal.booking.shown_queries import Meeting
from portal.booking.week_queries import Stretch
from portal.groups import week_queries as groups
from portal.groups.week_queries import Led
from portal.holidays import Holiday
from portal.identity.absence import desk_queries
from portal.identity.absence.desk_queries import managed
from portal.identity.absence.queries import days_off, standing_in
from portal.identity.absence.rules import Period
from portal.interpreting.order_queries import interprets_between
from portal.journal.service import note
from portal.staff import week_rules as rules
from portal.staff.week_rules import Place
from portal.web.asker import Asker

MEETING, TAKEN, BLOCKED, FREE, ELSEWHERE = "meeting", "taken", "blocked", "free", "elsewhere"
INTERPRETING = "interpreting"
GROUP = "group"
AWAY, CLOSED, OTHER, HOLIDAY = "away", "closed", "other", "holiday"


@dataclass(frozen=True, slots=True)
class Other:
    """A coach whose week the asker can look at; `led`: because they lead the team."""

    coach_id: uuid.UUID
    name: str
    led: bool


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose week it is (by first name), what the asker may do in it, and whose else they can look at."""

    coach_id: uuid.UUID
    name: str
    own: bool
    may_block: bool
    others: tuple[Other, ...] = ()


@dataclass(frozen=True, slots=True)
class Remark:
    """What is said of a whole day: away, closed, other hours, or the names of a holiday or the day before."""

    kind: str
    hours: Interval | None = None
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One time in a day, and where on the page it stands. `kept`: of its person nothing else is open.

    `clash`: a meeting while its coach is busy in a calendar of their own. `led`: a session of a group.
    """

    kind: str
    span: Span
    place: Place
    meeting: Meeting | None = None
    blocked: Blocked | None = None
    kept: bool = False
    clash: bool = False
    led: Led | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """One day: what is said of all of it, what was cancelled, and its times in order."""

    day: date
    remarks: tuple[Remark, ...]
    cancelled: tuple[Meeting, ...]
    entries: tuple[Entry, ...]
    past: bool


@dataclass(frozen=True)
class Week:
    """A coach's week."""

    whose: Whose
    monday: date
    today: date
    days: tuple[Day, ...]

    @property
    def current(self) -> bool:
        """Whether today is in it."""
        return self.monday == rules.monday_of(self.today)

    @property
    def own_meetings(self) -> list[Meeting]:
        """The meetings of which more may be read than the time: not those that stayed with the asker."""
        entries = [one for day in self.days for one in day.entries]
        return [one.meeting for one in entries if one.meeting and not (one.kept or one.meeting.guest)]

    @property
    def folds(self) -> bool:
        """Whether days of it have passed, while others have not."""
        return self.current and any(one.past for one in self.days)


def whose(session: Session, asker: Asker, coach_id: uuid.UUID | None, today: date) -> Whose:
    """Whose week the asker looks at: their own, of a coach they lead, or of one for whom they stand in.

    Raises NoResultFound for anybody else's.
    """
    others = _others(session, asker, today)
    if coach_id is None or coach_id == asker.person_id:
        return Whose(asker.person_id, asker.first_name, own=True, may_block=True, others=others)
    found = next((one for one in others if one.coach_id == coach_id), None)
    if found is None:
        # It is nobody's whom the asker may look at: the refusal is noted.
        managed(session, asker, coach_id, what=WHAT)
        raise desk_queries.nothing()
    note(session, asker, action="read", kind=WHAT, subject=coach_id)
    first_name = found.name.partition(" ")[0]
    return Whose(coach_id, first_name, own=False, may_block=found.led, others=others)


def week(session: Session, asker: Asker, coach_id: uuid.UUID | None, day: date, now: datetime) -> Week:
    """The week of a day. Raises NoResultFound where the asker may not look at this coach's."""
    zone, monday, today = asker.zone, rules.monday_of(day), now.astimezone(asker.zone).date()
    who = whose(session, asker, coach_id, today)
    start, end = (hours.day_start(monday + timedelta(days=number), zone) for number in (0, 7))
    held = availability.keeper(session, asker, who.coach_id)
    found = meetings.stretch(session, asker, who.coach_id, start, end, now)
    blocked = around.blocked(session, who.coach_id, start, end, words=who.may_block)
    elsewhere = _elsewhere(session, who.coach_id, monday, zone, now)
    free = _free(session, held, max(now, start), end, elsewhere)
    duties = interprets_between(session, who.coach_id, start, end)
    led = groups.led_between(session, who.coach_id, start, end)
    times = _times(found, blocked, free, elsewhere, duties, led)
    by_day: dict[date, list[Entry]] = {}
    for one in times:
        by_day.setdefault(one.span.start.astimezone(zone).date(), []).append(one)
    cancelled = [(one.starts_at.astimezone(zone).date(), one) for one in found.cancelled]
    differs = around.differing(session, who.coach_id, monday, monday + timedelta(days=6))
    away = days_off(session, who.coach_id)
    used = rules.hours_used((one.span for one in times), zone)
    return Week(
        whose=who,
        monday=monday,
        today=today,
        days=tuple(
            Day(
                day=one,
                remarks=_remarks(one, away, differs, holidays.of(one)),
                cancelled=tuple(meeting for on, meeting in cancelled if on == one),
                entries=_placed(by_day.get(one, ()), used, zone),
                past=one < today,
            )
            for one in rules.days_of(monday, {*by_day, *(on for on, _meeting in cancelled)})
        ),
    )


def starts_in(session: Session, asker: Asker, coach_id: uuid.UUID, at: datetime, now: datetime) -> list[Span]:
    """The meetings that can be booked with a coach in the free stretch that begins or lies `at`, in order."""
    zone = asker.zone
    day = at.astimezone(zone).date()
    start, end = hours.day_start(day, zone), hours.day_start(day + timedelta(days=1), zone)
    held = availability.keeper(session, asker, coach_id)
    times = _free(session, held, max(now, start), end, outside.busy_of(session, coach_id, start, end, now))
    around_it = next((one for one in merged(times) if one.start <= at < one.end), None)
    return [one for one in times if around_it and around_it.start <= one.start < around_it.end]


def in_the_way(
    session: Session, asker: Asker, coach_id: uuid.UUID, span: Span, now: datetime
) -> Sequence[Entry]:
    """What is in the way of blocking a time: meetings and other blocked times.

    A meeting may have ended before it: what is kept free after a meeting is in the way as well.
    The caller has checked the coach.
    """
    held = meetings.held_for_meetings(session, coach_id, span)
    first = min((one.start for one in held), default=span.start)
    found = meetings.stretch(session, asker, coach_id, first, span.end, now)
    blocked = around.blocked(session, coach_id, span.start, span.end, words=False)
    duties = interprets_between(session, coach_id, span.start, span.end)
    led = groups.led_between(session, coach_id, first, span.end)
    every = _times(found, blocked, duties=duties, led=led)
    own = (BLOCKED, INTERPRETING)
    return [one for one in every if one.kind in own or any(one.span.meets(busy) for busy in held)]


def _elsewhere(
    session: Session, coach_id: uuid.UUID, monday: date, zone: ZoneInfo, now: datetime
) -> list[Span]:
    """When a coach is busy in calendars of their own in a week, day by day."""
    starts = [hours.day_start(monday + timedelta(days=number), zone) for number in range(8)]
    days = [Span(one, two) for one, two in pairwise(starts)]
    busy = outside.busy_of(session, coach_id, starts[0], starts[-1], now)
    return [part for span in busy for part in rules.daily(span, days)]


def _free(
    session: Session, held: Keeper, start: datetime, end: datetime, elsewhere: Iterable[Span]
) -> list[Span]:
    """The meetings that staff can book with a coach from `start` until `end`, as the house's hours allow."""
    if not held.able or start >= end:
        return []
    zone = held.calendar.zone
    last = (end - timedelta(minutes=1)).astimezone(zone).date()
    days = (last - start.astimezone(zone).date()).days
    # From midnight: what has been today counts among the meetings of the day.
    today = hours.day_start(start.astimezone(zone).date(), zone)
    rows = availability.busy_of_each(session, {held.person_id}, today, end + timedelta(days=1))
    here = rows.get(held.person_id, [])
    met = Counter(row.starts_at.astimezone(zone).date() for row in here if row.cause_kind == hours.MEETING)
    terms = replace(held.terms, minimum_notice=timedelta(0), horizon_days=days)
    times = hours.free_times(start, held.calendar, [*(row.span for row in here), *elsewhere], terms, met)
    return [one for one in times if one.start >= start]


def _times(
    found: Stretch,
    blocked: Iterable[Blocked],
    free: Iterable[Span] = (),
    elsewhere: Sequence[Span] = (),
    duties: Iterable[Span] = (),
    led: Iterable[Led] = (),
) -> list[Entry]:
    nowhere = Place(0, 1)
    times = [_met(one, found, elsewhere) for one in found.booked]
    times += [Entry(TAKEN, span, nowhere) for span in found.hidden]
    times += [Entry(BLOCKED, one.span, nowhere, blocked=one) for one in blocked]
    times += [Entry(INTERPRETING, span, nowhere) for span in duties]
    times += [Entry(GROUP, Span(one.starts_at, one.ends_at), nowhere, led=one) for one in led]
    shown = [one.span for one in times]
    times += [Entry(ELSEWHERE, left, nowhere) for span in elsewhere for left in rules.uncovered(span, shown)]
    times += [Entry(FREE, span, nowhere) for span in merged(free)]
    return sorted(times, key=lambda one: one.span)


def _met(one: Meeting, found: Stretch, elsewhere: Iterable[Span]) -> Entry:
    span = Span(one.starts_at, one.ends_at)
    clash = any(span.meets(other) for other in elsewhere)
    return Entry(MEETING, span, Place(0, 1), meeting=one, kept=one.id in found.kept, clash=clash)


def _placed(entries: Sequence[Entry], used: Sequence[int], zone: ZoneInfo) -> tuple[Entry, ...]:
    places = rules.placed([one.span for one in entries], used, zone)
    return tuple(replace(one, place=place) for one, place in zip(entries, places, strict=True))


def _remarks(
    day: date, away: Iterable[Period], differs: Iterable[Departure], holiday: Holiday | None
) -> tuple[Remark, ...]:
    found = [Remark(HOLIDAY, names=holiday.names)] if holiday else []
    found += [Remark(AWAY)] if any(period.covers(day) for period in away) else []
    for one in differs:
        if one.covers(day):
            found.append(Remark(OTHER if one.other else CLOSED, one.other))
    return tuple(dict.fromkeys(found))


def _others(session: Session, asker: Asker, today: date) -> tuple[Other, ...]:
    """Coaches of the asker's teams, and those for whom they stand in; each once."""
    found: dict[uuid.UUID, Other] = {}
    if asker.stands_in_for:
        for one in standing_in(session, asker.person_id, today):
            found[one.coach_id] = Other(one.coach_id, one.name, led=False)
    if "lead" in asker.roles:
        for coach, _until in desk_queries.team(session, asker, today):
            found[coach.person_id] = Other(coach.person_id, coach.name, led=True)
    return tuple(found.values())
