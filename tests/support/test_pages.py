"""A page is read as strictly when its faults are known already, or when most of its characters are."""

import pytest
from html5lib.html5parser import ParseError

from tests.support.pages import faults

PAGE = '<!doctype html><html lang="sv" dir="ltr"><title>Hej</title><h1>Hej\xa0då</h1>'
FORM = '<form action="/" method="{method}"><input type="hidden" name="csrf_token" value="{token}"></form>'


@pytest.mark.parametrize("strange", ["\x01", "\x7f", "\x85", "\ufdd0", "\U0001ffff", "\ud800"])
def test_a_character_that_stands_on_no_page_is_seen(strange: str) -> None:
    assert not faults(PAGE)
    with pytest.raises(ParseError):
        faults(PAGE + strange)


def test_a_page_that_differs_in_more_than_its_token_is_read_anew() -> None:
    assert not faults(PAGE + FORM.format(method="post", token="Im.a-b_c"))
    assert not faults(PAGE + FORM.format(method="post", token="Im.x-y_z"))
    assert faults(PAGE + FORM.format(method="", token="Im.x-y_z"))
    with pytest.raises(ParseError):
        faults(PAGE + FORM.format(method="post", token='"<"'))
