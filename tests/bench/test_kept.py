"""Measuring one part again leaves the others as they were measured."""

import json
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.kept import keep

MONDAY, TUESDAY = (datetime(2026, 11, day, 9, 30, tzinfo=UTC) for day in (23, 24))


def test_one_part_measured_again_leaves_the_others(tmp_path: Path) -> None:
    path = tmp_path / "instance" / "bench.json"
    keep(path, "rates", {"sqlite": [{"ratio": 0.5}], "postgresql": [{"ratio": 0.4}]}, MONDAY)
    keep(path, "growth", {"sqlite": [{"ratio": 1.1}]}, MONDAY)
    keep(path, "growth", {"sqlite": [{"ratio": 1.2}]}, TUESDAY)
    assert json.loads(path.read_text(encoding="utf-8")) == {
        "rates": {
            "measured": "2026-11-23T09:30:00+00:00",
            "sqlite": [{"ratio": 0.5}],
            "postgresql": [{"ratio": 0.4}],
        },
        "growth": {"measured": "2026-11-24T09:30:00+00:00", "sqlite": [{"ratio": 1.2}]},
    }
