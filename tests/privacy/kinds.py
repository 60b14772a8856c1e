"""The kinds of reading and changing that the portal's own text notes about people."""

import ast
from collections.abc import Iterator

from tests.guards import tree

# Kinds that are never about a participant: staff, their accounts and hours, the house.
OF_STAFF = {"calendar", "hours", "password", "roles", "staff_added", "staff_secrets"}
NOTES = {"note", "_note", "journal"}
SCOPED = {"participant", "handled", "enrolled"}


def noted_kinds() -> set[str]:
    """Every kind that is written out where something is noted of a person."""
    return {
        kind for path in tree.tracked("portal/*.py") for kind in _kinds(ast.parse(path.read_text()))
    } - OF_STAFF


def _kinds(text: ast.AST) -> Iterator[str]:
    for node in ast.walk(text):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        named = {word.arg: word.value for word in node.keywords}
        if called in NOTES and not _nobodys(named.get("subject")):
            yield from _texts(named.get("kind"))
        if called in SCOPED:
            yield from _texts(named.get("what"))


def _nobodys(subject: ast.expr | None) -> bool:
    return isinstance(subject, ast.Constant) and subject.value is None


def _texts(value: ast.expr | None) -> Iterator[str]:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value
