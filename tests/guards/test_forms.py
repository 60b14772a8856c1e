"""Every form on every page, filled in as nobody should: no 500, nothing lost, its own fields alone (S7).

The forms are found on the pages themselves, so a new form is tried as soon as its page has its row.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import urlencode

import pytest
from flask import Flask, request
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal import db
from portal.identity.models import Person
from portal.tables import metadata
from portal.web import access
from tests.guards import tree
from tests.guards.access_table import TABLE, Row
from tests.guards.test_access import rules
from tests.guards.test_pages import readers
from tests.support.effects import Effects, effects, rows_of
from tests.support.forms import TYPED as TEXT_KINDS
from tests.support.forms import PageForm, forms_of
from tests.support.matrix import BASE, COOKIE, INTERPRETER, KEPT_ANYHOW, NOBODY, MakeMatrix, Matrix

pytestmark = pytest.mark.application

PAGES = sorted(
    name for name in TABLE if name.startswith("GET ") and TABLE[name].who not in {"demo", "callback"}
)
TYPED = {
    "too long": "ö" * 10_000,
    "another script": "أنا بخير، شكرا",
    "emoji": "Det går bra 🙂👩🏽‍🦽",
    "a NUL byte": "hej\x00då",
    "markup": "<script>alert(1)</script> & \"så\" 'här'",
    "mirrored": "hej\u202eåd",
    "a day that is not there": "2026-02-30",
    "a time that is not there": "25.61",
    "a huge number": "9" * 40,
    "less than nothing": "-1",
    "nothing": "",
    "line breaks": "rad ett\r\nrad två\r\n\r\n",
}
"""What people and programs type that a field did not ask for."""
FRAMES = {
    "participant": ("GET home.show_home", {"/stay", "/leave"}),
    "staff": ("GET staff.show_today", {"/stay", "/sign-out"}),
}
"""What stands on every page of a kind of person, the same request from each: tried on this one alone."""
DIGITS = {"phone", "code", "totp"}
UNSEEN = {"Cc", "Cf", "Zs"}


@dataclass(frozen=True)
class Shown:
    """A form, who sees it and on which page."""

    viewer: str
    page: str
    form: PageForm


def kind_of(viewer: str) -> str:
    """A participant, one of the staff, or neither."""
    if viewer in {NOBODY, INTERPRETER}:
        return viewer
    return "participant" if "participant" in viewer else "staff"


def shown(matrix: Matrix, name: str) -> Iterator[Shown]:
    """The forms of one page, for everybody who sees other forms than those before."""
    row, rule = TABLE[name], rules(matrix.app)[name]
    path = matrix.path(rule, row.holds, dict.fromkeys(row.holds, "participant"))
    known: set[tuple[str, tuple[str, ...]]] = set()
    for viewer in readers(row):
        response = matrix.fetch(viewer, "GET", path)
        if response.status_code != 200 or response.mimetype != "text/html":
            continue
        html = response.get_data(as_text=True)
        if not html.lstrip().lower().startswith("<!doctype"):
            continue
        for form in forms_of(html):
            page, frame = FRAMES.get(kind_of(viewer), (name, set[str]()))
            if form.action in frame and name != page:
                continue
            shape = (form.action, tuple(field.name for field in form.fields))
            if shape not in known:
                known.add(shape)
                yield Shown(viewer, path, form)


def send(matrix: Matrix, found: Shown, data: dict[str, str]) -> TestResponse:
    """Send the form as the page's reader would; what it changes stays changed."""
    if found.form.method == "get":
        return matrix.fetch(found.viewer, "GET", f"{found.form.action.split('?')[0]}?{urlencode(data)}")
    return matrix.fetch(found.viewer, "POST", found.form.action, data)


def bones(text: str) -> str:
    """A text without what nobody sees: what a person would compare."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(sign for sign in composed if unicodedata.category(sign) not in UNSEEN)


def came_back(name: str, typed: str, shown: str) -> bool:
    """Whether a field shows what was typed; a number of a few digits may come back as its first signs."""
    if name in DIGITS and len(typed) > 1_000:
        return bones(typed).startswith(bones(shown)[:50] or "?")
    return bones(typed) == bones(shown)


def wrong_answer(sent: dict[str, str], form: PageForm, response: TestResponse) -> list[str]:
    """What is wrong with the answer to a form that was filled in like that."""
    status = response.status_code
    if status >= 500 or status in {400, 419}:
        return [f"answers {status}"]
    if status != 422 or response.mimetype != "text/html":
        return []
    again = [
        other for other in forms_of(response.get_data(as_text=True)) if set(form.typed()) & set(other.typed())
    ]
    if form.typed() and not again:
        return ["comes back without its fields"]
    back = {field.name: field for other in again for field in other.fields if field.kind in TEXT_KINDS}
    lost = [
        f"lost what stood in {name}"
        for name in form.typed()
        if name not in back or not came_back(name, sent[name], back[name].value or "")
    ]
    if form.typed() and 'role="alert"' not in response.get_data(as_text=True):
        lost.append("says nowhere what is wrong")
    return lost


def test_the_forms_of_the_frame_are_tried(matrix: Matrix) -> None:
    """So that leaving them out elsewhere leaves nothing out."""
    for kind, (page, frame) in FRAMES.items():
        found = {place.form.action for place in shown(matrix, page) if kind_of(place.viewer) == kind}
        assert found >= frame


@pytest.mark.parametrize("name", PAGES)
def test_whatever_is_typed_is_answered_in_words_and_comes_back(matrix: Matrix, name: str) -> None:
    """S23, S28: all of a form's fields at once, with each of them."""
    found = []
    for place in shown(matrix, name):
        for what, text in TYPED.items():
            sent = {**place.form.untouched(), **dict.fromkeys(place.form.typed(), text)}
            response = send(matrix, place, sent)
            matrix.restore()
            found += [
                f"{place.page} by {place.viewer}, {place.form.action} with {what}: {fault}"
                for fault in wrong_answer(sent, place.form, response)
            ]
            if not place.form.typed():
                break
    tree.report(found)


@pytest.mark.parametrize("name", PAGES)
def test_what_cannot_be_chosen_is_not_taken(matrix: Matrix, name: str) -> None:
    """S3: what stands in hidden fields and lists, replaced by what no page ever offered."""
    found = []
    for place in shown(matrix, name):
        chosen = [
            field.name for field in place.form.fields if field.name not in {*place.form.typed(), "csrf_token"}
        ]
        for nonsense in ("nonsense", "", "00000000-0000-0000-0000-000000000007", "-1", "\x00"):
            response = send(matrix, place, {**place.form.untouched(), **dict.fromkeys(chosen, nonsense)})
            matrix.restore()
            if response.status_code >= 500 or response.status_code == 400:
                found.append(f"{place.page} by {place.viewer}, {place.form.action}: {response.status_code}")
    tree.report(found)


@pytest.mark.parametrize("name", PAGES)
def test_a_file_or_json_where_text_belongs_breaks_nothing(matrix: Matrix, name: str) -> None:
    """What a program sends in the place of a form's text, from outside too."""
    found = []
    for place in shown(matrix, name):
        if place.form.method == "get" or not place.form.typed():
            continue
        files = {field: (BytesIO(b"x"), "x.txt") for field in place.form.typed()}
        answers = {
            "files": matrix.fetch(
                place.viewer, "POST", place.form.action, {**place.form.untouched(), **files}
            )
        }
        matrix.restore()
        for body in (dict.fromkeys(place.form.typed(), True), "x"):
            answers[f"JSON {body}"] = send_json(matrix, place, body)
            matrix.restore()
        found += [
            f"{place.page} by {place.viewer}, {place.form.action} with {what}: {answer.status_code}"
            for what, answer in answers.items()
            if answer.status_code >= 500 or answer.status_code in {400, 419}
        ]
    tree.report(found)


def send_json(matrix: Matrix, found: Shown, body: object) -> TestResponse:
    """Send JSON to where the form goes, with the page's token beside it."""
    headers = {
        "Cookie": f"{COOKIE}={matrix.cookies[found.viewer]}",
        "X-CSRFToken": matrix.tokens[found.viewer],
    }
    client = matrix.app.test_client(use_cookies=False)
    return client.open(found.form.action, method="POST", base_url=BASE, headers=headers, json=body)


def columns() -> dict[str, str]:
    """Every column of every table, with a value that would do harm."""
    names = {column.name for table in metadata.tables.values() for column in table.columns}
    return {
        name: "00000000-0000-0000-0000-000000000007" if name.endswith("id") else "admin" for name in names
    }


def done(matrix: Matrix, found: Shown, data: dict[str, str]) -> tuple[int, Effects]:
    """The status that a form gets, and what it does; the database is as before afterwards."""
    before = rows_of(matrix.observer, KEPT_ANYHOW)
    status = send(matrix, found, data).status_code
    did = effects(before, rows_of(matrix.observer, KEPT_ANYHOW))
    matrix.restore()
    return status, did


@pytest.mark.parametrize("name", PAGES)
def test_a_form_is_heard_in_its_own_fields_alone(matrix: Matrix, name: str) -> None:
    """S7: with every column's name posted along it does what it does without."""
    found = []
    for place in shown(matrix, name):
        if place.form.method == "get":
            continue
        own = {field.name for field in place.form.fields}
        sent = place.form.untouched()
        more = {column: value for column, value in columns().items() if column not in own}
        alone, along = done(matrix, place, sent), done(matrix, place, {**more, **sent})
        if alone != along:
            found.append(f"{place.page} by {place.viewer}, {place.form.action}: {alone} but {along}")
    tree.report(found)


def add_careless(app: Flask) -> None:
    """A form that drops what was typed, breaks on markup and hears whatever is posted."""

    @app.route("/careless", methods=["GET", "POST"])
    @access.public
    def careless() -> tuple[str, int]:
        text = request.form.get("text", "")
        if "<" in text:
            raise RuntimeError
        if "municipality" in request.form:
            person = db.session().scalars(select(Person)).first()
            assert person is not None
            person.municipality = request.form["municipality"]
            return "ok", 200
        page = f"""<!doctype html><html lang="sv" dir="ltr"><title>x</title><h1>x</h1><form action="/careless"
            method="post"><input name="csrf_token" type="hidden" value="{generate_csrf()}"><label>x
            <input name="text"
            ></label></form>"""
        return page, 422 if text else 200


def test_the_guard_sees_a_careless_form(make: MakeMatrix, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = make(add_careless)
    monkeypatch.setitem(TABLE, "GET careless", Row("public"))
    with pytest.raises(AssertionError) as said:
        test_whatever_is_typed_is_answered_in_words_and_comes_back(broken, "GET careless")
    for fault in (
        "with markup: answers 500",
        "with emoji: lost what stood in text",
        "says nowhere what is wrong",
    ):
        assert fault in str(said.value)
    with pytest.raises(AssertionError, match=r"changed \{'municipality': 'admin'\}"):
        test_a_form_is_heard_in_its_own_fields_alone(broken, "GET careless")
