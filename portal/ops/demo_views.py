"""Pages of the demo alone: the gallery of parts."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.web.access import demo

bp = Blueprint("demo", __name__, url_prefix="/dev")


@bp.get("/gallery")
@demo
def gallery() -> ResponseReturnValue:
    """Every part in every state, on one page."""
    return render_template("dev/gallery.html")
