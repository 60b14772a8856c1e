"""Out of a calendar's text only when it is busy: what repeats, whole days, zones, what would never end."""

import sys
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.availability.outside import expander, reading_rules
from portal.availability.outside.gateway import Failed
from portal.availability.outside.reading_rules import NotACalendar, Reading, TooMuch
from portal.availability.rules import Span
from tests.support.calendar_server import calendar

ZONE = ZoneInfo("Europe/Stockholm")
START, END = datetime(2026, 11, 23, tzinfo=UTC), datetime(2027, 1, 31, tzinfo=UTC)
ONE = "DTSTART:20261201T090000Z\nDTEND:20261201T100000Z"
OUTLOOK_ZONE = """BEGIN:VTIMEZONE
TZID:W. Europe Standard Time
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""


def reading(body: bytes, start: datetime = START, end: datetime = END) -> Reading:
    """What the calendar says."""
    return reading_rules.read(body.decode(), start, end, ZONE)


def times(body: bytes, start: datetime = START, end: datetime = END) -> list[str]:
    """From when until when it is busy, in Stockholm."""
    found = sorted(reading(body, start, end).busy, key=lambda one: one.start)
    local = [[datetime.fromtimestamp(at, ZONE) for at in (one.start, one.end)] for one in found]
    return [f"{begins:%m-%d %H.%M}–{ends:%d %H.%M}" for begins, ends in local]


def test_a_time_and_nothing_of_what() -> None:
    found = reading(calendar(ONE + "\nDESCRIPTION:Hemligt\nATTENDEE:mailto:a@b.se"))
    assert found.passed_over == 0
    (one,) = found.busy
    assert (one.uid, one.end - one.start) == ("0@example", 3600)
    assert "Hemligt" not in repr(found)


def test_what_repeats_with_what_was_moved_and_left_out() -> None:
    weekly = (
        "DTSTART;TZID=Europe/Stockholm:20261005T090000\nDTEND;TZID=Europe/Stockholm:20261005T100000\n"
        "RRULE:FREQ=WEEKLY;BYDAY=MO,TU;UNTIL=20261215T225959Z\nEXDATE;TZID=Europe/Stockholm:20261201T090000"
    )
    moved = (
        "RECURRENCE-ID;TZID=Europe/Stockholm:20261207T090000\nDTSTART;TZID=Europe/Stockholm:20261207T130000\n"
        "DTEND;TZID=Europe/Stockholm:20261207T133000"
    )
    gone = (
        "RECURRENCE-ID;TZID=Europe/Stockholm:20261208T090000\nDTSTART;TZID=Europe/Stockholm:20261208T090000\n"
        "DTEND;TZID=Europe/Stockholm:20261208T100000\nSTATUS:CANCELLED"
    )
    body = calendar(weekly, moved, gone).replace(b"UID:1@", b"UID:0@").replace(b"UID:2@", b"UID:0@")
    assert times(body) == [
        "11-23 09.00–23 10.00",
        "11-24 09.00–24 10.00",
        "11-30 09.00–30 10.00",
        "12-07 13.00–07 13.30",
        "12-14 09.00–14 10.00",
        "12-15 09.00–15 10.00",
    ]


@pytest.mark.parametrize("explained", [True, False])
def test_zones_as_outlook_names_them_in_winter_and_summer(explained: bool) -> None:
    zone = "TZID=W. Europe Standard Time"
    daily = f"DTSTART;{zone}:20261020T090000\nDTEND;{zone}:20261020T100000\nRRULE:FREQ=DAILY;COUNT=10"
    body = calendar(daily)
    if explained:
        body = body.replace(b"BEGIN:VEVENT", OUTLOOK_ZONE.replace("\n", "\r\n").encode() + b"BEGIN:VEVENT", 1)
    found = times(body, datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 26, 22, tzinfo=UTC))
    assert found == ["10-25 09.00–25 10.00", "10-26 09.00–26 10.00"]


@pytest.mark.parametrize("zone", ["Europe/Stockholm", "W. Europe Standard Time", "Foo/Bar", "../etc", ""])
def test_a_zone_for_the_whole_calendar_hides_nothing_whatever_its_name(zone: str) -> None:
    series = "DTSTART:20261006T070000Z\nDTEND:20261006T080000Z\nRRULE:FREQ=WEEKLY;COUNT=9"
    body = calendar(ONE, "DTSTART:20261201T120000\nDTEND:20261201T130000", series)
    found = times(body.replace(b"PRODID", f"X-WR-TIMEZONE:{zone}\r\nPRODID".encode()))
    assert {"12-01 10.00–01 11.00", "12-01 12.00–01 13.00"} <= set(found)
    # In October 9.00 in Sweden was 7.00 UTC: only with a zone does a series stay there in December.
    assert ("12-01 09.00–01 10.00" in found) == ("Europe" in zone)


def test_whole_days_and_times_without_a_zone_are_the_organisations() -> None:
    days = "DTSTART;VALUE=DATE:20261201\nDTEND;VALUE=DATE:20261203"
    unknown = "DTSTART;TZID=Customized Time Zone:20261205T090000\nDURATION:PT30M"
    assert times(calendar(days, "DTSTART:20261204T090000\nDURATION:PT45M", unknown)) == [
        "12-01 00.00–03 00.00",
        "12-04 09.00–04 09.45",
        "12-05 09.00–05 09.30",
    ]


@pytest.mark.parametrize(
    "free",
    ["TRANSP:TRANSPARENT", "STATUS:CANCELLED", "X-MICROSOFT-CDO-BUSYSTATUS:FREE", "transp:transparent"],
)
def test_what_takes_no_time_does_not_block(free: str) -> None:
    assert times(calendar(f"{ONE}\n{free}", "DTSTART:20261201T090000Z\nDTEND:20261201T090000Z")) == []
    for busy in ("TRANSP:OPAQUE", "STATUS:TENTATIVE", "X-MICROSOFT-CDO-BUSYSTATUS:OOF"):
        assert len(times(calendar(f"{ONE}\n{busy}"))) == 1


def test_only_what_lies_in_the_window_is_told() -> None:
    long = "DTSTART:20200101T090000Z\nDTEND:20300101T090000Z"
    before, after = (
        "DTSTART:20261101T090000Z\nDTEND:20261101T100000Z",
        "DTSTART:20270301T090000Z\nDURATION:PT1H",
    )
    assert times(calendar(long, before, after)) == ["11-23 01.00–31 01.00"]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;INTERVAL=7",
        "freq=hourly",
        "FREQ=DAILY;BYHOUR=1,2;BYMINUTE=1,2,3",
        "FREQ=YEARLY;BYSECOND=1",
    ],
)
def test_what_repeats_within_a_day_is_passed_over_and_counted(rule: str) -> None:
    found = reading(calendar(f"{ONE}\nRRULE:{rule}", ONE))
    assert (len(found.busy), found.passed_over) == (1, 1)


def test_one_odd_event_does_not_hide_the_others() -> None:
    odd = ("DTSTART:20261201T999999Z\nDTEND:20261201T100000Z", f"{ONE}\nRRULE:FREQ=SOMETIMES", "DTEND:x")
    found = reading(calendar(ONE, *odd))
    assert "0@example" in {one.uid for one in found.busy}
    assert found.passed_over


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<!doctype html><html></html>",
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n",
        "BEGIN:VCALENDAR\r\nEND:VEVENT\r\nEND:VCALENDAR",
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR",
    ],
)
def test_what_is_no_whole_calendar_is_none(text: str) -> None:
    with pytest.raises(NotACalendar):
        reading(text.encode())


def test_more_events_than_anybody_has_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_rules, "MOST_EVENTS", 5)
    with pytest.raises(TooMuch):
        reading(calendar(*[ONE] * 6))
    with pytest.raises(TooMuch):
        reading(calendar(f"{ONE}\nRRULE:FREQ=DAILY"))


@given(st.text(alphabet="BEGINVDT:;=,\n\r \t0129ZRULE-ÅÄ\u2028\0", max_size=300))
def test_no_text_breaks_the_reading(text: str) -> None:
    body = f"BEGIN:VCALENDAR\nBEGIN:VEVENT\n{text}\nEND:VEVENT\nEND:VCALENDAR"
    try:
        assert len(reading(body.encode()).busy) <= 1
    except NotACalendar:
        return


WINDOW = Span(START, END)


def test_the_process_of_its_own_says_the_same() -> None:
    body = calendar(ONE, f"{ONE}\nRRULE:FREQ=SECONDLY")
    assert expander.expand(body, WINDOW, "Europe/Stockholm") == reading(body)
    with pytest.raises(Failed, match="not_calendar"):
        expander.expand(b"\xff\xfe", WINDOW, "Europe/Stockholm")


def test_what_would_never_end_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """A day that never comes, looked for until the year 9999 by each of them."""
    monkeypatch.setattr(expander, "SECONDS", 1)
    never = [f"{ONE}\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"] * 40
    with pytest.raises(Failed, match="stopped"):
        expander.expand(calendar(*never), WINDOW, "Europe/Stockholm")


LIMIT = "import resource; resource.setrlimit(resource.RLIMIT_{0}, ({1}, {1}));"
DEATHS = {
    "a bug": "raise KeyError('Hemligt')",
    "killed": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    "out of memory": LIMIT.format("AS", 200 * 1024**2) + "bytes(400 * 1024**2)",
    "out of time": LIMIT.format("CPU", 1) + "[0 for _ in iter(int, 1)]",
    "an answer that is none": "print('{')",
    "another answer": "print('[1]')",
    "nothing": "pass",
}
"""How a process can end that was to read a calendar, as a program of Python."""


@pytest.mark.parametrize("how", DEATHS)
def test_a_reader_that_dies_is_a_cause_of_its_own_and_the_log_has_nothing_of_the_calendar(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, how: str
) -> None:
    monkeypatch.setattr(expander, "PROGRAM", (sys.executable, "-S", "-c", DEATHS[how]))
    with pytest.raises(Failed, match="stopped"):
        expander.expand(calendar(ONE), WINDOW, "Europe/Stockholm")
    (line,) = caplog.messages
    assert line.startswith("A calendar's reading ended ")
    assert "Hemligt" not in caplog.text


def test_a_reader_that_cannot_begin_is_one_that_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expander, "PROGRAM", ("/nowhere/python",))
    with pytest.raises(Failed, match="stopped"):
        expander.expand(calendar(ONE), WINDOW, "Europe/Stockholm")


def test_more_than_anybody_has_is_too_big_and_not_a_reader_that_died(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ends = f"import sys; sys.exit({reading_rules.TOO_MUCH})"
    monkeypatch.setattr(expander, "PROGRAM", (sys.executable, "-S", "-c", ends))
    with pytest.raises(Failed, match="too_big"):
        expander.expand(calendar(ONE), WINDOW, "Europe/Stockholm")
