"""What must stand nowhere: unfinished notes, machine paths, silenced checks, other people's servers."""

import re
from pathlib import Path

import pytest

from tests.guards import tree

SELF = "tests/guards/test_wording.py"
TEXTS = (
    "*.py",
    "*.html",
    "*.css",
    "*.js",
    "*.toml",
    "*.md",
    "*.po",
    "*.sh",
    "*.svg",
    "*.txt",
    "Makefile",
    ".ci/run",
)
VENDORED = re.compile(r"\.min\.(js|css)$|\.lock$")

EVERYWHERE = {
    "unfinished": re.compile(r"\b(TODO|FIXME|XXX|HACK|NotImplementedError|[Ll]orem ipsum)\b"),
    "a path of one machine": re.compile(
        r"(?<![\w.])/((home|Users)/[\w-]+|root|work|farm)/\w|/tmp/\w+/\w|\bC:\\"
    ),
    "a link that says nothing": re.compile(r"\b[Kk]licka här\b|\b[Cc]lick here\b"),
}
PYTHON = {
    "a silenced check": re.compile(r"#\s*(type:\s*ignore|noqa|pragma: no cover|mypy:)"),
    "a test that does not run": re.compile(r"pytest\.(mark\.)?(skip|skipif|xfail|importorskip)\b"),
    "a print left behind": re.compile(r"\b(breakpoint|pdb\.set_trace)\("),
}
SERVED = {
    # SVG names its own language by an address that nobody fetches.
    "someone else's server": re.compile(
        r"(https?:)?//(?!www\.w3\.org/)[a-z0-9-]+\.[a-z]{2,}\b|@import|url\(\s*['\"]?//"
    ),
}


def unwanted(name: str, text: str) -> list[str]:
    """Lines with a word that must not stand there, and why."""
    if name == SELF or VENDORED.search(name):
        return []
    rules = dict(EVERYWHERE)
    if name.endswith(".py"):
        rules |= PYTHON
    if name.startswith(("templates/", "static/")) and not name.endswith(".md"):
        rules |= SERVED
    return [
        f"{name}:{number} {what}: {line.strip()[:100]}"
        for number, line in enumerate(text.splitlines(), 1)
        for what, pattern in rules.items()
        if pattern.search(line)
    ]


@pytest.mark.parametrize("path", tree.tracked(*TEXTS), ids=tree.name)
def test_no_file_holds_what_must_stand_nowhere(path: Path) -> None:
    tree.report(unwanted(tree.name(path), path.read_text()))


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("portal/plan/rules.py", "# TODO later"),
        ("portal/plan/rules.py", "x = 1  # type: ignore[arg-type]"),
        ("portal/plan/rules.py", "import os  # noqa: F401"),
        ("tests/plan/test_rules.py", "@pytest.mark.skip"),
        ("templates/plan/plan.html", "<a href='/x'>{{ _('Klicka här') }}</a>"),
        ("templates/plan/plan.html", '<script src="https://cdn.example.org/a.js"></script>'),
        ("static/stigen.css", '@import "other.css";'),
        ("static/stigen.css", "background: url(//cdn.example.org/a.png)"),
        ("docs/architecture.md", "see /home/somebody/notes/a.md"),
    ],
)
def test_the_guard_sees_what_must_not_stand(name: str, line: str) -> None:
    assert unwanted(name, line)
    assert not unwanted("portal/plan/views.py", 'url = "https://example.org"')
    assert not unwanted("static/icon.svg", '<svg xmlns="http://www.w3.org/2000/svg">')
