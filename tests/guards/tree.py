"""The project's files, as the guards see them; git need not be installed."""

import os
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# What running and testing leave behind; see .gitignore.
LEFT_BEHIND = {"__pycache__", "instance", "screenshots"}


@cache
def _files() -> tuple[str, ...]:
    return tuple(sorted(_walk(ROOT)))


def _walk(folder: Path) -> Iterator[str]:
    for entry in os.scandir(folder):
        if entry.is_file():
            yield name(Path(entry.path))
        elif _is_ours(entry):
            yield from _walk(Path(entry.path))


def _is_ours(folder: os.DirEntry[str]) -> bool:
    hidden = folder.name.startswith(".") and folder.name != ".ci"
    # A Python environment may stand in the tree under any name.
    environment = Path(folder.path, "pyvenv.cfg").exists()
    return not (hidden or environment or folder.name in LEFT_BEHIND)


def tracked(*patterns: str) -> list[Path]:
    """The project's files whose name from its root fits a pattern; a star stands for folders too."""
    return [ROOT / file for file in _files() if any(fnmatch(file, pattern) for pattern in patterns)]


def name(path: Path) -> str:
    """A file's name from the project's root, as a guard prints it."""
    return path.relative_to(ROOT).as_posix()


def report(findings: list[str]) -> None:
    """Fail with every finding on a line of its own."""
    assert not findings, "\n" + "\n".join(findings)
