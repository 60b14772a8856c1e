"""Meetings, orders, groups, absences and attendance as one machine: whatever is done, in any order (S49)."""

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete, select, update
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.attendance.models import Correction, Signature
from portal.attendance.rules import STATES, Noted
from portal.availability.models import BusyTime
from portal.availability.rules import Span
from portal.booking import attendance_service as attendance
from portal.booking import away_queries, away_service, service
from portal.booking.away_queries import Gone
from portal.booking.away_rules import CHOICES, MOVE, Answer
from portal.booking.models import Appointment, AppointmentBefore, MeetingChange
from portal.db import Database
from portal.groups import attendance_service as coming
from portal.groups import rules as grouping
from portal.groups import seat_service, seating_service, session_service
from portal.groups.models import Group, GroupPart, GroupSeat, GroupSession
from portal.identity.absence import service as absences
from portal.identity.absence.models import Absence
from portal.identity.models import Person
from portal.interpreting.order_models import Interpreter
from portal.interpreting.order_queries import CAUSE
from portal.journal.service import take_notes
from portal.messaging.models import OutboxMessage
from portal.messaging.rules import CANCELLED, DELIVERED, EXPIRED, QUEUED
from portal.notices.models import CallWish
from portal.notices.rules import NEWS, OFF
from portal.web.asker import Asker
from portal.web.errors import Refused
from tests.booking.conftest import AskAs, ask_as, open_world
from tests.booking.test_order_stateful import Orders
from tests.booking.test_stateful import BUFFERS, MONDAY_8, furnish, starts, which
from tests.groups.conftest import Made, crowd, made, seats, sessions
from tests.groups.test_stateful import Seats
from tests.support.ordering import of_staff, outside
from tests.support.world import World

__all__ = ["ask_as", "crowd", "made", "open_world"]

SATURDAY = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
COACH = st.integers(0, 1)
GROUP_TIMES = [Span(MONDAY_8 + n * HOUR, MONDAY_8 + (n + 1) * HOUR) for n in (2, 6, 10)]


class Everything(Seats, Orders):
    """Two coaches, of whom one interprets too, three who meet them, and two more who want a seat as well."""

    def __init__(
        self,
        session: Session,
        people: list[Asker],
        coaches: list[Asker],
        rooms: list[uuid.UUID],
        known: Sequence[Interpreter],
        *,
        group: Group,
        now: datetime,
    ) -> None:
        RuleBasedStateMachine.__init__(self)
        self.session, self.people, self.coaches, self.coach = session, people, coaches, coaches[0]
        self.rooms, self.known, self.group, self.now = rooms, known, group, now
        self.seen, self.places, self.queue, self.gone = {}, {}, [], list[Gone]()
        self.stood: dict[uuid.UUID, tuple[uuid.UUID, int, tuple[Any, ...]]] = {}

    def attempt(self, act: Callable[[], Any]) -> None:
        """Do it whole, or be refused and change nothing, as a request does."""
        before = {one.id: one.revision for one in self.meetings()}
        with suppress(Refused, NoResultFound), self.session.begin_nested():
            act()
        self.session.expire_all()
        self.told_each(one for one in self.meetings() if before.get(one.id) != one.revision)

    def told_each(self, changed: Iterable[Appointment]) -> None:
        """What staff have just done to a meeting its participant hears once, of own acts nothing."""
        for one in changed:
            if self.gone_now:
                continue
            staff = (self.maker(one.id) or one.booked_by) in {coach.person_id for coach in self.coaches}
            said = [row for row in self.live(one.id) if row.revision == one.revision]
            assert len(said) == (staff and one.in_portal and one.starts_at > self.now), (one.revision, said)

    def maker(self, meeting_id: uuid.UUID) -> uuid.UUID | None:
        """Who changed a meeting last; None for nobody since it was booked, or what is no meeting."""
        made = select(MeetingChange.made_by).where(MeetingChange.appointment_id == meeting_id)
        return self.session.scalars(made.order_by(MeetingChange.revision.desc()).limit(1)).first()

    gone_now = False
    """Whether an absence decides: then one message names one of several meetings."""

    def live(self, subject: uuid.UUID) -> list[OutboxMessage]:
        """What waits to be said about something, or has been."""
        rows = select(OutboxMessage).where(
            OutboxMessage.subject == subject, OutboxMessage.state.not_in((CANCELLED, EXPIRED))
        )
        return list(self.session.scalars(rows))

    def own(self, meeting: Appointment) -> Asker:
        """Whose meeting this is, as they ask."""
        return next(one for one in self.people if one.person_id == meeting.person_id)

    # --- what is done beside what the two machines do -------------------------------------------

    @precondition(lambda self: self.meetings())
    @rule(number=which, back=st.booleans())
    def cancel_own(self, number: int, back: bool) -> None:
        """A participant cancels, or takes that back."""
        meeting = self.pick(number)
        whose = self.own(meeting)
        if back:
            self.attempt(lambda: service.restore_own(self.session, whose, meeting.id, self.now))
        else:
            self.attempt(lambda: service.cancel_own(self.session, whose, meeting.id, "", self.now))

    @precondition(lambda self: len(self.gone) < 3)
    @rule(coach=COACH, days=st.integers(1, 2), instead=st.booleans())
    def fall_ill(self, coach: int, days: int, instead: bool) -> None:
        """A coach is away on the days of the meetings, with somebody who stands in or without."""
        first = max(date(2026, 11, 30), self.now.date())
        who, other = self.coaches[coach].person_id, self.coaches[1 - coach].person_id
        wish = absences.Wish(first, first + (days - 1) * DAY, other if instead else None)

        def away() -> None:
            row = absences.take(self.session, self.coaches[coach], who, wish, self.now)
            if all(row.id != one.id for one in self.gone):
                self.gone.append(Gone(row.id, who, wish.days, wish.stand_in_id))

        self.attempt(away)

    @precondition(lambda self: self.gone)
    @rule(number=which, choices=st.lists(st.sampled_from(CHOICES), min_size=4, max_size=4))
    def hand_over(self, number: int, choices: list[str]) -> None:
        """What becomes of the meetings in an absence; each person hears of all of it by one message."""
        gone = self.gone[number % len(self.gone)]
        asker = next(one for one in self.coaches if one.person_id == gone.coach_id)
        before = {one.id: one.revision for one in self.meetings()}

        def decide() -> None:
            found = away_queries.hits(self.session, asker, gone, self.now)
            answers = {}
            for place, hit in enumerate(found):
                what = choices[place % len(choices)]
                new = hit.likest.start if what == MOVE and hit.likest else None
                answers[hit.meeting.id] = Answer(what, hit.meeting.revision, new)
            away_service.decide(self.session, asker, gone, answers, self.now)

        self.gone_now = True
        self.attempt(decide)
        self.gone_now = False
        changed = [one for one in self.meetings() if before.get(one.id) != one.revision and one.in_portal]
        said = Counter(
            row.recipient_id for one in changed for row in self.live(one.id) if row.revision == one.revision
        )
        assert said == Counter({one.person_id for one in changed})

    @precondition(lambda self: self.gone)
    @rule(number=which)
    def undo(self, number: int) -> None:
        """What was decided last about an absence is undone."""
        gone = self.gone[number % len(self.gone)]
        asker = next(one for one in self.coaches if one.person_id == gone.coach_id)
        found = away_queries.undoable(self.session, [gone.id], self.now)
        if gone.id in found:
            self.gone_now = True
            self.attempt(lambda: away_service.undo(self.session, asker, gone, found[gone.id][0], self.now))
            self.gone_now = False

    @rule()
    def deliver(self) -> None:
        """What waits and may leave has arrived."""
        due = (OutboxMessage.state == QUEUED, OutboxMessage.not_before <= self.now)
        self.session.execute(update(OutboxMessage).where(*due).values(state=DELIVERED))

    @precondition(lambda self: self.meetings())
    @rule(number=which, state=st.sampled_from(STATES))
    def note(self, number: int, state: str) -> None:
        """Staff note who came."""
        meeting, now = self.pick(number), self.now
        seen, asker = meeting.attended_at, self.of_meeting(meeting)
        self.attempt(
            lambda: attendance.note_attendance(self.session, asker, meeting.id, Noted(state), now, seen=seen)
        )

    @precondition(lambda self: self.meetings())
    @rule(
        number=which, act=st.sampled_from([attendance.sign_own, attendance.unsign, attendance.sign_on_paper])
    )
    def sign(self, number: int, act: Callable[..., Any]) -> None:
        """A participant signs, or takes it back, or staff hold the paper."""
        meeting = self.pick(number)
        staff = act is attendance.sign_on_paper
        asker = self.of_meeting(meeting) if staff else self.own(meeting)
        self.attempt(lambda: act(self.session, asker, meeting.id, self.now))

    @rule(number=which, state=st.sampled_from(grouping.ATTENDANCE))
    def note_session(self, number: int, state: str) -> None:
        """Whoever leads the group notes who came."""
        one = self.session_of(number)
        marks = {part.id: (part.attendance, state) for part in session_service.parts_of(self.session, one)}
        self.attempt(lambda: coming.note_attendance(self.session, self.coach, one.id, marks, self.now))

    @rule(number=which, at=starts, anyway=st.booleans())
    def move_session(self, number: int, at: datetime, anyway: bool) -> None:
        """A session gets another time."""
        one = self.session_of(number)
        wish = session_service.Change(Span(at, at + HOUR), one.place)
        self.attempt(
            lambda: session_service.move_session(
                self.session, self.coach, one.id, wish, self.now, seen=one.revision, anyway=anyway
            )
        )

    @rule(number=which)
    def cancel_session(self, number: int) -> None:
        """A session is off."""
        one = self.session_of(number)
        self.attempt(
            lambda: session_service.cancel_session(
                self.session, self.coach, one.id, self.now, seen=one.revision
            )
        )

    @rule(number=st.integers(0, 4))
    def put_in(self, number: int) -> None:
        """Staff give somebody a seat."""
        person_id = self.people[number].person_id
        self.attempt(
            lambda: seat_service.put_in(self.session, self.coach, self.group.id, person_id, self.now)
        )

    def session_of(self, number: int) -> GroupSession:
        """One of the sessions."""
        found = sessions(self.session, self.group)
        return found[number % len(found)]

    # --- what always holds ----------------------------------------------------------------------

    @invariant()
    def nobody_and_nothing_is_in_two_places(self) -> None:
        """By the rows themselves; only a participant may have joined a group knowing that they cannot."""
        held: dict[object, list[tuple[datetime, datetime]]] = {}
        for one in self.meetings():
            if one.state == "booked":
                held.setdefault(one.coach_id, []).append((one.starts_at, one.ends_at + BUFFERS[one.mode]))
                if one.in_portal:
                    held.setdefault(("meets", one.person_id), []).append((one.starts_at, one.ends_at))
                if one.room_id:
                    held.setdefault(one.room_id, []).append((one.starts_at, one.ends_at))
        for each in self.planned():
            held.setdefault(self.coach.person_id, []).append((each.starts_at, each.ends_at))
        subjects = {one.id: one.subject_id for one in self.known}
        for order in self.orders():
            if order.interpreter_id:
                subject = subjects[order.interpreter_id]
                held.setdefault(subject, []).append((order.starts_at, order.ends_at))
        for who, spans in held.items():
            for first, second in pairwise(sorted(spans)):
                assert first[1] <= second[0], (who, first, second)

    @invariant()
    def sessions_hold_what_they_need(self) -> None:
        """The leader's time for each that is planned, and nobody's for one they are not to come to."""
        rows = list(self.session.scalars(select(BusyTime)))
        assert {row.cause_kind for row in rows} <= {
            "appointment",
            CAUSE,
            session_service.SESSION,
            seating_service.PART,
        }
        held = sorted(
            (row.cause_id, row.subject_id, row.starts_at, row.ends_at)
            for row in rows
            if row.cause_kind == session_service.SESSION
        )
        assert held == sorted(
            (one.id, self.coach.person_id, one.starts_at, one.ends_at) for one in self.planned()
        )
        parts = select(GroupPart, GroupSession).join(GroupSession, GroupSession.id == GroupPart.session_id)
        wanted = {
            (part.id, part.person_id, one.starts_at, one.ends_at)
            for part, one in self.session.execute(
                parts.where(GroupPart.out_at.is_(None), GroupSession.state == grouping.PLANNED)
            )
        }
        taken = {
            (row.cause_id, row.subject_id, row.starts_at, row.ends_at)
            for row in rows
            if row.cause_kind == seating_service.PART
        }
        assert taken <= wanted

    @invariant()
    def nobody_is_told_twice_or_of_what_no_longer_is(self) -> None:
        """One message of one revision at most, and none waits about an earlier one, which would never leave.

        Of what they have changed themselves nobody needs to hear, and so it is with joining and leaving a
        group: but that a session is off stays true.
        """
        revisions = {one.id: one.revision for one in self.meetings()}
        parts = select(GroupPart, GroupSession.state).join(
            GroupSession, GroupSession.id == GroupPart.session_id
        )
        quiet = set()
        for part, state in self.session.execute(parts):
            revisions[part.id] = part.revision
            quiet |= {(part.id, kind) for kind in NEWS if state == grouping.PLANNED or kind not in OFF}
        live = select(OutboxMessage).where(OutboxMessage.state.not_in((CANCELLED, EXPIRED)))
        said = [row for row in self.session.scalars(live) if row.subject in revisions]
        assert max(Counter((row.subject, row.revision) for row in said).values(), default=0) <= 1
        for row in said:
            goes = row.revision == revisions[row.subject] or self.maker(row.subject) == row.recipient_id
            assert goes or row.state != QUEUED or (row.subject, row.kind) in quiet

    @invariant()
    def a_revision_rises_with_each_change_and_with_nothing_else_falls(self) -> None:
        """What calendars rely on: of meetings, and of sessions."""
        for one in [*self.meetings(), *self.session.scalars(select(GroupSession))]:
            stands = (one.starts_at, one.ends_at, one.state, one.place, getattr(one, "mode", ""))
            uid, revision, stood = self.stood.get(one.id, (one.uid, one.revision, stands))
            assert one.uid == uid
            assert one.revision >= revision
            assert stands == stood or one.revision > revision
            self.stood[one.id] = (one.uid, one.revision, stands)

    # --- what the machine of seats knows otherwise ----------------------------------------------

    def planned(self) -> list[GroupSession]:
        """The sessions that are not cancelled."""
        return [one for one in sessions(self.session, self.group) if one.state == grouping.PLANNED]

    @invariant()
    def nobody_waits_while_a_seat_is_free(self) -> None:
        """As long as the group meets again, or the worker has not been round yet."""

    @invariant()
    def each_offer_is_told_once(self) -> None:
        """No two messages of one offer."""
        ids = list(self.session.scalars(select(GroupSeat.id)))
        rows = select(OutboxMessage.subject, OutboxMessage.revision).where(OutboxMessage.subject.in_(ids))
        said = Counter(self.session.execute(rows).all())
        assert max(said.values(), default=0) <= 1

    @invariant()
    def time_is_held_for_whoever_is_in_and_nobody_else(self) -> None:
        """Whoever has a seat has a part in each session to come."""
        inside = {one for one, seat in seats(self.session, self.group).items() if seat.state == grouping.IN}
        for one in self.planned():
            if one.starts_at > self.now:
                coming = {part.person_id for part in session_service.parts_of(self.session, one)}
                assert coming == inside

    def teardown(self) -> None:
        """Leave to the next run what the first one found."""
        for table in (Signature, Correction, AppointmentBefore, CallWish, OutboxMessage, Absence):
            self.session.execute(delete(table))
        Orders.teardown(self)
        Seats.teardown(self)
        for one, span in zip(sessions(self.session, self.group), GROUP_TIMES, strict=True):
            one.starts_at, one.ends_at, one.state, one.revision = span.start, span.end, "planned", 0
            holding = {"subject_kind": "person", "subject_id": self.coach.person_id}
            cause = {"cause_kind": session_service.SESSION, "cause_id": one.id}
            self.session.add(BusyTime(**holding, **cause, starts_at=span.start, ends_at=span.end))
        self.session.flush()
        self.session.expunge_all()
        take_notes(self.session)


def run(
    machine: type[Everything],
    app: Flask,
    database: Database,
    world: World,
    ask_as: AskAs,
    group: Group,
    more: Iterable[Person],
    *,
    seats: int,
    examples: tuple[int, int],
) -> None:
    """Let a machine do what it can where rooms have `seats`, so many `examples` on SQLite and PostgreSQL."""
    theirs = (world.participant, world.second_participant, world.other_participant)
    people, admin = [ask_as(one) for one in (*theirs, *more)], ask_as(world.admin)
    coaches = [ask_as(world.coach), ask_as(world.other_coach)]
    few = settings(
        max_examples=examples[database.engine.dialect.name != "sqlite"],
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    with database.transaction() as session:
        rooms = furnish(session, world, seats=seats)
    with app.test_request_context(), database.writing() as session:
        known = [
            outside(session, admin, SATURDAY, "ar", "so"),
            of_staff(session, admin, world.other_coach.id, SATURDAY, "ar", "so"),
        ]
        mine = session.get_one(Group, group.id)

        def begin(self: Everything) -> None:
            machine.__init__(self, session, people, coaches, rooms, known, group=mine, now=SATURDAY)

        here: type[Everything] = type("Here", (machine,), {"__init__": begin})
        run_state_machine_as_test(here, settings=few)


def test_no_sequence_of_all_acts_breaks_what_always_holds_s49(
    app: Flask,
    database: Database,
    open_world: World,
    ask_as: AskAs,
    made: Made,
    crowd: Callable[[int], list[Person]],
) -> None:
    group = made(when=GROUP_TIMES)
    run(Everything, app, database, open_world, ask_as, group, crowd(2), seats=3, examples=(30, 8))
