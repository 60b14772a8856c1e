"""Following up somebody who has left: what they said to that, and what they tell."""

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.clock import now
from portal.db import session
from portal.followup import queries, service, words
from portal.followup.forms import ConsentForm, RecordForm
from portal.followup.queries import Course, Step
from portal.identity.models import Person
from portal.identity.people import person_queries, reach_queries
from portal.identity.scope import participant
from portal.web.access import staff, viewer

staff_bp = Blueprint("followup_staff", __name__, url_prefix="/staff/people/<uuid:person_id>/follow-up")
DESK = ("coach", "lead")


def _found(person_id: uuid.UUID) -> tuple[Person, Course]:
    person = participant(session(), viewer(), person_id, what="follow_up")
    return person, queries.course(session(), viewer(), person, now())


def _page(template: str, person: Person, code: int = 200, **shown: object) -> ResponseReturnValue:
    head = person_queries.head(
        session(), viewer(), person, reach_queries.today_of(viewer(), now()), content=True
    )
    return render_template(f"followup/{template}.html", person=head, words=words, **shown), code


def _back(person_id: uuid.UUID) -> ResponseReturnValue:
    return redirect(url_for("followup_staff.show_follow_ups", person_id=person_id), 303)


def _overview(person: Person, course: Course, form: ConsentForm, code: int = 200) -> ResponseReturnValue:
    outcomes = person_queries.word_labels(session(), viewer())["outcome"]
    return _page("staff_follow_ups", person, code, course=course, form=form, outcomes=outcomes)


@staff_bp.get("")
@staff(*DESK)
def show_follow_ups(person_id: uuid.UUID) -> ResponseReturnValue:
    """What the person said to being asked, when that is, and what is recorded."""
    person, course = _found(person_id)
    return _overview(person, course, ConsentForm(formdata=None, data={"said": course.said}))


@staff_bp.post("")
@staff(*DESK)
def note_consent(person_id: uuid.UUID) -> ResponseReturnValue:
    """Note what the person says now; their own no stands."""
    person, course = _found(person_id)
    form = ConsentForm()
    if not form.validate():
        return _overview(person, course, form, 422)
    if service.note_consent(session(), viewer(), person, yes=form.said.data == "yes", now=now()):
        flash(_("Sparat."))
    else:
        flash(_("Personen har sagt nej för gott. Det står kvar."), "sun")
    return _back(person_id)


def _step(course: Course, months: int) -> Step | None:
    return next((step for step in course.steps if step.months == months and step.open), None)


def _not_now(person_id: uuid.UUID) -> ResponseReturnValue:
    flash(_("Det går inte att skriva in något om den gången."), "sun")
    return _back(person_id)


def _occupations(course: Course) -> list[tuple[str, str]]:
    options = person_queries.options(session(), viewer())
    return list(options.used("outcome", str(course.enrolment.programme_id)))


def _record_page(person: Person, step: Step, form: RecordForm, code: int = 200) -> ResponseReturnValue:
    back = url_for("followup_staff.show_follow_ups", person_id=person.id)
    return _page("staff_record", person, code, step=step, form=form, back=back)


@staff_bp.get("/<int:months>")
@staff(*DESK)
def ask_record(person_id: uuid.UUID, months: int) -> ResponseReturnValue:
    """What does the person do now, and how are they?"""
    person, course = _found(person_id)
    step = _step(course, months)
    if step is None:
        return _not_now(person_id)
    return _record_page(person, step, RecordForm.of(step.done, _occupations(course)))


@staff_bp.post("/<int:months>")
@staff(*DESK)
def record(person_id: uuid.UUID, months: int) -> ResponseReturnValue:
    """Write it down."""
    person, course = _found(person_id)
    step, form = _step(course, months), RecordForm.among(_occupations(course))
    if step is None:
        return _not_now(person_id)
    if not form.validate():
        return _record_page(person, step, form, 422)
    service.record(session(), viewer(), person, months, form.told(), now())
    flash(_("Sparat."))
    return _back(person_id)
