"""`make drill`: a thousand kills on each database, or as many as the first word says, by the second's seed.

It exits with 1 when a law is broken.
"""

import sys
import tempfile
from pathlib import Path

from tests.drill.drill import Drill
from tests.support import databases, postgres
from tests.support.schema import build_schema

WORKERS: dict[databases.Kind, int] = {"sqlite": 1, "postgresql": 4}


def main(kills: int = 1000, seed: int = 1) -> int:
    """Run it on both databases and say what came of it."""
    lawful = True
    with postgres.reserve(), tempfile.TemporaryDirectory() as folder:
        for kind, workers in WORKERS.items():
            url = databases.database_url(kind, f"drill_{kind}", build=build_schema)
            report = Drill(url, Path(folder), workers, seed).run(kills)
            lawful = lawful and report.lawful
            heading = f"{kind}, {workers} at once: {'good' if report.lawful else 'BROKEN'}"
            sys.stdout.write("\n  ".join([heading, *report.lines()]) + "\n")
            sys.stdout.flush()
    return 0 if lawful else 1


if __name__ == "__main__":
    sys.exit(main(*(int(word) for word in sys.argv[1:])))
