"""Who may be written to, and at what hours."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.notices import rules

STOCKHOLM = ZoneInfo("Europe/Stockholm")
HOURS = rules.Hours(STOCKHOLM, 8, 20)
REACHABLE = rules.Standing(protected=False, disabled=False, unsafe=False, has_phone=True, trouble="")

BY_MAIL: dict[str, Any] = {"way": rules.EMAIL, "has_mail": True}


@pytest.mark.parametrize(
    "change, reason",
    [
        ({}, ""),
        ({"protected": True}, "no sms"),
        ({"disabled": True}, "no sms"),
        ({"unsafe": True}, "no sms"),
        ({"has_phone": False}, "no sms"),
        ({"trouble": "bounces"}, "bounces"),
        ({"trouble": "silent"}, "silent"),
        ({"way": rules.CALL}, "calls"),
        ({"way": rules.CALL, "trouble": "silent"}, "calls"),
        ({"way": rules.CALL, "stopped": True}, "stop"),
        ({"way": rules.VOICE}, ""),
        ({"way": rules.VOICE, "trouble": "bounces"}, "bounces"),
        ({"way": rules.VOICE, "stopped": True}, "stop"),
        ({"way": rules.EMAIL}, "no address"),
        ({**BY_MAIL}, ""),
        ({**BY_MAIL, "mail_trouble": "mail bounces"}, "mail bounces"),
        ({**BY_MAIL, "trouble": "bounces"}, ""),
        ({**BY_MAIL, "stopped": True}, ""),
        ({**BY_MAIL, "has_phone": False}, ""),
        ({**BY_MAIL, "unsafe": True}, "no sms"),
        ({**BY_MAIL, "protected": True, "mail_trouble": "mail bounces"}, "no sms"),
        ({**BY_MAIL, "disabled": True}, "no sms"),
        ({"protected": True, "trouble": "bounces"}, "no sms"),
        ({"unsafe": True, "way": rules.CALL}, "no sms"),
    ],
)
def test_one_no_is_enough(change: dict[str, Any], reason: str) -> None:
    """S6, S34, S36, S37: an e-mail asks nothing of the number."""
    assert rules.refusal(replace(REACHABLE, **change)) == reason


@pytest.mark.parametrize(
    "change, way",
    [
        ({}, rules.SMS),
        ({"way": rules.CALL}, rules.CALL),
        ({"way": rules.CALL, "trouble": "silent"}, rules.CALL),
        ({"stopped": True}, rules.CALL),
        ({"way": rules.VOICE}, rules.VOICE),
        ({"way": rules.VOICE, "stopped": True}, rules.CALL),
        (BY_MAIL, rules.EMAIL),
        ({**BY_MAIL, "stopped": True}, rules.EMAIL),
        ({**BY_MAIL, "mail_trouble": "mail bounces"}, ""),
        ({**BY_MAIL, "unsafe": True}, ""),
        ({"trouble": "bounces"}, ""),
        ({"unsafe": True}, ""),
        ({"unsafe": True, "way": rules.CALL}, ""),
        ({"protected": True, "way": rules.CALL}, ""),
    ],
)
def test_somebody_whom_an_sms_endangers_is_not_rung_up_either(change: dict[str, Any], way: str) -> None:
    """S34: every channel stops at once."""
    assert rules.way(replace(REACHABLE, **change)) == way


@pytest.mark.parametrize(
    "place, mode, said",
    [
        ("Storgatan 1", "on_site", "Storgatan 1"),
        ("Parken", "walk", "Parken"),
        ("https://video.example/rum", "on_site", ""),
        ("Se WWW.example.se", "on_site", ""),
        ("meet.example.com/abc", "on_site", ""),
        ("t.me/abc", "walk", ""),
        ("exempel\u3002se", "on_site", ""),
        ("Storgatan 1, 2 tr. Porten t.ex. Ring på", "on_site", "Storgatan 1, 2 tr. Porten t.ex. Ring på"),
        ("070-174 06 05", "phone", ""),
        ("rum 7", "video", ""),
    ],
)
def test_a_place_that_is_a_link_or_no_place_is_not_said(place: str, mode: str, said: str) -> None:
    """S31"""
    assert rules.sayable_place(place, mode) == said


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM).astimezone(UTC)


@pytest.mark.parametrize(
    "moment, opens",
    [
        ("2026-11-24T00:00", "2026-11-24T08:00"),
        ("2026-11-24T07:59", "2026-11-24T08:00"),
        ("2026-11-24T08:00", "2026-11-24T08:00"),
        ("2026-11-24T20:00", "2026-11-24T20:00"),
        ("2026-11-24T20:01", "2026-11-25T08:00"),
        ("2026-10-24T23:00", "2026-10-25T08:00"),
        ("2026-03-29T01:30", "2026-03-29T08:00"),
    ],
)
def test_the_night_ends_at_eight(moment: str, opens: str) -> None:
    assert HOURS.open_from(at(moment)) == at(opens)


_START = datetime(2026, 1, 1, tzinfo=UTC)
_MOMENTS = st.integers(0, 3 * 365 * 24 * 60).map(lambda minutes: _START + timedelta(minutes=minutes))


@given(_MOMENTS, st.sampled_from(["Europe/Stockholm", "America/Sao_Paulo", "Asia/Kolkata", "Pacific/Apia"]))
def test_whenever_it_is_the_hours_begin_within_a_night(moment: datetime, zone: str) -> None:
    """S54: daylight saving and leap days included."""
    hours = rules.Hours(ZoneInfo(zone), 8, 20)
    opens = hours.open_from(moment)
    assert timedelta(0) <= opens - moment <= timedelta(hours=12)
    assert 8 <= opens.astimezone(hours.zone).hour <= 20
    assert hours.open_from(opens) == opens


def test_a_reminder_that_was_held_up_waits_for_the_morning() -> None:
    night = at("2026-11-24T23:30")
    noon = at("2026-11-25T12:00")
    assert rules.wait_until(rules.ONE_DAY, night, noon, HOURS) == at("2026-11-25T08:00")
    assert rules.wait_until(rules.MOVED, night, noon, HOURS) == at("2026-11-25T08:00")
    for early in ("2026-11-25T07:30", "2026-11-25T08:15"):
        assert rules.wait_until(rules.ONE_DAY, night, at(early), HOURS) == at("2026-11-25T08:00")


@pytest.mark.parametrize("kind", rules.KINDS)
def test_only_a_reminder_may_leave_a_little_late(kind: str) -> None:
    """It falls due at the last hour itself; what somebody does after that waits for the morning."""
    last, late, later = (at(f"2026-11-24T{clock}") for clock in ("20:00", "21:00", "21:01"))
    noon, morning = at("2026-11-25T12:00"), at("2026-11-25T08:00")
    waits = [rules.wait_until(kind, moment, noon, HOURS) for moment in (last, late, later)]
    if kind in rules.BY_ITSELF:
        assert waits == [None, None, morning]
    else:
        assert waits == [None, morning, morning]


@pytest.mark.parametrize("kind", [rules.MOVED, rules.NOW])
def test_the_night_gives_way_to_what_would_come_too_late(kind: str) -> None:
    night = at("2026-11-24T23:30")
    assert rules.wait_until(kind, night, at("2026-11-25T09:59"), HOURS) is None
    assert rules.wait_until(kind, night, at("2026-11-25T10:00"), HOURS) == at("2026-11-25T08:00")


def test_what_a_person_waits_for_leaves_at_night() -> None:
    assert rules.wait_until("sign_in_code", at("2026-11-24T23:30"), at("2026-11-25T12:00"), HOURS) is None
