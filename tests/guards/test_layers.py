"""The law of layers is enforced by import-linter in `make check`; here it is shown to see what breaks it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.guards import tree

# A line that does not belong, the file it is put into, and the contract that must break.
BREACHES = [
    ("portal/app.py", "import portal.cli", "Imports go downward only"),
    ("portal/plan/workdays.py", "import portal.booking.words", "Imports go downward only"),
    ("portal/feedback/service.py", "import portal.booking.words", "Imports go downward only"),
    ("portal/plan/rules.py", "import sqlalchemy", "Rules are pure"),
    ("portal/booking/models.py", "import flask", "Models know neither addresses nor words"),
    (
        "portal/booking/service.py",
        "from flask import request",
        "What changes or reads does not know the request",
    ),
    ("portal/feedback/views.py", "import sqlalchemy", "Views speak no SQL"),
    ("portal/booking/service.py", "import portal.messaging.service", "Only notices and the sign-in codes"),
]


def lint(folder: Path) -> str:
    """What import-linter says of the portal in this folder."""
    program = Path(sys.executable).with_name("lint-imports")
    said = subprocess.run(
        [program, "--no-logo", "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )
    return said.stdout


@pytest.mark.parametrize(("file", "line", "contract"), BREACHES)
def test_the_guard_sees_a_breach(tmp_path: Path, file: str, line: str, contract: str) -> None:
    shutil.copytree(tree.ROOT / "portal", tmp_path / "portal", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(tree.ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / file).open("a") as module:
        module.write(f"\n{line}\n")
    broken = [said for said in lint(tmp_path).splitlines() if " BROKEN" in said]
    assert any(said.startswith(contract) for said in broken), broken
