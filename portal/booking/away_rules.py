"""What may become of the meetings of a coach who is away, and when it is told. Instants are aware UTC."""

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from portal.availability.rules import Span
from portal.booking.rules import ALONG, CANCEL, STAY

MOVE = "move"
CHOICES = (ALONG, MOVE, CANCEL, STAY)
"""A meeting goes along to whoever stands in, gets another time with its coach, is cancelled, or stays."""
UNDO_FOR = timedelta(minutes=10)
"""How long all of it can be undone; until then nobody has been told."""
NEAR = timedelta(hours=2)
"""People are told at once of a meeting that is as near as this: the bus does not wait."""
TIMES_OFFERED = 6
"""New times to choose from for each meeting: more than that nobody reads through for thirty meetings."""
FURTHER_DAYS = 28
"""New times are looked for until so many days after the last day away."""

_WEEKDAY, _DAY = 90, 30
# Ours: another weekday weighs as much as an hour and a half, each day of waiting as half an hour.


@dataclass(frozen=True, slots=True)
class Answer:
    """What was chosen for one meeting: one of CHOICES, the new start of a MOVE, and at which revision."""

    what: str
    revision: int
    starts_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A meeting that needs another time: when it was, and the times at which both could meet.

    `pause` is kept free after it.
    """

    meeting_id: uuid.UUID
    starts_at: datetime
    free: Sequence[Span]
    pause: timedelta


@dataclass(frozen=True, slots=True)
class Changed:
    """What was done with one meeting that used to start at `before`."""

    meeting_id: uuid.UUID
    what: str
    before: datetime


def unlike(old: datetime, new: datetime, zone: ZoneInfo) -> tuple[int, datetime]:
    """How far a time is from what somebody is used to, the soonest of two that are alike."""
    was, then = old.astimezone(zone), new.astimezone(zone)
    clock = abs((was.hour - then.hour) * 60 + was.minute - then.minute)
    weekday = _WEEKDAY if was.weekday() != then.weekday() else 0
    return clock + weekday + _DAY * abs((then.date() - was.date()).days), new


def spread(
    wanted: Iterable[Wanted], zone: ZoneInfo, full: Callable[[date, int], bool] = lambda _day, _more: False
) -> dict[uuid.UUID, list[Span]]:
    """For each meeting a few times, the likest first; the likest ones of any two can both be had.

    The earliest meeting chooses first. `full` says whether a local day takes no more once so many of these
    have been put there.
    """
    taken: list[Span] = []
    put: Counter[date] = Counter()
    found: dict[uuid.UUID, list[Span]] = {}
    for one in sorted(wanted, key=lambda each: each.starts_at):
        left = [
            span
            for span in one.free
            if not any(Span(span.start, span.end + one.pause).meets(other) for other in taken)
            and not full(_day(span, zone), put[_day(span, zone)])
        ]
        liked = sorted(left, key=lambda span: unlike(one.starts_at, span.start, zone))[:TIMES_OFFERED]
        found[one.meeting_id] = liked
        if liked:
            taken.append(Span(liked[0].start, liked[0].end + one.pause))
            put[_day(liked[0], zone)] += 1
    return found


def _day(span: Span, zone: ZoneInfo) -> date:
    return span.start.astimezone(zone).date()


def first_to_tell(changed: Sequence[Changed]) -> Changed:
    """Of one person's meetings the one that is named to them: the soonest they would come to in vain.

    A meeting that is held at its time by somebody else is named only where nothing else has changed.
    """
    return min(changed, key=lambda one: (one.what == ALONG, one.before))


def told_from(before: datetime, now: datetime) -> datetime:
    """When the message about a meeting that used to start at `before` may leave."""
    return now if before - now <= NEAR else now + UNDO_FOR


def undo_open(made_at: datetime, now: datetime) -> bool:
    """Whether what was decided then can be undone."""
    return now < made_at + UNDO_FOR
