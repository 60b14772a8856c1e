"""The demo's clock moves for all who read its file."""

from datetime import timedelta
from pathlib import Path

from portal.clock import DemoClock, system_time


def test_it_moves_forward_and_back(tmp_path: Path) -> None:
    one, other = DemoClock(tmp_path / "deep" / "clock"), DemoClock(tmp_path / "deep" / "clock")
    assert one.offset == timedelta()
    one.move(timedelta(hours=1))
    one.move(timedelta(days=1))
    assert other.offset == timedelta(days=1, hours=1)
    assert other() - system_time() > timedelta(days=1, minutes=59)
    other.reset()
    assert one.offset == timedelta()
