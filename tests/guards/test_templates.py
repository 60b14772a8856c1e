"""Templates: no styles or scripts inside, no markup let through, every text translated, every form whole."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from tests.guards import tree

ENVIRONMENT = Environment(autoescape=True, extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"])
HOLE = "\ufffc"  # stands where a template computes something
TRANSLATORS = {"_", "gettext", "ngettext", "pgettext", "lazy_gettext"}
TEXT_ATTRIBUTES = {"alt", "title", "placeholder", "aria-label", "aria-description", "aria-roledescription"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
NAMES = {"Stigen"}
# What they look like in a template: a sentence's first word, or letters that only Swedish has.
SWEDISH = re.compile(r"[åäöÅÄÖ]|^[A-ZÅÄÖ][a-zåäö]+([ .,:!?].*)?$")
FORM = re.compile(r"<form\b(?P<head>.*?)>(?P<body>.*?)(?:</form>|\{%-?\s*endmacro|\Z)", re.DOTALL)
# The block that fills an attribute of the layout (a class name), not a text.
CLASS_BLOCK = re.compile(r"(\{% block room %\})[\w -]*(?=\{% endblock %\})")
WITHOUT_TOKEN = re.compile(r"""action=["']/(leave|sms|unnamed)\b""")


class Markup(HTMLParser):
    """Reads a template's own HTML and collects what must not stand in it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.open: list[tuple[str, bool]] = []
        self.found: list[str] = []

    def say(self, what: str) -> None:
        """Note a finding where the reader stands."""
        self.found.append(f"{self.name}:{self.getpos()[0]} {what}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Check a tag, and remember whether it opens an island of another language."""
        given = dict(attrs)
        if tag not in VOID:
            self.open.append((tag, HOLE not in (given.get("lang") or HOLE)))
        for key, value in attrs:
            self.attribute(tag, key, value or "")
        if tag == "script" and "src" not in given:
            self.say("a script inside the page")
        if tag == "img" and "alt" not in given:
            self.say("a picture without alt")
        if tag == "button" and "type" not in given:
            self.say("a button without type")
        if tag == "form" and not {"method", "action"} <= given.keys():
            self.say("a form without method and action")
        if tag == "form" and "form" in (given.get("class") or "").split() and "novalidate" not in given:
            # A browser keeps a menu's first choice back where it stands for all, and says its own words.
            self.say("a form that the browser checks before we do")

    def attribute(self, tag: str, key: str, value: str) -> None:
        """Check one attribute."""
        if key == "style":
            self.say("a style attribute")
        if key.startswith(("on", "hx-on")):
            self.say(f"a script in {key}")
        if value.strip().lower().startswith(("javascript:", "js:")):
            self.say(f"a script in {key}")
        if (key in TEXT_ATTRIBUTES or (tag == "input" and key == "value")) and self.is_text(value):
            self.say(f"untranslated {key}: {value}")

    def handle_endtag(self, tag: str) -> None:
        """Close the nearest such tag; a template may close what its parent opened."""
        for index in range(len(self.open) - 1, -1, -1):
            if self.open[index][0] == tag:
                del self.open[index:]
                return

    def handle_data(self, data: str) -> None:
        """Check what a person would read."""
        inside = self.open[-1][0] if self.open else ""
        if inside == "style" and data.strip(f" \n{HOLE}"):
            self.say("styles inside the page")
        elif inside not in {"style", "script"} and not any(island for _, island in self.open):
            for line in data.splitlines():
                if self.is_text(line):
                    self.say(f"untranslated text: {line.strip()}")

    @staticmethod
    def is_text(value: str) -> bool:
        """Whether a person would read letters here."""
        return any(letter.isalpha() for letter in value) and value.strip(f" .|·–-{HOLE}") not in NAMES


def html_of(source: str) -> str:
    """The template's own HTML, line for line, with a hole where something is computed."""
    parts: list[str] = []
    computing = ""
    for _, kind, value in ENVIRONMENT.lex(CLASS_BLOCK.sub(r"\1", source)):
        if kind == "data":
            parts.append(value)
        elif kind.endswith("_begin") and not computing:
            computing = kind.removesuffix("_begin")
        if kind == f"{computing}_end":
            parts.append(HOLE if computing in {"variable", "raw"} else "")
            computing = ""
        if kind != "data":
            parts.append("\n" * value.count("\n"))
    return "".join(parts)


def strings(node: nodes.Node) -> Iterator[nodes.Const]:
    """The constants of a template that no translation call holds."""
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in TRANSLATORS:
        return
    if isinstance(node, nodes.Const):
        yield node
    for child in node.iter_child_nodes():
        yield from strings(child)


def computed(name: str, source: str) -> list[str]:
    """What a template must not do in its own language: let markup through, hold words."""
    syntax = ENVIRONMENT.parse(source)
    workshop = name.startswith("templates/dev/")  # shows the parts to whoever builds; its words are samples
    found = [
        f"{name}:{use.lineno} |{use.name} lets markup through"
        for use in syntax.find_all(nodes.Filter)
        if use.name in {"safe", "forceescape"}
    ]
    found += [
        f"{name}:{scope.lineno} autoescape is changed"
        for scope in syntax.find_all(nodes.ScopedEvalContextModifier)
    ]
    found += [
        f"{name}:{constant.lineno} untranslated text: {constant.value}"
        for constant in strings(syntax)
        if not workshop
        and isinstance(constant.value, str)
        and SWEDISH.search(constant.value)
        and constant.value not in NAMES
    ]
    return found


def open_forms(name: str, source: str) -> list[str]:
    """Forms that change something and carry no token (S24)."""
    return [
        f"{name}:{source[: form.start()].count(chr(10)) + 1} a POST form without its token"
        for form in FORM.finditer(source)
        if re.search(r"""method=["']?post""", form["head"], re.IGNORECASE)
        and not WITHOUT_TOKEN.search(form["head"])
        and not re.search(r"csrf_token|\btoken\(\)", form["body"])
    ]


def faults(name: str, source: str) -> list[str]:
    """Everything that is wrong with one template."""
    reader = Markup(name)
    reader.feed(html_of(source))
    reader.close()
    return reader.found + computed(name, source) + open_forms(name, source)


@pytest.mark.parametrize("path", tree.tracked("templates/*"), ids=tree.name)
def test_templates_keep_their_law(path: Path) -> None:
    """S23, S24 and the words: what is in a template's text."""
    tree.report(faults(tree.name(path), path.read_text()))


@pytest.mark.parametrize(
    "broken",
    [
        '<p style="color: red">',
        "<style>p { color: red }</style>",
        "<script>alert(1)</script>",
        '<a href="javascript:go()">',
        '<button type="button" onclick="go()">',
        '<button type="button" hx-on:click="go()">',
        "{{ person.name|safe }}",
        "{% autoescape false %}{{ x }}{% endautoescape %}",
        "<p>Hej</p>",
        '<p>{{ _("Hej") }} och välkommen</p>',
        '<img src="a.png" alt="Ett hus">',
        '<img src="a.png">',
        '{{ link_button("/x", "Boka en tid") }}',
        '{% set word = "Sparat." %}',
        '{{ "ändra" }}',
        '<form method="post">{{ token() }}</form>',
        '<form action="/plan" method="post"><button type="submit">{{ x }}</button></form>',
        "<button>{{ x }}</button>",
    ],
)
def test_the_guard_sees_a_broken_template(broken: str) -> None:
    assert faults("templates/a.html", broken)


@pytest.mark.parametrize(
    "sound",
    [
        '<p class="{{ tone }}">{{ _("Hej %(name)s", name=person.name) }}</p>',
        "{# En kommentar om något #}<p>{{ x }}, {{ y }} · {{ z }}</p>",
        '<a href="/sv" lang="sv" dir="ltr">På svenska</a>',
        "<style>{{ css }}</style><script src=\"{{ asset('a.js') }}\" defer></script>",
        '<form action="/leave" method="post"><button type="submit">{{ _("Lämna sidan") }}</button></form>',
        '{% macro f() %}<form action="{{ a }}" method="post">{{ token() }}{% endmacro %}',
        '<form action="/people" method="get"><input name="q"></form>',
        '{% if kind == "ListWidget" %}<p class="card todo">{{ link_button("/x", _("Boka")) }}</p>{% endif %}',
    ],
)
def test_the_guard_lets_a_sound_template_pass(sound: str) -> None:
    assert not faults("templates/a.html", sound)
