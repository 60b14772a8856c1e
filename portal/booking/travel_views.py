"""When a participant can be there and must leave, said by themselves."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import clock
from portal.booking import travel_queries, travel_service
from portal.booking.travel_forms import TravelForm
from portal.db import session
from portal.web.access import participant, viewer

bp = Blueprint("travel", __name__, url_prefix="/me/travel")


@bp.get("")
@participant(tier=2)
def show_travel() -> ResponseReturnValue:
    """The bus, and when one has most energy."""
    form = TravelForm.of(travel_queries.travel_of(session(), viewer().person_id))
    return render_template("booking/travel.html", form=form)


@bp.post("")
@participant(tier=2)
def save_travel() -> ResponseReturnValue:
    """From now on times that fit come first."""
    form = TravelForm()
    travel = form.travel()
    if travel is None:
        return render_template("booking/travel.html", form=form), 422
    travel_service.set_travel(session(), viewer(), viewer().person_id, travel, clock.now())
    flash(_("Sparat. Tider som passar dig visas först."))
    return redirect(url_for("booking.choose_time"), 303)
