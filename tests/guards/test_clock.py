"""Time comes from portal/clock.py alone, so that a demo or a test can set it; and nothing sleeps."""

import ast
from pathlib import Path

import pytest

from tests.guards import tree

FORBIDDEN = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
    ("time", "localtime"),
    ("time", "gmtime"),
    ("time", "sleep"),
    ("func", "now"),
    ("func", "current_timestamp"),
}
MODULES = {"time": "time", "datetime": "datetime"}
CLOCK = "portal/clock.py"


def clocks(name: str, text: str) -> list[str]:
    """Places that read another clock, or wait for one."""
    if name == CLOCK:
        return []
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Attribute):
            owner = (
                node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            )
            if (owner, node.attr) in FORBIDDEN:
                found.append(f"{name}:{node.lineno} {owner}.{node.attr}: ask portal.clock")
        elif isinstance(node, ast.ImportFrom) and node.module == "time":
            found += [
                f"{name}:{node.lineno} from time import {alias.name}: ask portal.clock"
                for alias in node.names
                if ("time", alias.name) in FORBIDDEN
            ]
    return found


@pytest.mark.parametrize("path", tree.tracked("portal/*.py", "tests/*.py", "wsgi.py"), ids=tree.name)
def test_only_the_clock_knows_the_time(path: Path) -> None:
    tree.report(clocks(tree.name(path), path.read_text()))


@pytest.mark.parametrize(
    "line",
    [
        "datetime.now(UTC)",
        "datetime.datetime.utcnow()",
        "dt.date.today()",
        "time.time()",
        "time.sleep(1)",
        "from time import sleep",
        "sa.func.now()",
        "default = datetime.now",
    ],
)
def test_the_guard_sees_another_clock(line: str) -> None:
    assert clocks("portal/plan/service.py", line)
    assert not clocks(CLOCK, line)
    assert not clocks("portal/plan/service.py", "clock.now()\ntime.monotonic()\nfrom time import monotonic\n")
