"""Every answer is compressed, whatever its status: a slow line does not know a 200 from a 422 (S57)."""

import gzip

import brotli
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal.organisation import queries as organisations
from tests.support.pages import Client
from tests.support.world import World

OPENED = {"br": brotli.decompress, "gzip": gzip.decompress}


def answers(app: Flask, headers: dict[str, str]) -> list[TestResponse]:
    """A page, a form that comes back, a form that is too old, nobody's page, and one that is broken."""
    browser = Client(app)
    found = [
        browser.get("/norrby/sign-in", headers=headers),
        browser.post("/norrby/sign-in", headers=headers),
        browser.post("/norrby/sign-in", headers=headers, csrf=False),
        browser.get("/norrby/nothing", headers=headers),
    ]

    def broken(*_: object) -> None:
        raise LookupError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(organisations, "by_slug", broken)
        return [*found, browser.get("/norrby/sign-in", headers=headers)]


@pytest.mark.parametrize("encoding", sorted(OPENED))
def test_every_answer_is_compressed(app: Flask, world: World, encoding: str) -> None:
    found = answers(app, {"Accept-Encoding": encoding})
    assert [answer.status_code for answer in found] == [200, 422, 419, 404, 500]
    assert [answer.status for answer in found] == [answer.status for answer in answers(app, {})]
    for answer in found:
        assert answer.headers["Content-Encoding"] == encoding
        assert int(answer.headers["Content-Length"]) == len(answer.data) < 8_000
        assert OPENED[encoding](answer.data).rstrip().endswith(b"</html>")
        assert "Accept-Encoding" in answer.headers["Vary"]


def test_who_asks_for_nothing_gets_it_plain(app: Flask, world: World) -> None:
    assert not [answer for answer in answers(app, {}) if "Content-Encoding" in answer.headers]
