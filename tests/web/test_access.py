"""The one check before every view, on a small app of its own and on the real one."""

from collections.abc import Callable
from datetime import timedelta
from typing import cast

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.db import Database
from portal.identity.session_models import WebSession
from portal.web import access
from tests.conftest import FrozenClock, SignIn
from tests.support.pages import Client
from tests.support.world import World


def test_a_view_declares_its_access_once() -> None:
    """S1"""

    def page() -> str:
        return ""

    access.public(page)
    with pytest.raises(TypeError, match="twice"):
        access.public(page)


def test_the_app_does_not_start_with_a_bare_view() -> None:
    """S1"""
    bare = Flask("bare", static_folder=None)
    bare.add_url_rule("/naked", "naked", lambda: "")
    with pytest.raises(RuntimeError, match="naked"):
        access.insist(bare)


def test_a_missing_page_is_the_404_page(client: Client) -> None:
    response = client.get("/no-such-page")
    assert response.status_code == 404


def test_a_forged_host_is_refused(client: Client) -> None:
    """S22"""
    assert client.get("/dev/gallery", base_url="http://evil.example").status_code == 400


def test_every_answer_carries_the_headers(client: Client) -> None:
    """S19"""
    for path in ("/dev/gallery", "/no-such-page"):
        headers = client.get(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_a_session_that_idles_is_over(
    sign_in: SignIn, world: World, frozen: FrozenClock, app: Flask, database: Database
) -> None:
    """S17"""
    browser = sign_in(world.coach)
    frozen.move(timedelta(minutes=14))
    browser.get("/dev/gallery")
    with database.reading() as session:
        assert session.scalar(select(func.max(WebSession.last_seen_at))) == frozen.moment
    frozen.move(timedelta(minutes=14))
    assert b"data-signed-in" in browser.get("/dev/gallery").data
    frozen.move(timedelta(minutes=16))
    assert b"data-signed-in" not in browser.get("/dev/gallery").data


@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
def test_a_files_address_has_the_headers_whatever_is_asked(app: Flask, method: str) -> None:
    """S19: a refusal too."""
    client = app.test_client()
    address = cast("Callable[[str], str]", app.jinja_env.globals["asset"])("app.js")
    with client.open(address, method=method, base_url="http://127.0.0.1:8000") as answer:
        assert answer.status_code == (200 if method == "GET" else 405)
        for name in ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy"):
            assert len(answer.headers.getlist(name)) == 1
