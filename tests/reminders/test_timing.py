"""When people are reminded is theirs and the house's to choose: nothing is said twice, nothing is lost."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import permutations
from uuid import UUID

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from portal.booking.models import Appointment
from portal.db import Database
from portal.identity.models import Person
from portal.messaging import rules as messaging
from portal.messaging import service as outbox
from portal.messaging.models import OutboxMessage
from portal.notices import reach_service
from portal.notices import rules as kinds
from portal.organisation import reminder_rules, setting_rules
from portal.organisation.models import Organisation
from portal.organisation.rules import Rules
from portal.reminders import queries, service
from tests.support import meetings
from tests.support.objects import asker_of
from tests.support.speaking import speaking_app
from tests.support.world import World, add_participant

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def context() -> Iterator[None]:
    with speaking_app().app_context():
        yield


@pytest.fixture
def starts_at(now: datetime) -> datetime:
    """In ten days, at one o'clock in Stockholm."""
    return now + 10 * DAY + 4 * HOUR


@pytest.fixture
def meeting(session: Session, world: World, now: datetime, starts_at: datetime) -> Appointment:
    return meetings.add_meeting(session, world.participant, world.coach, starts_at, now)


def choose(session: Session, person_id: UUID, timing: str, at: datetime) -> None:
    person = session.get_one(Person, person_id)
    reach_service.choose_timing(session, asker_of(session, person), person, timing, at)


def set_steps(session: Session, world: World, at: datetime, *steps: str) -> None:
    house = session.get_one(Organisation, world.organisation.id)
    fresh = Rules.from_json({**house.settings, "reminder_steps": list(steps)})
    house.settings = setting_rules.dated(house.rules, fresh, at).to_json()
    session.flush()


def put(session: Session, meeting_id: UUID) -> list[str]:
    """What was put about a meeting, the first first."""
    of_it = select(OutboxMessage).where(OutboxMessage.subject == meeting_id)
    return [row.kind for row in session.scalars(of_it.order_by(OutboxMessage.created_at))]


def walk(session: Session, start: datetime, end: datetime, step: timedelta = HOUR) -> None:
    while start < end:
        service.tick(session, start)
        start += step


def expected(steps: tuple[str, ...]) -> list[str]:
    return [kinds.OF_STEP[step] for step in steps]


@pytest.mark.parametrize("timing", reminder_rules.TIMINGS)
def test_everybody_is_reminded_as_they_chose(
    session: Session, world: World, meeting: Appointment, now: datetime, starts_at: datetime, timing: str
) -> None:
    choose(session, world.participant.id, timing, now)
    walk(session, now, starts_at + HOUR)
    assert put(session, meeting.id) == expected(reminder_rules.chosen(timing, reminder_rules.USUAL))


def test_the_house_reminds_whoever_has_chosen_nothing(
    session: Session, world: World, meeting: Appointment, now: datetime, starts_at: datetime
) -> None:
    set_steps(session, world, now, "week", "one_day", "two_hours")
    choose(session, world.second_participant.id, "one", now)
    other = meetings.add_meeting(session, world.second_participant, world.coach, starts_at, now)
    far = meetings.add_meeting(session, world.far_participant, world.far_coach, starts_at, now)
    walk(session, now, starts_at)
    assert put(session, meeting.id) == expected(("week", "one_day", "two_hours"))
    assert put(session, other.id) == [kinds.ONE_DAY]
    assert put(session, far.id) == expected(reminder_rules.USUAL)


@pytest.mark.parametrize("hours_before", [200, 170, 160, 100, 75, 71, 50, 25, 23, 12, 3, 1])
def test_another_choice_says_nothing_twice_and_loses_nothing(
    session: Session, world: World, now: datetime, starts_at: datetime, hours_before: int
) -> None:
    """S53: each choice given up for each other one, so many hours before the meeting."""
    changes = {}
    for number, (before, after) in enumerate(permutations(list(reminder_rules.TIMINGS)[1:], 2)):
        phone = f"+467017{number:05d}"
        one = add_participant(session, world.here, f"Person {number}", now, coach=world.coach, phone=phone)
        choose(session, one.id, before, now)
        made = meetings.add_meeting(session, one, world.coach, starts_at, now)
        changes[made.id] = (one.id, before, after)
    changed_at = starts_at - timedelta(hours=hours_before)
    walk(session, now, changed_at, 2 * HOUR)
    had = {meeting_id: put(session, meeting_id) for meeting_id in changes}
    for person_id, _, after in changes.values():
        choose(session, person_id, after, changed_at)
    assert service.tick(session, changed_at) == sum(
        # Nobody gets an SMS because they chose, but whoever would get none at all.
        not had[one] and reminder_rules.TIMINGS[after] == ("one_day",) and hours_before < 24
        for one, (_, _, after) in changes.items()
    )
    walk(session, changed_at, starts_at + HOUR)
    for meeting_id, (_, before, after) in changes.items():
        said = put(session, meeting_id)
        assert said, (before, after)
        assert max(Counter(said).values()) == 1, (before, after, said)
        assert said == sorted(said, key=kinds.BY_ITSELF.index), (before, after, said)
        ahead = [
            kind
            for kind, left in zip(kinds.BY_ITSELF, (168, 72, 24, 2), strict=True)
            if left <= hours_before and kind in expected(reminder_rules.TIMINGS[after])
        ]
        assert said == [*had[meeting_id], *(kind for kind in ahead if kind not in had[meeting_id])]


@pytest.mark.parametrize(
    "steps, hours_before, expected_kinds",
    [
        # Later than any step: what the old setting said stands, and nothing more is.
        (("week",), 50, [kinds.THREE_DAYS]),
        # Earlier than anything was said: the only step that is left is said at once, late.
        (("week",), 100, [kinds.WEEK]),
        (("week", "one_day"), 50, [kinds.THREE_DAYS, kinds.ONE_DAY]),
        (("one_day", "two_hours"), 1, [kinds.THREE_DAYS, kinds.ONE_DAY]),
    ],
)
def test_another_setting_of_the_house_does_neither(
    session: Session,
    world: World,
    meeting: Appointment,
    now: datetime,
    starts_at: datetime,
    steps: tuple[str, ...],
    hours_before: int,
    expected_kinds: list[str],
) -> None:
    """S53."""
    changed_at = starts_at - timedelta(hours=hours_before)
    walk(session, now, changed_at)
    set_steps(session, world, changed_at, *steps)
    walk(session, changed_at, starts_at)
    assert put(session, meeting.id) == expected_kinds


def test_a_choice_that_goes_back_and_forth_says_each_once(
    session: Session, world: World, meeting: Appointment, now: datetime, starts_at: datetime
) -> None:
    """S53: every three hours another one, until the meeting."""
    moment, codes = now, list(reminder_rules.TIMINGS)
    number = 0
    while moment < starts_at:
        choose(session, world.participant.id, codes[number % len(codes)], moment)
        walk(session, moment, moment + 3 * HOUR)
        moment, number = moment + 3 * HOUR, number + 1
    said = put(session, meeting.id)
    assert said
    assert max(Counter(said).values()) == 1
    assert said == sorted(said, key=kinds.BY_ITSELF.index)


def test_whoever_chose_an_earlier_one_only_after_the_last_was_taken_back_is_still_reminded(
    session: Session, world: World, meeting: Appointment, starts_at: datetime, now: datetime
) -> None:
    """S35, S53."""
    choose(session, world.participant.id, "one", now)
    due = starts_at - DAY
    service.tick(session, due)
    outbox.cancel_all(session, recipient_id=world.participant.id, reason="number changed", now=due)
    set_steps(session, world, due + HOUR, "three_days")
    choose(session, world.participant.id, "usual", due + HOUR)
    assert service.tick(session, due + HOUR) == 1
    waiting = session.scalars(select(OutboxMessage).where(OutboxMessage.state == messaging.QUEUED)).one()
    assert waiting.kind == kinds.THREE_DAYS
    assert isinstance(service.check(session, waiting, due + HOUR), messaging.Go)


@pytest.mark.parametrize("kind", kinds.BY_ITSELF)
def test_a_reminder_gives_way_to_every_one_that_is_nearer(
    session: Session, world: World, meeting: Appointment, now: datetime, starts_at: datetime, kind: str
) -> None:
    """S52: after an outage, one SMS."""
    choose(session, world.participant.id, "three", now)
    service.tick(session, starts_at - 7 * DAY)
    row = session.scalars(select(OutboxMessage)).one()
    row.kind = kind
    session.flush()
    choose(session, world.participant.id, "near", now)
    service.tick(session, starts_at - 2 * HOUR)
    verdict = service.check(session, row, starts_at - 2 * HOUR)
    assert (verdict == messaging.Drop("newer")) == (kind != kinds.TWO_HOURS)


def test_what_will_be_sent_is_what_they_chose(
    session: Session, world: World, meeting: Appointment, now: datetime, starts_at: datetime
) -> None:
    coach = asker_of(session, world.coach)
    choose(session, world.participant.id, "near", now)
    planned = queries.person_messages(session, coach, world.participant.id, now).planned
    assert [(one.which, one.at) for one in planned] == [
        ("one_day", starts_at - DAY),
        ("two_hours", starts_at - 2 * HOUR),
    ]
    set_steps(session, world, now, "week")
    choose(session, world.participant.id, "usual", now)
    planned = queries.person_messages(session, coach, world.participant.id, now).planned
    assert [(one.which, one.at) for one in planned] == [("week", starts_at - 7 * DAY)]


def test_a_round_asks_as_much_however_many_chose(
    database: Database, world: World, now: datetime, starts_at: datetime
) -> None:
    asked: list[str] = []
    for engine in database.engines:
        event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    counts = set()
    for number, timing in enumerate(reminder_rules.TIMINGS):
        with database.transaction() as session:
            phone = f"+467017{number:05d}"
            one = add_participant(
                session, world.here, f"Person {number}", now, coach=world.coach, phone=phone
            )
            choose(session, one.id, timing, now)
            meetings.add_meeting(session, one, world.coach, starts_at, now)
            service.tick(session, starts_at - DAY)
        asked.clear()
        with database.transaction() as session:
            assert service.tick(session, starts_at - DAY) == 0
        counts.add(len([one for one in asked if one.lstrip().upper().startswith("SELECT")]))
    assert counts == {4}


def test_nobody_chooses_what_there_is_not(session: Session, world: World, now: datetime) -> None:
    with pytest.raises(ValueError, match="nobody can choose"):
        choose(session, world.participant.id, "hourly", now)
