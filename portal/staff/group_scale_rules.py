"""What a group has answered together, so that nobody's own answer can be told from it. Pure; tenths."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean

from portal.surveys.release_rules import FEWEST


@dataclass(frozen=True)
class Together:
    """How many have answered; the means of the total and of each line in tenths, None where not shown."""

    sent: int
    total: float | None
    lines: tuple[float | None, ...]

    @property
    def shown(self) -> bool:
        """Whether there is a figure beside how many there are."""
        return self.total is not None or any(line is not None for line in self.lines)


def together(
    totals: Sequence[int | None], lines: Sequence[tuple[int | None, ...]], count: int, *, closed: bool
) -> Together:
    """The means of one session on a scale of `count` lines, each of `FEWEST` numbers at least.

    None before it is `closed`, that is while somebody can still answer: two means one answer apart tell it.
    """
    columns = [[one[place] for one in lines] for place in range(count)]
    means = [_mean(column) if closed else None for column in (totals, *columns)]
    return Together(len(totals), means[0], tuple(means[1:]))


def _mean(values: Sequence[int | None]) -> float | None:
    known = [value for value in values if value is not None]
    return mean(known) if len(known) >= FEWEST else None
