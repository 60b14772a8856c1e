"""What an admin sees and does after a restore: whether messages leave, and letting them (S55)."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.clock import now
from portal.db import session
from portal.ops import queries, service
from portal.web.access import staff, viewer

staff_bp = Blueprint("ops_staff", __name__, url_prefix="/staff/sending")


@staff_bp.get("")
@staff("admin")
def show_sending() -> ResponseReturnValue:
    """Whether messages leave."""
    return render_template("ops/sending.html", hold=queries.hold(session(), viewer()))


@staff_bp.post("/release")
@staff("admin")
def release() -> ResponseReturnValue:
    """Let messages leave again."""
    if service.release(session(), viewer(), now()):
        flash(_("Meddelanden skickas igen."))
    return redirect(url_for("ops_staff.show_sending"), 303)
