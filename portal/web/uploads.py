"""Requests that bring a file: larger than others, and only where a view says so."""

from flask import Flask, current_app, request

from portal.web.access import AnyView, View

LARGEST_REQUEST = 4 * 1024 * 1024
"""Bytes. Ours: a file that is a few times too large is told so beside its field, and what was typed stays."""

_takes: set[AnyView] = set()


def takes_file(view: View) -> View:
    """The view takes a file, and says itself how large it may be."""
    _takes.add(view)
    return view


def install(app: Flask) -> None:
    """Let such requests be larger, from a browser that has been here before.

    Call it before anything that reads what was sent.
    """

    @app.before_request
    def make_room() -> None:
        known = app.config["SESSION_COOKIE_NAME"] in request.cookies
        if known and current_app.view_functions.get(request.endpoint or "") in _takes:
            request.max_content_length = LARGEST_REQUEST
