"""The one machine of everything, with colleagues and people from outside at the meetings (S49)."""

import uuid
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule
from sqlalchemy import delete, select

from portal.availability.models import BusyTime
from portal.availability.rules import MEETING
from portal.booking import service as booking
from portal.booking.network import service
from portal.booking.network.models import MeetingParty, NetworkMeeting
from portal.booking.network.rules import ANSWERS
from portal.booking.network.service import Guest
from portal.booking.time_service import Wish
from portal.db import Database
from portal.identity.models import Person
from portal.messaging.models import OutboxMessage
from portal.messaging.rules import CANCELLED
from portal.notices.invitation_rules import CANCELLED as OFF
from tests.booking.conftest import AskAs, ask_as, open_world
from tests.booking.test_stateful import BUFFERS, starts, which
from tests.groups.conftest import Made, crowd, made
from tests.races.test_everything_stateful import COACH, GROUP_TIMES, Everything, run
from tests.support.world import World

__all__ = ["ask_as", "crowd", "made", "open_world"]

GUESTS = [Guest("Sofia", "Vårdcentralen", "sofia@vc.example"), Guest("Per", "", "per@af.example")]


class Several(Everything):
    """Everything, and each coach can be asked to the other's meetings; two from outside are invited."""

    @initialize(at=starts, colleague=st.booleans())
    def plan(self, at: datetime, colleague: bool) -> None:
        """One meeting of several stands from the beginning."""
        self.gather(0, at, colleague)

    @rule(person=st.integers(0, 2), at=starts, colleague=st.booleans())
    def gather(self, person: int, at: datetime, colleague: bool) -> None:
        """Staff book for somebody, invite somebody from outside, and perhaps ask the other coach."""
        asker, whom = self.of(person), self.people[person].person_id
        other = next(one.person_id for one in self.coaches if one is not asker)

        def book() -> None:
            wish = Wish(at, "phone", uuid.uuid4(), length=timedelta(minutes=45))
            made = booking.book_for(self.session, asker, whom, wish, self.now, anyway=True)
            service.invite(self.session, asker, made.id, GUESTS[0], self.now)
            if colleague:
                service.ask_colleague(self.session, asker, made.id, other, self.now)

        self.attempt(book)

    @precondition(lambda self: self.parties())
    @rule(
        number=which,
        act=st.sampled_from(["move", "cancel", "restore", "back"]),
        at=starts,
        read=st.booleans(),
    )
    def turn(self, number: int, act: str, at: datetime, read: bool) -> None:
        """What somebody is asked to becomes otherwise, before or after they have read of it."""
        party = self.parties()[number % len(self.parties())]
        meeting = next(one for one in self.meetings() if one.id == party.appointment_id)
        asker = self.of_meeting(meeting)
        if read:
            self.deliver()
        verbs: dict[str, Callable[[], object]] = {
            "move": lambda: booking.move_for(
                self.session, asker, meeting.id, Wish(at, "phone"), self.now, anyway=True
            ),
            "cancel": lambda: booking.cancel_for(self.session, asker, meeting.id, "", self.now),
            "restore": lambda: booking.restore_for(self.session, asker, meeting.id, self.now, anyway=True),
        }
        for each in ("cancel", "restore") if act == "back" else (act,):
            self.attempt(verbs[each])

    @precondition(lambda self: self.meetings())
    @rule(number=which, coach=COACH)
    def ask_colleague(self, number: int, coach: int) -> None:
        """A colleague is to be there too."""
        meeting, who = self.pick(number), self.coaches[coach].person_id
        asker = self.of_meeting(meeting)
        self.attempt(lambda: service.ask_colleague(self.session, asker, meeting.id, who, self.now))

    @precondition(lambda self: self.meetings())
    @rule(number=which, guest=st.sampled_from(GUESTS))
    def invite(self, number: int, guest: Guest) -> None:
        """Somebody from outside is invited."""
        meeting = self.pick(number)
        asker = self.of_meeting(meeting)
        self.attempt(lambda: service.invite(self.session, asker, meeting.id, guest, self.now))

    @precondition(lambda self: self.parties())
    @rule(number=which)
    def take_off(self, number: int) -> None:
        """One of them is not to come."""
        party = self.parties()[number % len(self.parties())]
        meeting = next(one for one in self.meetings() if one.id == party.appointment_id)
        asker = self.of_meeting(meeting)
        self.attempt(lambda: service.take_off(self.session, asker, meeting.id, party.id, self.now))

    @precondition(lambda self: self.parties())
    @rule(number=which, said=st.sampled_from(ANSWERS))
    def answer_invitation(self, number: int, said: str) -> None:
        """Somebody from outside says whether they come."""
        party = self.parties()[number % len(self.parties())]
        self.attempt(lambda: service.answer(self.session, party.id, said, "", self.now))

    def parties(self) -> list[MeetingParty]:
        """Whoever was ever asked."""
        return self.as_made(self.session.scalars(select(MeetingParty)), lambda one: one.email)

    def colleagues(self) -> set[tuple[uuid.UUID, uuid.UUID]]:
        """Which colleague is to be at which meeting, beside its coach."""
        coaches = {one.id: one.coach_id for one in self.meetings()}
        return {
            (one.appointment_id, one.person_id)
            for one in self.parties()
            if one.person_id and one.removed_at is None and coaches[one.appointment_id] != one.person_id
        }

    @invariant()
    def what_is_booked_is_held_and_nothing_else(self) -> None:
        """The busy rows are exactly the booked meetings' times, of colleagues too."""
        held = {
            (row.cause_id, row.subject_id, row.starts_at, row.ends_at)
            for row in self.session.scalars(select(BusyTime).where(BusyTime.cause_kind == MEETING))
        }
        asked, wanted = self.colleagues(), set()
        for one in self.meetings():
            if one.state != "booked":
                continue
            wanted.add((one.id, one.coach_id, one.starts_at, one.ends_at + BUFFERS[one.mode]))
            others = {who for meeting_id, who in asked if meeting_id == one.id}
            others |= {one.room_id} if one.room_id else set()
            others |= {one.person_id} if one.in_portal else set()
            wanted |= {(one.id, who, one.starts_at, one.ends_at) for who in others}
        assert held == wanted

    @invariant()
    def each_from_outside_is_told_how_it_stands_once(self) -> None:
        """One letter of one revision, with the meeting's own UID; whoever is taken off hears that last.

        What the last one says is how it stands: a change undone before anybody heard of it is told to nobody.
        """
        live = select(OutboxMessage).where(OutboxMessage.state != CANCELLED)
        letters = [row for row in self.session.scalars(live) if row.kind.startswith("party_")]
        said = Counter((row.subject, row.revision, row.kind == OFF) for row in letters)
        assert max(said.values(), default=0) <= 1
        meetings = {one.id: one for one in self.meetings()}
        for party in self.parties():
            own = [row for row in letters if row.subject == party.id]
            meeting = meetings[party.appointment_id]
            assert all(f"UID:{meeting.uid}" in row.calendar for row in own)
            if party.person_id or party.removed_at or meeting.starts_at <= self.now:
                continue
            last = max(own, key=lambda row: row.revision, default=None)
            if meeting.state == "booked":
                assert last is not None
                assert last.kind != OFF
                assert f"{meeting.starts_at:%Y%m%dT%H%M%S}Z" in last.calendar
                assert last.revision == meeting.revision or last.state == "sent"
            elif last is not None:
                assert (last.kind, last.revision) == (OFF, meeting.revision)

    def teardown(self) -> None:
        """Leave nobody asked to the next run."""
        for table in (MeetingParty, NetworkMeeting):
            self.session.execute(delete(table))
        super().teardown()


def test_no_sequence_of_all_acts_breaks_meetings_of_several_s49(
    app: Flask,
    database: Database,
    open_world: World,
    ask_as: AskAs,
    made: Made,
    crowd: Callable[[int], list[Person]],
) -> None:
    group = made(when=GROUP_TIMES)
    run(Several, app, database, open_world, ask_as, group, crowd(2), seats=4, examples=(30, 5))
