"""What a group thought of its sessions, all together."""

import uuid

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.clock import now
from portal.db import session
from portal.groups import words
from portal.staff.group_scale_queries import scale_page
from portal.web.access import staff, viewer

staff_bp = Blueprint("group_scale", __name__, url_prefix="/staff/groups")


@staff_bp.get("/sessions/<uuid:session_id>/scale")
@staff("coach", "lead")
def show_answers(session_id: uuid.UUID) -> ResponseReturnValue:
    """How many have answered after each session, and what they said together."""
    return render_template(
        "staff/group_scale.html", shown=scale_page(session(), viewer(), session_id, now()), words=words
    )
