"""A participant's own no to being asked after they have left."""

from flask import Blueprint, flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.clock import now
from portal.db import session
from portal.followup import service
from portal.identity.scope import participant as found
from portal.web.access import participant, viewer

bp = Blueprint("followup", __name__, url_prefix="/me/follow-up")


@bp.post("/no")
@participant(tier=2)
def refuse() -> ResponseReturnValue:
    """Do not ask me. It holds at once."""
    person = found(session(), viewer(), viewer().person_id, what="me")
    service.refuse(session(), viewer(), person, now())
    flash(_("Sparat. Vi hör inte av oss."))
    return redirect("/me/reach", 303)
