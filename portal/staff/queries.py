"""A coach's morning, and one participant's page: reads that join the rooms below.

Each list asks every room once for all of the asker's participants, so that 30 of them cost as much as 3.
"""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.booking import change_queries
from portal.booking import course_queries as course
from portal.booking.change_queries import OwnChange
from portal.booking.day_queries import meetings_on
from portal.booking.needing_queries import needing
from portal.booking.shown_queries import Meeting
from portal.booking.talk_queries import last_talks
from portal.conversation import queries as conversation
from portal.conversation import rules as promises
from portal.conversation.row_queries import MessageRow
from portal.feedback import queries as feedback
from portal.feedback.alert_queries import Told
from portal.identity.absence.queries import Away, StandingIn
from portal.identity.models import Enrolment, Person
from portal.identity.people import number_queries as numbers
from portal.identity.people.rules import Page, page
from portal.identity.scope import participant, participants_of
from portal.instruments.scale_rules import MISSING_IN_A_ROW, SCALE_OF, in_use, missing_in_a_row
from portal.journal.service import note
from portal.organisation.queries import rules_of
from portal.plan import news_queries as plan_news
from portal.plan import queries as plan
from portal.reminders import call_queries
from portal.reminders import queries as reminders
from portal.staff import away_queries, follow_up_queries, rules
from portal.staff.call_list_queries import is_to_make
from portal.staff.models import Attention
from portal.staff.rules import Cause, Mark, Need
from portal.web.asker import Asker
from portal.web.forms import moment

MISSED_DAYS = 30
"""A missed meeting that nobody has handled for a month has become "no meeting"."""


@dataclass(frozen=True)
class NamedNeed:
    """A row of the list with the name it is shown under.

    `phone`: the number to ring, "" where there is none or nobody should; `unsafe`: it may endanger them.
    """

    need: Need
    name: str
    phone: str = ""
    unsafe: bool = False

    @classmethod
    def of(cls, need: Need, person: Person) -> "NamedNeed":
        """The row about this person, whom the caller has found within the asker's scope."""
        unsafe = person.sms_unsafe
        silent = unsafe or person.protected or person.disabled_at is not None
        return cls(need, person.short_name, "" if silent else person.phone, unsafe)


@dataclass(frozen=True)
class HandledRow:
    """What the asker last handled today about somebody, and when: that alone is taken back."""

    person_id: uuid.UUID
    name: str
    outcome: str
    at: datetime


@dataclass(frozen=True)
class Today:
    """A coach's morning. `ahead` is the next meeting of today, for the picture before the talk.

    `needs`: one page of the list, the most urgent first. `to_ring`: how many stand on the page of calls
    at least: who asked for one and who has one about a meeting. What else is new is reckoned there alone.
    `kept` stayed with the asker when their person got another coach; `adrift` has a coach who has left.
    `told`: what the last answers say of those who come; `scales`: what is filled in on paper or a phone;
    `answered`: about which of the meetings each was, by the meeting's id and the scale.
    `standing_in`: the absent coaches whose participants are among the asker's today. `away`: that the asker
    is away today. `changed`: what participants have done to meetings to come. `protected_waits`:
    somebody with protected identity has written, and is on no list. `late`: how many have no answer in time,
    to what they wrote or to a request for help.
    """

    name: str
    participants: int
    ceiling: int
    to_ring: int
    needs: Page[NamedNeed]
    handled: tuple[HandledRow, ...]
    meetings: tuple[Meeting, ...]
    ahead: Meeting | None
    kept: tuple[Meeting, ...]
    adrift: tuple[Meeting, ...]
    told: Told
    scales: tuple[str, ...]
    answered: frozenset[tuple[uuid.UUID, str]]
    standing_in: tuple[StandingIn, ...] = ()
    away: Away | None = None
    changed: tuple[OwnChange, ...] = ()
    protected_waits: bool = False
    late: int = 0


def _changed(
    session: Session, asker: Asker, enrolled: Mapping[uuid.UUID, bool], now: datetime
) -> tuple[OwnChange, ...]:
    """What participants have done to meetings to come; a lead who meets nobody has none to see."""
    meets = "coach" in asker.roles or asker.stands_in_for or any(enrolled.values())
    return tuple(change_queries.by_participants(session, asker, now)) if meets else ()


def today(session: Session, asker: Asker, now: datetime, *, number: int = 1) -> Today:
    """Everything on a coach's (or a lead's) first page. Who is shown on it is noted as read, no others (S42).

    `number`: which page of the list, from 1; one out of range gives the nearest.
    """
    enrolled, people = _stays(session, asker, now), everybody(session, asker)
    reachable = {person.id: person for person in people}
    known, told = _attention(session, asker), feedback.told(session, asker, now)
    written = conversation.unanswered(session, asker, now)
    open_now = causes(session, asker, enrolled, people, told, now, written=written)
    listed = [need for need in rules.needs(open_now, _marks(known), now) if need.person_id in reachable]
    needs, handled = page(listed, number), _handled_today(known, asker, now)
    meetings = tuple(meetings_on(session, asker, now.astimezone(asker.zone).date(), now))
    named = {row.person_id for row in needs.items} | {row.person_id for row in handled}
    # A name is opened when it is shown: a team of thousands is not decrypted for a page of thirty.
    names = {person_id: reachable[person_id].short_name for person_id in named & reachable.keys()}
    _note(session, asker, needs.items, names)
    _note_answers(session, asker, told, meetings)
    scales = in_use(rules_of(session, asker))
    kept, adrift = map(tuple, course.kept_and_adrift(session, asker, now))
    return Today(
        name=asker.first_name,
        participants=len(enrolled),
        ceiling=rules_of(session, asker).caseload_ceiling,
        to_ring=_to_ring(listed, reachable, enrolled),
        needs=needs.of([NamedNeed.of(need, reachable[need.person_id]) for need in needs.items]),
        handled=_once(handled, names),
        meetings=meetings,
        ahead=next((one for one in meetings if one.ends_at > now and one.attendance == "none"), None),
        kept=kept,
        adrift=adrift,
        told=told,
        scales=scales,
        answered=feedback.answered_about(session, asker, scales, [one.id for one in meetings]),
        standing_in=away_queries.standing_in(session, asker, now),
        away=away_queries.away(session, asker, now),
        changed=_changed(session, asker, enrolled, now),
        protected_waits=any(one.protected for one in written),
        late=rules.late(open_now),
    )


def _to_ring(
    listed: Iterable[Need], people: Mapping[uuid.UUID, Person], stays: Mapping[uuid.UUID, bool]
) -> int:
    can_be = [need for need in listed if call_queries.can_be_rung(people[need.person_id])]
    return rules.to_ring(can_be, {person_id for person_id, mine in stays.items() if mine})


def need_of(
    session: Session, asker: Asker, who: uuid.UUID | Person, now: datetime, *, enrolled: bool | None = None
) -> NamedNeed:
    """What is open about one participant; a need without causes when nothing is.

    `enrolled`: whether they are, where the caller knows it. Raises NoResultFound when the asker may not read
    the participant. Nobody else is looked up, and nobody else noted (S42).
    """
    person = participant(session, asker, who, what="attention")
    about = asker.about(person.id)
    own = frozenset({person.id})
    if enrolled is None:
        own &= open_people(session, about)
    elif person.protected or not enrolled:
        own = frozenset()
    told = feedback.told(session, about, now) if own else Told((), ())
    written = conversation.unanswered(session, about, now) if own else ()
    open_now = causes(session, about, own, [person], told, now, written=written) if own else ()
    if not own:
        open_now = tuple(follow_up_queries.causes(session, about, own, [person], now))
    found = rules.needs(open_now, _marks(_attention(session, about)), now)
    _note(session, asker, found, ())
    return NamedNeed.of(found[0] if found else Need(person.id, ()), person)


def everybody(session: Session, asker: Asker) -> Sequence[Person]:
    """Everybody the asker works with, in one query."""
    return session.scalars(select(Person).where(Person.id.in_(participants_of(asker)))).all()


def causes(
    session: Session,
    asker: Asker,
    enrolled: Collection[uuid.UUID],
    people: Sequence[Person],
    told: Told,
    now: datetime,
    *,
    written: Sequence[MessageRow] = (),
) -> tuple[Cause, ...]:
    """Every reason to think of one of these participants of the asker's, handled or not.

    `people`: they and perhaps others, within the asker's scope. `written`: what waits for an answer.
    """
    found = (
        *_down(told),
        *_unasked(session, asker, now),
        *_help(session, asker, now),
        *_messages(written, asker, now),
        *_questions(session, asker),
        *_meetings(session, asker, now),
        *_failing(session, asker, now),
        *_calls(session, asker, people, now),
        *_silent(session, people, now),
    )
    of_now = (cause for cause in found if cause.person_id in enrolled)
    return (*of_now, *follow_up_queries.causes(session, asker, enrolled, people, now))


def _note_answers(session: Session, asker: Asker, told: Told, meetings: Iterable[Meeting]) -> None:
    for person_id in {one.person_id for one in meetings if told.before_talk_with(one.person_id)}:
        note(session, asker, action="read", kind=rules.ANSWERS, subject=person_id)


def _note(session: Session, asker: Asker, shown: Iterable[Need], named: Iterable[uuid.UUID]) -> None:
    """Note who is named on the list, and what of these people's is read in the sentences about them."""
    for person_id in named:
        note(session, asker, action="read", kind="attention", subject=person_id)
    for cause in (cause for need in shown for cause in need.causes):
        if cause.kind in rules.READ_OF:
            note(session, asker, action="read", kind=rules.READ_OF[cause.kind], subject=cause.person_id)


def _attention(session: Session, asker: Asker) -> Sequence[Attention]:
    return session.scalars(select(Attention).where(Attention.person_id.in_(participants_of(asker)))).all()


def _marks(rows: Iterable[Attention]) -> dict[str, Mark]:
    return {row.key: Mark(row.outcome, row.until, row.note) for row in rows}


def _down(told: Told) -> Iterable[Cause]:
    for alert in told.falls:
        yield Cause(alert.person_id, rules.DOWN, alert.cause, alert.sent_at, {"fall": alert.falls[0]})
    for reading in told.scales:
        if alarm := reading.alarm:
            kind = rules.STILL if alarm.code == "unchanged" else rules.SCALE
            facts, key = {"signal": alarm, "key": reading.instrument.key}, f"{kind}:{reading.check_in_id}"
            # How somebody is comes before how the talk was.
            rank = int(reading.instrument.when != "before")
            yield Cause(reading.person_id, kind, key, reading.sent_at, facts, rank)


def _unasked(session: Session, asker: Asker, now: datetime) -> Iterable[Cause]:
    """The scale after the talk is missing twice in a row, of the talks since it was taken into use."""
    house, scale = rules_of(session, asker), SCALE_OF["after"]
    if scale not in in_use(house):
        return
    since = moment(house.after_since) or datetime.min.replace(tzinfo=UTC)
    until = now - timedelta(hours=house.checkin_after_hours)
    talks = last_talks(session, asker, count=MISSING_IN_A_ROW, since=since, until=until)
    every = {one for mine in talks.values() for one in mine}
    given = feedback.answered_about(session, asker, [scale], every)
    for person_id, mine in talks.items():
        if missing_in_a_row([(meeting, scale) in given for meeting in mine]):
            yield Cause(person_id, rules.UNASKED, f"{rules.UNASKED}:{mine[-1]}", until, {"key": scale})


def _help(session: Session, asker: Asker, now: datetime) -> Iterable[Cause]:
    day = now.astimezone(asker.zone).date()
    for row in plan.open_help(session, asker):
        key, late = f"{rules.HELP}:{row.id}", promises.is_late(row.due_on, day)
        yield Cause(row.person_id, rules.HELP, key, row.asked_at, {"help": row}, late=late)


def _messages(written: Sequence[MessageRow], asker: Asker, now: datetime) -> Iterable[Cause]:
    for row in written:
        key, facts = rules.message_key(row.id), {"message": row}
        late, wish = conversation.is_late(row, asker, now), row.kind == promises.CALL
        yield Cause(row.person_id, rules.MESSAGE, key, row.written_at, facts, late=late, wish=wish)


def _questions(session: Session, asker: Asker) -> Iterable[Cause]:
    for row in plan_news.open_questions(session, asker):
        # Another answer is another cause: what was put off comes back with it.
        key = f"{rules.QUESTION}:{row.id}:{row.answer}"
        yield Cause(row.person_id, rules.QUESTION, key, row.answered_at, {"question": row})


def _meetings(session: Session, asker: Asker, now: datetime) -> Iterable[Cause]:
    found = needing(session, asker, now - timedelta(days=MISSED_DAYS), now)
    for row in found.missed:
        yield Cause(row.person_id, rules.MISSED, f"{rules.MISSED}:{row.id}", row.starts_at, {"missed": row})
    patience = rules_of(session, asker).no_meeting_days
    for one in found.without:
        if one.days is None or one.days >= patience:
            last = one.last_met_at.isoformat() if one.last_met_at else "never"
            key = f"{rules.NO_MEETING}:{one.person_id}:{last}"
            yield Cause(one.person_id, rules.NO_MEETING, key, one.last_met_at or now, {"without": one})


def _failing(session: Session, asker: Asker, now: datetime) -> Iterable[Cause]:
    for row in reminders.failing(session, asker, now):
        yield Cause(row.recipient_id, rules.SMS, f"{rules.SMS}:{row.message_id}", row.at, {"sms": row})


def _calls(session: Session, asker: Asker, people: Sequence[Person], now: datetime) -> Iterable[Cause]:
    rung = any(call_queries.may_be_rung(person) for person in people)
    for row in call_queries.calls(session, asker, now) if rung else ():
        yield Cause(row.person_id, rules.CALL, row.key, row.at, {"call": row})


def _silent(session: Session, people: Sequence[Person], now: datetime) -> Iterable[Cause]:
    for row in numbers.silent(session, people, now):
        key = f"{rules.NUMBER}:{row.person_id}:{row.heard_at.isoformat()}"
        yield Cause(row.person_id, rules.NUMBER, key, row.heard_at, {})


def open_people(session: Session, asker: Asker) -> frozenset[uuid.UUID]:
    """The asker's participants whose enrolment is open."""
    enrolled = select(Enrolment.person_id).where(
        Enrolment.person_id.in_(participants_of(asker)), Enrolment.closed_on.is_(None)
    )
    return frozenset(session.scalars(enrolled))


def _stays(session: Session, asker: Asker, now: datetime) -> dict[uuid.UUID, bool]:
    """As `open_people`, and whether the calls to each are the asker's to make today."""
    wanted = select(Enrolment.person_id, is_to_make(asker, now)).where(
        Enrolment.person_id.in_(participants_of(asker)), Enrolment.closed_on.is_(None)
    )
    return {row[0]: row[1] for row in session.execute(wanted)}


def _handled_today(rows: Iterable[Attention], asker: Asker, now: datetime) -> list[Attention]:
    """What the asker has handled since midnight, the latest first."""
    midnight = now.astimezone(asker.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    own = [row for row in rows if row.handled_by == asker.person_id and row.handled_at >= midnight]
    return sorted(own, key=lambda row: row.handled_at, reverse=True)


def _once(rows: list[Attention], names: dict[uuid.UUID, str]) -> tuple[HandledRow, ...]:
    by_person = {row.person_id: row for row in reversed(rows)}
    return tuple(
        HandledRow(person_id, names[person_id], row.outcome, row.handled_at)
        for person_id, row in by_person.items()
        if person_id in names
    )
