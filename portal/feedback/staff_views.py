"""What a participant has answered, for the staff who may read it."""

import uuid

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.clock import now
from portal.db import session
from portal.feedback import queries
from portal.identity import scope
from portal.identity.people import person_queries as people
from portal.web.access import staff, viewer

staff_bp = Blueprint("feedback_staff", __name__, url_prefix="/staff")


@staff_bp.get("/people/<uuid:person_id>/answers")
@staff("coach", "lead")
def show_answers(person_id: uuid.UUID) -> ResponseReturnValue:
    """Each series with its curve, each line of each time, and what is begun but not sent."""
    person = scope.participant(session(), viewer(), person_id, what="answers")
    today = now().astimezone(viewer().zone).date()
    return render_template(
        "feedback/staff_answers.html",
        person=people.head(session(), viewer(), person, today),
        all_series=queries.series(session(), viewer(), person),
        unsent=queries.unsent(session(), viewer(), person),
    )
