"""Pictures are whole, harmless SVG that a screen reader passes over."""

from xml.etree import ElementTree

import pytest
from markupsafe import Markup

from portal.web.icons import PICTURES, icon_svg

DRAWN = {"svg", "path", "g", "circle", "rect", "ellipse", "polygon", "line", "polyline"}


@pytest.mark.parametrize("name", PICTURES)
def test_each_picture_is_drawn_and_holds_nothing_else(name: str) -> None:
    """S23: shapes alone; no script, no style, no id that two pictures on a page would share."""
    drawn = ElementTree.fromstring(icon_svg(name))
    assert {element.tag for element in drawn.iter()} <= DRAWN
    assert len(list(drawn.iter())) > 1
    names = {attribute for element in drawn.iter() for attribute in element.attrib}
    assert not {found for found in names if found.startswith("on") or found in ("style", "id", "href")}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_small_and_takes_the_colour_of_its_words(name: str) -> None:
    svg = icon_svg(name)
    assert len(svg) < 2_500
    assert "currentColor" in svg
    assert "#" not in svg


def test_a_screen_reader_passes_over_the_picture() -> None:
    drawn = ElementTree.fromstring(icon_svg("home"))
    assert drawn.get("aria-hidden") == "true"
    assert drawn.get("focusable") == "false"


def test_a_picture_stands_in_a_page_unescaped() -> None:
    assert Markup("{}").format(icon_svg("home")) == icon_svg("home")


def test_a_drawing_has_its_own_name_too_and_keeps_its_square() -> None:
    assert icon_svg("walking-24px") == icon_svg("walk")
    assert 'viewBox="0 0 24 24"' in icon_svg("walk")
    assert 'viewBox="0 0 48 48"' in icon_svg("home")


def test_an_unknown_picture_is_an_error() -> None:
    with pytest.raises(KeyError):
        icon_svg("no-such-picture")
