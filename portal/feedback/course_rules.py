"""How readings of a licensed scale have gone: against the first one, and before the next talk."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.instruments.rules import When
from portal.instruments.scale_rules import Change, Norms, Signal, classify, signal, standing


@dataclass(frozen=True)
class Course:
    """The newest reading's values, and what they say.

    `change` is None while there is one total or none, and when the newest reading has none.
    """

    norms: Norms
    change: Change | None
    signal: Signal | None


def course(when: When, totals: Sequence[int | None], by_values: Norms) -> Course:
    """What a series in order of time says by these values. Nothing is said of a total that is not there."""
    found = standing(totals)
    if found is None:
        return Course(by_values, None, None)
    change = classify(found.first, found.now, by_values) if found.count > 1 else None
    return Course(by_values, change, signal(when, found, by_values))
