""" "I am 15 minutes late", and "I am in time after all"; a tap each."""

import uuid

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import clock
from portal.booking import late_service
from portal.booking.service import NotBooked
from portal.booking.time_service import TooLate
from portal.db import session
from portal.web.access import participant, viewer

bp = Blueprint("late", __name__, url_prefix="/meetings/<uuid:meeting_id>")


@bp.post("/late")
@participant(tier=1)
def say_late(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """The coach reads it beside the meeting."""
    return _say(meeting_id, late=True)


@bp.post("/in-time")
@participant(tier=1)
def say_in_time(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """It was caught after all."""
    return _say(meeting_id, late=False)


def _say(meeting_id: uuid.UUID, *, late: bool) -> ResponseReturnValue:
    try:
        late_service.say_late(session(), viewer(), meeting_id, clock.now(), late=late)
        flash(
            _("Tack! Din coach ser att du blir sen.")
            if late
            else _("Tack! Din coach ser att du kommer i tid.")
        )
    except NotBooked:
        flash(_("Mötet är avbokat."), "sun")
    except TooLate:
        flash(_("Det går inte att säga nu. Ring oss."), "sun")
    return redirect(url_for("booking.show_meeting", meeting_id=meeting_id), 303)
