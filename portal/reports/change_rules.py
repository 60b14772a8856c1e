"""What scales say of many people together: never of fewer than five. Pure; totals are tenths."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import mean, stdev

from portal.surveys.release_rules import FEWEST

COMPARED = "ors"
"""The scale whose totals are compared over time: the one about how somebody is."""


@dataclass(frozen=True)
class Reading:
    """One total on one scale, given while in a team.

    `cut_off` and `reliable_change` are those it was judged by, where it was.
    """

    person_id: uuid.UUID
    team_id: uuid.UUID
    instrument: str
    version: int
    at: datetime
    total: int | None
    cut_off: int | None
    reliable_change: int | None


@dataclass(frozen=True)
class Used:
    """How often one scale was used, by how many people; `low` of `judged` totals lie below their cut-off.

    `judged_people`: of how many people those totals are. `sides`: of how many people the totals below are,
    those not below, and what was sent without a total to judge.
    """

    instrument: str
    version: int
    sent: int
    people: int
    low: int
    judged: int
    judged_people: int
    sides: tuple[int, int, int]

    def told(self, smallest: int) -> bool:
        """Whether the share below is printed: of five people at least, and no side of it of a few."""
        enough = self.judged_people >= max(FEWEST, smallest)
        return enough and not any(0 < people < smallest for people in self.sides)


def used(readings: Iterable[Reading], first: datetime, last: datetime) -> tuple[Used, ...]:
    """What was sent from `first` until before `last`, by scale."""
    found: dict[tuple[str, int], list[Reading]] = defaultdict(list)
    for one in readings:
        if first <= one.at < last:
            found[one.instrument, one.version].append(one)
    return tuple(_used(*scale, found[scale]) for scale in sorted(found))


def _used(instrument: str, version: int, readings: Sequence[Reading]) -> Used:
    sides: dict[bool | None, list[uuid.UUID]] = {True: [], False: [], None: []}
    for one in readings:
        sides[_is_low(one)].append(one.person_id)
    low, other, unjudged = sides[True], sides[False], sides[None]
    return Used(
        instrument,
        version,
        sent=len(readings),
        people=len({one.person_id for one in readings}),
        low=len(low),
        judged=len(low) + len(other),
        judged_people=len({*low, *other}),
        sides=(len(set(low)), len(set(other)), len(set(unjudged))),
    )


def _is_low(one: Reading) -> bool | None:
    """Whether it lies below the cut-off it was judged by; None where it was not judged."""
    return None if one.total is None or one.cut_off is None else one.total < one.cut_off


@dataclass(frozen=True)
class Moved:
    """From the first total to the last of everybody who has two: means in points.

    `effect`: the mean difference in standard deviations of the first totals; None where they do not spread.
    `better`, `worse`: how many changed by at least the reliable change.
    """

    people: int
    first: float
    last: float
    effect: float | None
    better: int
    worse: int

    def told(self, smallest: int) -> bool:
        """Whether it is printed how many changed: none of the better, the worse and the others are few."""
        parts = (self.better, self.worse, self.people - self.better - self.worse)
        return not any(0 < people < smallest for people in parts)


def moved(
    readings: Iterable[Reading], instrument: str, until: datetime
) -> dict[uuid.UUID, tuple[Reading, Reading]]:
    """The first and the last reading with a total of everybody who has two before `until`."""
    found: dict[uuid.UUID, list[Reading]] = defaultdict(list)
    for one in sorted(readings, key=lambda reading: reading.at):
        if one.instrument == instrument and one.total is not None and one.at < until:
            found[one.person_id].append(one)
    return {person: (own[0], own[-1]) for person, own in found.items() if len(own) > 1}


def together(pairs: Iterable[tuple[Reading, Reading]]) -> Moved | None:
    """Many first and last readings as one; None of fewer than five people."""
    known = [(first.total or 0, last.total or 0, last.reliable_change) for first, last in pairs]
    if len(known) < FEWEST:
        return None
    firsts, lasts = [first / 10 for first, _l, _r in known], [last / 10 for _f, last, _r in known]
    spread = stdev(firsts)
    return Moved(
        people=len(known),
        first=mean(firsts),
        last=mean(lasts),
        effect=(mean(lasts) - mean(firsts)) / spread if spread else None,
        better=sum(last - first >= by for first, last, by in known if by),
        worse=sum(first - last >= by for first, last, by in known if by),
    )
