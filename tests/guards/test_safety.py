"""docs/safety.md has every requirement, and every test that it names exists."""

import ast
import re
from functools import cache

from tests.guards import tree

PAGE = tree.ROOT / "docs" / "safety.md"
NUMBERS = [f"S{number}" for number in range(1, 59)]
NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")


@cache
def functions(file: str) -> frozenset[str]:
    """The names of a test file's functions; none where there is no such file."""
    path = tree.ROOT / "tests" / file
    if not path.is_file():
        return frozenset()
    return frozenset(
        node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)
    )


def rows(page: str) -> dict[str, list[str]]:
    """{number: cells} of the page's tables. A number that stands twice keeps its last row."""
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines()]
    return {row[0]: row[1:] for row in cells if re.fullmatch(r"S\d+", row[0])}


def findings(page: str) -> list[str]:
    """What is wrong with the page."""
    found = [f"{number} has no row" for number in NUMBERS if number not in rows(page)]
    found += [f"{number} is no requirement" for number in rows(page) if number not in NUMBERS]
    for number, cells in rows(page).items():
        if len(cells) != 3:
            found.append(f"{number} has {len(cells)} cells, not 3")
            continue
        tests = NAMED.findall(cells[2])
        if not tests and "not yet" not in cells[2]:
            found.append(f"{number} names neither a test nor what is not yet")
        found += [f"{number}: no test {file}::{name}" for file, name in tests if name not in functions(file)]
        found += [f"{number}: no file portal/{name}" for name in kept_in(cells[1]) if not stands(name)]
    return found


def kept_in(cell: str) -> list[str]:
    """The names in backticks that say where it is kept."""
    return re.findall(r"`([^`]+)`", cell)


def stands(name: str) -> bool:
    """Whether there is such a file or folder, in the portal or at the project's root."""
    return (tree.ROOT / "portal" / name).exists() or (tree.ROOT / name).exists()


def test_every_requirement_has_its_row_and_every_named_test_exists() -> None:
    tree.report(findings(PAGE.read_text(encoding="utf-8")))


def test_the_guard_sees_what_is_missing() -> None:
    page = PAGE.read_text(encoding="utf-8")
    first = next(line for line in page.splitlines() if line.startswith("| S1 |"))
    assert findings(page.replace(first, "")) == ["S1 has no row"]
    assert findings(page.replace("test_the_app_does_not_start_with_a_bare_view", "test_that_is_not_there"))
    assert findings(page.replace("`web/access.py`", "`web/nothing.py`"))
    assert findings(f"{page}\n| S59 | x | – | not yet |\n") == ["S59 is no requirement"]
    bare = "| S1 | x | – | it is so |"
    assert "S1 names neither a test nor what is not yet" in findings(page.replace(first, bare))
