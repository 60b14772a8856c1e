"""The participant's first page, and the way from a meeting to its check-in."""

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.clock import now
from portal.db import session
from portal.feedback.service import Closed, NotOpenYet
from portal.home import queries, service
from portal.identity.people import course_service
from portal.instruments.rules import When
from portal.web.access import participant, viewer
from portal.web.words import current_language

bp = Blueprint("home", __name__)


@bp.get("/home")
@participant(tier=1)
def show_home() -> ResponseReturnValue:
    """What is next, what to do now."""
    return render_template("home/home.html", home=queries.home(session(), viewer(), now()))


@bp.post("/home/coach-seen")
@participant(tier=2)
def see_new_coach() -> ResponseReturnValue:
    """The notice about a new coach has been read."""
    seen = request.form.get("coach", type=uuid.UUID)
    if seen:
        course_service.read_coach_change(session(), viewer(), seen, now())
    return redirect(url_for("home.show_home"), 303)


@bp.post("/home/check-in/<uuid:meeting_id>/<any(before, after):when>")
@participant(tier=1)
def begin_checkin(meeting_id: uuid.UUID, when: When) -> ResponseReturnValue:
    """Open the check-in of a meeting, in the language and direction of this page."""
    try:
        check_in_id = service.begin_about(session(), viewer(), meeting_id, when, current_language(), now())
    except (NotOpenYet, Closed):
        return _not_now()
    return redirect(url_for("feedback.show_start", check_in_id=check_in_id), 303)


@bp.post("/home/group-check-in/<uuid:part_id>")
@participant(tier=1)
def begin_group_checkin(part_id: uuid.UUID) -> ResponseReturnValue:
    """The same after a session of a group."""
    try:
        check_in_id = service.begin_about_group(session(), viewer(), part_id, current_language(), now())
    except (NotOpenYet, Closed):
        return _not_now()
    return redirect(url_for("feedback.show_start", check_in_id=check_in_id), 303)


def _not_now() -> ResponseReturnValue:
    flash(_("Frågorna går inte att svara på just nu."), "sun")
    return redirect(url_for("home.show_home"), 303)
