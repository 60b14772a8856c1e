"""What an admin sees and does after a restore: whether messages leave, and letting them (S55)."""

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.clock import now
from portal.config import Settings
from portal.db import session
from portal.ops import queries, rules, service, words
from portal.organisation import queries as organisations
from portal.organisation import words as names
from portal.web.access import staff, viewer

staff_bp = Blueprint("ops_staff", __name__, url_prefix="/staff/sending")


@staff_bp.get("")
@staff("admin")
def show_sending() -> ResponseReturnValue:
    """Whether messages leave, and who they come from."""
    settings: Settings = current_app.config["STIGEN"]
    own = organisations.rules_of(session(), viewer())
    return render_template(
        "ops/sending.html",
        hold=queries.hold(session(), viewer()),
        senders=rules.senders(settings, own.sms_provider),
        kind_of=rules.kind_of_sender,
        answers=words.SENDERS,
        providers=names.PROVIDERS,
    )


@staff_bp.post("/release")
@staff("admin")
def release() -> ResponseReturnValue:
    """Let messages leave again."""
    if service.release(session(), viewer(), now()):
        flash(_("Meddelanden skickas igen."))
    return redirect(url_for("ops_staff.show_sending"), 303)
