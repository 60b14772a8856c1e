"""How a plan looked at the end of an earlier day: from how it is now, change by change back. Pure.

Back, not forward: what somebody wrote before there were events stands in the plan all the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any, Protocol

Facts = Mapping[str, Any]
ORDER = ("now", "planned", "paused", "done", "dropped")


class Change(Protocol):
    """What the rules need to know of a change: when it was, its number, and what stood there before it."""

    @property
    def at(self) -> datetime: ...
    @property
    def number(self) -> int: ...
    @property
    def before(self) -> Facts: ...


@dataclass(frozen=True)
class Version:
    """A plan as it was. `steps` are the facts of each step and sub-goal by its id."""

    goal: str
    steps: Mapping[str, Facts]

    def group(self, state: str, kind: str = "step") -> tuple[Facts, ...]:
        """What was in one state, in the order of then."""
        found = (one for one in self.steps.values() if one["state"] == state and one["kind"] == kind)
        return tuple(sorted(found, key=lambda one: one["position"]))

    @staticmethod
    def day(facts: Facts) -> date | None:
        """The date of a step, as a date."""
        return date.fromisoformat(facts["day"]) if facts.get("day") else None

    @property
    def empty(self) -> bool:
        """Whether nothing had been written yet."""
        return not self.goal and not self.steps


def as_of(present: Version, changes: Iterable[Change], until: datetime) -> Version:
    """The plan as it stood at `until`; `changes` are all since then, in any order."""
    goal, steps = present.goal, dict(present.steps)
    later = (change for change in changes if change.at >= until)
    for change in sorted(later, key=lambda one: one.number, reverse=True):
        goal = change.before.get("goal", goal)
        for name, facts in change.before.get("steps", {}).items():
            if facts is None:
                steps.pop(name, None)
            else:
                steps[name] = facts
    return Version(goal, steps)


def shown(version: Version, known: Iterable[str]) -> Version:
    """What the participant may see of it: steps that are `known` to them now, and were shown then (S33)."""
    seen = set(known)
    kept = {
        name: facts
        for name, facts in version.steps.items()
        if name in seen and facts.get("in_portal", True) is not False
    }
    return Version(version.goal, kept)


COMPARED = ("text", "state", "day", "when", "doer", "doer_name")
"""What tells a step of then from the same step now; where it stands among the others does not."""


@dataclass(frozen=True)
class Difference:
    """A step that is another one now; `was` is None where it was not there yet, `became` where it is gone."""

    was: Facts | None
    became: Facts | None

    @property
    def text(self) -> str:
        """The step's words, as they stand now where it still is."""
        return str((self.became or self.was or {})["text"])


def differences(then: Version, now: Version) -> tuple[Difference, ...]:
    """Which steps and sub-goals differ, in the order of now; what is gone comes last."""

    def told(facts: Facts | None) -> tuple[Any, ...] | None:
        return tuple(facts.get(name) or "" for name in COMPARED) if facts else None

    names = sorted(now.steps, key=lambda name: now.steps[name]["position"])
    names += [name for name in then.steps if name not in now.steps]
    both = ((then.steps.get(name), now.steps.get(name)) for name in names)
    return tuple(Difference(was, became) for was, became in both if told(was) != told(became))


def neighbours(changes: Iterable[Change], day: date, zone: tzinfo) -> tuple[date | None, date | None]:
    """The last day before this one on which the plan was changed, and the first one after it."""
    days = {change.at.astimezone(zone).date() for change in changes if change.before}
    earlier, later = (one for one in days if one < day), (one for one in days if one > day)
    return max(earlier, default=None), min(later, default=None)
