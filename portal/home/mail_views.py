"""A participant's own e-mail address: written, confirmed by the digits that were sent to it, taken away."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from portal.booking.queries import held
from portal.clock import now
from portal.db import session
from portal.home import reach_queries
from portal.home.reach_views import mail_leaves
from portal.notices import mail_queries, mail_service
from portal.notices.forms import AddressForm, DigitsForm
from portal.web.access import fleeting, participant, viewer

bp = Blueprint("mail", __name__, url_prefix="/me/email")


def _page(form: AddressForm, code: int = 200) -> ResponseReturnValue:
    if not mail_leaves():
        raise NotFound
    person = reach_queries.own(session(), viewer())
    return render_template("home/email.html", form=form, email=person.email, way=person.way), code


@bp.get("")
@participant(tier=2)
def ask_address() -> ResponseReturnValue:
    """Which address, and what stands now."""
    return _page(AddressForm(formdata=None))


@bp.post("")
@participant(tier=2)
def send_code() -> ResponseReturnValue:
    """Send digits to the address; it is not written to otherwise until they come back."""
    form = AddressForm()
    if not mail_leaves() or not form.validate():
        return _page(form, 422)
    person = reach_queries.own(session(), viewer())
    try:
        mail_service.ask(session(), viewer(), person, form.address, now())
    except mail_service.TooMany:
        form.email.errors = [_("Vi har skickat 5 koder i dag. Vänta till i morgon.")]
        return _page(form, 422)
    except mail_service.NotWritten:
        return redirect(url_for("reach.show_reach"), 303)
    return redirect(url_for("mail.ask_code"), 303)


@bp.get("/code")
@participant(tier=2)
def ask_code() -> ResponseReturnValue:
    """The digits from the e-mail."""
    person = reach_queries.own(session(), viewer())
    waiting = mail_queries.pending(session(), person.id, now())
    if waiting is None:
        return redirect(url_for("mail.ask_address"), 303)
    form = DigitsForm(formdata=None)
    if "wrong" in request.args:
        form.other()
    return render_template("home/email_code.html", form=form, waiting=waiting)


@bp.post("/code")
@participant(tier=2)
@fleeting
def give_code() -> ResponseReturnValue:
    """With the right digits the address is the person's own. Wrong ones count, so that is saved as well."""
    person, form = reach_queries.own(session(), viewer()), DigitsForm()
    waiting = mail_queries.pending(session(), person.id, now())
    if waiting and not form.validate():
        return render_template("home/email_code.html", form=form, waiting=waiting), 422
    try:
        mail_service.confirm(session(), viewer(), person, form.digits, now())
    except mail_service.WrongCode:
        return redirect(url_for("mail.ask_code", wrong=1), 303)
    except mail_service.NoCode:
        flash(_("Koden gäller inte längre. Be om en ny."), "sun")
        return redirect(url_for("mail.ask_address"), 303)
    flash(_("Adressen är sparad. Nu kan du välja e-post här."))
    return redirect(url_for("reach.show_reach"), 303)


@bp.post("/remove")
@participant(tier=2)
def remove() -> ResponseReturnValue:
    """No address any more; who was told by e-mail gets SMS."""
    person = reach_queries.own(session(), viewer())
    mail_service.remove(session(), viewer(), person, now(), held)
    flash(_("Din e-postadress är borttagen."))
    return redirect(url_for("reach.show_reach"), 303)
