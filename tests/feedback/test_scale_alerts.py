"""What a licensed scale says before the talk: in SQL for a whole list as in Python for one person."""

import random
import uuid
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.feedback import queries
from portal.identity.models import Person
from tests.feedback.conftest import Fill, People
from tests.support.paper import typed

WEEK = timedelta(days=7)
Values = tuple[int | None, int | None, int | None, int | None]


def history(
    session: Session, people: People, totals: list[int | None], now: datetime, scale: str = "ors"
) -> list[uuid.UUID]:
    """One reading a week with these totals (a multiple of 4), the last one now; None has an empty line."""
    found = []
    for number, total in enumerate(totals):
        part = None if total is None else total // 4
        lines: Values = (50, 50, None, 50) if part is None else (part, part, part, part)
        at = now - WEEK * (len(totals) - 1 - number)
        found.append(typed(session, people.coach, people.world.participant.id, lines, at, scale=scale))
    return found


def said(session: Session, people: People, now: datetime) -> list[tuple[str, str]]:
    """Which scale says what of whom the coach may read."""
    found = queries.told(session, people.coach, now).before_talk_with(people.world.participant.id)
    return [(alert.instrument.key, alert.signal.code) for alert in found]


@pytest.mark.parametrize(
    "totals, code",
    [
        ([200], "first"),
        ([200, 148], "down_last"),
        ([200, 180, 160, 148], "down_first"),
        ([200, 204, 196, 208], "unchanged"),
    ],
)
def test_ors_before_the_talk(
    session: Session, people: People, now: datetime, totals: list[int | None], code: str
) -> None:
    history(session, people, totals, now)
    assert said(session, people, now) == [("ors", code)]


@pytest.mark.parametrize("totals", [[200, 212], [200, 148, None], [None], [200, 260, 264, 268]])
def test_nothing_to_say(session: Session, people: People, now: datetime, totals: list[int | None]) -> None:
    history(session, people, totals, now)
    assert said(session, people, now) == []


def test_srs_low_and_down_and_ors_first(session: Session, people: People, now: datetime) -> None:
    history(session, people, [380, 340], now, "srs")
    history(session, people, [200, 148], now)
    assert said(session, people, now) == [("ors", "down_last"), ("srs", "low")]
    told = queries.told(session, people.coach, now).before_talk_with(people.world.participant.id)
    assert [alert.signal.by for alert in told] == [52, 40]


def test_a_first_reading_alarms_nobody(session: Session, people: People, now: datetime) -> None:
    history(session, people, [200], now)
    (alert,) = queries.told(session, people.coach, now).scales
    assert alert.alarm is None


def test_a_scale_is_not_judged_by_the_house_rule(
    session: Session, people: People, fill: Fill, now: datetime
) -> None:
    """ORS down by 4 of 40 is no alarm; our own questions down by 6,25 of 50 still are."""
    history(session, people, [200, 160], now)
    assert queries.told(session, people.coach, now).falls == ()
    fill(people.participant, [50] * 5, at=now - WEEK)
    fill(people.participant, [30] * 5, at=now)
    assert len(queries.told(session, people.coach, now).falls) == 1
    assert said(session, people, now) == []


def test_the_list_in_sql_and_the_course_in_python_say_the_same(
    session: Session, people: People, now: datetime
) -> None:
    """One rule on two roads: 30 readings of each scale, some without a total."""
    dice = random.Random(11)
    for number in range(30):
        at = now + WEEK * number
        for scale, level in (("ors", 55), ("srs", 88)):
            lines = [max(0, min(100, round(dice.gauss(level, 14)))) for _line in range(4)]
            values: Values = (lines[0], lines[1], None if dice.random() < 0.2 else lines[2], lines[3])
            typed(session, people.coach, people.world.participant.id, values, at, scale=scale)
        series = queries.series(session, people.coach, people.world.participant.id)
        expected = [
            (one.instrument.key, one.course.signal.code) for one in series if one.course and one.course.signal
        ]
        assert said(session, people, at) == expected


def test_nobody_else_s_scales_are_told(session: Session, people: People, now: datetime) -> None:
    """S4, S37: own participants alone, none of them protected; whoever shows somebody notes them."""
    history(session, people, [200, 100], now)
    assert queries.told(session, people.of(people.world.other_coach, "coach"), now).scales == ()
    assert len(queries.told(session, people.coach, now).scales) == 1
    about = people.coach.about(people.world.second_participant.id)
    assert queries.told(session, about, now).scales == ()
    about = people.of(people.world.other_coach, "coach").about(people.world.participant.id)
    assert queries.told(session, about, now).scales == ()
    session.get_one(Person, people.world.participant.id).protected = True
    session.flush()
    assert queries.told(session, people.coach, now).scales == ()
