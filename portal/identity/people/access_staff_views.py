"""Whether one person gets in: another number, disabling, protected identity. For admins (S18, S35, S37)."""

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.clock import now
from portal.db import session
from portal.identity.models import Person
from portal.identity.people import (
    access_queries,
    access_service,
    person_queries,
    reach_queries,
    service,
    words,
)
from portal.identity.people.forms import HandlersForm, NumberForm, read_phone
from portal.organisation import queries as organisations
from portal.web.access import staff, viewer

bp = Blueprint("access", __name__)
PATH = "/people/<uuid:person_id>"


def _person(person_id: uuid.UUID, what: str) -> Person:
    return person_queries.enrolled(session(), viewer(), person_id, what=what)


def page(template: str, person: Person, code: int = 200, **values: object) -> ResponseReturnValue:
    """A page about this person with their head on it."""
    head = person_queries.head(session(), viewer(), person, reach_queries.today_of(viewer(), now()))
    back = url_for("people.enrolment.show_enrolment", person_id=person.id)
    return render_template(f"people/{template}.html", person=head, back=back, **values), code


@bp.get(f"{PATH}/number")
@staff("admin")
def ask_number(person_id: uuid.UUID) -> ResponseReturnValue:
    """Which number, and how do we know?"""
    return page("number", _person(person_id, "number"), form=NumberForm())


@bp.post(f"{PATH}/number")
@staff("admin")
def change_number(person_id: uuid.UUID) -> ResponseReturnValue:
    """Change the number; the old one is not written to."""
    person = _person(person_id, "number")
    form = NumberForm()
    sound = form.validate()
    organisation = organisations.organisation(session(), viewer().organisation_id)
    phone = read_phone(form.phone, foreign=organisation.rules.foreign_numbers)
    if sound and phone:
        try:
            changed = access_service.change_number(
                session(), viewer(), person, phone, confirmed=form.confirmed.data, now=now()
            )
        except service.NumberInUse:
            form.phone.errors = [_("Numret används redan av någon annan. Två personer kan inte dela nummer.")]
        else:
            flash(
                _("Numret är bytt. Personen loggar in med det nya.") if changed else _("Numret är bekräftat.")
            )
            return redirect(url_for("people.enrolment.show_enrolment", person_id=person.id), 303)
    return page("number", person, 422, form=form)


@bp.get(f"{PATH}/access")
@staff("admin")
def show_access(person_id: uuid.UUID) -> ResponseReturnValue:
    """Whether the person gets in, and the two ways to change that."""
    return _access_page(_person(person_id, "access"), _handlers_form())


def _access_page(person: Person, form: HandlersForm, code: int = 200) -> ResponseReturnValue:
    return page(
        "access",
        person,
        code,
        form=form,
        number=access_queries.number_confirmed(session(), viewer(), person),
        pin=access_queries.pin_confirmed(session(), viewer(), person),
        how=words.CONFIRMED_SHORT,
    )


@bp.post(f"{PATH}/disable")
@staff("admin")
def disable(person_id: uuid.UUID) -> ResponseReturnValue:
    """Shut the person out at once."""
    person = _person(person_id, "access")
    access_service.disable(session(), viewer(), person, now=now())
    flash(_("Personen är avstängd och utloggad. Inga meddelanden skickas."))
    return redirect(url_for("people.access.show_access", person_id=person.id), 303)


@bp.post(f"{PATH}/enable")
@staff("admin")
def enable(person_id: uuid.UUID) -> ResponseReturnValue:
    """Let the person in again."""
    person = _person(person_id, "access")
    try:
        access_service.enable(session(), viewer(), person)
    except service.NumberInUse:
        form = _handlers_form()
        form.form_errors = [_("Någon annan har numret nu. Byt personens nummer först.")]
        return _access_page(person, form, 422)
    flash(_("Personen kan logga in igen."))
    return redirect(url_for("people.access.show_access", person_id=person.id), 303)


@bp.post(f"{PATH}/protect")
@staff("admin")
def protect(person_id: uuid.UUID) -> ResponseReturnValue:
    """Protect the person's identity; only the chosen handlers find them afterwards."""
    person = _person(person_id, "access")
    form = _handlers_form()
    if form.validate():
        try:
            access_service.protect(session(), viewer(), person, form.chosen(), now=now())
        except access_service.NoHandler:
            form.handlers.errors = [_("Välj minst en handläggare.")]
        else:
            flash(_("Uppgifterna är skyddade. Bara handläggarna hittar personen nu."))
            return redirect(url_for("people.list_people"), 303)
    return _access_page(person, form, 422)


def _handlers_form() -> HandlersForm:
    form = HandlersForm()
    form.handlers.choices = list(person_queries.possible_handlers(session(), viewer()))
    return form
