"""How a participant's plan looked before, for the coach."""

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal import clock
from portal.db import session
from portal.identity.people.head_queries import headed
from portal.plan import version_queries
from portal.plan.version_views import read_day
from portal.plan.version_words import SayPast
from portal.web.access import staff, viewer

bp = Blueprint("versions", __name__)


@bp.get("/changes/<day>")
@staff("coach", "lead")
def show_version(person_id: UUID, day: str) -> ResponseReturnValue:
    """The plan as it was when that day ended."""
    on = read_day(day, clock.now().astimezone(viewer().zone).date())
    past = version_queries.persons_past(session(), viewer(), person_id, on, clock.now())
    return render_template(
        "plan/staff_version.html",
        past=past,
        person=headed(session(), viewer(), person_id, clock.now(), what="plan"),
        person_id=person_id,
        day=on,
        say=SayPast(past, own=False),
    )
