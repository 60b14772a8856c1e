"""Every page as the portal makes it, beside the same page as Jinja alone would: no sign differs.

What the portal's own way leaves out (texts looked up, what is called asked what it wants) shows nowhere.
"""

from difflib import unified_diff
from itertools import islice
from typing import Any

import pytest
from flask import Flask
from flask import templating as flask_templating
from flask.templating import Environment
from jinja2 import Template, nodes
from sqlalchemy import update

from portal import crypto
from portal.identity.models import Person
from tests.guards import tree
from tests.guards.access_table import TABLE
from tests.guards.test_access import rules
from tests.guards.test_pages import readers
from tests.support.apps import Misspelt
from tests.support.matrix import Matrix

pytestmark = pytest.mark.application
SIGNS = " <b>&\"'%(name)s{{ 1 }}%s"
"""Stands behind every sealed text, so that one which is not escaped is seen."""


def jinjas_own(app: Flask) -> Environment:
    """Flask's environment for the same templates, with what ours knows."""
    plain = Environment(app, autoescape=app.select_jinja_autoescape, undefined=Misspelt)
    plain.loader = app.create_global_jinja_loader()
    ours = app.jinja_env
    plain.filters, plain.tests, plain.globals = ours.filters, ours.tests, ours.globals
    return plain


@pytest.mark.parametrize("language", ["sv", "ar"])
def test_every_page_is_what_jinja_alone_makes_of_it(
    matrix: Matrix, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    app, plain = matrix.app, jinjas_own(matrix.app)
    made, found = set[str](), list[str]()

    def both(_: Flask, template: Template, context: dict[str, Any]) -> str:
        app.update_template_context(context)
        name = str(template.name).partition("/")[2]
        made.add(name)
        shown, wanted = template.render(dict(context)), plain.get_template(name).render(dict(context))
        if shown != wanted:
            differing = unified_diff(wanted.split("\n"), shown.split("\n"), n=0, lineterm="")
            found.extend(f"{name}: {line}" for line in islice(differing, 9))
        return shown

    opened = crypto.Keyring.open
    monkeypatch.setattr(crypto.Keyring, "open", lambda *given: with_signs(opened(*given)))
    monkeypatch.setattr(flask_templating, "_render", both)
    with matrix.database.transaction() as session:
        session.execute(update(Person).values(language=language))
    for name in sorted(one for one in TABLE if one.startswith("GET ")):
        row, rule = TABLE[name], rules(app)[name]
        path = matrix.path(rule, row.holds, dict.fromkeys(row.holds, "participant"))
        for viewer in readers(row):
            page = matrix.fetch(viewer, "GET", path, headers={"Accept-Language": language})
            if page.mimetype == "text/html" and "<b>&\"'" in page.get_data(as_text=True):
                found.append(f"{name} shows {viewer} what somebody wrote as markup")
    matrix.restore()
    assert len(made) > 100
    tree.report(found)


def test_what_a_template_takes_from_another_is_a_macro(matrix: Matrix) -> None:
    """Its answer is taken as markup: a word that somebody set would stand there as it is."""
    plain, found = jinjas_own(matrix.app), list[str]()

    def parsed(name: str) -> nodes.Template:
        assert plain.loader is not None
        return plain.parse(plain.loader.get_source(plain, name)[0])

    for name in plain.list_templates(["html"]):
        for taking in parsed(name).find_all(nodes.FromImport):
            assert isinstance(taking.template, nodes.Const)
            macros = {one.name for one in parsed(taking.template.value).find_all(nodes.Macro)}
            taken = {one if isinstance(one, str) else one[0] for one in taking.names}
            found += [f"{name} takes {one}" for one in sorted(taken - macros)]
    tree.report(found)


def with_signs(text: str) -> str:
    """Words with signs behind them; what a program reads stays as it is."""
    return text + SIGNS if " " in text and text[:1] not in '[{"' else text
