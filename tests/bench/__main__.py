"""`make bench`: measures on both databases, prints tables, and keeps the figures in instance/bench.json.

Everything is a ratio of two figures of the same run, or a count: the machine's own speed says nothing.
Names on the command line (rates, selects, paints, scores, sending, contested, growth, ahead) measure only
those; the figures of the others stay as they were.
"""

import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from portal.clock import system_time
from tests.bench.contested import Contested, contested
from tests.bench.growth import SIZES, Growth, ahead, growth
from tests.bench.kept import keep
from tests.bench.lighthouse import Score, scores
from tests.bench.paint import Paint, paints
from tests.bench.places import ROOT, Place, place
from tests.bench.rates import Rate, rates
from tests.bench.selects import FEW, MANY, Selects, selects
from tests.bench.sending import Sending, sending
from tests.support import postgres
from tests.support.databases import Kind

KINDS: tuple[Kind, ...] = ("sqlite", "postgresql")
KEPT = ROOT / "instance" / "bench.json"
# Those that add thousands of rows come last, on a database that nobody looks at afterwards.
MEASURES: dict[str, tuple[Callable[[Place], Sequence[Any]], tuple[Kind, ...]]] = {
    "rates": (rates, KINDS),
    "paints": (paints, ("sqlite",)),
    "scores": (scores, ("sqlite",)),
    "selects": (selects, KINDS),
    "sending": (sending, KINDS),
    "contested": (contested, KINDS),
    "growth": (growth, KINDS),
    "ahead": (ahead, KINDS),
}


def say(text: str = "") -> None:
    """One line to whoever waits."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns under their heads: the first to the left, the others to the right."""
    widths = [max(len(row[at]) for row in (heads, *rows)) for at in range(len(heads))]
    for row in (heads, *rows):
        first, *others = (
            text.rjust(width) if at else text.ljust(width)
            for at, (text, width) in enumerate(zip(row, widths, strict=True))
        )
        say("  ".join((first, *others)).rstrip())
    say()


def show(name: str, kind: Kind, found: Sequence[Any]) -> None:
    """What one measure found, as a table."""
    say(f"{name}, {kind}")
    if not found:
        say("not measured: node and npm are not installed\n")
        return
    SHOWN[name](found)


def show_rates(found: Sequence[Rate]) -> None:
    """Requests a second."""
    rows = [
        (
            one.page,
            f"{one.size}",
            f"{one.rate:.0f}",
            f"{one.bare:.0f}",
            f"{one.ratio:.2f}",
            f"{one.compressed_ratio:.2f}",
        )
        for one in found
    ]
    table(("page", "bytes", "requests/s", "bare page", "ratio", "ratio in brotli"), rows)


def show_paints(found: Sequence[Paint]) -> None:
    """Bytes, and seconds until painted."""
    rows = [
        (
            one.page,
            f"{one.requests}",
            f"{one.cold}",
            f"{one.warm}",
            f"{one.seconds:.2f}",
            f"{one.bare:.2f}",
            f"{one.seconds - one.bare:+.2f}",
        )
        for one in found
    ]
    table(("page", "requests", "bytes cold", "bytes warm", "painted s", "bare page s", "more"), rows)


def show_scores(found: Sequence[Score]) -> None:
    """Lighthouse."""
    rows = [
        (
            one.page,
            f"{one.performance}",
            f"{one.accessibility}",
            f"{one.best_practices}",
            ", ".join(one.lost) or "-",
        )
        for one in found
    ]
    table(("page", "performance", "accessibility", "best practices", "points lost on"), rows)


def show_selects(found: Sequence[Selects]) -> None:
    """How often the database is asked; every page that does not hold, and the busiest ones."""
    loud = sorted(found, key=lambda one: (one.holds, -one.few / one.most))
    rows = [
        (one.page, f"{one.few}", f"{one.many}", f"{one.most}", "yes" if one.holds else "NO")
        for one in loud[: max(12, sum(not one.holds for one in found))]
    ]
    table(("page", f"{FEW} people", f"{MANY} people", "at most", "holds"), rows)
    say(f"{sum(one.holds for one in found)} of {len(found)} pages hold\n")


def show_growth(found: Sequence[Growth]) -> None:
    """How time grows."""
    rows = [
        (one.question, *(f"{1000 * taken:.2f}" for taken in one.seconds), f"{one.ratio:.2f}") for one in found
    ]
    table(("question", *(f"ms at {size}" for size in SIZES), "last / first"), rows)


def show_contested(found: Sequence[Contested]) -> None:
    """How many bookings are decided."""
    rows = [(f"{one.booked}", f"{one.rate:.0f}", f"{one.bare:.0f}", f"{one.ratio:.2f}") for one in found]
    table(("booked", "decisions/s", "bare INSERTs/s", "ratio"), rows)


def show_sending(found: Sequence[Sending]) -> None:
    """How fast messages leave, and how long a code waits."""
    rows = [
        (
            f"{one.workers}",
            f"{one.rate:.1f}",
            f"{one.bare:.1f}",
            f"{one.ratio:.2f}",
            f"{one.code_median:.2f}",
            f"{one.code_p95:.2f}",
        )
        for one in found
    ]
    table(("workers", "messages/s", "bare loop", "ratio", "code s, median", "code s, p95"), rows)


SHOWN: dict[str, Callable[[Any], None]] = {
    "rates": show_rates,
    "paints": show_paints,
    "scores": show_scores,
    "selects": show_selects,
    "sending": show_sending,
    "contested": show_contested,
    "growth": show_growth,
    "ahead": show_growth,
}


def main(wanted: list[str]) -> None:
    """Measure what is wanted, or everything."""
    with postgres.reserve(), tempfile.TemporaryDirectory() as folder:
        for name, (measure, kinds) in MEASURES.items():
            if wanted and name not in wanted:
                continue
            by_kind: dict[str, Any] = {}
            for kind in kinds:
                with place(kind, Path(folder) / f"{name}-{kind}") as made:
                    found = measure(made)
                show(name, kind, found)
                by_kind[kind] = [asdict(one) for one in found]
            keep(KEPT, name, by_kind, system_time())
    say(f"kept in {KEPT.relative_to(ROOT)}")


if __name__ == "__main__":
    main(sys.argv[1:])
