""" "I was here": a participant signs for a meeting on the own phone, and takes back a slip."""

import uuid

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import clock
from portal.attendance.rules import month_of
from portal.booking import attendance_service as attendance
from portal.booking.service import NotBooked
from portal.booking.time_service import TooLate
from portal.db import session
from portal.web.access import participant, viewer
from portal.web.errors import Refused

bp = Blueprint("here", __name__, url_prefix="/meetings/<uuid:meeting_id>/here")


@bp.post("")
@participant(tier=1)
def sign(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """The participant was there; the time and the way in are kept."""
    try:
        attendance.sign_own(session(), viewer(), meeting_id, clock.now())
        flash(_("Tack! Du har skrivit under att du var med."))
    except (NotBooked, attendance.TooEarly, attendance.NotThere, TooLate) as refused:
        flash(_why(refused), "sun")
    return redirect(_back(meeting_id), 303)


@bp.post("/undo")
@participant(tier=1)
def unsign(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """It was a slip of the finger."""
    if attendance.unsign(session(), viewer(), meeting_id, clock.now()):
        flash(_("Din underskrift är borttagen."))
    else:
        flash(_("Det går inte att ta bort nu. Prata med din coach."), "sun")
    return redirect(_back(meeting_id), 303)


def _back(meeting_id: uuid.UUID) -> str:
    back = request.form.get("back", "")
    if back == "list":
        return url_for("booking.show_meetings")
    if back.startswith("month:") and (month := month_of(back.removeprefix("month:"))):
        return f"/me/attendance?month={month:%Y-%m}"
    return url_for("booking.show_meeting", meeting_id=meeting_id)


def _why(refused: Refused) -> str:
    return {
        NotBooked: _("Mötet är avbokat."),
        attendance.TooEarly: _("Mötet har inte börjat än. Skriv under när du är där."),
        attendance.NotThere: _("Din coach har skrivit att du inte kom. Prata med din coach om det är fel."),
        TooLate: _("Det är för länge sedan. Prata med din coach."),
    }[type(refused)]
