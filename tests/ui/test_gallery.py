"""The gallery shows every part; what it shows is sound, reachable and light."""

import gzip
import re
from pathlib import Path

import html5lib
import pytest

from portal.web.assets import lean
from portal.web.headers import source_hash
from tests.support.pages import Client, parse

ROOT = Path(__file__).parents[2]
MACRO_FILES = ("parts.html", "forms.html", "curve.html")
SVG = "{http://www.w3.org/2000/svg}"
LOOKS = ("", "?look=staff")


def macros(name: str) -> list[str]:
    """The public macros of a file of parts."""
    source = (ROOT / "templates" / "ui" / name).read_text()
    return [found for found in re.findall(r"{% macro (\w+)\(", source) if not found.startswith("_")]


@pytest.mark.parametrize("name", MACRO_FILES)
def test_every_part_is_shown(name: str) -> None:
    gallery = (ROOT / "templates" / "dev" / "gallery.html").read_text()
    calls = set(re.findall(r"(\w+)\(", gallery)) | {"choices"}  # drawn by `field`
    assert not set(macros(name)) - calls


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("language", ["sv", "en", "ar"])
def test_the_page_is_sound_in_each_language(client: Client, language: str, look: str) -> None:
    """The client refuses anything that a strict parser does, doubled ids and fields without labels."""
    answer = client.get(f"/dev/gallery{look}", headers={"Accept-Language": language})
    assert answer.status_code == 200
    page = parse(answer.get_data(as_text=True))
    assert (page.get("lang"), page.get("dir")) == (language, "rtl" if language == "ar" else "ltr")


def test_each_error_leads_to_its_field(client: Client) -> None:
    page = parse(client.get("/dev/gallery").get_data(as_text=True))
    ids = {element.get("id"): element for element in page.iter()}
    summary = next(element for element in page.iter("div") if element.get("class") == "errors")
    links = [link.get("href", "") for link in summary.iter("a")]
    assert len(links) >= 2
    for link in links:
        field = ids[link.removeprefix("#")]
        notes = field.get("aria-describedby", "").split()
        assert f"{field.get('id')}-error" in notes


def test_a_field_that_is_wrong_says_so_and_keeps_its_hint(client: Client) -> None:
    page = parse(client.get("/dev/gallery").get_data(as_text=True))
    wrong = next(field for field in page.iter("input") if field.get("name") == "wrong-phone")
    assert wrong.get("aria-invalid") == "true"
    assert wrong.get("aria-describedby") == "wrong-phone-hint wrong-phone-error"
    right = next(field for field in page.iter("input") if field.get("name") == "phone")
    assert right.get("aria-invalid") is None
    assert right.get("aria-describedby") == "phone-hint"


def test_the_scale_is_a_box_for_a_number_that_starts_empty(client: Client) -> None:
    """Without JavaScript the box is what one sees; nothing is filled in beforehand.

    It is a text box for decimals: a box of type number throws away "7,5" and Arabic digits.
    """
    page = parse(client.get("/dev/gallery").get_data(as_text=True))
    boxes = {field.get("name"): field for field in page.iter("input") if field.get("inputmode") == "decimal"}
    first, second = boxes["line-1"], boxes["line-2"]
    assert first.get("value") is None
    assert second.get("value") == "7.3"
    assert first.get("hidden") is None


def test_every_form_carries_its_token_but_the_way_out(client: Client) -> None:
    """S24, S32: leaving the page asks for nothing."""
    page = parse(client.get("/dev/gallery").get_data(as_text=True))
    for form in page.iter("form"):
        tokens = [field for field in form.iter("input") if field.get("name") == "csrf_token"]
        assert len(tokens) == (0 if form.get("action") == "/leave" else 1), form.attrib


def test_the_curve_has_a_name_a_description_and_its_numbers(client: Client) -> None:
    page = parse(client.get("/dev/gallery").get_data(as_text=True))
    drawn = next(svg for svg in page.iter(f"{SVG}svg") if svg.get("aria-labelledby"))
    ids = {element.get("id"): element for element in page.iter()}
    assert all((ids[name].text or "").strip() for name in drawn.get("aria-labelledby", "").split())
    assert len(list(drawn.iter(f"{SVG}circle"))) == len(next(page.iter("tbody")).findall("tr")) == 7


def test_a_page_loads_what_it_needs_and_no_more(client: Client) -> None:
    """A participant's page asks for two files after itself; staff pages for htmx as well."""
    participant = client.get("/dev/gallery").get_data(as_text=True)
    staff = client.get("/dev/gallery?look=staff").get_data(as_text=True)
    assert len(re.findall(r"/static/", participant)) == 2
    assert "htmx" not in participant
    assert len(re.findall(r"/static/", staff)) == 3
    assert participant.count("<script") == participant.count(" defer></script>")


def test_the_styles_inside_the_page_match_the_policy(client: Client) -> None:
    """S19: a style that the policy does not name would leave the page bare."""

    answer = client.get("/dev/gallery?look=staff")
    styles = re.findall(r"<style>(.*?)</style>", answer.get_data(as_text=True), re.S)
    assert len(styles) >= 2
    for style in styles:
        assert source_hash(style) in answer.headers["Content-Security-Policy"]


def test_the_stylesheet_stays_light() -> None:
    """At most 4 kB of a page are its looks (gzip; brotli is a little smaller)."""
    assert len(gzip.compress((ROOT / "static" / "stigen.css").read_bytes())) <= 4_096
    script = lean((ROOT / "static" / "app.js").read_text())
    assert "//" not in script
    assert len(gzip.compress(script.encode())) <= 2_560


def test_styles_know_no_left_and_right() -> None:
    """Logical properties only, so that Arabic mirrors by itself."""
    physical = re.compile(
        r"(?<![-\w])(?:margin|padding|border|inset)?-?(?:left|right)\b[-\w]*\s*:|text-align: (?:left|right)"
    )
    for name in ("stigen.css", "staff.css"):
        assert not physical.findall((ROOT / "static" / name).read_text())


def test_the_strict_parser_would_notice() -> None:
    with pytest.raises(html5lib.html5parser.ParseError):
        parse("<!doctype html><title>x</title><p><div></p>")
