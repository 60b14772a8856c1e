"""Everything of a coach's calendar in each of its states, read by a library that shares nothing with ours.

Of each: one UID for life, a SEQUENCE that rises with each change of time, place or state and with nothing
else, the times of the database, and the state. Twice over a night in which the clock is set.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import vobject
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.availability import block_service as blocks
from portal.availability.rules import Span
from portal.booking import course_service, service
from portal.booking.models import Appointment
from portal.booking.time_service import Wish
from portal.db import Database
from portal.groups import service as groups
from portal.groups import session_service
from portal.groups.models import Group, GroupSession
from portal.groups.session_service import Change
from portal.identity.absence import service as absences
from portal.identity.models import Enrolment, Person
from portal.interpreting import assign_service
from portal.web.asker import Asker
from tests.booking.conftest import AskAs, ask_as
from tests.booking.test_feed import made
from tests.conftest import FrozenClock, SignIn
from tests.groups.conftest import about
from tests.journeys.test_query_plans import listen, read_whole
from tests.support.ordering import of_staff, order_of
from tests.support.pages import Client
from tests.support.world import World

__all__ = ["ask_as"]

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NIGHTS = [datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2027, 3, 28, 0, 30, tzinfo=UTC)]
"""Half past two, that comes twice; half past one, an hour that ends at half past three."""


@dataclass(frozen=True)
class Seen:
    """One event as the other library reads it."""

    sequence: int
    status: str
    start: date
    end: date
    title: str
    url: str


def parsed(body: str) -> dict[str, Seen]:
    """The events of a file, by UID."""
    (calendar,) = vobject.readComponents(body)
    found: dict[str, Any] = {}
    for one in getattr(calendar, "vevent_list", ()):
        assert one.uid.value not in found
        found[one.uid.value] = Seen(
            int(one.sequence.value),
            one.status.value,
            one.dtstart.value,
            one.dtend.value,
            one.summary.value,
            one.url.value if hasattr(one, "url") else "",
        )
    return found


@dataclass
class Walk:
    """A coach's feed, and what it has said of each UID until now."""

    app: Flask
    database: Database
    world: World
    ask_as: AskAs
    frozen: FrozenClock
    client: Client
    address: str
    last: dict[str, int] = field(default_factory=dict)

    @property
    def coach(self) -> Asker:
        """Whose calendar it is."""
        return self.ask_as(self.world.coach)

    def do(self, act: Callable[[Session, datetime], object]) -> Any:
        """A step, committed, a minute after the one before."""
        self.frozen.move(timedelta(minutes=1))
        with self.app.app_context(), self.database.transaction() as session:
            return act(session, self.frozen.moment)

    def act(self, verb: Callable[..., object], *given: object, **more: object) -> Any:
        """The same for a verb that takes the time last."""
        return self.do(lambda session, now: verb(session, *given, now, **more))

    def text(self, address: str = "") -> str:
        """The feed as it is sent."""
        return self.client.get(address or self.address).get_data(as_text=True)

    def sees(self, uid: uuid.UUID, status: str, start: date, end: date, *, rises: bool = True) -> Seen:
        """The event in the feed: its state and times, and whether its SEQUENCE is above the one before."""
        return self.compare(uid, parsed(self.text())[str(uid)], status, start, end, rises=rises)

    def compare(
        self, uid: uuid.UUID, seen: Seen, status: str, start: date, end: date, *, rises: bool
    ) -> Seen:
        """The same of an event that was read elsewhere."""
        assert (seen.status, seen.start, seen.end) == (status, start, end)
        before = self.last.get(str(uid), -1)
        assert (seen.sequence > before) if rises else (seen.sequence == before)
        self.last[str(uid)] = seen.sequence
        return seen


@pytest.fixture
def walk(
    app: Flask,
    database: Database,
    world: World,
    ask_as: AskAs,
    frozen: FrozenClock,
    client: Client,
    sign_in: SignIn,
) -> Walk:
    """The coach has an address, and no hours; it is 20 October, before either night."""
    frozen.move(-35 * DAY)
    address = made(sign_in(world.coach))
    return Walk(app, database, world, ask_as, frozen, client, address)


@pytest.mark.parametrize("night", NIGHTS)
def test_a_meeting_in_the_feed_and_in_the_participants_own_file(
    walk: Walk, sign_in: SignIn, night: datetime
) -> None:
    world, other = walk.world, walk.ask_as(walk.world.other_coach)
    row: Appointment = walk.act(
        service.book_for, walk.coach, world.participant.id, Wish(night, "phone"), anyway=True
    )
    browser, theirs = sign_in(world.participant), made(sign_in(world.other_coach))

    def both(status: str, start: datetime, feed: str = "", *, rises: bool = True) -> None:
        own = parsed(browser.get(f"/meetings/{row.id}.ics").get_data(as_text=True))
        seen = parsed(walk.text(feed))[str(row.uid)]
        assert list(own) == [str(row.uid)]
        walk.compare(row.uid, own[str(row.uid)], status, start, start + HOUR, rises=rises)
        walk.compare(row.uid, seen, status, start, start + HOUR, rises=False)

    def move(wish: Wish) -> None:
        walk.act(service.move_for, walk.coach, row.id, wish, anyway=True)

    both("CONFIRMED", night)
    move(Wish(night + HOUR, "phone"))
    both("CONFIRMED", night + HOUR)
    move(Wish(night + HOUR, "on_site", place="Rådhuset"))
    both("CONFIRMED", night + HOUR)
    move(Wish(night + HOUR, "on_site", place="Rådhuset"))
    both("CONFIRMED", night + HOUR, rises=False)
    with walk.database.transaction() as session:
        theirs_now = update(Enrolment).where(Enrolment.person_id == world.participant.id)
        session.execute(theirs_now.values(coach_id=world.other_coach.id))
    walk.act(course_service.take_over, other, row.id)
    assert parsed(walk.text()) == {}
    both("CONFIRMED", night + HOUR, theirs, rises=False)
    walk.act(service.cancel_for, other, row.id, "Sjuk")
    both("CANCELLED", night + HOUR, theirs)
    walk.act(service.restore_for, other, row.id, anyway=True)
    both("CONFIRMED", night + HOUR, theirs)
    assert "Rådhuset" not in walk.text(theirs)
    with walk.database.reading() as session:
        stands = session.get_one(Appointment, row.id)
        assert (stands.starts_at, stands.revision) == (night + HOUR, walk.last[str(stands.uid)])


def test_a_hidden_meeting_is_busy_time_and_in_no_file_of_the_participants(
    walk: Walk, sign_in: SignIn
) -> None:
    """S33"""
    wish = Wish(NIGHTS[1], "phone", in_portal=False)
    row: Appointment = walk.act(service.book_for, walk.coach, walk.world.participant.id, wish, anyway=True)
    seen = walk.sees(row.uid, "CONFIRMED", NIGHTS[1], NIGHTS[1] + HOUR)
    assert (seen.title, seen.url) == ("Upptagen", "")
    assert sign_in(walk.world.participant).get(f"/meetings/{row.id}.ics").status_code == 404


@pytest.mark.parametrize("night", NIGHTS)
def test_blocked_time_never_says_what_for(walk: Walk, night: datetime) -> None:
    who, first = walk.world.coach.id, Span(night, night + HOUR)

    row = walk.act(blocks.block, walk.coach, who, blocks.Wish(first, "Kurs med Amina"))
    assert walk.sees(row.id, "CONFIRMED", first.start, first.end).title == "Upptagen"
    moved = Span(night + HOUR, night + 3 * HOUR)

    def change(span: Span, words: str) -> None:
        walk.act(blocks.change, walk.coach, who, row.id, blocks.Wish(span, words))

    change(moved, "Kurs med Amina")
    walk.sees(row.id, "CONFIRMED", moved.start, moved.end)
    change(moved, "Läkare")
    walk.sees(row.id, "CONFIRMED", moved.start, moved.end, rises=False)
    for act, status in (
        (blocks.remove, "CANCELLED"),
        (blocks.restore, "CONFIRMED"),
        (blocks.remove, "CANCELLED"),
    ):
        for twice in range(2):
            walk.act(act, walk.coach, who, row.id)
            walk.sees(row.id, status, moved.start, moved.end, rises=not twice)
    told = walk.text()
    assert not [word for word in ("Amina", "Kurs", "Läkare", "URL") if word in told]
    walk.frozen.move(30 * DAY + HOUR)
    assert parsed(walk.text()) == {}


@pytest.mark.parametrize("day", [night.date() for night in NIGHTS])
def test_absence_is_whole_days_without_a_reason(walk: Walk, day: date) -> None:
    who, stand_in = walk.world.coach.id, walk.world.other_coach.id
    row = walk.act(absences.take, walk.coach, who, absences.Wish(day, day, stand_in))
    seen = walk.sees(row.id, "CONFIRMED", day, day + DAY)
    assert (seen.title, seen.url, type(seen.start)) == ("Borta", "", date)

    def change(last: date, instead: uuid.UUID | None) -> None:
        def changed(session: Session, now: datetime) -> None:
            absences.change(session, walk.coach, who, row.id, last=last, stand_in_id=instead, now=now)

        walk.do(changed)

    change(day + 2 * DAY, stand_in)
    walk.sees(row.id, "CONFIRMED", day, day + 3 * DAY)
    change(day + 2 * DAY, None)
    walk.sees(row.id, "CONFIRMED", day, day + 3 * DAY, rises=False)
    for act, status in ((absences.take_back, "CANCELLED"), (absences.restore, "CONFIRMED")):
        for twice in range(2):
            walk.act(act, walk.coach, who, row.id)
            walk.sees(row.id, status, day, day + 3 * DAY, rises=not twice)


@pytest.mark.parametrize("night", NIGHTS)
def test_sessions_of_a_group_that_the_coach_leads_never_say_what_it_is_called(
    walk: Walk, night: datetime
) -> None:
    world, theirs = walk.world, about(title="own", own_title="Efter missbruk", place="Torget 4")

    def make(leader: uuid.UUID) -> Callable[[Session, datetime], Group]:
        return lambda session, now: groups.make(
            session,
            walk.ask_as(world.lead),
            theirs,
            team_id=world.here.team.id,
            leaders=[leader],
            spans=[Span(night, night + HOUR)],
            key=uuid.uuid4(),
            now=now,
        )

    group: Group = walk.do(make(world.coach.id))
    walk.do(make(world.other_coach.id))
    with walk.database.reading() as session:
        one = session.scalars(select(GroupSession).where(GroupSession.group_id == group.id)).one()
    seen = walk.sees(one.uid, "CONFIRMED", night, night + HOUR)
    assert seen.title == "Grupp (promenad)"
    assert seen.url.endswith(f"/staff/groups/sessions/{one.id}")
    assert len(parsed(walk.text())) == 1

    def move(start: datetime, place: str, seen: int) -> None:
        wish = Change(Span(start, start + HOUR), place)
        walk.act(session_service.move_session, walk.coach, one.id, wish, seen=seen)

    move(night + HOUR, "", 0)
    walk.sees(one.uid, "CONFIRMED", night + HOUR, night + 2 * HOUR)
    move(night + HOUR, "Biblioteket", 1)
    walk.sees(one.uid, "CONFIRMED", night + HOUR, night + 2 * HOUR)
    other_way = about(title="own", own_title="Efter missbruk", mode="video", place="Torget 4")
    walk.act(groups.change, walk.coach, group.id, other_way)
    assert walk.sees(one.uid, "CONFIRMED", night + HOUR, night + 2 * HOUR).title == "Grupp (video)"
    walk.act(session_service.cancel_session, walk.coach, one.id, seen=3)
    walk.sees(one.uid, "CANCELLED", night + HOUR, night + 2 * HOUR)
    told = walk.text()
    assert not [word for word in ("missbruk", "Torget", "Biblioteket", str(group.id)) if word in told]


@pytest.mark.parametrize("night", NIGHTS)
@pytest.mark.parametrize("hidden", [False, True])
def test_what_the_coach_interprets_says_neither_whom_nor_where(
    walk: Walk, night: datetime, hidden: bool
) -> None:
    """S33, S37"""
    world, other = walk.world, walk.ask_as(walk.world.other_coach)
    wish = Wish(night, "on_site", place="Torget 4", interpreter="ar", in_portal=not hidden)
    person = world.other_participant
    meeting: Appointment = walk.act(service.book_for, other, person.id, wish, anyway=True)

    def assign(session: Session, now: datetime) -> uuid.UUID:
        karin = of_staff(session, other, world.coach.id, now)
        return assign_service.assign(session, other, order_of(session, meeting.id).id, karin.id, now).id

    uid: uuid.UUID = walk.do(assign)
    seen = walk.sees(uid, "CONFIRMED", night, night + HOUR)
    assert (seen.title, seen.url) == ("Upptagen" if hidden else "Tolka", "")
    later = Wish(night + HOUR, "on_site", place="Torget 4", interpreter="ar", in_portal=not hidden)
    walk.act(service.move_for, other, meeting.id, later, anyway=True)
    walk.sees(uid, "CONFIRMED", night + HOUR, night + 2 * HOUR)
    walk.act(assign_service.confirm, walk.coach, uid)
    walk.sees(uid, "CONFIRMED", night + HOUR, night + 2 * HOUR)
    walk.act(service.cancel_for, other, meeting.id, "Sjuk")
    walk.sees(uid, "CANCELLED", night + HOUR, night + 2 * HOUR)
    walk.act(service.restore_for, other, meeting.id, anyway=True)
    walk.sees(uid, "CONFIRMED", night + HOUR, night + 2 * HOUR)
    told = walk.text()
    secrets = (*person.name.split(), "Torget", str(meeting.id), str(meeting.uid), str(person.id))
    assert not [word for word in secrets if word in told]
    with walk.database.transaction() as session:
        session.get_one(Person, person.id).protected = True
    assert parsed(walk.text()) == {}


def test_it_is_read_by_the_indexes_of_what_grows(walk: Walk) -> None:
    asked = listen(walk.database)
    assert parsed(walk.text()) == {}
    assert len([one for one in asked if "calendar_feed" not in one]) == 5
    assert read_whole(walk.database, asked) == {}
