"""The project's files, as the guards see them."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def tracked(*patterns: str) -> list[Path]:
    """Files that are, or are about to be, part of the project: tracked, or new and not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    found = sorted({ROOT / line for line in listed.stdout.splitlines()})
    return [path for path in found if path.is_file()]


def name(path: Path) -> str:
    """A file's name from the project's root, as a guard prints it."""
    return path.relative_to(ROOT).as_posix()


def report(findings: list[str]) -> None:
    """Fail with every finding on a line of its own."""
    assert not findings, "\n" + "\n".join(findings)
