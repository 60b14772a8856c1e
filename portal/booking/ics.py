"""A meeting as a calendar file (RFC 5545), neutral to whoever else sees the phone."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from icalendar import Calendar, Event


@dataclass(frozen=True, slots=True)
class Entry:
    """One meeting: a UID for life, and a `revision` that grows with each change of time, place or state."""

    uid: UUID
    revision: int
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime
    cancelled: bool
    title: str


def one_line(text: str) -> str:
    """The text without control, line and direction characters, which could split or mirror a line (S28)."""
    kept = "".join(" " if unicodedata.category(char) in {"Cc", "Cf", "Zl", "Zp"} else char for char in text)
    return " ".join(kept.split())


def calendar_file(entry: Entry) -> bytes:
    """The file in UTF-8, lines ended by CRLF. A cancelled meeting takes itself out of the calendar."""
    event = Event()
    event.add("uid", str(entry.uid))
    event.add("sequence", entry.revision)
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("dtstart", entry.starts_at)
    event.add("dtend", entry.ends_at)
    event.add("summary", one_line(entry.title))
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", "-//Stigen//Stigen//SV")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if entry.cancelled else "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
