"""A participant says whom they would like to interpret for them."""

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import clock
from portal.db import session
from portal.interpreting import order_queries, wish_service
from portal.interpreting.order_forms import WishForm
from portal.web.access import participant, viewer

bp = Blueprint("interpreter_wish", __name__, url_prefix="/me/interpreter")


@bp.get("")
@participant(tier=2)
def show_wish() -> ResponseReturnValue:
    """What they have wished, or what is asked for them."""
    usual = order_queries.usual_wish(session(), viewer().person_id)
    form = WishForm(formdata=None, data={"gender": usual.gender, "dialect": usual.dialect})
    return render_template("interpreting/wish.html", form=form)


@bp.post("")
@participant(tier=2)
def save_wish() -> ResponseReturnValue:
    """From the next order on it is asked for."""
    form = WishForm()
    if not form.validate_on_submit():
        return render_template("interpreting/wish.html", form=form), 422
    wish_service.set_wish(session(), viewer(), form.gender.data, form.dialect.data or "", clock.now())
    flash(_("Sparat. Vi frågar efter en sådan tolk nästa gång."))
    return redirect("/meetings", 303)
