"""Each thing has one place: what a room's files are called, and what may stand in which."""

import ast
from pathlib import Path

import pytest

from tests.guards import tree

# The files of a room by what they hold; `session_models.py` is models too.
KINDS = {"models", "rules", "service", "queries", "forms", "views", "staff_views", "commands", "words"}
# Rooms that are no feature, and so have files of their own names.
FREE_ROOMS = {"web", "demo"}
# A feature's file that is none of these, and the kind whose law it keeps.
OWN_NAMES = {
    "availability/outside/expander": "gateways",
    "availability/outside/gateway": "gateways",
    "identity/scope": "queries",
    "identity/sessions": "service",
    "identity/signin/cookie": "cookie",
    "identity/signin/doors": "views",
    "identity/signin/hashing": "rules",
    "instruments/loader": "rules",
    "journal/recorder": "service",
    "messaging/gateways/base": "gateways",
    "messaging/gateways/console": "gateways",
    "messaging/gateways/elks": "gateways",
    "messaging/gateways/router": "gateways",
    "messaging/gateways/smtp": "gateways",
    "messaging/gateways/twilio": "gateways",
    "messaging/gateways/twilio_calls": "gateways",
    "messaging/sender": "service",
    "notices/texts": "words",
    "plan/rows": "rules",
    "plan/workdays": "rules",
    "surveys/loader": "rules",
    "wording/glossary": "rules",
    "wording/phrases": "rules",
}
# The only modules that end a transaction.
COMMITTERS = {"portal/db.py", "portal/web/transaction.py"}
FLASK = {"flask", "flask_login", "flask_wtf", "werkzeug"}
# What a kind of file never imports. Import-linter says the same of files with the plain names, also through
# others; here it holds for `alert_queries.py` as well.
NEVER = {
    "rules": FLASK | {"flask_babel", "sqlalchemy", "wtforms"},
    "models": FLASK | {"flask_babel"},
    "service": FLASK,
    "queries": FLASK,
    "views": {"sqlalchemy"},
    "staff_views": {"sqlalchemy"},
    "forms": {"sqlalchemy"},
}
# /health says that the database does not answer, whatever it raises; sessions belong to requests.
MAY = {("portal/ops/views.py", "sqlalchemy"), ("portal/identity/sessions.py", "flask")}


def kind_of(room_and_stem: str) -> str | None:
    """What a room's file holds (`plan/rules` -> rules), or None when its name says nothing."""
    room, _, stem = room_and_stem.partition("/")
    if own := OWN_NAMES.get(f"{room}/{stem}"):
        return own
    last = stem.rsplit("/", 1)[-1]
    fitting = [kind for kind in KINDS if last == kind or last.endswith(f"_{kind}")]
    return max(fitting, key=len) if fitting else None


def odd_file(name: str) -> list[str]:
    """A file in a feature's room whose name does not say what it holds."""
    parts = Path(name).with_suffix("").parts
    if len(parts) < 3 or parts[1] in FREE_ROOMS or parts[-1] == "__init__":
        return []
    inner = "/".join(parts[1:])
    return [] if kind_of(inner) else [f"{name}: a room holds {', '.join(sorted(KINDS))}"]


def strange_imports(name: str, text: str) -> list[str]:
    """What a file of its kind never imports."""
    kind = kind_of("/".join(Path(name).with_suffix("").parts[1:])) or ""
    return [
        f"{name}: {kind} never import {module}"
        for module in imported(text)
        if (package := module.split(".")[0]) in NEVER.get(kind, ()) and (name, package) not in MAY
    ]


def imported(text: str) -> list[str]:
    """The modules that a text imports, anywhere in it."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append("." * node.level + (node.module or ""))
    return found


def relative_imports(name: str, text: str) -> list[str]:
    """Imports that do not say where they come from."""
    return [f"{name}: relative import of {module}" for module in imported(text) if module.startswith(".")]


def commits(name: str, text: str) -> list[str]:
    """Transactions ended outside the one place that owns them."""
    if name in COMMITTERS:
        return []
    return [
        f"{name}:{node.lineno} ends a transaction: {node.func.attr}()"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"commit", "rollback"}
    ]


def wordy_init(name: str, text: str) -> list[str]:
    """A room's front door that holds more than the sentence on it."""
    body = ast.parse(text).body
    sentence = ast.get_docstring(ast.parse(text)) or ""
    if len(body) == 1 and sentence and "\n" not in sentence and sentence.endswith("."):
        return []
    return [f"{name}: one sentence that says what the room is for, and nothing else"]


def portal() -> list[Path]:
    """Every module of the portal."""
    return tree.tracked("portal/*.py")


@pytest.mark.parametrize("path", portal(), ids=tree.name)
def test_every_file_has_its_place_and_keeps_its_law(path: Path) -> None:
    name, text = tree.name(path), path.read_text()
    findings = (
        odd_file(name) + strange_imports(name, text) + relative_imports(name, text) + commits(name, text)
    )
    if path.name == "__init__.py":
        findings += wordy_init(name, text)
    tree.report(findings)


def test_the_list_of_own_names_holds_no_ghosts() -> None:
    standing = {"/".join(path.relative_to(tree.ROOT / "portal").with_suffix("").parts) for path in portal()}
    tree.report([f"{name} is listed but does not exist" for name in OWN_NAMES if name not in standing])


def test_the_guard_sees_what_lies_in_the_wrong_place() -> None:
    assert odd_file("portal/plan/helpers.py")
    assert not odd_file("portal/plan/rules.py")
    assert not odd_file("portal/identity/session_models.py")
    assert not odd_file("portal/clock.py")
    assert strange_imports("portal/plan/rules.py", "def f():\n    from sqlalchemy import select\n")
    assert strange_imports("portal/plan/workdays.py", "import flask.json\n")
    assert not strange_imports("portal/plan/service.py", "import sqlalchemy\n")
    assert strange_imports("portal/plan/help_service.py", "from flask import request\n")
    assert strange_imports("portal/plan/staff_views.py", "from sqlalchemy import select\n")
    assert strange_imports("portal/plan/models.py", "from flask_babel import gettext\n")
    assert relative_imports("portal/plan/views.py", "from . import service\n")
    assert commits("portal/plan/service.py", "def f(session):\n    session.commit()\n")
    assert not commits("portal/db.py", "session.commit()\n")
    assert wordy_init("portal/plan/__init__.py", '"""Plans."""\nimport os\n')
    assert wordy_init("portal/plan/__init__.py", "")
    assert not wordy_init("portal/plan/__init__.py", '"""Plans."""\n')
