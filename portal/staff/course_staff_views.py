"""Ending a person's course, and undoing that."""

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.booking import words
from portal.clock import now
from portal.db import session
from portal.identity.models import Person
from portal.identity.people import course_service as enrolments
from portal.identity.people import person_queries, reach_queries
from portal.identity.people.forms import CloseForm, blame
from portal.identity.people.service import AlreadyOpen, NotOpen, WrongDays
from portal.staff import course_queries, course_service
from portal.web.access import staff, viewer

staff_bp = Blueprint("course", __name__, url_prefix="/staff")
PATH = "/people/<uuid:person_id>/enrolment"


def _person(person_id: uuid.UUID) -> Person:
    return person_queries.enrolled(session(), viewer(), person_id, what="enrolment")


def _to_enrolment(person: Person, text: str) -> ResponseReturnValue:
    flash(text)
    return redirect(url_for("people.enrolment.show_enrolment", person_id=person.id), 303)


def _close_page(person: Person, form: CloseForm) -> str:
    page = course_queries.ending(session(), viewer(), person, now())
    back = url_for("people.enrolment.show_enrolment", person_id=person.id)
    return render_template(
        "staff/close.html", person=page.person, page=page, form=form, back=back, words=words
    )


def _close_form() -> CloseForm:
    form = CloseForm()
    lists = person_queries.options(session(), viewer()).lists
    form.outcome.choices = [("", _("Välj …")), *lists["outcome"]]
    form.income.choices = [("", _("Inte ifyllt")), *lists["income"]]
    return form


@staff_bp.get(f"{PATH}/close")
@staff("coach", "lead", "admin")
def ask_close(person_id: uuid.UUID) -> ResponseReturnValue:
    """How does it end, and what is cancelled with it?"""
    form = _close_form()
    form.closed_on.data = reach_queries.today_of(viewer(), now())
    return _close_page(_person(person_id), form)


@staff_bp.post(f"{PATH}/close")
@staff("coach", "lead", "admin")
def close(person_id: uuid.UUID) -> ResponseReturnValue:
    """Close the enrolment; a second tap finds it closed, and says the same."""
    person, form = _person(person_id), _close_form()
    if form.validate():
        try:
            cancelled = course_service.close(session(), viewer(), person, form.closure(), now=now())
        except WrongDays as wrong:
            blame(form, wrong.problems)
        except NotOpen:
            return _to_enrolment(person, _("Inskrivningen är avslutad."))
        else:
            return _to_enrolment(person, _closed(cancelled))
    return _close_page(person, form), 422


def _closed(cancelled: int) -> str:
    if not cancelled:
        return _("Inskrivningen är avslutad. Du kan öppna den igen om det blev fel.")
    return ngettext(
        "Inskrivningen är avslutad och %(num)d möte är avbokat.",
        "Inskrivningen är avslutad och %(num)d möten är avbokade.",
        cancelled,
    )


@staff_bp.post(f"{PATH}/reopen")
@staff("coach", "lead", "admin")
def reopen(person_id: uuid.UUID) -> ResponseReturnValue:
    """Undo the closure; a second tap finds it open, as does whoever comes after a new enrolment."""
    person = _person(person_id)
    try:
        enrolments.reopen(session(), viewer(), person)
    except AlreadyOpen:
        return _to_enrolment(person, _("Personen har en öppen inskrivning. Det är den som står här."))
    return _to_enrolment(
        person, _("Inskrivningen är öppen igen. Avbokade möten kommer inte tillbaka. Boka nya.")
    )
