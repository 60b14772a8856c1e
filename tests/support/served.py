"""Serves a WSGI application on a free port of this machine, for a browser to visit."""

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server


class Quiet(WSGIRequestHandler):
    """Keeps the test's output free of a line for each request."""

    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing."""


def _at_once(app: WSGIApplication) -> WSGIApplication:
    """The same answers, each in one piece: a browser that hangs up in the middle leaves no file open."""

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        parts = app(environ, start)
        try:
            return [b"".join(parts)]
        finally:
            if close := getattr(parts, "close", None):
                close()

    return answer


@contextlib.contextmanager
def served(make: Callable[[str], WSGIApplication]) -> Iterator[str]:
    """Serve what `make(address)` returns, from a thread; yields the address (http://127.0.0.1:PORT).

    The address is known before the application is, because links are built from it.
    """
    server: BaseWSGIServer = make_server("127.0.0.1", 0, lambda *_: [], threaded=True, request_handler=Quiet)
    with server:
        address = f"http://127.0.0.1:{server.server_port}"
        server.app = _at_once(make(address))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield address
        finally:
            server.shutdown()
            thread.join()
