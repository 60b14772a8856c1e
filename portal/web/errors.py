"""Errors in the person's language, with a way on. What was typed is given back where we can."""

import logging
from typing import Any

from flask import Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import NoResultFound, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from werkzeug.exceptions import HTTPException

from portal.db import is_full
from portal.web.typed import without_secrets

log = logging.getLogger(__name__)

PAGES = frozenset({403, 404, 419, 422, 429, 500, 503})
RETRY_SECONDS = "5"


Silent = OperationalError | NoConnection
SILENT = (OperationalError, NoConnection)
"""What is raised when the database does not answer, or no connection to it is left."""


class Refused(Exception):
    """The base of a service's named errors: something a person asked for that cannot be."""


def page(code: int, **values: Any) -> tuple[str, int]:
    """The page of one error."""
    return render_template(f"errors/{code}.html", **values), code


def _http(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if code == 405:
        code = 404
    if code in PAGES:
        return page(code)
    if code >= 400:
        return page(422)[0], code
    return error


def _not_found(_: Exception) -> ResponseReturnValue:
    return page(404)


def _form_too_old(_: Exception) -> ResponseReturnValue:
    return page(419)


def busy(error: Silent) -> ResponseReturnValue:
    """The answer when the database does not answer: what was typed, and when to try again (S51)."""
    if is_full(error):
        log.error("the database has no room left: nothing can be saved")
    else:
        log.warning("the database did not answer: %s", type(getattr(error, "orig", error)).__name__)
    body, code = page(503, kept=_retry_fields(), action=request.full_path)
    return body, code, {"Retry-After": RETRY_SECONDS}


def _unforeseen(error: Exception) -> ResponseReturnValue:
    log.error("unforeseen %s at %s", type(error).__name__, request.endpoint, exc_info=_trace(error))
    return page(500)


def _trace(error: Exception) -> Exception | None:
    """The trace in the demo alone: in production its values may be personal (S44)."""
    return error if current_app.config["STIGEN"].demo else None


def _retry_fields() -> list[tuple[str, str]] | None:
    return without_secrets(request.form.items(multi=True)) if request.method == "POST" else None


def install(app: Flask) -> None:
    """Register the pages."""
    app.register_error_handler(CSRFError, _form_too_old)
    app.register_error_handler(NoResultFound, _not_found)
    for silent in SILENT:
        app.register_error_handler(silent, busy)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unforeseen)
