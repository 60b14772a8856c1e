"""One person's enrolment: facts, pauses and extensions, closure and its undoing, another coach."""

import secrets
import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.clock import now
from portal.db import session
from portal.identity.models import Person
from portal.identity.people import (
    course_service,
    person_queries,
    queries,
    reach_queries,
    rules,
    service,
    words,
)
from portal.identity.people.forms import EmptyForm, FactsForm, PeriodForm, blame
from portal.identity.people.service import Facts
from portal.identity.service import hold_enrolment
from portal.web.access import staff, viewer

bp = Blueprint("enrolment", __name__)
PATH = "/people/<uuid:person_id>/enrolment"
PERIOD_PATH = f"{PATH}/periods/<uuid:period_id>"


def _person(person_id: uuid.UUID, what: str = "enrolment") -> Person:
    return person_queries.enrolled(session(), viewer(), person_id, what=what)


def _page(template: str, person: Person, code: int = 200, **values: object) -> ResponseReturnValue:
    today = reach_queries.today_of(viewer(), now())
    about = person_queries.head(session(), viewer(), person, today)
    back = url_for("people.enrolment.show_enrolment", person_id=person.id)
    return render_template(f"people/{template}.html", person=about, back=back, **values), code


def _done(person: Person, text: str) -> ResponseReturnValue:
    flash(text)
    return redirect(url_for("people.enrolment.show_enrolment", person_id=person.id), 303)


@bp.get(PATH)
@staff("coach", "lead", "admin")
def show_enrolment(person_id: uuid.UUID) -> ResponseReturnValue:
    """The enrolment as it stands, with what the viewer may do about it."""
    person = _person(person_id)
    enrolment = person_queries.current(session(), person.id)
    staff_ids = {enrolment.coach_id} if enrolment.coach_id else set()
    return _page(
        "enrolment",
        person,
        facts=service.facts_of(person, enrolment),
        enrolment=enrolment,
        place=person_queries.place_of(session(), enrolment),
        coach=next(iter(queries.staff_names(session(), viewer(), staff_ids).values()), ""),
        periods=person_queries.periods(session(), enrolment.id),
        earlier=person_queries.earlier(session(), person.id),
        labels=person_queries.word_labels(session(), viewer()),
        words=words,
        may={act: rules.may(viewer().roles, act) for act in rules.ACTS},
        form=EmptyForm(),
    )


@bp.get(f"{PATH}/facts")
@staff("coach", "lead", "admin")
def edit_facts(person_id: uuid.UUID) -> ResponseReturnValue:
    """The facts in a form."""
    person = _person(person_id)
    facts = service.facts_of(person, person_queries.current(session(), person.id))
    return _page("facts", person, form=_shown(facts))


def _shown(facts: Facts) -> FactsForm:
    form = FactsForm(formdata=None)
    form.offer(person_queries.options(session(), viewer()), facts)
    form.show(facts, service.seen(facts))
    return form


@bp.post(f"{PATH}/facts")
@staff("coach", "lead", "admin")
def change_facts(person_id: uuid.UUID) -> ResponseReturnValue:
    """Change the facts."""
    person = _person(person_id)
    stored = service.facts_of(person, person_queries.current(session(), person.id))
    form = FactsForm()
    form.offer(person_queries.options(session(), viewer()), stored)
    if form.validate():
        try:
            seen = form.seen.data or ""
            service.change_facts(session(), viewer(), person, form.facts(), seen_before=seen, now=now())
        except service.WrongDays as wrong:
            form.blame(wrong.problems)
        except service.ChangedMeanwhile as changed:
            form.seen.data = service.seen(changed.facts)
            form.tell_others(_shown(changed.facts))
        else:
            return _done(person, _("Uppgifterna är sparade."))
    return _page("facts", person, 422, form=form)


@bp.get(f"{PATH}/<any(pause,extension):kind>")
@staff("coach", "lead", "admin")
def new_period(person_id: uuid.UUID, kind: str) -> ResponseReturnValue:
    """An empty form for a pause or an extension."""
    form = PeriodForm(ticket=secrets.token_hex(16))
    form.starts_on.data = reach_queries.today_of(viewer(), now())
    return _page("period", _person(person_id), form=form, kind=kind, period=None)


@bp.post(f"{PATH}/<any(pause,extension):kind>")
@staff("coach", "lead", "admin")
def add_period(person_id: uuid.UUID, kind: str) -> ResponseReturnValue:
    """Add a pause or an extension."""
    person, form = _person(person_id), PeriodForm()
    if form.validate():
        ticket = form.ticket.data or ""
        try:
            course_service.add_period(
                session(), viewer(), person, form.period(kind), ticket=ticket, now=now()
            )
        except service.WrongDays as wrong:
            blame(form, wrong.problems)
        except service.NotOpen:
            form.form_errors = [_("Inskrivningen är avslutad. Öppna den igen först.")]
        else:
            return _done(person, _("Pausen är sparad.") if kind == "pause" else _("Förlängningen är sparad."))
    return _page("period", person, 422, form=form, kind=kind, period=None)


@bp.get(PERIOD_PATH)
@staff("coach", "lead", "admin")
def edit_period(person_id: uuid.UUID, period_id: uuid.UUID) -> ResponseReturnValue:
    """A pause or an extension in its form."""
    person = _person(person_id)
    current = person_queries.current(session(), person.id)
    period = person_queries.period(session(), current.id, period_id)
    return _page("period", person, form=PeriodForm.of(period), kind=period.kind, period=period)


@bp.post(PERIOD_PATH)
@staff("coach", "lead", "admin")
def change_period(person_id: uuid.UUID, period_id: uuid.UUID) -> ResponseReturnValue:
    """Change the days or the reason."""
    person, form = _person(person_id), PeriodForm()
    current = hold_enrolment(session(), person.id)
    period = person_queries.period(session(), current.id, period_id)
    if form.validate() and not form.overtaken(PeriodForm.of(period)):
        try:
            course_service.change_period(
                session(), viewer(), person, period_id, form.period(period.kind), now=now()
            )
        except service.WrongDays as wrong:
            blame(form, wrong.problems)
        else:
            return _done(person, _("Dagarna är sparade."))
    return _page("period", person, 422, form=form, kind=period.kind, period=period)


@bp.post(f"{PERIOD_PATH}/remove")
@staff("coach", "lead", "admin")
def remove_period(person_id: uuid.UUID, period_id: uuid.UUID) -> ResponseReturnValue:
    """Take a pause or an extension away."""
    person = _person(person_id)
    course_service.remove_period(session(), viewer(), person, period_id)
    return _done(person, _("Borttagen."))
