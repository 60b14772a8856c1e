"""A meeting as a calendar file (RFC 5545), neutral to whoever else sees the phone."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from icalendar import Calendar, Event, vDuration


@dataclass(frozen=True, slots=True)
class Stands:
    """A UID for life, and a `revision` that grows with each change of time, place or state.

    Two instants, or of whole days the first one and, as the format has it, the day after the last.
    """

    uid: UUID
    revision: int
    starts_at: date
    ends_at: date
    changed_at: datetime
    cancelled: bool


@dataclass(frozen=True, slots=True)
class Entry(Stands):
    """What a calendar shows of it.

    `url`: where whoever has the calendar reads more, "" for nowhere; `location`: where it is, "" untold.
    """

    title: str
    url: str = ""
    location: str = ""


def entry(one: Stands, title: str, *, url: str = "", location: str = "") -> Entry:
    """The same under a title, and nothing else of it."""
    return Entry(
        one.uid,
        one.revision,
        one.starts_at,
        one.ends_at,
        one.changed_at,
        one.cancelled,
        title=title,
        url=url,
        location=location,
    )


def one_line(text: str) -> str:
    """The text without control, line and direction characters, which could split or mirror a line (S28)."""
    kept = "".join(" " if unicodedata.category(char) in {"Cc", "Cf", "Zl", "Zp"} else char for char in text)
    return " ".join(kept.split())


def calendar_file(*entries: Entry) -> bytes:
    """The file in UTF-8, lines ended by CRLF. A cancelled meeting takes itself out of the calendar."""
    calendar = calendar_of("CANCEL" if all(one.cancelled for one in entries) else "PUBLISH")
    for one in entries:
        calendar.add_component(event_of(one))
    return bytes(calendar.to_ical())


def feed_file(entries: Iterable[Entry], name: str, refresh: timedelta) -> bytes:
    """A whole calendar to subscribe to, which programs are asked to read again after `refresh`.

    REFRESH-INTERVAL and NAME are RFC 7986 (5.7, 5.1); X-PUBLISHED-TTL is what Outlook reads in its place
    ([MS-OXCICAL] 2.1.3.1.1.15), X-WR-CALNAME the name that older programs show.
    """
    calendar = calendar_of("PUBLISH")
    calendar.add("name", one_line(name))
    calendar.add("x-wr-calname", one_line(name))
    calendar.add("refresh-interval", refresh, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(refresh))
    for one in entries:
        calendar.add_component(event_of(one))
    return bytes(calendar.to_ical())


def calendar_of(method: str) -> Calendar:
    """An empty calendar with a method of RFC 5546."""
    calendar = Calendar()
    calendar.add("prodid", "-//Stigen//Stigen//SV")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    return calendar


def event_of(one: Entry) -> Event:
    """One entry as an event."""
    event = Event()
    event.add("uid", str(one.uid))
    event.add("sequence", one.revision)
    event.add("dtstamp", one.changed_at)
    event.add("last-modified", one.changed_at)
    event.add("dtstart", one.starts_at)
    event.add("dtend", one.ends_at)
    event.add("summary", one_line(one.title))
    event.add("status", "CANCELLED" if one.cancelled else "CONFIRMED")
    if one.location:
        event.add("location", one_line(one.location))
    if one.url:
        event.add("url", one_line(one.url))
    return event
