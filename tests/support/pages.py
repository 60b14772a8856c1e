"""A test client that reads each page as a strict browser would, every time one is fetched."""

import re
from collections import Counter
from functools import lru_cache
from html.parser import HTMLParser
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import html5lib._inputstream
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

LABELLED = {"input", "select", "textarea"}
UNLABELLED_TYPES = {"hidden", "submit", "button"}
REFERENCES = ("aria-describedby", "aria-labelledby", "aria-controls")
TOKEN = re.compile(r'(name="csrf_token" value=")[\w.-]+"')
"""What differs from one answer to the next; of plain letters, so that it is never what is wrong."""
REMEMBERED = 500
"""Pages whose faults are known: a refusal looks the same whoever asks for whatever."""


class Unprintable:
    """html5lib's search for characters that stand on no page, a third of its work.

    All that it looks for is unprintable, so a text that is printable is let through at once.
    """

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.pattern = pattern

    def findall(self, text: str) -> list[str]:
        """Each of them that stands in the text."""
        printable = text.replace("\n", "").replace("\xa0", "").isprintable()
        return [] if printable else self.pattern.findall(text)


vars(html5lib._inputstream)["invalid_unicode_re"] = Unprintable(html5lib._inputstream.invalid_unicode_re)


def parse(html: str) -> Element:
    """The page as a tree. Raises html5lib's ParseError on anything a strict parser refuses."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    tree: Element = parser.parse(html)
    return tree


def faults(html: str) -> list[str]:
    """What is wrong with a whole page: h1, title, language, ids, labels, form methods."""
    return list(_faults(TOKEN.sub(r'\1token"', html)))


@lru_cache(REMEMBERED)
def _faults(html: str) -> tuple[str, ...]:
    tree = parse(html)
    found = []
    if len(list(tree.iter("h1"))) != 1:
        found.append(f"{len(list(tree.iter('h1')))} h1")
    title = tree.find("head/title")
    if title is None or not (title.text or "").strip():
        found.append("no title")
    if not tree.get("lang") or tree.get("dir") not in ("ltr", "rtl"):
        found.append("no lang or dir")
    ids = Counter(str(element.get("id")) for element in tree.iter() if element.get("id"))
    found += [f"id {name} stands {count} times" for name, count in ids.items() if count > 1]
    for element in tree.iter():
        for reference in REFERENCES:
            found += [
                f"{reference} names no element: {name}"
                for name in (element.get(reference) or "").split()
                if name not in ids
            ]
    return (*found, *_unlabelled(tree), *_forms(tree))


def _unlabelled(tree: Element) -> list[str]:
    named = {label.get("for") for label in tree.iter("label")}
    inside = {id(field) for label in tree.iter("label") for field in label.iter() if field.tag in LABELLED}
    return [
        f"no label: {field.get('name')}"
        for field in tree.iter()
        if field.tag in LABELLED
        and field.get("type") not in UNLABELLED_TYPES
        and not field.get("aria-label")
        and field.get("id") not in named
        and id(field) not in inside
    ]


def _forms(tree: Element) -> list[str]:
    return [
        f"form without {name}"
        for form in tree.iter("form")
        for name in ("action", "method")
        if not form.get(name)
    ]


class Client(FlaskClient):
    """Every HTML answer is checked; `post` brings the CSRF token unless `csrf=False`."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request, check the page that comes back."""
        kwargs.setdefault("base_url", "http://127.0.0.1:8000")
        response = super().open(*args, **kwargs)
        is_page = response.mimetype == "text/html" and not 300 <= response.status_code < 400
        if is_page and "Content-Encoding" not in response.headers:
            self._check(response)
        return response

    def _check(self, response: TestResponse) -> None:
        text = response.get_data(as_text=True)
        if text.lstrip().lower().startswith("<!doctype"):
            wrong = faults(text)
            assert not wrong, f"{response.request.path}: {wrong}"

    def token(self) -> str:
        """A CSRF token of this client's session, as a page would carry it."""
        from flask import session
        from flask_wtf.csrf import generate_csrf

        with self.session_transaction(base_url="http://127.0.0.1:8000") as cookie:
            kept = dict(cookie)
        with self.application.test_request_context(base_url="http://127.0.0.1:8000"):
            session.update(kept)
            made = generate_csrf()
            kept = dict(session)
        with self.session_transaction(base_url="http://127.0.0.1:8000") as cookie:
            cookie.update(kept)
        return made

    def post(self, *args: Any, csrf: bool = True, **kwargs: Any) -> TestResponse:
        """Post a form as the page would."""
        if csrf:
            kwargs["data"] = {**(kwargs.get("data") or {}), "csrf_token": self.token()}
        return super().post(*args, **kwargs)


def mark_of(page: TestResponse) -> str:
    """The mark that a form on this page carries of what it shows."""
    return page.get_data(as_text=True).split('name="seen"', 1)[1].split('value="', 1)[1].split('"', 1)[0]


def seen(browser: Client, path: str) -> str:
    """The mark that the form at this address carries of what it shows."""
    return mark_of(browser.get(path))


class _Words(HTMLParser):
    """Collects what stands between the tags."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        """Some of it."""
        self.found.append(data)


def text_of(response: TestResponse) -> str:
    """What a person reads on the page: its text without markup, style and script, spaces folded."""
    words = _Words()
    words.feed(re.sub(r"<(style|script|head)\b.*?</\1>", " ", response.get_data(as_text=True), flags=re.S))
    words.close()
    return re.sub(r"\s+", " ", "".join(words.found)).strip()
