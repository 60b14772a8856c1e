"""How long free times, and what is due, take to find among a thousand meetings and among a million."""

import contextlib
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import time as time_of_day
from datetime import timedelta
from statistics import median

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from portal import clock
from portal.availability.models import WeeklyHours
from portal.booking import queries as booking
from portal.booking.network import offer_queries
from portal.booking.network.offer_queries import Asked
from portal.booking.network.service import Plan
from portal.organisation.models import Organisation
from portal.reminders import service as reminders
from tests.bench.places import Place
from tests.support import meetings
from tests.support.databases import Kind
from tests.support.objects import asker_of
from tests.support.world import add_staff

SIZES = (1_000, 100_000, 1_000_000)
COACHES = 1_000
TIMES = 31
COLLEAGUES = 3

ID = {
    "sqlite": "lower(hex(randomblob(16)))",
    "postgresql": "gen_random_uuid()",
}
NUMBERS = {
    "sqlite": "(with recursive n(i) as (values(:low) union all select i + 1 from n where i + 1 < :high)"
    " select i from n) as numbers",
    "postgresql": "generate_series(cast(:low as int), cast(:high as int) - 1) as numbers(i)",
}
AT = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%S.000000', :now,"
    " ({way} * ((i / :coaches) * 2 + {hours})) || ' hours')",
    "postgresql": "cast(:now as timestamptz) + {way} * ((i / :coaches) * 2 + {hours}) * interval '1 hour'",
}
BACK, AHEAD = -1, 1
FIRST = {BACK: -timedelta(days=2), AHEAD: timedelta(days=30)}
"""From when on: the past, and what comes long after the days for which reminders are looked for."""
DUE = 20


@dataclass(frozen=True)
class Growth:
    """One question: the median seconds for each of `SIZES`, and the largest as a multiple of the smallest."""

    question: str
    seconds: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """How many times longer it takes with the most meetings than with the fewest."""
        return self.seconds[-1] / self.seconds[0]


def growth(place: Place) -> list[Growth]:
    """Free times for one coach and for five people, and reminders, while the past grows. Adds meetings."""
    coaches = _coaches(place)
    _far_ahead(place)
    found: dict[str, list[float]] = {"free times": [], "a time for five": [], "what is due": []}
    held = 0
    for size in SIZES:
        _add(place, coaches, held, size, BACK)
        held = size
        found["free times"].append(_time(place, _free_times(place)))
        found["a time for five"].append(_time(place, _together(place, coaches[1 : 1 + COLLEAGUES])))
        found["what is due"].append(_time(place, _remind(place)))
    return [Growth(question, tuple(seconds)) for question, seconds in found.items()]


def ahead(place: Place) -> list[Growth]:
    """One round of reminders, `DUE` of them due, while what lies ahead grows. Adds meetings to it."""
    coaches, seconds, held = _coaches(place), [], 0
    with place.database.transaction() as session:
        for number in range(DUE):
            now = clock.now()
            starts = now + timedelta(hours=3, minutes=number)
            settled = now - timedelta(days=9)
            meetings.add_meeting(session, place.world.participant, place.world.coach, starts, settled)
    for size in SIZES:
        _add(place, coaches, held, size, AHEAD)
        held = size
        seconds.append(_time(place, _remind(place)))
    return [Growth("what is due", tuple(seconds))]


def _remind(place: Place) -> Callable[[Session], object]:
    """Reminders are worded, for which there must be an app."""

    def tick(session: Session) -> object:
        with place.app.app_context():
            return reminders.tick(session, clock.now())

    return tick


def _coaches(place: Place) -> list[str]:
    with place.database.transaction() as session:
        made = [
            add_staff(session, place.world.here, f"Coach {number}", "coach", clock.now())
            for number in range(COACHES)
        ]
        plain = place.kind == "sqlite"
        # The world's own coach is among them: it is her free times that are asked for.
        return [one.id.hex if plain else str(one.id) for one in (place.world.coach, *made[1:])]


def _add(place: Place, coaches: list[str], low: int, high: int, way: int) -> None:
    """Meetings `low` to `high`, two hours apart backwards in time or ahead, and the time that each takes."""
    kind = place.kind
    person, first = place.world.participant.id, clock.now() + FIRST[way]
    values = {
        "low": low,
        "high": high,
        "coaches": COACHES,
        "now": str(first)[:19] if kind == "sqlite" else first,
        "organisation": place.world.organisation.id.hex if kind == "sqlite" else place.world.organisation.id,
        "person": person.hex if kind == "sqlite" else person,
    }
    # An hour each: it begins an hour earlier than it ends, whichever way one counts.
    start, end = (AT[kind].format(way=way, hours=hours) for hours in ((1, 0) if way == BACK else (0, 1)))
    with place.database.transaction() as session, _unguarded(session, kind):
        if kind == "sqlite":
            # A million random ids go in by indexes: without room for them each is a page read and written.
            session.execute(text("pragma cache_size = -1000000"))
        session.execute(text("create temporary table coaches (number int primary key, id text)"))
        session.execute(
            text("insert into coaches values (:number, :id)"),
            [{"number": number, "id": one} for number, one in enumerate(coaches)],
        )
        who = "coaches.id" if kind == "sqlite" else "cast(coaches.id as uuid)"
        of = f"from {NUMBERS[kind]} join coaches on coaches.number = i % :coaches"
        session.execute(
            text(
                "insert into appointment (id, organisation_id, person_id, coach_id, starts_at, ends_at, mode,"
                " state, in_portal, uid, revision, booked_at, booked_by, changed_at, moved_count, attendance)"
                f" select {ID[kind]}, :organisation, :person, {who}, {start}, {end}, 'phone', 'booked', true,"
                f" {ID[kind]}, 0, {start}, {who}, {start}, 0, 'none' {of}"
            ),
            values,
        )
        session.execute(
            text(
                "insert into busy_time"
                " (id, subject_kind, subject_id, starts_at, ends_at, cause_kind, cause_id)"
                f" select {ID[kind]}, 'person', {who}, {start}, {end}, 'past', {ID[kind]} {of}"
            ),
            values,
        )
        session.execute(text("drop table coaches"))
    with place.database.transaction() as session:
        session.execute(text("analyze"))
    if kind == "sqlite":
        # A day's writing is swept into the file many times; a million rows at once are not.
        with place.database.engine.connect() as connection:
            connection.exec_driver_sql("pragma cache_size = -2000")
            connection.exec_driver_sql("pragma wal_checkpoint(truncate)")


@contextlib.contextmanager
def _unguarded(session: Session, kind: Kind) -> Iterator[None]:
    """Without the guard against overlaps, which asks for each of a million rows that do not overlap."""
    if kind == "sqlite":
        kept = "select name, sql from sqlite_master where type = 'trigger' and tbl_name = 'busy_time'"
        drop, again = "drop trigger {0}", "{1}"
    else:
        kept = "select conname, pg_get_constraintdef(oid) from pg_constraint where contype = 'x'"
        drop = "alter table busy_time drop constraint {0}"
        again = "alter table busy_time add constraint {0} {1}"
        session.execute(text("set local statement_timeout = 0"))
    guards = session.execute(text(kept)).all()
    assert guards
    for guard in guards:
        session.execute(text(drop.format(*guard)))
    yield
    for guard in guards:
        session.execute(text(again.format(*guard)))


def _far_ahead(place: Place) -> None:
    """The house books eight weeks ahead."""
    with place.database.transaction() as session:
        house = session.get_one(Organisation, place.world.organisation.id)
        house.settings = {**house.settings, "horizon_days": 56}


def _together(place: Place, ids: list[str]) -> Callable[[Session], object]:
    """When a participant, their coach and three colleagues with hours can meet for an hour; six weeks."""
    staff = tuple(uuid.UUID(one) for one in ids)
    with place.database.transaction() as session:
        asker = asker_of(session, place.world.coach)
        if session.scalar(select(WeeklyHours.id).where(WeeklyHours.person_id == staff[0])) is None:
            session.add_all(
                WeeklyHours(person_id=one, weekday=day, starts=time_of_day(9), ends=time_of_day(16))
                for one in staff
                for day in range(5)
            )
    person_id = place.world.participant.id
    asked = Asked("phone", timedelta(hours=1), Plan("network", staff), None, "")
    return lambda session: offer_queries.times(session, asker, person_id, asked, clock.now())


def _free_times(place: Place) -> Callable[[Session], object]:
    with place.database.reading() as session:
        asker = asker_of(session, place.world.participant)
    return lambda session: booking.offer(session, asker, clock.now())


def _time(place: Place, ask: Callable[[Session], object]) -> float:
    """Median seconds of one asking, each in a transaction that is rolled back; the first is not counted."""
    taken = []
    for _ in range(TIMES + 1):
        with place.database.writing() as session:
            begun = time.perf_counter()
            ask(session)
            taken.append(time.perf_counter() - begun)
    return median(taken[1:])
