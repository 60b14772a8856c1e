"""Headers on every answer (S19), the styles whose hashes they carry, and a question that can be read."""

import base64
import hashlib
from collections.abc import Iterable
from pathlib import Path
from string import punctuation
from typing import Any
from urllib.parse import quote
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response
from markupsafe import Markup

SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
YEAR_SECONDS = 31_536_000


def source_hash(text: str) -> str:
    """A style's name in the content security policy."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def policy(styles: list[str], leave_to: str) -> str:
    """The content security policy: our own scripts, our own styles by hash, nothing else.

    `leave_to` stands in form-action because Chromium holds a form's redirect to it as well.
    """
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            f"style-src {' '.join(source_hash(style) for style in styles)}",
            "img-src 'self' data:",
            "media-src 'self'",
            "connect-src 'self'",
            f"form-action 'self' {leave_to}",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def install(app: Flask, static: Path, *, https: bool, leave_to: str) -> None:
    """Put the headers on every answer, and hand the styles to the templates.

    Call it after what else serves files: what a file's refusal says carries them too.
    """
    styles = {name: (static / f"{name}.css").read_text(encoding="utf-8") for name in ("stigen", "staff")}
    app.jinja_env.globals["css_participant"] = Markup(styles["stigen"])
    app.jinja_env.globals["css_staff"] = Markup(styles["staff"])
    fixed = {**SECURITY, "Content-Security-Policy": policy(list(styles.values()), leave_to)}
    if https:
        fixed["Strict-Transport-Security"] = f"max-age={YEAR_SECONDS}; includeSubDomains"

    app.wsgi_app = _with([*fixed.items()], app.wsgi_app)

    @app.after_request
    def keep_nothing(response: Response) -> Response:
        response.headers["Cache-Control"] = "no-store"
        return response


def _with(headers: list[tuple[str, str]], answers: WSGIApplication) -> Any:
    """Nothing below sets any of them, so nothing is looked for."""

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        def begin(status: str, found: list[tuple[str, str]], *rest: Any) -> Any:
            return start(status, [*found, *headers], *rest)

        return answers(_readable(environ), begin)

    return answer


def _readable(environ: WSGIEnvironment) -> WSGIEnvironment:
    """The request with its question in signs that an address may have (RFC 3986, 2).

    Whoever asks with others would get no page at all, not even the one that says what is wrong.
    """
    asked = environ.get("QUERY_STRING", "")
    if asked.isascii():
        return environ
    return {**environ, "QUERY_STRING": quote(asked.encode("latin-1"), safe=punctuation)}
