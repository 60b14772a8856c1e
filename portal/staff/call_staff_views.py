"""The calls of the day: whom to ring, what to say, and what came of it."""

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.clock import now
from portal.db import session
from portal.languages import SWEDISH
from portal.staff import call_list_queries, call_service, call_words, overview_queries, service
from portal.web.access import staff, viewer

staff_bp = Blueprint("calls_staff", __name__, url_prefix="/staff")
DESK = ("coach", "lead")
ONE = "/people/<uuid:person_id>/calls"


@staff_bp.get("/calls")
@staff(*DESK)
def show_calls() -> ResponseReturnValue:
    """Everybody to ring now, with what to say; and what is ticked off today."""
    return render_template(
        "staff/calls.html",
        found=call_list_queries.call_list(session(), viewer(), now()),
        to_say=call_words.to_say,
        swedish=SWEDISH,
        told=request.args.get("told", type=uuid.UUID),
        now=now(),
    )


@staff_bp.post(f"{ONE}/told")
@staff(*DESK)
def tell(person_id: uuid.UUID) -> ResponseReturnValue:
    """Somebody has been told: the call is ticked off until there is something else to tell."""
    try:
        call_service.tell(session(), viewer(), person_id, request.form.get("key", ""), now())
    except service.Settled:
        return _settled()
    return redirect(url_for("calls_staff.show_calls", told=person_id), 303)


@staff_bp.post(f"{ONE}/no-answer")
@staff(*DESK)
def note_no_answer(person_id: uuid.UUID) -> ResponseReturnValue:
    """Nobody answered: the call stays, with how often it was tried."""
    key, seen = request.form.get("key", ""), request.form.get("seen", 0, type=int)
    try:
        call_service.no_answer(session(), viewer(), person_id, key, seen=seen, now=now())
    except service.Settled:
        return _settled()
    flash(_("Samtalet står kvar på listan. Försök igen senare i dag."))
    return redirect(url_for("calls_staff.show_calls"), 303)


@staff_bp.post(f"{ONE}/take-back")
@staff(*DESK)
def take_back(person_id: uuid.UUID) -> ResponseReturnValue:
    """Put what was told back on the list, unless a colleague has seen to it since."""
    at = overview_queries.read_moment(request.form.get("at", ""), now())
    service.take_back(session(), viewer(), person_id, at, now())
    flash(_("Tillbaka på listan."))
    return redirect(url_for("calls_staff.show_calls"), 303)


@staff_bp.post(f"{ONE}/no-answer/take-back")
@staff(*DESK)
def take_back_try(person_id: uuid.UUID) -> ResponseReturnValue:
    """Somebody did answer: forget the last try."""
    at = overview_queries.read_moment(request.form.get("at", ""), now())
    call_service.take_back_try(session(), viewer(), person_id, request.form.get("key", ""), at, now())
    flash(_("Försöket är borttaget."))
    return redirect(url_for("calls_staff.show_calls"), 303)


def _settled() -> ResponseReturnValue:
    flash(_("Det här är redan klart, eller gäller inte längre. Inget är ändrat nu."), "sun")
    return redirect(url_for("calls_staff.show_calls"), 303)
