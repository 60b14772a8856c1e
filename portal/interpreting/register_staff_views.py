"""The house's interpreters: who they are, what they speak, and when somebody interprets no longer."""

import uuid

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import clock
from portal.db import session
from portal.interpreting import order_queries, register_queries, register_service
from portal.interpreting.order_forms import InterpreterFactsForm
from portal.interpreting.order_words import GENDER, WAY
from portal.web.access import staff, viewer

staff_bp = Blueprint("interpreters_staff", __name__, url_prefix="/staff/interpreters")


@staff_bp.get("")
@staff("admin")
def show_interpreters() -> ResponseReturnValue:
    """Everybody who interprets, with what they speak."""
    known = order_queries.register(session(), viewer())
    return render_template("interpreting/interpreters.html", known=known, genders=GENDER, ways=WAY)


@staff_bp.get("/new")
@staff("admin")
def ask_new() -> ResponseReturnValue:
    """A form for one more."""
    form = InterpreterFactsForm(formdata=None, data={"on_site": True, "by_phone": True, "gender": ""})
    return _new_page(form)


def _new_page(form: InterpreterFactsForm) -> str:
    form.offer(register_queries.staff_to_add(session(), viewer()))
    return render_template("interpreting/interpreter.html", form=form, known=None, back="/staff/interpreters")


@staff_bp.post("/new")
@staff("admin")
def add() -> ResponseReturnValue:
    """One more interpreter, of staff or from outside."""
    form = InterpreterFactsForm()
    form.offer(register_queries.staff_to_add(session(), viewer()))
    facts = form.facts(of_staff=bool(form.person.data))
    if facts is None:
        return _new_page(form), 422
    try:
        register_service.add(session(), viewer(), facts, clock.now(), person_id=form.person_id)
    except (register_service.KnownAlready, register_service.NoStaff):
        form.person.errors = [_("Den här personen går inte att lägga till. Ladda sidan igen.")]
        return _new_page(form), 422
    flash(_("Tolken finns på listan."))
    return _to_list()


@staff_bp.get("/<uuid:interpreter_id>")
@staff("admin")
def show(interpreter_id: uuid.UUID) -> ResponseReturnValue:
    """What is known of one interpreter, to be changed."""
    row = register_service.one(session(), viewer(), interpreter_id)
    form = InterpreterFactsForm(formdata=None)
    form.show(row, register_queries.languages_of(session(), row.id))
    return _one_page(form, interpreter_id)


def _one_page(form: InterpreterFactsForm, interpreter_id: uuid.UUID) -> str:
    form.offer(())
    now = clock.now()
    return render_template(
        "interpreting/interpreter.html",
        form=form,
        known=order_queries.named(session(), (interpreter_id,))[interpreter_id],
        ahead=order_queries.assigned_count(session(), interpreter_id, now),
        back="/staff/interpreters",
    )


@staff_bp.post("/<uuid:interpreter_id>")
@staff("admin")
def change(interpreter_id: uuid.UUID) -> ResponseReturnValue:
    """Save what is known."""
    row = register_service.one(session(), viewer(), interpreter_id)
    form = InterpreterFactsForm()
    form.offer(())
    facts = form.facts(of_staff=row.person_id is not None)
    if facts is None:
        return _one_page(form, interpreter_id), 422
    register_service.change(session(), viewer(), interpreter_id, facts)
    flash(_("Sparat."))
    return _to_list()


@staff_bp.post("/<uuid:interpreter_id>/close")
@staff("admin")
def close(interpreter_id: uuid.UUID) -> ResponseReturnValue:
    """They are asked no more."""
    register_service.close(session(), viewer(), interpreter_id, clock.now(), closed=True)
    flash(_("Tolken går inte att välja längre. Bokade möten står kvar."))
    return _to_list()


@staff_bp.post("/<uuid:interpreter_id>/open")
@staff("admin")
def reopen(interpreter_id: uuid.UUID) -> ResponseReturnValue:
    """They can be chosen again."""
    register_service.close(session(), viewer(), interpreter_id, clock.now(), closed=False)
    flash(_("Tolken går att välja igen."))
    return _to_list()


def _to_list() -> ResponseReturnValue:
    return redirect("/staff/interpreters", 303)
