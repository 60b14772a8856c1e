"""A licensed scale from paper: four numbers, typed on a phone in ten seconds."""

import uuid
from datetime import date, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.clock import now
from portal.db import session
from portal.feedback import queries, record_service
from portal.feedback.forms import PaperForm
from portal.feedback.record_service import AlreadyThere, AnotherFirst, Paper
from portal.feedback.trail_queries import worded
from portal.identity import scope
from portal.identity.models import Person
from portal.identity.people import person_queries as people
from portal.staff import record_queries
from portal.web.access import staff, viewer
from portal.web.formats import day_words, local

staff_bp = Blueprint("record", __name__, url_prefix="/staff/people/<uuid:person_id>/record")


@staff_bp.get("/<any(ors,srs,gsrs):scale>")
@staff("coach", "lead")
def ask_numbers(person_id: uuid.UUID, scale: str) -> ResponseReturnValue:
    """Four boxes, with the likely day filled in; the answers where the meeting has them already."""
    person = scope.participant(session(), viewer(), person_id, what="answers")
    meeting = request.args.get("meeting", type=uuid.UUID)
    if meeting and queries.answered_about(session(), viewer().about(person.id), [scale], [meeting]):
        flash(_already_there(scale), "sun")
        return redirect(url_for("feedback_staff.show_answers", person_id=person.id), 303)
    form = PaperForm(formdata=None)
    form.day.data = record_queries.likely_day(session(), viewer(), person, scale, meeting, now())
    form.key.data, form.meeting.data = str(uuid.uuid4()), str(meeting or "")
    return _page(person, scale, form)


@staff_bp.post("/<any(ors,srs,gsrs):scale>")
@staff("coach", "lead")
def record_numbers(person_id: uuid.UUID, scale: str) -> ResponseReturnValue:
    """Keep the numbers, and show their total."""
    person, form = scope.participant(session(), viewer(), person_id, what="answers"), PaperForm()
    if not form.validate() or form.day.data is None or not _is_possible(form, form.day.data, person):
        return _page(person, scale, form, 422)
    try:
        kept = record_service.record(session(), viewer(), _paper(person, scale, form, form.day.data), now())
    except AlreadyThere as there:
        form.form_errors = [_already_there(scale)]
        return _page(person, scale, form, 422, there=there.check_in_id)
    except AnotherFirst as moved:
        form.first.errors = [_before_first(scale, moved.was)]
        return _page(person, scale, form, 422)
    return redirect(url_for("feedback_staff.show_typed", person_id=person.id, check_in_id=kept), 303)


def _already_there(scale: str) -> str:
    return _("%(scale)s finns redan för det mötet. Inget är ändrat.", scale=scale.upper())


def _before_first(scale: str, at: datetime) -> str:
    return _(
        "Den första %(scale)s är från %(day)s. Ett äldre papper blir den nya första, och all "
        "förändring räknas från den. Kontrollera dagen, eller kryssa i rutan om det är rätt.",
        scale=scale.upper(),
        day=day_words(at),
    )


def _is_possible(form: PaperForm, day: date, person: Person) -> bool:
    """Whether a form can be from that day; says beside it when not. A wrong year would be a new baseline."""
    first = record_queries.first_day(session(), person)
    if day > local(now()).date():
        form.day.errors = [_("Den dagen har inte varit än.")]
    elif first and day < first:
        came = day_words(first)
        form.day.errors = [
            _("Det är före %(day)s, då deltagaren ansökte eller började. Kontrollera året.", day=came)
        ]
    return not form.day.errors


def _paper(person: Person, scale: str, form: PaperForm, day: date) -> Paper:
    key, meeting_id = form.ids()
    sheet = record_queries.sheet_on(session(), viewer(), person, day, scale, meeting_id=meeting_id, now=now())
    reference = sheet.reference or key
    return Paper(person.id, scale, form.numbers(), reference, sheet.at, becomes_first=bool(form.first.data))


def _page(
    person: Person, scale: str, form: PaperForm, code: int = 200, there: uuid.UUID | None = None
) -> ResponseReturnValue:
    today = local(now()).date()
    page = render_template(
        "staff/record.html",
        person=people.head(session(), viewer(), person, today),
        scale=worded(session(), scale, today),
        form=form,
        there=there,
    )
    return page, code
