"""Which calls are still to be made today, and which the one who asks has ticked off. Pure."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from portal.reminders.call_rules import NEWS, Call
from portal.staff.rules import CALL, LATER, Cause, Mark, still_open
from portal.web.asker import Asker


@dataclass(frozen=True)
class Done:
    """What was recorded about a call, by whom and when."""

    person_id: uuid.UUID
    key: str
    mark: Mark
    by: uuid.UUID
    at: datetime


@dataclass(frozen=True)
class Ticked:
    """A call that was ticked off at that moment."""

    call: Call
    at: datetime


def midnight(zone: ZoneInfo, now: datetime) -> datetime:
    """When the local day began."""
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)


def may_take_back(by: uuid.UUID, at: datetime, asker: Asker, now: datetime) -> bool:
    """Whether what somebody recorded is the asker's own, of today."""
    return by == asker.person_id and at >= midnight(asker.zone, now)


def sorted_out(
    calls: Iterable[Call], done: Sequence[Done], asker: Asker, now: datetime
) -> tuple[list[Call], list[Ticked]]:
    """The calls that are open, each person's together, and those that the asker has ticked off today.

    Whoever was told today that something is new is not rung up for more of it before tomorrow.
    """
    since, by_key = midnight(asker.zone, now), {one.key: one for one in done}
    told = {one.person_id for one in done if _told_of_news(one) and one.at >= since}
    marks = {one.key: one.mark for one in done}
    left, ticked = [], []
    for call in calls:
        known = by_key.get(call.key)
        if still_open(Cause(call.person_id, CALL, call.key, call.at), marks, now):
            if call.says not in NEWS or call.person_id not in told:
                left.append(call)
        elif known and known.mark.outcome != LATER and may_take_back(known.by, known.at, asker, now):
            ticked.append(Ticked(call, known.at))
    return _beside(left), ticked


def _beside(calls: Sequence[Call]) -> list[Call]:
    """What is to be told to one person stands together: it is one call."""
    places: dict[uuid.UUID, int] = {}
    for call in calls:
        places.setdefault(call.person_id, len(places))
    return sorted(calls, key=lambda call: places[call.person_id])


def _told_of_news(one: Done) -> bool:
    return one.mark.outcome != LATER and one.key.startswith(f"{CALL}:{one.person_id}:")
