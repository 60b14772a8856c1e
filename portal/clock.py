"""The only place that knows what time it is."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

Source = Callable[[], datetime]


def system_time() -> datetime:
    """The machine's time, aware, in UTC."""
    return datetime.now(UTC)


class DemoClock:
    """The machine's time moved by what stands in a file, so that web and worker move together."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read = (0, 0), timedelta()

    def __call__(self) -> datetime:
        return system_time() + self.offset

    @property
    def offset(self) -> timedelta:
        """How far the demo has been moved; nothing when the file is absent."""
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return timedelta()
        # Every page asks what time it is several times; a file that is the same one is not read again.
        same = found.st_ino, found.st_mtime_ns
        if self._read[0] != same:
            self._read = same, timedelta(seconds=int(self._path.read_text(encoding="ascii")))
        return self._read[1]

    def move(self, by: timedelta) -> None:
        """Move the demo forward by this much more."""
        self._write(self.offset + by)

    def reset(self) -> None:
        """Back to the machine's time."""
        self._write(timedelta())

    def _write(self, offset: timedelta) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".new")
        fresh.write_text(str(int(offset.total_seconds())), encoding="ascii")
        fresh.replace(self._path)


_source: Source = system_time


def use(source: Source) -> None:
    """Let `now` read this source from here on (the demo's clock, a test's frozen one)."""
    global _source
    _source = source


def source() -> Source:
    """What `now` reads."""
    return _source


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _source()
