"""Ending a person's course, undoing that, and giving them another coach."""

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.booking import rules, words
from portal.booking.course_service import Collides, Undecided
from portal.clock import now
from portal.db import session
from portal.identity.models import Person
from portal.identity.people import course_service as enrolments
from portal.identity.people import person_queries, reach_queries
from portal.identity.people.forms import blame
from portal.identity.people.service import AlreadyOpen, CoachNotInTeam, NotOpen, WrongDays
from portal.staff import course_queries, course_service
from portal.staff.course_forms import ClosingForm, HandoverForm, read_decisions
from portal.staff.course_queries import HandingOver
from portal.web.access import staff, viewer
from portal.web.forms import CHOOSE

staff_bp = Blueprint("course", __name__, url_prefix="/staff")
PATH = "/people/<uuid:person_id>/enrolment"


def _person(person_id: uuid.UUID) -> Person:
    return person_queries.enrolled(session(), viewer(), person_id, what="enrolment")


def _to_enrolment(person: Person, text: str) -> ResponseReturnValue:
    flash(text)
    return redirect(url_for("people.enrolment.show_enrolment", person_id=person.id), 303)


def _close_page(person: Person, form: ClosingForm) -> str:
    page = course_queries.ending(session(), viewer(), person, now())
    back = url_for("people.enrolment.show_enrolment", person_id=person.id)
    return render_template(
        "staff/close.html", person=page.person, page=page, form=form, back=back, words=words
    )


def _close_form(person: Person) -> ClosingForm:
    form = ClosingForm()
    if not course_queries.may_be_asked(session(), viewer(), person):
        del form.follow_up
    options = person_queries.options(session(), viewer())
    programme = str(person_queries.current(session(), person.id).programme_id)
    form.outcome.choices = [("", _("Välj …")), *options.used("outcome", programme)]
    form.income.choices = [("", _("Inte ifyllt")), *options.used("income", programme)]
    return form


@staff_bp.get(f"{PATH}/close")
@staff("coach", "lead", "admin")
def ask_close(person_id: uuid.UUID) -> ResponseReturnValue:
    """How does it end, and what is cancelled with it?"""
    person = _person(person_id)
    form = _close_form(person)
    form.closed_on.data = reach_queries.today_of(viewer(), now())
    return _close_page(person, form)


@staff_bp.post(f"{PATH}/close")
@staff("coach", "lead", "admin")
def close(person_id: uuid.UUID) -> ResponseReturnValue:
    """Close the enrolment; a second tap finds it closed, and says the same."""
    person = _person(person_id)
    form = _close_form(person)
    if form.validate():
        try:
            agreed = bool(form.follow_up.data) if "follow_up" in form else None
            cancelled = course_service.close(
                session(), viewer(), person, form.closure(), follow_up=agreed, now=now()
            )
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


@staff_bp.get("/people/<uuid:person_id>/handover")
@staff("lead", "admin")
def ask_handover(person_id: uuid.UUID) -> ResponseReturnValue:
    """To whom? With `coach` in the address: what becomes of each coming meeting?"""
    person = _person(person_id)
    form = _handover_form(person)
    form.coach.data = request.args.get("coach", "")
    page = _handing_over(person, form) if form.coach.data in _offered(form) else None
    if "coach" in request.args and page is None:
        form.coach.errors = [CHOOSE]
    return _handover_page(person, form, page, page.usual if page else {})


@staff_bp.post("/people/<uuid:person_id>/handover")
@staff("lead", "admin")
def hand_over(person_id: uuid.UUID) -> ResponseReturnValue:
    """Give the person another coach, once every coming meeting has its answer."""
    person = _person(person_id)
    form = _handover_form(person)
    if not form.validate():
        return _handover_page(person, form, None, {}), 422
    page = _handing_over(person, form)
    # Who may not read content decides nothing about a meeting: what is usual happens to it.
    decided = read_decisions(request.form, page.obstacles) if page.person.content else page.usual
    try:
        course_service.hand_over(session(), viewer(), person, form.chosen(), decided, now=now())
    except NotOpen:
        form.form_errors = [_("Inskrivningen är avslutad. Öppna den igen först.")]
    except CoachNotInTeam:
        form.coach.errors = [_("Välj något i listan.")]
    except Undecided:
        form.form_errors = [_("Välj vad som ska hända med varje möte.")]
    except Collides:
        form.form_errors = [_("Den nya coachen är upptagen vid ett av mötena. Välj något annat för det.")]
    else:
        return _to_enrolment(person, _("Personen har en ny coach. Det står på personens första sida."))
    return _handover_page(person, form, page, decided), 422


def _handing_over(person: Person, form: HandoverForm) -> HandingOver:
    coach_id, _team = form.chosen()
    return course_queries.handing_over(session(), viewer(), person, coach_id, now())


def _handover_form(person: Person) -> HandoverForm:
    leads = person_queries.in_team_of(session(), viewer(), person.id, "lead")
    if "admin" not in viewer().roles and not leads:
        abort(404)
    form = HandoverForm()
    form.coach.choices = [("", _("Välj …"))] + [
        (f"{one.person_id} {one.team_id}", f"{one.name}, {one.team}")
        for one in course_queries.successors(session(), viewer(), person)
    ]
    return form


def _offered(form: HandoverForm) -> dict[str, str]:
    """The names of those who can be chosen, by their value."""
    return {str(one[0]): str(one[1]) for one in form.coach.choices or () if one[0]}


def _handover_page(
    person: Person, form: HandoverForm, page: HandingOver | None, decided: dict[uuid.UUID, str]
) -> str:
    shown = page or course_queries.handing_over(session(), viewer(), person, None, now())
    return render_template(
        "staff/handover.html" if page else "staff/handover_to.html",
        person=shown.person,
        page=shown,
        form=form,
        decided=decided,
        rules=rules,
        words=words,
        back=url_for("people.enrolment.show_enrolment", person_id=person.id),
        start=url_for("course.ask_handover", person_id=person.id),
        to=_offered(form).get(form.coach.data, ""),
    )
