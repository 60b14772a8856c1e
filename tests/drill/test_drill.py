"""Fifty workers and web processes killed on each database: nothing is lost or repeated (S48, S53)."""

from pathlib import Path

import pytest

from tests.drill.__main__ import WORKERS
from tests.drill.drill import Drill
from tests.support import databases
from tests.support.schema import build_schema


@pytest.mark.parametrize("kind", list(WORKERS))
def test_no_kill_loses_or_repeats_anything(kind: databases.Kind, worker_id: str, tmp_path: Path) -> None:
    """S48, S53: nor is a reminder sent of a cancelled meeting, or at night, and staff see each doubt."""
    url = databases.database_url(kind, f"drill_{worker_id}", build=build_schema)
    report = Drill(url, tmp_path, WORKERS[kind], seed=1).run(50)
    assert report.lawful, report
    assert min(report.kills, report.web_kills) >= 50
    assert min(report.once, report.kept) > 20
    assert len(report.at) > 10
