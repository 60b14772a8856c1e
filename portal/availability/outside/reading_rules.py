"""Out of a calendar's text: when it is busy, and nothing of what.

Run as a program (`expander` does), it reads what strangers have written in a process of its own, with little
time and memory and without the portal's keys: what repeats can be written so that it takes for ever.
"""

import json
import re
import resource
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import recurring_ical_events
from icalendar import Calendar
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

CPU_SECONDS = 10
MEMORY_BYTES = 1024 * 1024 * 1024
MOST_EVENTS = 20_000
"""Events in a calendar, and times that come of them."""
NOT_A_CALENDAR, TOO_MUCH = 3, 4
"""How the program ends when it cannot read; 0 when it can."""

_KEPT = re.compile(
    r"(UID|DTSTART|DTEND|DURATION|RRULE|RDATE|EXDATE|RECURRENCE-ID|SEQUENCE|STATUS|TRANSP"
    r"|X-MICROSOFT-CDO-BUSYSTATUS)[;:]",
    re.IGNORECASE,
)
"""The lines of an event that say when, and whether it takes time. All others are never looked at."""
_HEADER = re.compile(r"(VERSION|PRODID|X-WR-TIMEZONE)[;:]", re.IGNORECASE)
_TOO_FINE = re.compile(r"FREQ=(SECONDLY|MINUTELY|HOURLY)|BY(SECOND|MINUTE|HOUR)=", re.IGNORECASE)
"""What repeats within a day: nobody's calendar does, and to reckon it out takes for ever."""
_DAY = re.compile(r"^(DTSTART|DTEND)[^:]*:(\d{8})", re.IGNORECASE)
_SERIES = re.compile(r"(RRULE|RDATE|RECURRENCE-ID|DURATION)[;:]", re.IGNORECASE)
_FREE = {"STATUS": "CANCELLED", "TRANSP": "TRANSPARENT", "X-MICROSOFT-CDO-BUSYSTATUS": "FREE"}
"""What says that an event takes no time (RFC 5545, 3.8.1.11 and 3.8.2.7; [MS-OXCICAL] 2.1.3.1.1.20.31)."""


ODD = (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError)
"""What the libraries raise for what they cannot read."""


class NotACalendar(ValueError):
    """The text is none, or not a whole one."""


class TooMuch(ValueError):
    """More events than anybody has."""


@dataclass(frozen=True, slots=True)
class Busy:
    """One time that an event takes, in whole seconds since 1970, and the event's UID."""

    uid: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """The times that are taken, and how many events were passed over because they cannot be read."""

    busy: tuple[Busy, ...]
    passed_over: int


def read(text: str, start: datetime, end: datetime, zone: ZoneInfo) -> Reading:
    """What is busy between two instants; days and times without a zone are in `zone`.

    Raises NotACalendar, TooMuch.
    """
    lines, passed_over = _slim(_lines(text), start, end)
    try:
        calendar = Calendar.from_ical("\r\n".join(lines) + "\r\n")
    except ODD:
        raise NotACalendar from None
    busy: list[Busy] = []
    for one in _series(calendar):
        try:
            found = recurring_ical_events.of(one).between(start, end)
            spans = [_busy(event, start, end, zone) for event in found if _takes_time(event)]
        except ODD:
            passed_over += 1
            continue
        busy += [span for span in spans if span is not None]
        if len(busy) > MOST_EVENTS:
            raise TooMuch
    return Reading(tuple(busy), passed_over)


def _series(calendar: Calendar) -> Iterator[Calendar]:
    """Each event with what was changed of it, in a calendar of its own: an odd one hides no other."""
    together: dict[str, list[Any]] = {}
    for event in calendar.events:
        together.setdefault(str(event.get("UID", "")), []).append(event)
    for events in together.values():
        one = Calendar({name: calendar[name] for name in calendar if name == "X-WR-TIMEZONE"})
        one.subcomponents = events
        yield one


def _lines(text: str) -> list[str]:
    """The lines, those that were folded made whole (RFC 5545, 3.1). Raises NotACalendar."""
    whole = re.sub(r"\r?\n[ \t]", "", text.removeprefix("\ufeff").strip())
    lines = [line.strip("\r") for line in whole.split("\n")]
    if lines[0].upper() != "BEGIN:VCALENDAR" or lines[-1].upper() != "END:VCALENDAR":
        raise NotACalendar
    return lines


def _slim(lines: Iterable[str], start: datetime, end: datetime) -> tuple[list[str], int]:
    """The lines that matter; of events, those that may touch the time asked for."""
    kept: list[str] = []
    passed_over = events = 0
    for name, block in _blocks(lines):
        if name == "VEVENT":
            events += 1
            if any(line[:6].upper() == "RRULE:" and _TOO_FINE.search(line) for line in block):
                passed_over += 1
                continue
            if not _near(block, start, end):
                continue
        kept += block
    if events > MOST_EVENTS:
        raise TooMuch
    return ["BEGIN:VCALENDAR", *kept, "END:VCALENDAR"], passed_over


def _blocks(lines: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """The calendar's own lines, its time zones, and its events without what stands inside them."""
    stack: list[str] = []
    block: list[str] = []
    for line in lines:
        upper = line.upper()
        if upper.startswith("BEGIN:"):
            stack.append(upper[6:])
        inside = stack[1] if len(stack) > 1 else ""
        if inside == "VTIMEZONE" or (inside == "VEVENT" and _belongs(line, upper, stack)):
            block.append(line)
        elif not inside and _HEADER.match(line):
            yield "", _header(line)
        if upper.startswith("END:"):
            if not stack or stack.pop() != upper[4:]:
                raise NotACalendar
            if len(stack) == 1 and block:
                yield inside, block
                block = []


def _header(line: str) -> list[str]:
    """The line, a zone by the name that it has here; none where nobody knows it: it would hide all events."""
    if not line.upper().startswith("X-WR-TIMEZONE"):
        return [line]
    named = line.split(":", 1)[-1].strip()
    try:
        return [f"X-WR-TIMEZONE:{ZoneInfo(WINDOWS_TO_OLSON.get(named, named)).key}"]
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return []


def _belongs(line: str, upper: str, stack: list[str]) -> bool:
    return len(stack) == 2 and (upper in ("BEGIN:VEVENT", "END:VEVENT") or _KEPT.match(line) is not None)


def _near(block: list[str], start: datetime, end: datetime) -> bool:
    """Whether an event may touch the time: a single one that is long over need not be read."""
    if any(_SERIES.match(line) for line in block):
        return True
    days = {match[1].upper(): match[2] for line in block if (match := _DAY.match(line))}
    first, last = days.get("DTSTART", ""), days.get("DTEND", days.get("DTSTART", "99999999"))
    margin = timedelta(days=2)
    return last >= f"{start - margin:%Y%m%d}" and first <= f"{end + margin:%Y%m%d}"


def _takes_time(event: Any) -> bool:
    return not any(str(event.get(name, "")).strip().upper() == free for name, free in _FREE.items())


def _busy(event: Any, start: datetime, end: datetime, zone: ZoneInfo) -> Busy | None:
    """The time of one event within what is asked for; None when it takes none of it."""
    begins = max(_instant(event.start, zone), start.timestamp())
    ends = min(_instant(event.end, zone), end.timestamp())
    return Busy(str(event.get("UID", "")), int(begins), int(-(-ends // 1))) if begins < ends else None


def _instant(at: date | datetime, zone: ZoneInfo) -> float:
    if not isinstance(at, datetime):
        at = datetime(at.year, at.month, at.day, tzinfo=zone)
    return (at.replace(tzinfo=zone) if at.tzinfo is None else at).timestamp()


def _main() -> int:
    """Read `start end zone` and, after a line's end, a calendar; write what is busy."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    asked, _, body = sys.stdin.buffer.read().partition(b"\n")
    since, until, zone = asked.decode().split()
    start, end = (datetime.fromtimestamp(int(at), UTC) for at in (since, until))
    try:
        found = read(body.decode("utf-8", "replace"), start, end, ZoneInfo(zone))
    except NotACalendar:
        return NOT_A_CALENDAR
    except TooMuch:
        return TOO_MUCH
    busy = [[one.uid, one.start, one.end] for one in found.busy]
    sys.stdout.buffer.write(json.dumps({"busy": busy, "passed_over": found.passed_over}).encode())
    return 0


if __name__ == "__main__":
    raise SystemExit(_main())
