"""What the totals of a licensed scale say: its cut-off, reliable change, and when a talk is needed.

All values are tenths, like the totals they are compared with. The figures in common use are defaults of the
organisation's settings; there are no Swedish norms. A number helps a talk along, it never judges a person.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal

from portal.instruments.rules import When
from portal.organisation.rules import Rules

AgeBand = Literal["adult", "youth"]
Outcome = Literal["significant", "improved", "deteriorated", "unchanged"]
Code = Literal["down_last", "down_first", "unchanged", "low", "slip", "first"]

SCALE_OF: dict[When, str] = {"before": "ors", "after": "srs"}
"""The licensed scale that can stand in the place of our own check-in."""

GROUP = "gsrs"
"""The licensed scale after a session of a group; nothing of ours can stand in its place."""

MISSING_IN_A_ROW = 2


@dataclass(frozen=True)
class Norms:
    """The values that a reading is judged by, in tenths; `patience` counts talks.

    `slip`: how much a scale after the talk may fall since last before somebody should ask.
    """

    age_band: AgeBand
    cut_off: int
    reliable_change: int
    patience: int
    slip: int


def norms(rules: Rules, scale: str, age_band: AgeBand) -> Norms:
    """The organisation's values for one scale and age band."""
    cut_off: float = getattr(rules, f"{scale}_cut_off_{age_band}")
    return Norms(
        age_band=age_band,
        cut_off=round(cut_off * 10),
        reliable_change=round(rules.reliable_change * 10),
        patience=rules.no_change_talks,
        slip=round(rules.srs_slip * 10),
    )


def asked(rules: Rules, when: When, sendable: Collection[str]) -> str | None:
    """The key of what a phone asks before or after a talk; None where it is filled in on paper.

    A scale that is not `sendable` (no licence, or one that has run out) leaves its place to our own
    check-in, so that nobody is left without questions.
    """
    way = way_of(rules, when)
    if way == "paper":
        return None
    scale = SCALE_OF[when]
    return scale if way == "digital" and scale in sendable else when


def asked_of_group(rules: Rules, sendable: Collection[str]) -> str | None:
    """The key of what a phone asks after a session of a group; None where it asks nothing."""
    return GROUP if rules.group_with == "digital" and GROUP in sendable else None


def way_of(rules: Rules, when: When) -> str:
    """What the organisation has chosen: "own", "digital" or "paper"."""
    return rules.before_with if when == "before" else rules.after_with


def in_use(rules: Rules) -> tuple[str, ...]:
    """The scales about talks that the organisation has chosen, on the phone or on paper."""
    return tuple(scale for when, scale in SCALE_OF.items() if way_of(rules, when) != "own")


def recorded(rules: Rules) -> tuple[str, ...]:
    """The same with the one after a session of a group: every scale that a paper form can be typed of."""
    return in_use(rules) if rules.group_with == "none" else (*in_use(rules), GROUP)


def reliable_change_of(spread: float, reliability: float) -> float:
    """The reliable change in points: 1.96 · √(2 · SD² · (1 − r)), of a standard deviation in points.

    `reliability` from 0 to 1. Jacobson and Truax (1991).
    """
    return 1.96 * sqrt(2 * spread**2 * (1 - reliability))


@dataclass(frozen=True)
class Change:
    """A total against the baseline. `by` is positive when it went up.

    `apart`: the baseline stood at or above the cut-off, so that crossing it means nothing. Those who were
    told to come often score high at first: such a series is told apart, and never as "well".
    """

    outcome: Outcome
    by: int
    baseline: int
    last: int
    apart: bool
    norms: Norms


def classify(baseline: int, last: int, by_values: Norms) -> Change:
    """The last total against the first."""
    by = last - baseline
    apart = baseline >= by_values.cut_off
    outcome: Outcome = "unchanged"
    if by >= by_values.reliable_change:
        outcome = "significant" if not apart and last >= by_values.cut_off else "improved"
    elif -by >= by_values.reliable_change:
        outcome = "deteriorated"
    return Change(outcome, by, baseline, last, apart, by_values)


@dataclass(frozen=True)
class Standing:
    """The newest total with the one before, the first, and how many there are; tenths."""

    now: int
    last: int | None
    first: int
    count: int


@dataclass(frozen=True)
class Signal:
    """The thing to know before the talk. `by`: how many tenths down; `talks`: how many without change.

    What is "low" and has fallen since last as well says by how much.
    """

    code: Code
    now: int
    norms: Norms
    by: int = 0
    talks: int = 0

    @property
    def alarms(self) -> bool:
        """Whether it asks for somebody's attention; the first reading only says that it is too early."""
        return self.code != "first"


def standing(totals: Sequence[int | None]) -> Standing | None:
    """How a series in order of time stands; None when the newest has no total, for none is guessed."""
    known = [total for total in totals if total is not None]
    if not known or totals[-1] is None:
        return None
    return Standing(known[-1], known[-2] if len(known) > 1 else None, known[0], len(known))


def signal(when: When, found: Standing, by_values: Norms) -> Signal | None:
    """What a talk needs to know; None when there is nothing to say."""
    said = _before(found, by_values) if when == "before" else _after(found, by_values)
    if said is None and found.count == 1:
        return Signal("first", found.now, by_values)
    return said


def _before(found: Standing, by_values: Norms) -> Signal | None:
    """Down since last, else since the first; else no change after so many talks."""
    if found.last is not None and found.last - found.now >= by_values.reliable_change:
        return Signal("down_last", found.now, by_values, by=found.last - found.now)
    if found.first - found.now >= by_values.reliable_change:
        return Signal("down_first", found.now, by_values, by=found.first - found.now)
    talks = found.count - 1
    if talks >= by_values.patience and abs(found.now - found.first) < by_values.reliable_change:
        return Signal("unchanged", found.now, by_values, talks=talks)
    return None


def _after(found: Standing, by_values: Norms) -> Signal | None:
    """Under the cut-off, down since last, or both in one."""
    by = 0
    if found.last is not None and found.last - found.now >= by_values.slip:
        by = found.last - found.now
    if found.now < by_values.cut_off:
        return Signal("low", found.now, by_values, by=by)
    return Signal("slip", found.now, by_values, by=by) if by else None


def missing_in_a_row(given: Sequence[bool]) -> bool:
    """Whether the last two talks, in order of time, both ended without the scale."""
    last = given[-MISSING_IN_A_ROW:]
    return len(last) == MISSING_IN_A_ROW and not any(last)
