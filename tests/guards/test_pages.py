"""Every page as a browser gets it: sound HTML, the headers, the weight, in each language (S19)."""

import base64
import hashlib
import re
from collections.abc import Iterator

import brotli
import html5lib
import pytest
from jinja2 import UndefinedError
from sqlalchemy import update
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse

from portal.identity.models import Person
from portal.languages import LANGUAGES
from tests.conftest import NOW
from tests.guards import tree
from tests.guards.access_table import TABLE, Row
from tests.guards.test_access import expected, rules
from tests.support.matrix import NOBODY, VIEWERS, Matrix
from tests.support.pages import faults

pytestmark = pytest.mark.application

PAGE_BYTES, STYLE_BYTES = 10_000, 4_000  # compressed; the page with its styles inside
BROTLI_LEVEL = 5  # the app's own
STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
}


def wrong_headers(headers: Headers) -> list[str]:
    """What an answer's headers lack, or say twice (S19)."""
    found = [
        f"{name} is {headers.getlist(name)!r}"
        for name, value in HEADERS.items()
        if headers.getlist(name) != [value]
    ]
    policy = headers.get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy or "frame-ancestors 'none'" not in policy:
        found.append("the content policy does not begin with nothing")
    if "unsafe" in policy or "*" in policy or "http:" in policy:
        found.append(f"the content policy is open: {policy}")
    return found


def wrong_styles(html: str, policy: str) -> list[str]:
    """Styles in a page that its own policy would refuse."""
    hashes = [
        base64.b64encode(hashlib.sha256(style.encode()).digest()).decode() for style in STYLE.findall(html)
    ]
    return [
        f"a style without its hash in the policy: {name}"
        for name in hashes
        if f"'sha256-{name}'" not in policy
    ]


def too_heavy(html: str) -> list[str]:
    """What weighs too much on a participant's phone, compressed as it is sent."""
    whole = len(brotli.compress(html.encode(), quality=BROTLI_LEVEL))
    styles = len(brotli.compress("".join(STYLE.findall(html)).encode(), quality=BROTLI_LEVEL))
    found = [f"weighs {whole} bytes, at most {PAGE_BYTES}"] if whole > PAGE_BYTES else []
    return found + (
        [f"its styles weigh {styles} bytes, at most {STYLE_BYTES}"] if styles > STYLE_BYTES else []
    )


def wrong_page(response: TestResponse, language: str, light: bool) -> list[str]:
    """Everything that is wrong with one answer."""
    found = wrong_headers(response.headers)
    if response.mimetype != "text/html" or not response.data:
        return found
    html = response.get_data(as_text=True)
    if response.status_code in {301, 302, 303}:
        return found
    if not html.lstrip().lower().startswith("<!doctype"):
        # A part that a page asks for: it has no head of its own, and must be sound all the same.
        html5lib.HTMLParser(strict=True).parseFragment(html)
        return found
    spoken = LANGUAGES[language]
    if f'<html lang="{spoken.code}" dir="{spoken.dir}"' not in html:
        found.append(f"is not in {spoken.name}")
    found += faults(html) + wrong_styles(html, response.headers["Content-Security-Policy"])
    return found + (too_heavy(html) if light else [])


def readers(row: Row) -> Iterator[str]:
    """Everybody who is let in."""
    owners = dict.fromkeys(
        (place for place, kind in row.holds.items() if not kind.startswith("=")), "participant"
    )
    for viewer in (NOBODY, *VIEWERS):
        if expected(row, viewer, owners) == "in":
            yield viewer


@pytest.fixture(scope="module", params=list(LANGUAGES))
def spoken(request: pytest.FixtureRequest, matrix: Matrix) -> str:
    """A language that everybody in the portal speaks for a while."""
    language: str = request.param
    with matrix.database.transaction() as session:
        session.execute(update(Person).values(language=language))
    matrix.begin(NOW)
    return language


@pytest.mark.parametrize("name", sorted(name for name in TABLE if name.startswith("GET ")))
def test_every_page_is_sound(matrix: Matrix, spoken: str, name: str) -> None:
    """S19: for everybody who may open it, in every language."""
    row, rule = TABLE[name], rules(matrix.app)[name]
    path = matrix.path(rule, row.holds, dict.fromkeys(row.holds, "participant"))
    found = []
    for viewer in readers(row):
        response = matrix.fetch(viewer, "GET", path, headers={"Accept-Language": spoken})
        light = row.who != "demo" and (viewer == NOBODY or "participant" in viewer)
        found += [f"{path} for {viewer}: {fault}" for fault in wrong_page(response, spoken, light)]
    tree.report(found)


@pytest.mark.parametrize("viewer", [NOBODY, "participant1", "participant2", "coach", "admin"])
def test_a_page_that_is_not_there_is_sound(matrix: Matrix, spoken: str, viewer: str) -> None:
    """S19: errors too, and those that stand before any view: a strange method, a form without its token."""
    found = []
    for method, path, status in (("GET", "/nowhere", 404), ("PUT", "/health", 404)):
        response = matrix.fetch(viewer, method, path, headers={"Accept-Language": spoken})
        assert response.status_code == status
        found += wrong_page(response, spoken, light=viewer != "coach")
    tree.report(found)


def test_an_answer_is_compressed(matrix: Matrix) -> None:
    for encoding in ("br", "gzip"):
        response = matrix.fetch(NOBODY, "GET", "/dev/gallery", headers={"Accept-Encoding": encoding})
        assert response.headers["Content-Encoding"] == encoding


def test_the_guard_sees_a_misspelt_name(matrix: Matrix) -> None:
    """What a page was not given is an error in tests; a page may ask whether it was."""
    read = matrix.app.jinja_env.from_string
    assert read("{% if nmae %}{{ nmae }}{% endif %}").render() == ""
    for broken in ("{{ nmae }}", "{{ nmae.first }}", "{% for one in nmae %}{% endfor %}", "{{ 1 in nmae }}"):
        with pytest.raises(UndefinedError):
            read(broken).render()


def test_the_guard_sees_a_broken_page() -> None:
    sound = '<!doctype html><html lang="sv" dir="ltr"><title>Hej</title><h1>Hej</h1>'
    policy = (
        f"default-src 'none'; style-src 'sha256-{base64.b64encode(hashlib.sha256(b'p{}').digest()).decode()}'"
    )
    headers = {**HEADERS, "Content-Security-Policy": f"{policy}; frame-ancestors 'none'"}
    assert not wrong_headers(Headers(headers))
    assert wrong_headers(Headers([*headers.items(), *headers.items()]))
    for name in headers:
        assert wrong_headers(Headers({key: value for key, value in headers.items() if key != name}))
    unsafe = f"{policy} 'unsafe-inline'; frame-ancestors 'none'"
    assert wrong_headers(Headers({**headers, "Content-Security-Policy": unsafe}))
    assert not wrong_styles("<style>p{}</style>", policy)
    assert wrong_styles("<style>a{}</style>", policy)
    assert not too_heavy(sound)
    noise = "".join(hashlib.sha256(bytes([number])).hexdigest() for number in range(256))
    assert len(too_heavy(f"{sound}<style>{noise}</style>{noise}{noise[::-1]}")) == 2
    assert not faults(sound)
    broken = (
        sound + "<h1>Hej igen</h1>",
        sound + '<input name="q">',
        sound + '<p id="a"><p id="a">',
        sound.replace("<title>Hej</title>", "<title> </title>"),
        sound.replace(' dir="ltr"', ""),
    )
    for html in broken:
        assert faults(html)
