"""Calendars elsewhere on both databases: read in turn, kept as times alone, and left free of by who books."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, func, select, text
from sqlalchemy.exc import NoResultFound

from portal.availability import queries as availability
from portal.availability.outside import queries, rules, service
from portal.availability.outside.address_rules import WrongAddress
from portal.availability.outside.gateway import Net
from portal.availability.outside.models import OutsideBusy, OutsideCalendar
from portal.availability.rules import Span
from portal.db import Database
from portal.identity.models import Person, RoleGrant
from portal.messaging.gateways.console import Console
from portal.ticks import Work, read_calendars
from tests.booking.conftest import AskAs, ask_as, open_world
from tests.conftest import FrozenClock
from tests.support.calendar_server import GOOGLE, CalendarServer, answer, calendar
from tests.support.meetings import add_meeting
from tests.support.world import World

__all__ = ["ask_as", "open_world"]

PATH = "/private-x/basic.ics"
ADDRESS = f"https://{GOOGLE}{PATH}"
# Wednesday 25 November, 9.30–10.30 and 13–15 in Stockholm.
MORNING = "DTSTART:20261125T083000Z\nDTEND:20261125T093000Z"
AFTERNOON = "DTSTART:20261125T120000Z\nDTEND:20261125T140000Z"
WEDNESDAY = datetime(2026, 11, 25, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def added(database: Database, open_world: World, ask_as: AskAs, now: datetime) -> uuid.UUID:
    """The coach's calendar, not yet read."""
    with database.transaction() as fresh:
        return service.add(fresh, ask_as(open_world.coach), ADDRESS, now).id


def work(database: Database, net: Net, frozen: FrozenClock) -> Work:
    """The worker's hands, with the way to the server."""
    return Work(database, Console(), now=frozen, net=net)


def go(database: Database, server: CalendarServer, frozen: FrozenClock) -> int:
    """One round of the worker."""
    return read_calendars(work(database, server.net, frozen))


def kept(database: Database) -> list[Span]:
    """The busy times as stored."""
    with database.reading() as fresh:
        rows = fresh.scalars(select(OutsideBusy).order_by(OutsideBusy.starts_at))
        return [Span(row.starts_at, row.ends_at) for row in rows]


def state(database: Database) -> OutsideCalendar:
    """The one calendar."""
    with database.reading() as fresh:
        return fresh.scalars(select(OutsideCalendar)).one()


def starts(database: Database, asker: AskAs, world: World, now: datetime) -> list[str]:
    """When a participant can begin a meeting with the coach on Wednesday, in UTC."""
    with database.reading() as fresh:
        held = availability.keeper(fresh, asker(world.coach), world.coach.id)
        times = availability.free_times(fresh, held, now)
    return [f"{time.start:%H.%M}" for time in times if time.start.date() == WEDNESDAY.date()]


def test_what_is_read_is_kept_as_times_alone_and_cannot_be_booked(
    database: Database,
    open_world: World,
    ask_as: AskAs,
    frozen: FrozenClock,
    calendars: CalendarServer,
    added: uuid.UUID,
) -> None:
    before = starts(database, ask_as, open_world, frozen.moment)
    calendars.answers[PATH] = answer(body=calendar(MORNING, AFTERNOON, MORNING), ETag='"secret-tag"')
    assert go(database, calendars, frozen) == 1
    assert kept(database) == [
        Span(WEDNESDAY + 8.5 * HOUR, WEDNESDAY + 9.5 * HOUR),
        Span(WEDNESDAY + 12 * HOUR, WEDNESDAY + 14 * HOUR),
    ]
    after = starts(database, ask_as, open_world, frozen.moment)
    # A meeting of an hour, and a quarter after it.
    assert set(before) - set(after) == {"08.00", "08.30", "09.00", "12.00", "12.30", "13.00", "13.30"} & set(
        before
    )
    assert {"09.30", "10.00"} <= set(after)
    with database.reading() as fresh:
        raw = b"".join(
            bytes(value)
            for row in fresh.execute(text("SELECT address_sealed, etag_sealed FROM outside_calendar"))
            for value in row
        )
    assert b"private-x" not in raw
    assert b"secret-tag" not in raw


def test_while_a_server_is_asked_no_connection_to_the_database_is_held(
    database: Database, frozen: FrozenClock, calendars: CalendarServer, added: uuid.UUID
) -> None:
    held: list[int] = []

    def slow(_: dict[str, str]) -> list[bytes]:
        held.extend(
            engine.pool.checkedout() for engine in database.engines if hasattr(engine.pool, "checkedout")
        )
        return [answer(body=calendar(MORNING))]

    calendars.answers[PATH] = slow
    go(database, calendars, frozen)
    assert held
    assert not any(held)


def test_each_quarter_of_an_hour_and_only_what_has_changed(
    database: Database, frozen: FrozenClock, calendars: CalendarServer, added: uuid.UUID
) -> None:
    calendars.answers[PATH] = answer(body=calendar(MORNING), ETag='"one"')
    assert go(database, calendars, frozen) == 1
    assert go(database, calendars, frozen) == 0
    first = kept(database)
    calendars.answers[PATH] = answer("304 Not Modified")
    frozen.move(timedelta(minutes=17))
    assert go(database, calendars, frozen) == 1
    assert calendars.asked[-1][1]["If-None-Match"] == '"one"'
    assert kept(database) == first
    assert state(database).read_at == frozen.moment
    # What repeats comes nearer: once a day all of it is asked for.
    frozen.move(timedelta(hours=25))
    calendars.answers[PATH] = answer(body=calendar(AFTERNOON))
    assert go(database, calendars, frozen) == 1
    assert "If-None-Match" not in calendars.asked[-1][1]


def test_our_own_meetings_come_back_are_passed_over(
    database: Database,
    open_world: World,
    now: datetime,
    frozen: FrozenClock,
    calendars: CalendarServer,
    added: uuid.UUID,
) -> None:
    with database.transaction() as fresh:
        meeting = add_meeting(fresh, open_world.participant, open_world.coach, WEDNESDAY + 8.5 * HOUR, now)
    own = calendar(MORNING).replace(b"0@example", str(meeting.uid).upper().encode())
    other = calendar(AFTERNOON).replace(b"0@example", str(uuid.uuid4()).encode())
    both = own.replace(b"END:VCALENDAR\r\n", other[other.index(b"BEGIN:VEVENT") :])
    calendars.answers[PATH] = answer(body=both)
    go(database, calendars, frozen)
    assert kept(database) == [Span(WEDNESDAY + 12 * HOUR, WEDNESDAY + 14 * HOUR)]


def test_what_fails_is_said_tried_later_and_old_times_stand_for_two_days(
    database: Database,
    open_world: World,
    ask_as: AskAs,
    frozen: FrozenClock,
    calendars: CalendarServer,
    added: uuid.UUID,
) -> None:
    calendars.answers[PATH] = answer(body=calendar("DTSTART:20261125T083000Z\nDTEND:20261130T083000Z"))
    go(database, calendars, frozen)
    calendars.answers[PATH] = answer("404 Not Found")
    for failures in (1, 2):
        frozen.move(timedelta(hours=1))
        assert go(database, calendars, frozen) == 1
        row = state(database)
        assert (row.problem, row.failures) == ("not_found", failures)
    assert row.next_at - frozen.moment >= timedelta(minutes=30)
    frozen.move(timedelta(hours=44))
    asker = ask_as(open_world.coach)
    week = timedelta(days=7)

    def busy() -> tuple[bool, bool]:
        with database.reading() as fresh:
            (shown,) = queries.own_calendars(fresh, asker, frozen.moment)
            around = Span(frozen.moment - week, frozen.moment + week)
            met = queries.is_busy(fresh, open_world.coach.id, around, frozen.moment)
            return met, shown.gone

    assert busy() == (True, False)
    frozen.move(timedelta(hours=3))
    assert busy() == (False, True)
    with database.transaction() as fresh:
        assert service.forget(fresh, frozen.moment) == 1
    assert kept(database) == []
    calendars.answers[PATH] = answer(body=calendar("DTSTART:20261125T083000Z\nDTEND:20261130T083000Z"))
    frozen.move(timedelta(hours=6))
    go(database, calendars, frozen)
    assert busy() == (True, False)
    assert (state(database).problem, state(database).failures) == ("", 0)


def test_a_worker_that_is_killed_in_between_leaves_it_to_the_next(
    database: Database, frozen: FrozenClock, calendars: CalendarServer, added: uuid.UUID
) -> None:
    calendars.answers[PATH] = answer(body=calendar(MORNING))
    with database.transaction() as fresh:
        killed = service.claim(fresh, frozen.moment)
    assert killed is not None
    assert go(database, calendars, frozen) == 0
    frozen.move(rules.CLAIMED)
    assert go(database, calendars, frozen) == 1
    # It was only slow: what it brings is older than what stands.
    calendars.answers[PATH] = answer(body=calendar(AFTERNOON))
    late = service.read(killed, calendars.net)
    with database.transaction() as fresh:
        assert not service.settle(fresh, killed, late, lambda _session, _uids: set(), frozen.moment)
    assert kept(database) == [Span(WEDNESDAY + 8.5 * HOUR, WEDNESDAY + 9.5 * HOUR)]


def test_what_is_removed_meanwhile_stays_away(
    database: Database,
    open_world: World,
    ask_as: AskAs,
    frozen: FrozenClock,
    calendars: CalendarServer,
    added: uuid.UUID,
) -> None:
    calendars.answers[PATH] = answer(body=calendar(MORNING))
    with database.transaction() as fresh:
        job = service.claim(fresh, frozen.moment)
    assert job is not None
    outcome = service.read(job, calendars.net)
    with database.transaction() as fresh, pytest.raises(NoResultFound):
        service.remove(fresh, ask_as(open_world.other_coach), added)
    with database.transaction() as fresh:
        service.remove(fresh, ask_as(open_world.coach), added)
        assert not service.settle(fresh, job, outcome, lambda _session, _uids: set(), frozen.moment)
        assert fresh.scalar(select(func.count()).select_from(OutsideCalendar)) == 0
    assert kept(database) == []


def test_said_twice_it_counts_once_and_there_are_few(
    database: Database, open_world: World, ask_as: AskAs, now: datetime, added: uuid.UUID
) -> None:
    coach = ask_as(open_world.coach)
    with database.transaction() as fresh:
        assert service.add(fresh, coach, f" webcal://{GOOGLE}{PATH} ", now).id == added
        for number in range(1, rules.MOST_CALENDARS):
            service.add(fresh, coach, f"{ADDRESS}?{number}", now)
        with pytest.raises(service.TooMany):
            service.add(fresh, coach, f"{ADDRESS}?more", now)
        service.add(fresh, ask_as(open_world.other_coach), ADDRESS, now)


def test_a_host_counts_while_the_organisation_names_it(
    database: Database, open_world: World, ask_as: AskAs, frozen: FrozenClock, calendars: CalendarServer
) -> None:
    coach, address = ask_as(open_world.coach), "https://kalender.norrby.se/a.ics"

    def name(hosts: str) -> None:
        with database.transaction() as fresh:
            own = fresh.get_one(type(open_world.organisation), open_world.organisation.id)
            own.settings = {**own.settings, "calendar_hosts": hosts}

    with database.transaction() as fresh, pytest.raises(WrongAddress, match="host"):
        service.add(fresh, coach, address, frozen.moment)
    name("kalender.norrby.se")
    with database.transaction() as fresh:
        service.add(fresh, coach, address, frozen.moment)
    name("")
    go(database, calendars, frozen)
    assert state(database).problem == "host"
    assert calendars.resolved == []


def test_it_goes_with_the_coachs_work(
    database: Database, open_world: World, frozen: FrozenClock, calendars: CalendarServer, added: uuid.UUID
) -> None:
    calendars.answers[PATH] = answer(body=calendar(MORNING))
    go(database, calendars, frozen)
    with database.transaction() as fresh:
        fresh.execute(delete(RoleGrant).where(RoleGrant.person_id == open_world.coach.id))
        assert isinstance(fresh.get_one(Person, open_world.coach.id), Person)
    frozen.move(HOUR)
    assert go(database, calendars, frozen) == 0
    with database.transaction() as fresh:
        assert service.forget(fresh, frozen.moment) == 2
    assert kept(database) == []


def test_more_times_than_anybody_has_are_not_kept(
    database: Database,
    frozen: FrozenClock,
    calendars: CalendarServer,
    added: uuid.UUID,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rules, "MOST_SPANS", 1)
    calendars.answers[PATH] = answer(body=calendar(MORNING, AFTERNOON))
    go(database, calendars, frozen)
    assert (state(database).problem, kept(database)) == ("too_big", [])
