"""What a template becomes: the same page as before, with less to do when it is made.

That real pages are what Jinja alone makes of them is held by guards/test_compiling.py.
"""

import uuid
from typing import Any

import pytest
from flask import Flask
from jinja2 import DictLoader, TemplateAssertionError, UndefinedError
from markupsafe import Markup
from werkzeug.routing import Map, Rule

from portal.web.compiling import addresses
from portal.web.templates import InLanguage, Templates

ROUTES = Map(
    [
        Rule("/meetings", endpoint="all"),
        Rule("/meetings/<uuid:meeting_id>/move", endpoint="move"),
        Rule("/plan/<uuid:plan_id>/<uuid:step_id>", endpoint="step"),
        Rule("/words/<word>", endpoint="word"),
        Rule("/page/<int:number>", endpoint="page"),
        Rule("/in/<any(sv, ar):code>", endpoint="in"),
        Rule("/twice", endpoint="twice", methods=["GET"]),
        Rule("/again", endpoint="twice", methods=["POST"]),
    ]
)
ONE, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)


def show(source: str, texts: dict[str, str] | None = None, **values: Any) -> str:
    """The page that this source makes with these values; `texts` are what `_()` says."""
    parts = '{% macro bold(text, kind="x") %}<b class="{{ kind }}">{{ text }}</b>{% endmacro %}'
    parts += "{% macro box() %}[{{ caller() }}]{% endmacro %}"
    row = '{% from "parts.html" import bold %}{% set name = name ~ "!" %}{{ bold(name) }}'
    shadow = '{% from "parts.html" import bold %}{% set bold = 1 %}{{ bold(1) }}'
    loader = InLanguage(
        DictLoader({"page.html": source, "parts.html": parts, "row.html": row, "shadow.html": shadow})
    )
    made = Templates(Flask("pages"), loader=loader, autoescape=True)
    said = {told: Markup(text) for told, text in (texts or {}).items()}
    made.speak(lambda: "sv", {"sv": said}, addresses(ROUTES))
    made.globals.update({"url_for": lambda view, **given: f"asked:{view}&{len(given)}"})
    return made.get_template("page.html").render(**values)


@pytest.mark.parametrize(
    ("view", "names", "address"),
    [
        ("all", [], "/meetings"),
        ("move", ["meeting_id"], "/meetings/%(meeting_id)s/move"),
        ("step", ["step_id", "plan_id"], "/plan/%(plan_id)s/%(step_id)s"),
        ("all", ["page"], None),
        ("move", [], None),
        ("word", ["word"], None),
        ("page", ["number"], None),
        ("in", ["code"], None),
        ("twice", [], None),
        ("nowhere", [], None),
    ],
)
def test_an_address_of_uuids_is_known_and_any_other_is_asked_for(
    view: str, names: list[str], address: str | None
) -> None:
    assert addresses(ROUTES)(view, names) == address


def test_an_address_stands_in_the_page_and_in_what_a_macro_is_given() -> None:
    page = '{% from "parts.html" import bold %}'
    page += '{{ url_for("move", meeting_id=one) }} {{ bold(url_for("step", plan_id=one, step_id=other)) }}'
    page += ' {{ url_for("all") }} {{ url_for("word", word=1) }} {{ url_for(view) }}'
    assert show(page, one=ONE, other=OTHER, view="all") == (
        f'/meetings/{ONE}/move <b class="x">/plan/{ONE}/{OTHER}</b> /meetings'
        " asked:word&amp;1 asked:all&amp;0"
    )


def test_what_fills_a_gap_is_escaped_unless_it_is_markup() -> None:
    texts = {"Hej": "<i>%(name)s</i>, %(name)s: %(sign)s", "Hundra": "100 %% %(name)s"}
    page = '{{ _("Hej", name=name, sign=sign) }} {{ _("Hundra", name=name) }}'
    shown = show(page, texts, name="<Ali>", sign=Markup("<br>"))
    assert shown == "<i>&lt;Ali&gt;</i>, &lt;Ali&gt;: <br> 100 % &lt;Ali&gt;"


def test_what_a_macro_is_given_is_escaped_and_its_markup_is_not() -> None:
    page = '{% from "parts.html" import bold as strong %}{% set mark = _("Hej") %}'
    page += '{{ strong(name) }}{{ strong(mark, kind=name) }}{{ strong(_("Namn", name=name)) }}'
    shown = show(page, {"Hej": "<i>", "Namn": "<u>%(name)s"}, name='"<')
    assert shown == ('<b class="x">&#34;&lt;</b><b class="&#34;&lt;"><i></b><b class="x"><u>&#34;&lt;</b>')


def test_a_call_block_stands_where_its_macro_calls_it() -> None:
    page = '{% from "parts.html" import box %}{% call box() %}{{ name }}{% endcall %}'
    assert show(page, name="<") == "[&lt;]"


def test_an_included_template_stands_there_and_keeps_its_own_names_to_itself() -> None:
    page = '{% for name in names %}{% include "row.html" %}{{ name }}{% endfor %}{{ bold is defined }}'
    shown = show(page, names=["a", "<"])
    assert shown == '<b class="x">a!</b>a<b class="x">&lt;!</b>&lt;False'


def test_a_template_whose_name_is_not_known_is_included_as_before() -> None:
    assert show("{% include which %}", which="row.html", name="a") == '<b class="x">a!</b>'


def test_a_name_that_nothing_is_known_of_is_asked_as_before() -> None:
    assert (
        show("{{ known('<') }}{{ marked() }}", known=lambda text: text, marked=lambda: Markup("<")) == "&lt;<"
    )


def test_the_macros_of_an_included_template_are_its_own() -> None:
    page = '{% include "row.html" %}{{ bold("<") }}'
    assert show(page, name="a", bold=lambda text: text) == '<b class="x">a!</b>&lt;'


@pytest.mark.parametrize(
    "page",
    [
        '{% from "parts.html" import bold %}{% for bold in names %}{{ bold() }}{% endfor %}',
        '{% from "parts.html" import bold %}{% macro row(bold) %}{{ bold() }}{% endmacro %}',
        '{% set _ = names %}{{ _("Hej") }}',
        '{% include "shadow.html" %}',
    ],
)
def test_nothing_bears_the_name_of_what_is_called_without_a_question(page: str) -> None:
    with pytest.raises(TemplateAssertionError, match="names something else"):
        show(page, names=[])


def test_a_macro_that_stands_there_only_sometimes_is_asked_what_it_is() -> None:
    page = "{% if no %}{% macro who() %}<{% endmacro %}{% endif %}{{ who() }}"
    assert show(page, no=False, who=lambda: "<") == "&lt;"


def test_words_that_python_keeps_for_itself_can_be_given() -> None:
    page = '{% macro kind() %}{{ kwargs["class"] }}{% endmacro %}{{ kind(class="<") }}'
    assert show(page) == "&lt;"


def test_words_and_texts_in_one_are_markup() -> None:
    page = '{% from "parts.html" import bold %}{{ bold("<" ~ _("Hej")) }}{{ ("<" ~ _("Hej")) | upper }}'
    assert show(page, {"Hej": "<i>"}) == '<b class="x">&lt;<i></b>&LT;<I>'


def test_a_macro_that_is_not_there_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        show('{% from "parts.html" import missing %}{{ missing("x") }}')
