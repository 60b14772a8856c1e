"""`make drill`: a thousand kills on each database, or as many as the first word says, by the second's seed.

They are shared out among drills of `EACH` kills, every one on a fresh database and with a seed of its own. A
third word names the one database to use. It exits with 1 when a law is broken.
"""

import logging
import sys
import tempfile
from pathlib import Path
from time import monotonic

from tests.drill.drill import Drill
from tests.drill.report import Report
from tests.support import databases, postgres
from tests.support.schema import build_schema

WORKERS: dict[databases.Kind, int] = {"sqlite": 1, "postgresql": 4}
EACH = 200


def main(kills: int = 1000, seed: int = 1, only: str = "") -> int:
    """Run it on both databases and say what came of it."""
    lawful = True
    # A provider that answers badly is what is wanted here: a line for each time would hide what came of it.
    for loud in ("portal", "werkzeug"):
        logging.getLogger(loud).addHandler(logging.NullHandler())
        logging.getLogger(loud).propagate = False
    with postgres.reserve():
        for kind in (one for one in WORKERS if only in ("", one)):
            report = Report()
            while min(report.kills, report.web_kills) < kills:
                left = kills - min(report.kills, report.web_kills)
                report += one_drill(kind, min(EACH, left), seed)
                seed += 1
                say(f"  {report.kills} workers and {report.web_kills} web processes killed")
            lawful = lawful and report.lawful
            heading = f"{kind}, {WORKERS[kind]} at once: {'good' if report.lawful else 'BROKEN'}"
            say("\n  ".join([heading, *report.lines()]))
    return 0 if lawful else 1


def one_drill(kind: databases.Kind, kills: int, seed: int) -> Report:
    """One drill on a fresh database."""
    url = databases.database_url(kind, f"drill_{kind}", build=build_schema)
    begun = monotonic()
    with tempfile.TemporaryDirectory() as folder:
        report = Drill(url, Path(folder), WORKERS[kind], seed).run(kills)
    say(f"  {kind}, seed {seed}, {monotonic() - begun:.0f} s: {report.counts()}")
    return report


def say(line: str) -> None:
    """One line to whoever waits."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    kills, seed, only = (*sys.argv[1:], *("1000", "1", "")[len(sys.argv) - 1 :])
    sys.exit(main(int(kills), int(seed), only))
