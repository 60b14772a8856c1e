"""Nothing grows too large to read: modules, functions, templates, and how a function branches."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.guards import tree

MODULE, FUNCTION, CREATE_APP, TEMPLATE, COMPLEXITY = 300, 40, 80, 120, 10
# A test tells one story from beginning to end; a long one is still read once.
TEST_MODULE, TEST_FUNCTION = 400, 60


def filled(text: str) -> int:
    """Lines that are not blank."""
    return sum(1 for line in text.splitlines() if line.strip())


def long_module(name: str, text: str) -> list[str]:
    """The module itself, when it is over its ceiling."""
    ceiling = TEST_MODULE if name.startswith("tests/") else MODULE
    lines = filled(text)
    return [f"{name}: {lines} lines, at most {ceiling}"] if lines > ceiling else []


def long_functions(name: str, text: str) -> list[str]:
    """Functions over their ceiling, first line to last."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            ceiling = TEST_FUNCTION if name.startswith("tests/") else FUNCTION
            ceiling = CREATE_APP if node.name == "create_app" else ceiling
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > ceiling:
                found.append(f"{name}:{node.lineno} {node.name}: {lines} lines, at most {ceiling}")
    return found


def long_template(name: str, text: str) -> list[str]:
    """The template, when it is over its ceiling."""
    lines = filled(text)
    return [f"{name}: {lines} lines, at most {TEMPLATE}"] if lines > TEMPLATE else []


def branching(*paths: Path) -> list[str]:
    """Functions with more paths through them than one can hold in mind."""
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--quiet", "--no-cache"]
    rule = ["--select", "C901", "--config", f"lint.mccabe.max-complexity={COMPLEXITY}"]
    said = subprocess.run(
        [*command, *rule, "--output-format", "concise", *map(str, paths)],
        capture_output=True,
        text=True,
        check=False,
    )
    return said.stdout.splitlines() + said.stderr.splitlines()


@pytest.mark.parametrize("path", tree.tracked("portal/*.py", "tests/*.py", "wsgi.py"), ids=tree.name)
def test_modules_and_functions_stay_under_their_ceilings(path: Path) -> None:
    text = path.read_text()
    tree.report(long_module(tree.name(path), text) + long_functions(tree.name(path), text))


@pytest.mark.parametrize("path", tree.tracked("templates/*.html"), ids=tree.name)
def test_templates_stay_under_their_ceiling(path: Path) -> None:
    tree.report(long_template(tree.name(path), path.read_text()))


def test_no_function_branches_too_much() -> None:
    tree.report(branching(tree.ROOT / "portal", tree.ROOT / "tests"))


def test_the_guard_sees_what_is_too_long(tmp_path: Path) -> None:
    line = "a = 1\n\n"
    assert not long_module("portal/a.py", line * MODULE)
    assert long_module("portal/a.py", line * (MODULE + 1))
    function = "def create():\n" + "    a = 1\n" * (FUNCTION - 1)
    assert not long_functions("portal/a.py", function)
    assert long_functions("portal/a.py", function + "    a = 1\n")
    assert not long_functions("portal/a.py", function.replace("create", "create_app") + "    a = 1\n")
    assert long_template("a.html", "<p>\n" * (TEMPLATE + 1))
    twisted = tmp_path / "twisted.py"
    twisted.write_text("def f(a):\n" + "    if a:\n        a -= 1\n" * COMPLEXITY)
    assert len(branching(twisted)) == 1
