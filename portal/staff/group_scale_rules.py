"""What a group has answered together, so that nobody's own answer can be told from it. Pure; tenths."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean
from typing import NamedTuple

from portal.surveys.release_rules import FEWEST


class Form(NamedTuple):
    """One form: its total, None where a line is empty; its lines; whether whoever asks may read it by itself.

    `protected`: whose it is has protected identity by now.
    """

    total: int | None
    lines: tuple[int | None, ...]
    own: bool
    protected: bool


@dataclass(frozen=True)
class Together:
    """How many have answered; the means of the total and of each line in tenths, None where not shown."""

    sent: int
    total: float | None = None
    lines: tuple[float, ...] = ()


def together(forms: Sequence[Form], *, closed: bool) -> Together:
    """The means of one session: of the same whole forms in each column, of `FEWEST` at least.

    None before it is `closed`, that is while somebody can still answer: two means one answer apart tell it.
    None where all but a few of them are read by themselves, for the rest could be taken away; and none where
    somebody has protected identity since, who would else be missing from them.
    """
    whole = [one for one in forms if one.total is not None]
    strangers = sum(not one.own for one in whole)
    told = closed and len(whole) >= FEWEST and (not strangers or strangers >= FEWEST)
    if not told or any(one.protected for one in forms):
        return Together(len(forms))
    columns = zip(*(one.lines for one in whole), strict=True)
    lines = tuple(mean(tenths or 0 for tenths in column) for column in columns)
    return Together(len(forms), mean(one.total or 0 for one in whole), lines)
