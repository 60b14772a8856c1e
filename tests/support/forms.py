"""The forms of a page as a browser reads them: where each leads, its fields, what it would send untouched."""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from tests.support.pages import parse

TYPED = {"text", "search", "tel", "email", "url", "date", "time", "number", "textarea"}
"""Kinds of fields that a person types into and reads again; a password is never sent back."""


@dataclass(frozen=True)
class Field:
    """One field: `value` is what it would send untouched, None when it would send nothing."""

    name: str
    kind: str
    value: str | None


@dataclass(frozen=True)
class PageForm:
    """One form: its address, "get" or "post", its fields in order."""

    action: str
    method: str
    fields: tuple[Field, ...]

    def untouched(self) -> dict[str, str]:
        """What it would send if one pressed Enter: of several buttons with a name, the first is pressed."""
        sent: dict[str, str] = {}
        for field in self.fields:
            if field.value is not None and not (field.kind == "button" and field.name in sent):
                sent[field.name] = field.value
        return sent

    def typed(self) -> tuple[str, ...]:
        """The names of the fields that one types into."""
        return tuple(field.name for field in self.fields if field.kind in TYPED)


def forms_of(html: str) -> list[PageForm]:
    """Every form of a page. Raises html5lib's ParseError on anything a strict parser refuses."""
    return [
        PageForm(form.get("action") or "", (form.get("method") or "get").lower(), tuple(_fields(form)))
        for form in parse(html).iter("form")
    ]


def _fields(form: Element) -> Iterator[Field]:
    for element in form.iter():
        name = element.get("name")
        if not name or element.tag not in {"input", "select", "textarea", "button"}:
            continue
        yield Field(name, _kind(element), _value(element))


def _kind(element: Element) -> str:
    return (element.get("type") or "text") if element.tag == "input" else str(element.tag)


def _value(element: Element) -> str | None:
    kind = _kind(element)
    if kind in {"checkbox", "radio"}:
        return (element.get("value") or "on") if element.get("checked") is not None else None
    if kind == "textarea":
        # A browser drops the line break that may follow the tag, and so does the parser.
        return "".join(element.itertext())
    if kind == "select":
        options = list(element.iter("option"))
        chosen = [option for option in options if option.get("selected") is not None] or options[:1]
        return chosen[0].get("value", "") if chosen else None
    return element.get("value") or ""
