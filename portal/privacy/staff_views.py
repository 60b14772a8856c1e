"""Everything about one participant, for staff who look through it before they hand it over (S47)."""

import uuid

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal import clock
from portal.db import session
from portal.identity.people.head_queries import headed
from portal.privacy import record_service
from portal.privacy.views import answer
from portal.web.access import staff, viewer

staff_bp = Blueprint("privacy_staff", __name__, url_prefix="/staff/people/<uuid:person_id>/record")


@staff_bp.get("")
@staff("coach", "lead")
def ask_record(person_id: uuid.UUID) -> ResponseReturnValue:
    """What is in it, and what to look through first."""
    person = headed(session(), viewer(), person_id, clock.now(), what="person")
    return render_template("privacy/staff_record.html", person=person)


@staff_bp.post("")
@staff("coach", "lead")
def take_record(person_id: uuid.UUID) -> ResponseReturnValue:
    """The file."""
    return answer(record_service.record_of(session(), viewer(), person_id))
