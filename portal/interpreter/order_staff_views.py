"""What is ordered of interpreters: the list, the file and text for an agency, and one order."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import clock
from portal.availability.service import Taken
from portal.db import session
from portal.interpreter import letter_queries, letter_words, order_queries
from portal.interpreter.order_words import SENT_COLUMNS, lines_of, row_of, why_not
from portal.interpreting import assign_service, free_queries
from portal.interpreting import order_queries as orders
from portal.interpreting import order_words as words
from portal.interpreting.order_forms import AgencyForm, spoken_choices
from portal.interpreting.order_rules import OPEN, UNDO_FOR
from portal.journal import service as journal
from portal.notices import agency_service
from portal.web.access import staff, viewer
from portal.web.spoken import SPOKEN
from portal.web.tables import Table, download

staff_bp = Blueprint("orders_staff", __name__, url_prefix="/staff/interpreter-orders")
DESK = ("coach", "lead", "admin")
Act = Callable[..., object]


def _language() -> str:
    asked = request.args.get("language", "")
    return asked if asked in SPOKEN else ""


@staff_bp.get("")
@staff(*DESK)
def show_orders() -> ResponseReturnValue:
    """Every open order, the next first: how it stands, what is missing, and how long there is."""
    state = request.args.get("state", "")
    state = state if state in OPEN else ""
    found = order_queries.listed(session(), viewer(), clock.now(), state=state, language=_language())
    letter = letter_queries.letter(session(), viewer(), clock.now())
    return render_template(
        "interpreter/orders.html",
        found=found,
        counts=letter_words.counts(letter) if agency_service.leaves() else "",
        mail=letter_words,
        state=state,
        language=_language(),
        languages=spoken_choices(),
        states=OPEN,
        words=words,
    )


@staff_bp.get("/<any(csv,xlsx):kind>")
@staff(*DESK)
def take_out(kind: str) -> Response:
    """What an agency is to be asked for, as a file without anybody's name; it is noted (S27, S42)."""
    found = order_queries.to_order(session(), viewer(), clock.now(), language=_language())
    for one in found:
        journal.note(
            session(),
            viewer(),
            action="export",
            kind=orders.KIND,
            subject=one.person_id,
            object_id=one.meeting_id,
        )
    table = Table(_("Tolkar"), [str(word) for word in SENT_COLUMNS], [row_of(one) for one in found])
    return download([table], "tolkar", kind)


@staff_bp.get("/text")
@staff(*DESK)
def show_text() -> ResponseReturnValue:
    """The same as a text to send to an agency."""
    found = order_queries.to_order(session(), viewer(), clock.now(), language=_language())
    return render_template("interpreter/order_text.html", text=lines_of(found), language=_language())


@staff_bp.get("/<uuid:order_id>")
@staff(*DESK)
def show(order_id: uuid.UUID) -> ResponseReturnValue:
    """One order: who could come, and what they say."""
    return _page(order_id)


def _page(order_id: uuid.UUID, form: AgencyForm | None = None, problem: str = "") -> str:
    asker, now = viewer(), clock.now()
    row = orders.order_for(session(), asker, order_id)
    order = order_queries.one(session(), asker, order_id, now)
    letters = letter_queries.fates(session(), [row.letter_id])
    return render_template(
        "interpreter/order.html",
        letters=letters,
        to_tell=order_queries.is_to_tell(order, letters),
        mail=letter_words,
        o=order,
        free=free_queries.candidates(session(), asker, row) if row.state == "asked" else (),
        form=form or AgencyForm.of(row),
        problem=problem,
        text=lines_of([order]),
        slip=row.assigned_at is not None and now <= row.assigned_at + UNDO_FOR,
        over=row.ends_at <= now,
        words=words,
    )


@staff_bp.post("/<uuid:order_id>/assign")
@staff(*DESK)
def assign(order_id: uuid.UUID) -> ResponseReturnValue:
    """One of those who are free is to come."""
    try:
        chosen = uuid.UUID(request.form.get("interpreter", ""))
    except ValueError:
        orders.order_for(session(), viewer(), order_id)
        return _page(order_id, problem=_("Välj en tolk.")), 422
    return _do(order_id, assign_service.assign, _("Tolken är vald. Säg till tolken."), chosen)


@staff_bp.post("/<uuid:order_id>/agency")
@staff(*DESK)
def assign_agency(order_id: uuid.UUID) -> ResponseReturnValue:
    """An agency sends somebody."""
    orders.order_for(session(), viewer(), order_id)
    form = AgencyForm()
    if not form.validate_on_submit():
        return _page(order_id, form), 422
    said = form.agency.data or "", form.reference.data or ""
    return _do(order_id, assign_service.assign_agency, _("Förmedlingen skickar en tolk."), *said)


@staff_bp.post("/<uuid:order_id>/confirm")
@staff(*DESK)
def confirm(order_id: uuid.UUID) -> ResponseReturnValue:
    """They have said yes."""
    return _do(order_id, assign_service.confirm, _("Klart: tolken kommer."))


@staff_bp.post("/<uuid:order_id>/unsay")
@staff(*DESK)
def unsay(order_id: uuid.UUID) -> ResponseReturnValue:
    """They have not said yes after all."""
    return _do(order_id, assign_service.unsay, _("Ångrat. Tolken har inte sagt ja."))


@staff_bp.post("/<uuid:order_id>/decline")
@staff(*DESK)
def decline(order_id: uuid.UUID) -> ResponseReturnValue:
    """They cannot come: another is asked for."""
    return _do(order_id, assign_service.decline, _("Noterat. Vi söker en annan tolk."))


@staff_bp.post("/<uuid:order_id>/let-go")
@staff(*DESK)
def let_go(order_id: uuid.UUID) -> ResponseReturnValue:
    """Another interpreter is wanted."""
    return _do(order_id, assign_service.let_go, _("Tolken är borttagen från mötet."))


@staff_bp.post("/<uuid:order_id>/name-again")
@staff(*DESK)
def name_again(order_id: uuid.UUID) -> ResponseReturnValue:
    """The agency knows nothing of it: the next e-mail names it again."""
    return _do(
        order_id,
        assign_service.name_again,
        _("Beställningen kommer med i nästa mejl. Du skickar det under Tolkar."),
    )


@staff_bp.post("/<uuid:order_id>/told")
@staff(*DESK)
def tell(order_id: uuid.UUID) -> ResponseReturnValue:
    """Whoever was to come knows that they are not; or not yet, after all."""
    told = request.form.get("told") != "no"
    return _do(order_id, assign_service.tell, _("Sparat."), told=told, to_list=True)


def _do(
    order_id: uuid.UUID, act: Act, said: str, *values: Any, to_list: bool = False, **more: Any
) -> ResponseReturnValue:
    """Do it to an order that the asker may decide about, and say how it went."""
    row = orders.order_for(session(), viewer(), order_id)
    person_id, meeting_id = row.person_id, row.meeting_id
    try:
        act(session(), viewer(), order_id, *values, clock.now(), **more)
    except (Taken, assign_service.ChangedSince, assign_service.Over, assign_service.CannotInterpret) as no:
        return _page(order_id, problem=why_not(no)), 422
    flash(said)
    if to_list and request.form.get("to") == "meeting":
        # Where it was asked: what stands in no list is on the meeting's own page alone (S37).
        return redirect(url_for("interpreter_staff.show", person_id=person_id, meeting_id=meeting_id), 303)
    stands = None if to_list else orders.open_order(session(), meeting_id)
    if stands is None:
        return redirect(url_for("orders_staff.show_orders"), 303)
    return redirect(url_for("orders_staff.show", order_id=stands.id), 303)
