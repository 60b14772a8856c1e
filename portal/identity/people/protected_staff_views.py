"""People with protected identity, on a page of their own, for their named handlers alone (S37)."""

import uuid

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from portal.clock import now
from portal.db import session
from portal.identity.models import Person
from portal.identity.people import access_service, person_queries, reach_queries
from portal.identity.people.forms import EmptyForm, HandlersForm
from portal.identity.service import lock_people
from portal.web.access import staff, viewer

bp = Blueprint("protected", __name__, url_prefix="/protected")


@bp.get("")
@staff("coach", "lead", "admin")
def list_protected() -> ResponseReturnValue:
    """The people whom the viewer handles, and who of them waits for an answer.

    For everybody else the page does not exist.
    """
    people = person_queries.protected_people(session(), viewer())
    if not people:
        raise NotFound
    waiting = current_app.extensions["protected_waiting"](session(), viewer())
    return render_template("people/protected.html", people=people, waiting=waiting)


@bp.get("/<uuid:person_id>")
@staff("coach", "lead", "admin")
def show_protected(person_id: uuid.UUID) -> ResponseReturnValue:
    """Who handles this person."""
    person = person_queries.handled(session(), viewer(), person_id, what="protected")
    return _page(person_id, _shown(person))


def _shown(person: Person) -> HandlersForm:
    form = _form(HandlersForm(formdata=None))
    form.handlers.data = [str(one) for one in person_queries.handlers_of(session(), person.id)]
    form.mark()
    return form


@bp.post("/<uuid:person_id>")
@staff("coach", "lead", "admin")
def set_handlers(person_id: uuid.UUID) -> ResponseReturnValue:
    """Name the handlers; whoever takes themselves away does not come back."""
    person = person_queries.handled(session(), viewer(), person_id, what="protected")
    form = _form(HandlersForm())
    sound = form.validate()
    lock_people(session(), {person.id, *(form.chosen() if sound else ())})
    if sound and not form.overtaken(_shown(person)):
        try:
            access_service.set_handlers(session(), viewer(), person, form.chosen())
        except access_service.NoHandler:
            form.handlers.errors = [_("Välj minst en handläggare.")]
        else:
            flash(_("Handläggarna är sparade."))
            return redirect(url_for("people.list_people"), 303)
    return _page(person_id, form, 422)


@bp.post("/<uuid:person_id>/lift")
@staff("coach", "lead", "admin")
def lift(person_id: uuid.UUID) -> ResponseReturnValue:
    """End the protection."""
    person = person_queries.handled(session(), viewer(), person_id, what="protected")
    if access_service.lift_protection(session(), viewer(), person):
        flash(_("Skyddet är borttaget. Personen finns i listorna igen."))
    else:
        flash(_("Skyddet är borttaget. Numret används av en annan person, så det togs bort."), "sun")
    return redirect(url_for("people.list_people"), 303)


def _form(form: HandlersForm) -> HandlersForm:
    form.handlers.choices = list(person_queries.possible_handlers(session(), viewer()))
    return form


def _page(person_id: uuid.UUID, form: HandlersForm, code: int = 200) -> ResponseReturnValue:
    person = person_queries.handled(session(), viewer(), person_id, what="protected")
    head = person_queries.head(session(), viewer(), person, reach_queries.today_of(viewer(), now()))
    return render_template("people/handlers.html", person=head, form=form, empty=EmptyForm()), code
