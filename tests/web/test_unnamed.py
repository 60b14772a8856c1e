"""Requests that come in without a name: what is taken from them before the app sees them (S39)."""

from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, run_wsgi_app

from portal.web import unnamed

TOLD = {
    "Cookie": "stigen=x",
    "User-Agent": "en telefon",
    "Accept-Language": "ar",
    "Referer": "/audits/7/send",
}


def asked(path: str) -> tuple[WSGIEnvironment, dict[str, str]]:
    """What the app sees of a request to this path, and the headers of its answer."""
    seen: list[WSGIEnvironment] = []

    def app(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        seen.append(environ)
        start("200 OK", [("Content-Type", "text/plain"), ("Set-Cookie", "stigen=y")])
        return [b"ok"]

    made = EnvironBuilder(
        path, method="POST", headers=Headers(TOLD), data={"ticket": "t"}, query_string="who=7"
    )
    environ: dict[str, Any] = {**made.get_environ(), "REMOTE_ADDR": "192.0.2.7", "werkzeug.socket": "7"}
    _, _, headers = run_wsgi_app(unnamed.install(app), environ)
    return seen[0], dict(headers)


def test_nothing_of_the_sender_comes_in_and_no_cookie_goes_out() -> None:
    seen, headers = asked("/unnamed/audit")
    assert "Set-Cookie" not in headers
    for told in ("stigen=x", "en telefon", "192.0.2.7", "/audits/7/send", "who=7"):
        assert told not in repr(seen)
    assert all(key in unnamed.KEPT or key.startswith("wsgi.") for key in seen)
    assert seen["wsgi.input"].read() == b"ticket=t"


def test_every_other_request_passes_untouched() -> None:
    seen, headers = asked("/audits/7/send")
    assert headers["Set-Cookie"] == "stigen=y"
    assert seen["HTTP_COOKIE"] == "stigen=x"
    assert seen["REMOTE_ADDR"] == "192.0.2.7"
