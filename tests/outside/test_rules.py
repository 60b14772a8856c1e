"""Which addresses are read, when, and what a busy time leaves free."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from portal.availability.outside import rules
from portal.availability.outside.address_rules import WrongAddress, is_public, parse
from portal.organisation.host_rules import hosts
from portal.organisation.rules import Rules
from portal.organisation.setting_rules import problems

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (
            " https://outlook.office365.com/owa/calendar/a@b.se/c/calendar.ics ",
            "https://outlook.office365.com/owa/calendar/a@b.se/c/calendar.ics",
        ),
        (
            "https://Calendar.Google.com:443/calendar/ical/a%40b/private-x/basic.ics#x",
            "https://calendar.google.com/calendar/ical/a%40b/private-x/basic.ics",
        ),
        (
            "webcal://p42-caldav.icloud.com/published/2/x?y=1",
            "https://p42-caldav.icloud.com/published/2/x?y=1",
        ),
        ("https://outlook.live.com", "https://outlook.live.com/"),
        ("https://calendar.google.com./a", "https://calendar.google.com/a"),
    ],
)
def test_an_address_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert str(parse(typed)) == kept
    assert str(parse(kept)) == kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "odd"),
        ("calendar.google.com/a.ics", "not_https"),
        ("http://calendar.google.com/a.ics", "not_https"),
        ("file:///etc/passwd", "not_https"),
        ("https://", "odd"),
        ("https://user:secret@calendar.google.com/", "odd"),
        ("https://calendar.google.com:444/", "odd"),
        ("https://calendar.google.com:x/", "odd"),
        ("https://[::1]/", "odd"),
        ("https://[calendar.google.com/", "odd"),
        ("https://2130706433/", "odd"),
        ("https://127.0.0.1/", "odd"),
        ("https://localhost/", "odd"),
        ("https://calendar.google.com\\@evil.example/", "odd"),
        ("https://calendar.google.com/a b", "odd"),
        ("https://calendar.google.com/a\r\nX: y", "odd"),
        ("https://calendar.google.com/å", "odd"),
        ("https://calendar.google.com/" + "a" * 2000, "odd"),
        ("https://evil.example/", "host"),
        ("https://evil.calendar.google.com/", "host"),
        ("https://p42-caldav.icloud.com.evil.example/", "host"),
        ("https://px-caldav.icloud.com/", "host"),
    ],
)
def test_what_is_no_address_of_a_calendar_is_named(typed: str, code: str) -> None:
    with pytest.raises(WrongAddress) as wrong:
        parse(typed)
    assert wrong.value.code == code


def test_an_organisation_names_hosts_of_its_own() -> None:
    more = hosts("Kalender.Norrby.se, moln.example.se.")
    assert more == ("kalender.norrby.se", "moln.example.se")
    assert str(parse("https://kalender.norrby.se/a.ics", more)) == "https://kalender.norrby.se/a.ics"
    assert hosts("") == ()
    assert problems(Rules(calendar_hosts="kalender.norrby.se, moln.example.se")) == {}
    assert problems(Rules(calendar_hosts="norrby")) == {"calendar_hosts": "no_host"}
    for odd in ("https://norrby.se", "norrby", "10.0.0.1", "*.norrby.se"):
        with pytest.raises(ValueError, match="host"):
            hosts(odd)


def test_only_the_open_internet_is_public() -> None:
    assert is_public("93.184.216.34")
    assert is_public("2606:2800:220:1:248:1893:25c8:1946")


def test_the_next_turn_comes_later_after_each_failure_and_not_for_all_at_once() -> None:
    one, other = uuid.UUID(int=0), uuid.UUID(int=77)
    waits = [rules.next_read(one, NOW, failures) - NOW for failures in range(8)]
    assert waits[:4] == [15 * MINUTE, 15 * MINUTE, 30 * MINUTE, 60 * MINUTE]
    assert waits[-1] == rules.next_read(one, NOW, 10_000) - NOW == timedelta(hours=6)
    assert rules.next_read(other, NOW, 0) - NOW == 15 * MINUTE + timedelta(seconds=77)
