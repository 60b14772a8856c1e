"""Templates are compiled once for each language, with what is known then in place."""

from flask import Flask
from jinja2 import ChainableUndefined, DictLoader
from markupsafe import Markup
from werkzeug.routing import Map

from portal.web.compiling import addresses
from portal.web.templates import InLanguage, Templates

PAGES = {
    "page.html": '{% extends "frame.html" %}{% from "part.html" import part %}'
    '{% block main %}{{ _("Hej") }} {{ _("Hej %(name)s!", name=name) }} {{ part("x") }}{% endblock %}',
    "frame.html": '<p>{% block main %}{% endblock %}</p>{% include "foot.html" %}',
    "part.html": '{% macro part(what) %}{{ icon_svg("go") }}{{ icon_svg(what) }}{% endmacro %}',
    "foot.html": '{{ _("50 %% klart") }}{% for text in [_("Hej"), other] %}{{ text }}{% endfor %}',
}
TEXTS = {
    "sv": {"Hej": "Hej", "Hej %(name)s!": "Hej %(name)s!", "50 %% klart": "50 %% klart"},
    "en": {"Hej": "<b>Hi</b>", "Hej %(name)s!": "Hi %(name)s!", "50 %% klart": "50 %% done"},
}


ROUTES = Map()


class Asked:
    """An environment whose language can be chosen, and the pictures that were drawn."""

    def __init__(self) -> None:
        self.language = "sv"
        self.drawn: list[str] = []
        self.made = Templates(Flask("pages"), loader=InLanguage(DictLoader(PAGES)), autoescape=True)
        self.made.undefined = ChainableUndefined
        texts = {
            code: {asked: Markup(said) for asked, said in those.items()} for code, those in TEXTS.items()
        }
        self.made.speak(lambda: self.language, texts, addresses(ROUTES))
        self.made.globals["icon_svg"] = self.draw

    def draw(self, name: str) -> Markup:
        self.drawn.append(name)
        return Markup("<svg>%s</svg>") % name

    def page(self, language: str, **values: str) -> str:
        self.language = language
        return self.made.get_template("page.html").render(**values)


def test_a_page_and_all_that_it_is_made_of_are_in_one_language() -> None:
    asked = Asked()
    swedish = "<p>Hej Hej Ali! <svg>go</svg><svg>x</svg></p>50 % klartHej&lt;"
    english = "<p><b>Hi</b> Hi Ali! <svg>go</svg><svg>x</svg></p>50 % done<b>Hi</b>&lt;"
    assert [asked.page(code, name="Ali", other="<") for code in ("sv", "en", "sv")] == [
        swedish,
        english,
        swedish,
    ]


def test_what_is_filled_in_is_escaped_and_the_text_is_not() -> None:
    assert "Hi &lt;i&gt;!" in Asked().page("en", name="<i>", other="")


def test_what_stands_in_a_template_is_looked_up_when_it_is_read() -> None:
    asked = Asked()
    for _ in range(3):
        asked.page("sv", name="", other="")
    assert asked.drawn == ["go", "x", "x", "x"]
