"""The calendar file, read back by an independent reading of the format (S28)."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from portal.web import ics

UID = UUID("11111111-2222-4333-8444-555555555555")
START = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def entry(*, revision: int = 0, cancelled: bool = False, title: str = "Möte") -> ics.Entry:
    """A meeting in the hour that comes twice."""
    return ics.Entry(
        UID, revision, START, START + timedelta(hours=1), START - timedelta(days=3), cancelled, title
    )


def test_the_file_reads_back_as_it_was_meant() -> None:
    calendar = Calendar.from_ical(ics.calendar_file(entry(revision=3)))
    (event,) = calendar.events
    assert calendar["method"] == "PUBLISH"
    assert event["uid"] == str(UID)
    assert event["sequence"] == 3
    assert event["status"] == "CONFIRMED"
    assert event["summary"] == "Möte"
    assert (event.start, event.end) == (START, START + timedelta(hours=1))


def test_a_cancelled_meeting_keeps_its_uid_and_says_so() -> None:
    calendar = Calendar.from_ical(ics.calendar_file(entry(revision=4, cancelled=True)))
    (event,) = calendar.events
    assert (calendar["method"], event["status"], event["sequence"]) == ("CANCEL", "CANCELLED", 4)
    assert event["uid"] == str(UID)


def test_nothing_but_the_neutral_title_and_the_time_is_told_s31() -> None:
    (event,) = Calendar.from_ical(ics.calendar_file(entry())).events
    assert set(event) == {
        "UID",
        "SEQUENCE",
        "DTSTAMP",
        "LAST-MODIFIED",
        "DTSTART",
        "DTEND",
        "SUMMARY",
        "STATUS",
    }


@pytest.mark.parametrize(
    "evil", ["Möte\r\nATTACH:x", "Möte\nX", "Mö\u202ete", "a\u2028b", "\x00\x07", "x" * 5_000]
)
def test_no_character_splits_or_mirrors_a_line_s28(evil: str) -> None:
    raw = ics.calendar_file(entry(title=evil))
    lines = raw.split(b"\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in lines)
    assert not any(line.startswith((b"ATTACH", b"X")) for line in lines)
    assert "\u202e" not in raw.decode()


@given(st.text(max_size=200))
def test_any_title_gives_one_event_with_that_title_on_one_line_s28(title: str) -> None:
    (event,) = Calendar.from_ical(ics.calendar_file(entry(title=title))).events
    assert str(event["summary"]) == ics.one_line(title)
