"""Who gets an own message and why not, in which language, when it leaves, and what is asked about first."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from portal.notices import sending_rules as rules
from portal.notices.rules import Hours, Standing
from portal.notices.sending_rules import Body, Plan, Reader

WELL = Standing(
    protected=False, disabled=False, unsafe=False, has_phone=True, trouble="", way="sms", stopped=False
)
HOURS = Hours(ZoneInfo("Europe/Stockholm"), 8, 20)
NINE = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
BODIES = {"sv": Body("sv", "Stängt.", 1), "ar": Body("ar", "مغلق.", 2)}


def reader(number: int = 1, language: str = "sv", **changes: Any) -> Reader:
    about = {name: changes.pop(name) for name in ("closed", "had", "out_of_hours") if name in changes}
    return Reader(uuid.UUID(int=number), language, replace(WELL, **changes), **about)


def planned(*readers: Reader, swedish_too: bool = False, now: datetime = NINE, ore: int = 50) -> Plan:
    return rules.plan(
        readers,
        BODIES,
        swedish_too=swedish_too,
        version=1,
        leaves=rules.lifetime(now, HOURS),
        ore_a_part=ore,
    )


@pytest.mark.parametrize(
    ("who", "reason"),
    [
        (reader(), ""),
        (reader(unsafe=True, stopped=True), "unsafe"),
        (reader(closed=True), "left"),
        (reader(disabled=True), "shut out"),
        (reader(has_phone=False), "no number"),
        (reader(protected=True), "no sms"),
        (reader(stopped=True), "stop"),
        (reader(way="call"), "calls"),
        (reader(trouble="bounces"), "bounces"),
        (reader(trouble="silent"), "silent"),
        (reader(had=True), "had"),
        (reader(out_of_hours=True), "out of hours"),
        (reader(unsafe=True, closed=True), "unsafe"),
        (reader(way="email", has_mail=True, has_phone=False, trouble="bounces", stopped=True), ""),
        (reader(way="email"), "no address"),
        (reader(way="email", has_mail=True, mail_trouble="mail bounces"), "mail bounces"),
        (reader(way="email", has_mail=True, unsafe=True), "unsafe"),
    ],
)
def test_one_no_is_enough_and_is_named(who: Reader, reason: str) -> None:
    """S34, S36, S37"""
    assert rules.why_not(who) == reason
    assert [one.reason for one in planned(who).left_out] == ([reason] if reason else [])


def test_who_reads_another_language_gets_swedish_only_when_it_is_ticked() -> None:
    people = (reader(1, "sv"), reader(2, "ar"), reader(3, "en"))
    found = planned(*people)
    assert [one.body.language for one in found.going] == ["sv", "ar"]
    assert [(one.person_id.int, one.reason) for one in found.left_out] == [(3, "no text")]
    assert found.lacks_text
    ticked = planned(*people, swedish_too=True)
    assert [one.body.language for one in ticked.going] == ["sv", "ar", "sv"]
    assert (ticked.left_out, ticked.lacks_text) == ((), False)
    assert ticked.digest != found.digest


def test_what_it_takes_is_the_sum_of_its_parts() -> None:
    found = planned(reader(1), reader(2, "ar"), ore=60)
    assert (found.parts, found.ore) == (3, 180)


def test_many_people_or_much_money_is_confirmed_by_the_number() -> None:
    most = [reader(number) for number in range(rules.MOST_UNASKED)]
    assert not planned(*most).is_asked
    assert planned(*most, reader(999)).is_asked
    assert not planned(reader(), ore=rules.MOST_UNASKED_ORE).is_asked
    assert planned(reader(), ore=rules.MOST_UNASKED_ORE + 1).is_asked


def at(hour: int, minute: int = 0, day: int = 24) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=HOURS.zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("pressed", "leaves_at", "over_at"),
    [
        (at(9), at(9), at(21)),
        (at(6, 30), at(8), at(21)),
        (at(20), at(20), at(21)),
        (at(20, 1), at(8, day=25), at(21, day=25)),
        (at(23, 59), at(8, day=25), at(21, day=25)),
    ],
)
def test_it_leaves_within_the_hours_and_is_of_use_that_day_alone(
    pressed: datetime, leaves_at: datetime, over_at: datetime
) -> None:
    assert rules.lifetime(pressed, HOURS) == (leaves_at, over_at)


@pytest.mark.parametrize("day", [datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)])
def test_on_days_of_another_length_too(day: datetime) -> None:
    """S54"""
    for hour in range(24):
        leaves_at, over_at = rules.lifetime(day + timedelta(hours=hour), HOURS)
        assert 8 <= leaves_at.astimezone(HOURS.zone).hour <= 20
        assert over_at.astimezone(HOURS.zone).hour == 21
        begins = rules.Day(leaves_at, over_at, HOURS).begins
        assert begins.astimezone(HOURS.zone).hour == 0


def test_an_e_mail_counts_as_no_sms_and_is_another_thing_to_send() -> None:
    by_sms, by_mail = planned(reader()), planned(reader(way="email", has_mail=True))
    assert [(one.by_mail, one.parts) for one in (*by_sms.going, *by_mail.going)] == [(False, 1), (True, 0)]
    assert (by_sms.ore, by_mail.parts, by_mail.ore) == (50, 0, 0)
    assert by_sms.digest != by_mail.digest


def test_how_many_get_it_each_way_in_all_and_in_one_language() -> None:
    by_mail = reader(2, way="email", has_mail=True)
    found = planned(reader(1), by_mail, reader(3, "ar"), reader(4, "ar", unsafe=True))
    assert found.ways() == {"sms": 2, "email": 1}
    assert (found.ways("sv"), found.ways("ar")) == ({"sms": 1, "email": 1}, {"sms": 1})
    assert planned().ways() == {}


@pytest.mark.parametrize(
    ("hour", "earliest", "latest", "over"),
    [
        (9, None, None, False),
        (9, 10, None, False),
        (16, None, 17, False),
        (17, None, 17, False),
        (18, None, 17, True),
        (18, 10, 17, True),
        (20, 10, None, False),
    ],
)
def test_whoever_wants_nothing_so_late_gets_nothing_more_that_day(
    hour: int, earliest: int | None, latest: int | None, over: bool
) -> None:
    leaves_at, over_at = rules.lifetime(at(hour), HOURS)
    assert rules.Day(leaves_at, over_at, HOURS).is_over(earliest, latest) == over


def test_the_digest_changes_with_whom_what_and_which_day_and_not_with_the_minute() -> None:
    before = planned(reader(1), reader(2))
    assert planned(reader(2), reader(1), now=NINE + timedelta(minutes=5)).digest == before.digest
    assert planned(reader(1)).digest != before.digest
    assert replace(before, version=2).digest != before.digest
    assert planned(reader(1), reader(2), now=NINE + timedelta(days=1)).digest != before.digest


def test_it_is_told_in_whole_minutes() -> None:
    assert [rules.minutes(timedelta(seconds=one)) for one in (1, 60, 61)] == [1, 1, 2]
