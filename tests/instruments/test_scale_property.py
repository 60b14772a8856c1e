"""Ten thousand random series, scored and judged twice: by the portal and by a calculation of its own."""

import random
from collections import Counter

import pytest

from portal.instruments import queries, rules, scale_rules
from portal.instruments.scale_rules import Norms
from tests.instruments import scale_oracle as oracle
from tests.instruments.scale_oracle import Lines, Values

SERIES = 10_000
OUTCOMES = {
    "significant": "clinically significant change",
    "improved": "reliable improvement",
    "deteriorated": "reliable deterioration",
    "unchanged": "no reliable change",
}
ALERTS = {
    "down_last": "down since last",
    "down_first": "down since baseline",
    "unchanged": "no change",
    "low": "below",
    "slip": "down",
    "first": "too early to say",
}


def a_series(dice: random.Random) -> list[Lines]:
    """Between one and twelve talks: a level that drifts, lines read to the millimetre, some left out."""
    level, found = dice.uniform(0, 10), []
    gaps = dice.choice((0.0, 0.0, 0.05, 0.3))
    for _talk in range(dice.randint(1, 12)):
        level = min(10.0, max(0.0, level + dice.gauss(0, dice.choice((0.1, 0.6, 1.5)))))
        lines = [
            None
            if dice.random() < gaps
            else f"{min(10.0, max(0.0, level + dice.gauss(0, dice.choice((0, 0.8))))):.1f}"
            for _line in range(4)
        ]
        found.append((lines[0], lines[1], lines[2], lines[3]))
    return found


def values_of(dice: random.Random) -> tuple[Norms, Values]:
    """Mostly those in common use; else any that can be set."""
    if dice.random() < 0.6:
        cut_off, rci, talks, slip = dice.choice((250, 280, 360)), 50, 3, 10
    else:
        cut_off, rci = dice.randint(1, 400), dice.randint(1, 120)
        talks, slip = dice.randint(1, 6), dice.randint(1, 60)
    own = Norms("adult", cut_off, rci, talks, slip)
    return own, Values(f"{cut_off / 10}", f"{rci / 10}", talks, f"{slip / 10}")


def scored(key: str, series: list[Lines]) -> list[int | None]:
    """The totals as the portal reads and adds them, from what was typed."""
    scale = queries.current(key)
    found = []
    for lines in series:
        typed = zip(scale.lines, lines, strict=True)
        values = {line.key: None if text is None else rules.read_value(text) for line, text in typed}
        found.append(rules.total(scale, values))
    return found


def judged(totals: list[int | None], norms: Norms) -> str:
    """The portal's classification, in the second calculation's words."""
    known = [total for total in totals if total is not None]
    if not known:
        return "nothing"
    change = scale_rules.classify(known[0], known[-1], norms)
    return OUTCOMES[change.outcome] + (" (baseline at or above the cut-off)" if change.apart else "")


def alerts(key: str, totals: list[int | None], norms: Norms) -> set[str]:
    """The portal's signals, in the second calculation's words."""
    found = scale_rules.standing(totals)
    when = queries.current(key).when
    said = scale_rules.signal(when, found, norms) if found else None
    if said is None:
        return set()
    # What is both under the cut-off and down is told in one.
    return {ALERTS[said.code]} | ({ALERTS["slip"]} if said.code == "low" and said.by else set())


@pytest.mark.parametrize("part", range(4))
def test_ten_thousand_random_series_are_judged_alike_by_two_calculations(part: int) -> None:
    """Totals, classification and alerts of ORS and SRS; every outcome comes up."""
    dice, seen = random.Random(2026 + part), Counter[str]()
    for _number in range(SERIES // 4):
        series, (norms, values) = a_series(dice), values_of(dice)
        for key, second in (("ors", oracle.ors_alerts), ("srs", oracle.srs_alerts)):
            totals = scored(key, series)
            expected = [oracle.total(lines) for lines in series]
            assert [None if total is None else total * 10 for total in expected] == totals
            told = alerts(key, totals, norms)
            assert told == second(series, values), (key, series, values)
            seen.update(told)
        assert judged(totals, norms) == oracle.classification(series, values), (series, values)
        seen[judged(totals, norms)] += 1
        seen["series"] += 1
    assert seen["series"] == SERIES // 4
    assert {*ALERTS.values(), *OUTCOMES.values()} <= set(seen), seen
    apart = [f"{OUTCOMES[code]} (baseline at or above the cut-off)" for code in list(OUTCOMES)[1:]]
    assert {*apart} <= set(seen), seen


def test_the_second_calculation_is_not_the_first() -> None:
    """A wrong value is found: here, a cut-off that is a tenth higher."""
    norms = Norms("adult", 250, 50, 3, 10)
    series: list[Lines] = [("5.0",) * 4, ("6.2", "6.2", "6.3", "6.3")]
    assert judged(scored("ors", series), norms) == "clinically significant change"
    assert oracle.classification(series, Values("25.1", "5", 3, "1")) == "reliable improvement"
