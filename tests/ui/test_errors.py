"""Error pages are whole in each language, blame nobody and have a way on."""

from typing import Any
from xml.etree.ElementTree import Element

import pytest
from flask import Flask, g, render_template
from flask import session as cookie

from portal import db
from portal.web.errors import PAGES
from tests.support.pages import faults, parse

LANGUAGES = ("sv", "en", "ar")


def page(app: Flask, code: int, language: str, **values: Any) -> str:
    """The page as it is written when neither a session nor a person is at hand."""
    with app.test_request_context(base_url="http://127.0.0.1:8000"):
        g.language = language
        return render_template(f"errors/{code}.html", **values)


def ways_on(tree: Element) -> list[str]:
    """Where the big buttons of the page lead."""
    return [link.get("href", "") for link in tree.iter("a") if "button" in link.get("class", "").split()]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", sorted(PAGES))
def test_each_error_has_a_sound_page_with_a_way_on(app: Flask, code: int, language: str) -> None:
    html = page(app, code, language)
    assert not faults(html)
    tree = parse(html)
    assert tree.get("lang") == language
    assert ways_on(tree) == ["/"]
    title, heading = tree.find("head/title"), next(tree.iter("h1"))
    assert title is not None
    assert title.text == heading.text


@pytest.mark.parametrize("code", [500, 503])
def test_pages_for_a_broken_house_ask_it_for_nothing(
    app: Flask, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S51: the database is not asked, no cookie is set, no token is needed."""

    def refuse() -> None:
        raise AssertionError("an error page asked for the database")

    monkeypatch.setattr(db, "session", refuse)
    with app.test_request_context(base_url="http://127.0.0.1:8000"):
        html = render_template(f"errors/{code}.html")
        assert "csrf_token" not in html
        assert not cookie.modified


def test_what_was_typed_can_be_sent_once_more(app: Flask) -> None:
    """S51: a busy database gives back what was typed, markup and line breaks unharmed."""
    typed = [("goal", 'Jag "vill"\nlaga <b>mat</b>'), ("step", "a"), ("step", "b")]
    html = page(app, 503, "sv", kept=typed, action="/plan?x=1")
    assert not faults(html)
    form = next(form for form in parse(html).iter("form") if form.get("action") == "/plan?x=1")
    fields = [(field.get("name"), field.get("value")) for field in form.iter("input")]
    assert fields[0][0] == "csrf_token"
    assert fields[1:] == typed
