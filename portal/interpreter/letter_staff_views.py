"""Ordering interpreters of an agency by e-mail: what it says first, then sent once."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.clock import now
from portal.db import session
from portal.interpreter import letter_queries, letter_service
from portal.notices import agency_service
from portal.web.access import staff, viewer

staff_bp = Blueprint("letter_staff", __name__, url_prefix="/staff/interpreter-orders/letter")
DESK = ("coach", "lead", "admin")


@staff_bp.get("")
@staff(*DESK)
def show_letter() -> ResponseReturnValue:
    """The e-mail as it would leave, and where it goes."""
    return _page()


def _page(code: int = 200, problem: str = "") -> ResponseReturnValue:
    letter = letter_queries.letter(session(), viewer(), now())
    letter_queries.read(session(), viewer(), letter)
    line, body = letter_service.text_of(session(), viewer(), letter)
    page = render_template(
        "interpreter/letter.html",
        letter=letter,
        line=line,
        body=body,
        leaves=agency_service.leaves(),
        problem=problem,
    )
    return page, code


@staff_bp.post("")
@staff(*DESK)
def send_letter() -> ResponseReturnValue:
    """Send what was read; where something else would be said by now, that is shown first."""
    try:
        letter_service.send(session(), viewer(), request.form.get("seen", ""), now())
    except letter_service.OtherThanSeen:
        return _page(422, _("Något har ändrats. Läs mejlet igen och skicka det sedan."))
    except letter_service.CannotLeave:
        return _page()
    flash(_("E-posten till förmedlingen är på väg."))
    return redirect(url_for("orders_staff.show_orders"), 303)
