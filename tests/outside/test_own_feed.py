"""A coach who gives us back the very calendar that they read from us is busy once, not twice."""

import uuid
from datetime import timedelta

from portal.availability import block_service as blocks
from portal.availability.outside import service
from portal.availability.rules import Span
from portal.booking import service as booking
from portal.booking.time_service import Wish
from portal.db import Database
from portal.identity.absence import service as absences
from portal.interpreting import assign_service
from tests.booking.conftest import AskAs, ask_as
from tests.booking.test_feed import made
from tests.conftest import FrozenClock, SignIn
from tests.groups.conftest import Made
from tests.groups.conftest import made as group
from tests.outside.test_service import ADDRESS, PATH, go, kept, state
from tests.support.calendar_server import CalendarServer, answer
from tests.support.ordering import of_staff, order_of
from tests.support.pages import Client
from tests.support.world import World

__all__ = ["ask_as", "group"]

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_each_kind_that_comes_back_is_passed_over_and_nothing_else(
    database: Database,
    world: World,
    ask_as: AskAs,
    frozen: FrozenClock,
    client: Client,
    sign_in: SignIn,
    group: Made,
    calendars: CalendarServer,
) -> None:
    now, coach, other = frozen.moment, ask_as(world.coach), ask_as(world.other_coach)
    group()
    with database.transaction() as fresh:
        wish = Wish(now + DAY, "phone")
        booking.book_for(fresh, coach, world.participant.id, wish, now, anyway=True)
        blocks.block(
            fresh, coach, coach.person_id, blocks.Wish(Span(now + 2 * DAY, now + 2 * DAY + HOUR)), now
        )
        off = (now + 3 * DAY).date()
        absences.take(fresh, coach, coach.person_id, absences.Wish(off, off), now)
        wish = Wish(now + 4 * DAY, "phone", interpreter="ar")
        theirs = booking.book_for(fresh, other, world.other_participant.id, wish, now, anyway=True)
        karin = of_staff(fresh, other, world.coach.id, now)
        assign_service.assign(fresh, other, order_of(fresh, theirs.id).id, karin.id, now)
        service.add(fresh, coach, ADDRESS, now)
    own = client.get(made(sign_in(world.coach))).data
    assert own.count(b"BEGIN:VEVENT") == 4 + 4
    calendars.answers[PATH] = answer(body=own)
    assert go(database, calendars, frozen) == 1
    assert (state(database).problem, kept(database)) == ("", [])
    first = own.index(b"UID:") + 4
    strange = own[:first] + str(uuid.uuid4()).encode() + own[first + 36 :]
    calendars.answers[PATH] = answer(body=strange)
    frozen.move(HOUR)
    go(database, calendars, frozen)
    assert kept(database) == [Span(now + DAY, now + DAY + HOUR)]
