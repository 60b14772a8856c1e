"""What staff and home read: in scope, journalled, in a constant number of queries, and true."""

import random
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from portal.db import Database
from portal.feedback import queries, service
from portal.feedback.models import CheckIn
from portal.identity.waiting_queries import waiting
from portal.journal.service import take_notes
from portal.organisation.models import Organisation
from portal.web.asker import Asker
from tests.feedback.conftest import Begin, Fill, People

DAY = timedelta(days=1)
Values = list[int | None]


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that run meanwhile."""
    ran: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        ran.append(statement)

    for engine in database.engines:
        event.listen(engine, "before_cursor_execute", note)
    yield ran
    for engine in database.engines:
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def history(people: People, fill: Fill, now: datetime) -> Callable[..., list[uuid.UUID]]:
    """`history(asker, [values, values])`: one check-in a week, the last one today (`ends`)."""

    def made(
        asker: Asker, weeks: list[Values], instrument: str = "before", *, ends: datetime = now
    ) -> list[uuid.UUID]:
        first = ends - 7 * DAY * (len(weeks) - 1)
        return [
            fill(asker, values, instrument, at=first + 7 * DAY * week) for week, values in enumerate(weeks)
        ]

    return made


History = Callable[..., list[uuid.UUID]]


def test_a_total_down_by_an_eighth_since_last_is_an_alert(
    session: Session, people: People, history: History, now: datetime
) -> None:
    made = history(people.participant, [[50] * 5, [60] * 5, [45] * 5])
    (alert,) = queries.told(session, people.coach, now).falls
    assert (alert.person_id, alert.kind) == (people.world.participant.id, "down")
    assert alert.cause == f"down:{made[-1]}"
    assert [(fall.label, fall.by, fall.since) for fall in alert.falls] == [(None, 75, "last")]
    assert alert.falls[0].since_at == now - 7 * DAY


def test_one_line_down_by_three_is_an_alert_named_in_the_coachs_language(
    session: Session, people: People, history: History, now: datetime
) -> None:
    history(people.participant, [[50] * 5, [20, 60, 60, 60, 60]])
    (alert,) = queries.told(session, people.coach, now).falls
    assert [(fall.label, fall.by) for fall in alert.falls] == [("Kraft", 30)]
    english = people.of(people.world.coach, "coach", language="en")
    assert queries.told(session, english, now).falls[0].falls[0].label == "Energy"


def test_a_slow_slide_is_told_since_the_first(
    session: Session, people: People, history: History, now: datetime
) -> None:
    history(people.participant, [[60] * 5, [55] * 5, [50] * 5, [46] * 5])
    (fall,) = queries.told(session, people.coach, now).falls[0].falls
    assert (fall.label, fall.by, fall.since, fall.since_at) == (None, 70, "first", now - 21 * DAY)


@pytest.mark.parametrize(
    "weeks",
    [
        [[10] * 5],
        [[50] * 5, [50] * 5],
        [[50] * 5, [20] * 5, [50] * 5],
        [[50] * 5, [50, 50, 50, 50, None]],
        [[90] * 5, [10] * 5, [None] * 5],
    ],
    ids=["the first", "as before", "up again", "a line was skipped", "the last one is empty"],
)
def test_no_alert(
    session: Session, people: People, history: History, now: datetime, weeks: list[Values]
) -> None:
    history(people.participant, weeks)
    assert queries.told(session, people.coach, now).falls == ()


def test_a_skipped_line_hides_no_fall(
    session: Session, people: People, history: History, now: datetime
) -> None:
    """The figure before the gap is what is compared with, for a line and for the total."""
    history(people.participant, [[80] * 5, [None, 80, 80, 80, 80], [40] * 5])
    falls = queries.told(session, people.coach, now).falls[0].falls
    assert {(fall.label, fall.by, fall.since_at) for fall in falls} >= {
        (None, 200, now - 14 * DAY),
        ("Kraft", 40, now - 14 * DAY),
    }


def test_before_and_after_are_apart(
    session: Session, people: People, history: History, now: datetime
) -> None:
    history(people.participant, [[90] * 5], "after", ends=now - 30 * DAY)
    history(people.participant, [[20] * 5])
    assert queries.told(session, people.coach, now).falls == ()
    history(people.participant, [[80] * 5, [30] * 5], "after")
    assert [alert.instrument.key for alert in queries.told(session, people.coach, now).falls] == ["after"]


def test_what_is_begun_and_not_sent_alarms_nobody(
    session: Session, people: People, history: History, begin: Begin, now: datetime
) -> None:
    history(people.participant, [[90] * 5])
    made = begin(people.participant)
    service.answer_line(session, people.participant, made, 1, 0, now=now)
    assert queries.told(session, people.coach, now).falls == ()


def test_the_house_rule_is_the_organisations(
    session: Session, people: People, history: History, now: datetime
) -> None:
    history(people.participant, [[60] * 5, [50] * 5])
    assert queries.told(session, people.coach, now).falls == ()
    organisation = session.get_one(Organisation, people.world.organisation.id)
    organisation.settings = {"checkin_down_share": 0.1}
    session.flush()
    assert len(queries.told(session, people.coach, now).falls) == 1


def test_alerts_take_as_many_queries_for_one_as_for_all(
    database: Database, session: Session, people: People, history: History, now: datetime
) -> None:
    history(people.participant, [[50] * 5, [10] * 5])
    with counted(database) as few:
        queries.told(session, people.coach, now)
    history(people.of(people.world.second_participant), [[70] * 5, [60] * 5, [10] * 5])
    history(people.participant, [[50] * 5, [10] * 5], "after")
    with counted(database) as many:
        assert len(queries.told(session, people.coach, now).falls) == 3
    assert len(few) == len(many) == 2


def test_the_alert_in_sql_and_the_series_in_python_say_the_same(
    session: Session, people: People, history: History, now: datetime
) -> None:
    """One rule said twice, side by side: 12 random histories with skipped lines."""
    dice = random.Random(7)
    asker = people.participant
    for week in range(12):
        today = now + 7 * DAY * week
        whole: Values = [dice.randrange(101) for _ in range(5)]
        gaps: Values = [dice.choice([None, *range(0, 101, 10)]) for _ in range(5)]
        history(asker, [gaps if week % 3 else whole], ends=today)
        found = [alert.falls for alert in queries.told(session, people.coach, today).falls]
        (series,) = queries.series(session, people.coach, asker.person_id)
        assert (found[0] if found else ()) == series.falls


def test_series_are_in_order_with_their_curve_and_what_is_down(
    session: Session, people: People, history: History, now: datetime
) -> None:
    history(people.participant, [[50] * 5], "after")
    history(people.participant, [[50] * 5, [None] * 5, [20] * 5])
    before, after = queries.series(session, people.coach, people.world.participant.id)
    assert [before.instrument.key, after.instrument.key] == ["before", "after"]
    assert [entry.total for entry in before.entries] == [250, None, 100]
    assert before.curve is not None
    assert (before.curve.first.total, before.curve.last.total) == (250, 100)
    assert before.curve.paths == ()
    assert before.falls[0].by == 150
    assert after.falls == ()


def test_nothing_sent_is_no_series(session: Session, people: People, begin: Begin) -> None:
    made = begin(people.participant)
    who = people.world.participant.id
    assert queries.series(session, people.coach, who) == []
    assert [begun.check_in_id for begun in queries.unsent(session, people.coach, who)] == [made]


def test_copy_what_is_new_takes_what_was_sent_since(
    session: Session, people: People, fill: Fill, now: datetime
) -> None:
    asker, who = people.participant, people.world.participant.id
    fill(asker, [10] * 5, at=now - 8 * DAY)
    fill(asker, [20] * 5, "after", at=now - DAY, comment="Mer tid")
    assert [entry.total for entry in queries.changed_since(session, people.coach, who, None)] == [50, 100]
    (new,) = queries.changed_since(session, people.coach, who, now - 2 * DAY)
    assert (new.instrument.key, new.comment, new.values["pace"].tenths) == ("after", "Mer tid", 20)
    assert queries.changed_since(session, people.coach, who, now - DAY) == []


Read = Callable[[Session, Asker, uuid.UUID], object]
READS: list[Read] = [
    queries.series,
    queries.unsent,
    lambda session, asker, person_id: queries.changed_since(session, asker, person_id, None),
]


@pytest.mark.parametrize("read", READS, ids=["series", "unsent", "changed_since"])
def test_who_may_read_whose_answers(session: Session, people: People, history: History, read: Read) -> None:
    """S2: own coach and the team's lead; nobody else, and a refusal looks like nobody there."""
    history(people.participant, [[50] * 5])
    world = people.world
    for asker in (people.coach, people.of(world.lead, "lead")):
        read(session, asker, world.participant.id)
    refused = [
        people.of(world.other_coach, "coach"),
        people.of(world.admin, "admin"),
        people.of(world.translator, "translator"),
        people.of(world.user_auditor, "user_auditor"),
        people.of(world.far_coach, "coach"),
        people.of(world.second_participant),
    ]
    for asker in refused:
        with pytest.raises(NoResultFound):
            read(session, asker, world.participant.id)


@pytest.mark.parametrize("read", READS, ids=["series", "unsent", "changed_since"])
def test_reading_and_refusal_are_in_the_journal(session: Session, people: People, read: Read) -> None:
    """S42"""
    take_notes(session)
    read(session, people.coach, people.world.participant.id)
    with pytest.raises(NoResultFound):
        read(session, people.of(people.world.other_coach, "coach"), people.world.participant.id)
    noted = [(row["action"], row["kind"], row["subject_id"]) for row in take_notes(session)]
    subject = people.world.participant.id
    assert noted == [("read", "answers", subject), ("refused", "answers", subject)]


def test_lists_hold_only_the_askers_own(
    session: Session, people: People, history: History, now: datetime
) -> None:
    """S4: the other coach's and the other organisation's people are in no list of this coach's."""
    world = people.world
    for person in (world.participant, world.other_participant, world.far_participant):
        history(people.of(person), [[90] * 5, [10] * 5])
    mine = {row.person_id for row in queries.told(session, people.coach, now).falls}
    assert mine == {world.participant.id}
    assert queries.told(session, people.of(world.admin, "admin"), now).falls == ()
    assert queries.told(session, people.of(world.translator, "translator"), now).falls == ()


def test_a_protected_person_is_in_no_list(
    session: Session, people: People, history: History, now: datetime
) -> None:
    """S37"""
    history(people.participant, [[90] * 5, [10] * 5])
    session.merge(people.world.participant).protected = True
    session.flush()
    assert queries.told(session, people.coach, now).falls == ()


def test_home_is_told_what_was_begun_about_which_meeting(
    session: Session, database: Database, people: People, begin: Begin, fill: Fill, now: datetime
) -> None:
    asker, about, other = people.participant, uuid.uuid4(), uuid.uuid4()
    made = begin(asker, about=about)
    service.answer_line(session, asker, made, 1, 10, now=now)
    service.answer_line(session, asker, made, 2, None, now=now)
    begin(people.of(people.world.second_participant), about=other)
    with counted(database) as ran:
        found = waiting(session, asker, now, queries.waiting_selects([about, other, uuid.uuid4()]))
    assert len(ran) == 1
    opened = queries.opened(found)
    assert [(key, one.key, sent) for key, (one, sent) in opened.begun.items()] == [
        ((about, "before"), "before", False)
    ]
    assert opened.is_begun(about, "before", "before")
    assert not opened.is_begun(about, "before", "ors")


def test_home_is_told_what_was_sent(session: Session, people: People, fill: Fill, now: datetime) -> None:
    asker = people.participant
    sent = session.get_one(CheckIn, fill(asker, [10] * 5))
    found = queries.opened(waiting(session, asker, now, queries.waiting_selects([sent.reference])))
    assert [done for _instrument, done in found.begun.values()] == [True]
