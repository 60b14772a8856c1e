"""How a template becomes Python: what is known when it is read stands in place, what it calls is just called.

Jinja asks of every call whether it wants the context, and of every answer whether it is markup. Of what our
templates call most, macros and the few functions named here, both are known.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from keyword import iskeyword
from typing import Any

from jinja2 import TemplateAssertionError, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape
from werkzeug.routing import BuildError, Map

Texts = Mapping[str, Markup]
"""A text of a template as it stands there -> its markup in one language; a missing one is found."""

Parts = Callable[[str], nodes.Template]

Address = Callable[[str, Iterable[str]], str | None]
"""A view and the names of what is filled in -> its address with %(name)s for each; None where it is asked."""

PLAIN = frozenset({"url_for", "csrf_token", "asset"})
"""Functions that want nothing of the context, and whose answer is no markup."""

FIXED = ("icon_svg", "asset")
"""Functions that always answer the same."""

CALLED = PLAIN | {"_", "ngettext", "icon_svg"}
"""Functions that want nothing of the context; the answer of the others is markup."""

GAP = re.compile(r"%\((\w+)\)s")


def addresses(known: Map) -> Address:
    """The addresses of these views. Whatever is not one path with UUIDs in it must be asked for."""

    def address(view: str, names: Iterable[str]) -> str | None:
        # A UUID stands in an address as it is given; any other kind quotes or refuses these marks.
        marks = {name: f"<{name}>" for name in names}
        try:
            only = len(list(known.iter_rules(view))) == 1
            path = known.bind("localhost").build(view, marks) if only else ""
        except (BuildError, KeyError, ValueError):
            return None
        if not path.startswith("/") or "%" in path or path.count("<") != len(marks):
            return None
        return path.replace("<", "%(").replace(">", ")s")

    return address


def _name(node: nodes.Node) -> str:
    """The name of the function that is called; "" where it has none, and where this is no call."""
    return node.node.name if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) else ""


def _told(node: nodes.Node, function: str) -> str | None:
    """What this function is told, if that is one word that stands in the template."""
    if not isinstance(node, nodes.Call) or _name(node) != function:
        return None
    only = node.args[0] if len(node.args) == 1 and not (node.dyn_args or node.dyn_kwargs) else None
    return only.value if isinstance(only, nodes.Const) and isinstance(only.value, str) else None


def _macros(body: Iterable[nodes.Node]) -> set[str]:
    """The macros that stand there whatever happens: made, or taken from another template."""
    found: set[str] = set()
    for one in body:
        if isinstance(one, nodes.Macro):
            found.add(one.name)
        elif isinstance(one, nodes.FromImport):
            found |= {name if isinstance(name, str) else name[1] for name in one.names}
        elif isinstance(one, nodes.Block):
            found |= _macros(one.body)
    return found


def refuse_shadows(template: nodes.Template, name: str) -> None:
    """Let nothing else bear the name of what is called without a question.

    Its answer is taken as markup, and a name tells nothing of what a view has given. Raises
    TemplateAssertionError.
    """
    called = {_name(one) for one in template.find_all(nodes.Call)}
    for one in template.find_all(nodes.Name):
        if one.ctx != "load" and one.name in called & (_macros(template.body) | CALLED):
            raise TemplateAssertionError(f"{one.name} is called, and names something else", one.lineno, name)


class Folding(NodeTransformer):
    """Puts texts, pictures and addresses whose names stand in the template where they are asked for, and
    other templates where they are included.

    `parts` finds a template by its name, as it was written; `known` are the functions that templates know.
    """

    def __init__(self, texts: Texts, address: Address, parts: Parts, known: Mapping[str, Any]) -> None:
        self._texts = texts
        self._address = address
        self._parts = parts
        self._known = known

    def visit_Include(self, node: nodes.Include) -> nodes.Node:
        """What another template says, as if it stood here: it is not looked for each time.

        What it sets stays within; what stands around it, a loop or a caller, is seen from there.
        """
        named = node.template
        if not isinstance(named, nodes.Const) or not node.with_context or node.ignore_missing:
            return node
        part = self._parts(named.value)
        if any(part.find_all((nodes.Extends, nodes.Block))):
            return node
        return self.generic_visit(nodes.Scope(part.body, lineno=node.lineno))

    def visit_Output(self, node: nodes.Output) -> nodes.Node:
        """What is shown: a text with gaps is shown piece by piece, since filling them costs more."""
        node.nodes = [piece for child in node.nodes for piece in self._pieces(child)]
        return node

    def _pieces(self, node: nodes.Expr) -> list[nodes.Expr]:
        text = self._text(node)
        if not isinstance(node, nodes.Call) or not node.kwargs or text is None or "%" in GAP.sub("", text):
            return [self.visit(node)]
        self.generic_visit(node)
        return _filled(text, node.kwargs, nodes.TemplateData)

    def _text(self, node: nodes.Node) -> Markup | None:
        told = _told(node, "_")
        return None if told is None else self._texts[told]

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        """A call as it is, or what it would say."""
        self.generic_visit(node)
        for function in FIXED:
            if (told := _told(node, function)) is not None and not node.kwargs:
                return nodes.TemplateData(str(self._known[function](told)), lineno=node.lineno)
        if (view := _told(node, "url_for")) is not None:
            path = self._address(view, [one.key for one in node.kwargs])
            return nodes.Concat(_filled(path, node.kwargs, nodes.Const), lineno=node.lineno) if path else node
        text = self._text(node)
        if text is None:
            return node
        if not node.kwargs:
            return nodes.TemplateData(str(text % {}), lineno=node.lineno)
        given = [nodes.Pair(nodes.Const(one.key), one.value) for one in node.kwargs]
        return nodes.Mod(nodes.TemplateData(str(text)), nodes.Dict(given), lineno=node.lineno)

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
        """Words and texts in one: markup, which Jinja would forget of constants."""
        self.generic_visit(node)
        if not any(isinstance(one, nodes.TemplateData) for one in node.nodes):
            return node
        known = [one.data for one in map(_as_markup, node.nodes) if isinstance(one, nodes.TemplateData)]
        return nodes.TemplateData("".join(known)) if len(known) == len(node.nodes) else node


def _as_markup(node: nodes.Expr) -> nodes.Expr:
    """A constant as it stands in a page; anything else as it is."""
    return nodes.TemplateData(escape(node.value)) if isinstance(node, nodes.Const) else node


def _filled(
    pattern: str, gaps: Iterable[nodes.Keyword], fixed: type[nodes.TemplateData] | type[nodes.Const]
) -> list[nodes.Expr]:
    """What stands between the gaps, of a kind, and what stands in them."""
    values = {one.key: one.value for one in gaps}
    parts = GAP.split(pattern)
    return [values[part] if place % 2 else fixed(part) for place, part in enumerate(parts) if part]


class Straight(CodeGenerator):
    """Calls what is known without asking what it wants, and takes its markup without asking what it is."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:
        """The whole template; its macros are those it makes, and what it takes from others."""
        self._known = CALLED | {"caller"} | _macros(node.body)
        self._kept: dict[str, int] = {}
        super().visit_Template(node, frame)
        for text, place in self._kept.items():
            self.writeline(f"kept_{place} = Markup({text!r})")

    def visit_Scope(self, node: nodes.Scope, frame: Frame) -> None:
        """What was included; its macros are known within."""
        outside, self._known = self._known, self._known | _macros(node.body)
        super().visit_Scope(node, frame)
        self._known = outside

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        """A call, with what the template gives it and nothing else if that is enough."""
        more = forward_caller or node.dyn_args or node.dyn_kwargs
        if more or _name(node) not in self._known or any(iskeyword(one.key) for one in node.kwargs):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(node.node, frame)
        self.write("(")
        for place, given in enumerate((*node.args, *node.kwargs)):
            self.write(", " if place else "")
            self.visit(given, frame)
        self.write(")")

    def visit_TemplateData(self, node: nodes.TemplateData, frame: Frame) -> None:
        """Markup that is handed on: made once, not each time the page is."""
        self._keep(node.data)

    def visit_Const(self, node: nodes.Const, frame: Frame) -> None:
        """A constant; markup among them as above."""
        if isinstance(node.value, Markup):
            self._keep(node.value)
        else:
            super().visit_Const(node, frame)

    def _keep(self, markup: str) -> None:
        self.write(f"kept_{self._kept.setdefault(str(markup), len(self._kept))}")

    def _is_markup(self, node: nodes.Expr) -> bool:
        return _name(node) in self._known - PLAIN

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if not self._is_markup(node):
            super()._output_child_pre(node, frame, finalize)

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if not self._is_markup(node):
            super()._output_child_post(node, frame, finalize)
