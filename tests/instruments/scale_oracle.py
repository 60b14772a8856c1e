"""The second calculation: what the scales' description says, worked out anew, in fractions and by the letter.

Written from the description alone. It shares no line, no unit and no shape with the portal's own rules: it
takes the four lines as decimal texts, in order of time, and answers in words.
"""

from dataclasses import dataclass
from fractions import Fraction

Lines = tuple[str | None, str | None, str | None, str | None]


@dataclass
class Values:
    """What a team works with, in points."""

    cut_off: str
    reliable_change: str
    talks: int
    slip: str


def total(lines: Lines) -> Fraction | None:
    """ "A missing line means no total, never a guessed one." """
    result = Fraction(0)
    for line in lines:
        if line is None:
            return None
        result = result + Fraction(line)
    return result


def totals(series: list[Lines]) -> list[Fraction]:
    """Those that there are."""
    return [value for value in map(total, series) if value is not None]


def classification(series: list[Lines], values: Values) -> str:
    """ "Classification against the first ORS (the baseline)." """
    there = totals(series)
    if not there:
        return "nothing"
    baseline, last = there[0], there[-1]
    rci, cut_off = Fraction(values.reliable_change), Fraction(values.cut_off)
    change = last - baseline
    apart = " (baseline at or above the cut-off)" if baseline >= cut_off else ""
    if change <= -rci:
        return "reliable deterioration" + apart
    if change < rci:
        return "no reliable change" + apart
    if not apart and last >= cut_off:
        return "clinically significant change"
    return "reliable improvement" + apart


def ors_alerts(series: list[Lines], values: Values) -> set[str]:
    """ "ORS down by RCI or more since baseline or since the last; no change after n; first score grey." """
    if not series or total(series[-1]) is None:
        return set()
    there, rci = totals(series), Fraction(values.reliable_change)
    last = there[-1]
    if len(there) == 1:
        return {"too early to say"}
    if there[-2] - last >= rci:
        return {"down since last"}
    if there[0] - last >= rci:
        return {"down since baseline"}
    talks_since_the_first = len(there[1:])
    if talks_since_the_first >= values.talks and -rci < last - there[0] < rci:
        return {"no change"}
    return set()


def srs_alerts(series: list[Lines], values: Values) -> set[str]:
    """ "SRS below 36; SRS down by 1 point or more since last; first score = grey." """
    if not series or total(series[-1]) is None:
        return set()
    there, found = totals(series), set()
    if there[-1] < Fraction(values.cut_off):
        found.add("below")
    if len(there) >= 2 and there[-2] >= there[-1] + Fraction(values.slip):
        found.add("down")
    if not found and len(there) == 1:
        found.add("too early to say")
    return found
