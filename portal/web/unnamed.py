"""Requests that come in without a name: what could tell who sends them is taken away before the app sees it.

Below `PREFIX` a request is its method, its address and its body. Cookies, the sender's network address and
everything else that a browser tells of itself stay outside, and no cookie is set by the answer: see
docs/decisions/0007-answers-without-a-name.md.
"""

from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

PREFIX = "/unnamed/"

KEPT = frozenset(
    {
        "REQUEST_METHOD",
        "SCRIPT_NAME",
        "PATH_INFO",
        "SERVER_NAME",
        "SERVER_PORT",
        "SERVER_PROTOCOL",
        "CONTENT_TYPE",
        "CONTENT_LENGTH",
        "HTTP_HOST",
        "HTTP_ACCEPT_ENCODING",
        "HTTP_TRANSFER_ENCODING",
    }
)
"""What an answer cannot do without; whatever else a server adds to a request begins with wsgi."""


def without_name(environ: WSGIEnvironment) -> WSGIEnvironment:
    """The request with nothing of its sender."""
    return {key: value for key, value in environ.items() if key in KEPT or key.startswith("wsgi.")}


def install(answers: WSGIApplication) -> Any:
    """Let the app answer unnamed requests without knowing whose they are. All others pass untouched."""

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if not environ.get("PATH_INFO", "").startswith(PREFIX):
            return answers(environ, start)

        def begin(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            kept = [(name, value) for name, value in headers if name.lower() != "set-cookie"]
            return start(status, kept, *rest)

        return answers(without_name(environ), begin)

    return answer
