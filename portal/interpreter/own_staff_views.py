"""A member of staff who interprets: what they are to interpret, and what they say to it."""

import uuid

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import clock
from portal.db import session
from portal.interpreter import order_queries
from portal.interpreter.order_words import why_not
from portal.interpreting import assign_service
from portal.interpreting import order_words as words
from portal.web.access import staff, viewer

OWN = "/staff/my-interpreting"
staff_bp = Blueprint("interpreting_staff", __name__, url_prefix=OWN)
WHO = ("coach", "lead", "translator")


@staff_bp.get("")
@staff(*WHO)
def show() -> ResponseReturnValue:
    """When, in which language, where. Never with whom: the coach's code lets them in to that."""
    return render_template(
        "interpreter/own.html",
        found=order_queries.own(session(), viewer(), clock.now()),
        known=order_queries.interprets(session(), viewer()),
        words=words,
    )


@staff_bp.post("/<uuid:order_id>/confirm")
@staff(*WHO)
def confirm(order_id: uuid.UUID) -> ResponseReturnValue:
    """They come."""
    order_queries.own_one(session(), viewer(), order_id)
    try:
        assign_service.confirm(session(), viewer(), order_id, clock.now())
        flash(_("Klart. Mötet står kvar hos dig."))
    except (assign_service.ChangedSince, assign_service.Over) as no:
        flash(why_not(no), "ribbon")
    return redirect(OWN, 303)


@staff_bp.post("/<uuid:order_id>/decline")
@staff(*WHO)
def decline(order_id: uuid.UUID) -> ResponseReturnValue:
    """They cannot: another is asked for."""
    order_queries.own_one(session(), viewer(), order_id)
    try:
        assign_service.decline(session(), viewer(), order_id, clock.now())
        flash(_("Sparat. Coachen ser att du inte kan."))
    except (assign_service.ChangedSince, assign_service.Over) as no:
        flash(why_not(no), "ribbon")
    return redirect(OWN, 303)


@staff_bp.post("/<uuid:order_id>/seen")
@staff(*WHO)
def say_seen(order_id: uuid.UUID) -> ResponseReturnValue:
    """They know that it is off."""
    order_queries.own_one(session(), viewer(), order_id)
    try:
        assign_service.tell(session(), viewer(), order_id, clock.now(), told=True)
    except assign_service.ChangedSince as no:
        flash(why_not(no), "ribbon")
    return redirect(OWN, 303)
