"""When a participant can be there and must leave, written down by staff."""

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import clock
from portal.booking import travel_queries, travel_service
from portal.booking.travel_forms import TravelForm
from portal.db import session
from portal.identity.people.head_queries import headed
from portal.web.access import staff, viewer

staff_bp = Blueprint("travel_staff", __name__, url_prefix="/staff/people/<uuid:person_id>/travel")


def _page(person_id: uuid.UUID, form: TravelForm | None = None) -> str:
    person = headed(session(), viewer(), person_id, clock.now(), what="meetings")
    shown = form or TravelForm.of(travel_queries.travel_of(session(), person_id))
    shown.energy.label.text = _("När orkar personen mest?")
    return render_template("booking/staff_travel.html", person=person, form=shown)


@staff_bp.get("")
@staff("coach", "lead")
def show_travel(person_id: uuid.UUID) -> ResponseReturnValue:
    """The bus of one participant, and when they have most energy."""
    return _page(person_id)


@staff_bp.post("")
@staff("coach", "lead")
def save_travel(person_id: uuid.UUID) -> ResponseReturnValue:
    """Write down what the participant has told."""
    form = TravelForm()
    travel = form.travel()
    if travel is None:
        return _page(person_id, form), 422
    travel_service.set_travel(session(), viewer(), person_id, travel, clock.now())
    flash(_("Sparat."))
    return redirect(url_for("booking_staff.show_meetings", person_id=person_id), 303)
