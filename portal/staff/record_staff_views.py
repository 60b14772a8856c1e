"""ORS and SRS from paper: four numbers, typed on a phone in ten seconds."""

import uuid
from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.clock import now
from portal.db import session
from portal.feedback import record_service
from portal.feedback.forms import PaperForm
from portal.feedback.record_service import AlreadyThere, Paper
from portal.feedback.trail_queries import worded
from portal.identity import scope
from portal.identity.models import Person
from portal.identity.people import person_queries as people
from portal.staff import record_queries
from portal.web.access import staff, viewer
from portal.web.formats import local

staff_bp = Blueprint("record", __name__, url_prefix="/staff/people/<uuid:person_id>/record")


@staff_bp.get("/<any(ors,srs):scale>")
@staff("coach", "lead")
def ask_numbers(person_id: uuid.UUID, scale: str) -> ResponseReturnValue:
    """Four boxes, with the likely day filled in."""
    person = scope.participant(session(), viewer(), person_id, what="answers")
    meeting = request.args.get("meeting", type=uuid.UUID)
    form = PaperForm(formdata=None)
    form.day.data = record_queries.likely_day(session(), viewer(), person, meeting, now())
    form.key.data, form.meeting.data = str(uuid.uuid4()), str(meeting or "")
    return _page(person, scale, form)


@staff_bp.post("/<any(ors,srs):scale>")
@staff("coach", "lead")
def record_numbers(person_id: uuid.UUID, scale: str) -> ResponseReturnValue:
    """Keep the numbers, and show their total."""
    person, form = scope.participant(session(), viewer(), person_id, what="answers"), PaperForm()
    if not form.validate() or form.day.data is None:
        return _page(person, scale, form, 422)
    if form.day.data > local(now()).date():
        form.day.errors = [_("Den dagen har inte varit än.")]
        return _page(person, scale, form, 422)
    try:
        kept = record_service.record(session(), viewer(), _paper(person, scale, form, form.day.data), now())
    except AlreadyThere as there:
        form.form_errors = [_("%(scale)s finns redan för det mötet. Inget är ändrat.", scale=scale.upper())]
        return _page(person, scale, form, 422, there=there.check_in_id)
    return redirect(url_for("feedback_staff.show_typed", person_id=person.id, check_in_id=kept), 303)


def _paper(person: Person, scale: str, form: PaperForm, day: date) -> Paper:
    key, meeting_id = form.ids()
    when = worded(session(), scale).when
    sheet = record_queries.sheet_on(session(), viewer(), person, day, when, meeting_id=meeting_id, now=now())
    return Paper(person.id, scale, form.numbers(), sheet.reference or key, sheet.at)


def _page(
    person: Person, scale: str, form: PaperForm, code: int = 200, there: uuid.UUID | None = None
) -> ResponseReturnValue:
    found = worded(session(), scale)
    page = render_template(
        "staff/record.html",
        person=people.head(session(), viewer(), person, local(now()).date()),
        scale=found,
        form=form,
        there=there,
    )
    return page, code
