"""How check-ins go over the months: a line from 0.0 to 10.0, kept in tenths."""

import random
from collections.abc import Sequence

DRIFT = {"up": 2.5, "level": 0.0, "early": 0.5, "down": 1.0}
"""Points a line moves in all, from the first check-in to the last."""
LAST_FALL = {"down": 2.2}
"""How many points each line has fallen in the very last one."""


def series(lines: Sequence[str], times: int, course: str, chance: random.Random) -> list[dict[str, int]]:
    """`times` check-ins of these lines, each a dict of line → tenths (0–100)."""
    start = {line: chance.uniform(3.0, 6.0) for line in lines}
    found = []
    for number in range(times):
        way = number / max(1, times - 1)
        fall = LAST_FALL.get(course, 0.0) if number == times - 1 and times > 1 else 0.0
        found.append(
            {line: tenths(start[line] + DRIFT[course] * way + chance.gauss(0, 0.6) - fall) for line in lines}
        )
    return found


def tenths(points: float) -> int:
    """Points as stored, never outside the line."""
    return max(0, min(100, round(points * 10)))
