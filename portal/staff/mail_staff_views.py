"""A participant's e-mail address, for their coach and lead, who write it and the digits for them."""

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from portal.booking.queries import held
from portal.clock import now
from portal.db import session
from portal.notices import mail_service
from portal.notices.forms import AddressForm, DigitsForm
from portal.staff import reach_queries
from portal.staff.reach_staff_views import DESK, mail_leaves
from portal.web.access import fleeting, staff, viewer

staff_bp = Blueprint("mail_staff", __name__, url_prefix="/staff/people/<uuid:person_id>/email")


def _page(person_id: uuid.UUID, code: int = 200, **forms: object) -> ResponseReturnValue:
    person = reach_queries.person_for(session(), viewer(), person_id)
    if not mail_leaves():
        raise NotFound
    shown = {"form": AddressForm(formdata=None), "digits_form": DigitsForm(formdata=None), **forms}
    found = reach_queries.mail(session(), viewer(), person, now())
    return render_template("staff/email.html", mail=found, person=found.head, **shown), code


def _back(person_id: uuid.UUID, wrong: int | None = None) -> ResponseReturnValue:
    return redirect(url_for("mail_staff.show_email", person_id=person_id, wrong=wrong), 303)


@staff_bp.get("")
@staff(*DESK)
def show_email(person_id: uuid.UUID) -> ResponseReturnValue:
    """The address, whether it works, and one that waits for its digits."""
    digits = DigitsForm(formdata=None)
    if "wrong" in request.args:
        digits.other()
    return _page(person_id, digits_form=digits)


@staff_bp.post("")
@staff(*DESK)
def send_code(person_id: uuid.UUID) -> ResponseReturnValue:
    """Send digits to the address that the person has told."""
    person, form = reach_queries.person_for(session(), viewer(), person_id), AddressForm()
    if not mail_leaves() or not form.validate():
        return _page(person_id, 422, form=form)
    try:
        mail_service.ask(session(), viewer(), person, form.address, now())
    except mail_service.TooMany:
        form.email.errors = [_("Vi har skickat 5 koder i dag. Vänta till i morgon.")]
        return _page(person_id, 422, form=form)
    except mail_service.NotWritten:
        flash(_("Personen får inga meddelanden från oss."), "ribbon")
        return _back(person_id)
    flash(_("Koden skickas nu."))
    return _back(person_id)


@staff_bp.post("/code")
@staff(*DESK)
@fleeting
def give_code(person_id: uuid.UUID) -> ResponseReturnValue:
    """The digits that the person reads out. Wrong ones count, so that is saved as well."""
    person, form = reach_queries.person_for(session(), viewer(), person_id), DigitsForm()
    if not form.validate():
        return _page(person_id, 422, digits_form=form)
    try:
        mail_service.confirm(session(), viewer(), person, form.digits, now())
    except mail_service.WrongCode:
        return _back(person_id, wrong=1)
    except mail_service.NoCode:
        flash(_("Koden gäller inte längre. Skicka en ny."), "sun")
        return _back(person_id)
    flash(_("Adressen är bekräftad."))
    return redirect(url_for("reach_staff.show_reach", person_id=person_id), 303)


@staff_bp.post("/remove")
@staff(*DESK)
def remove(person_id: uuid.UUID) -> ResponseReturnValue:
    """No address any more; who was told by e-mail gets SMS."""
    person = reach_queries.person_for(session(), viewer(), person_id)
    mail_service.remove(session(), viewer(), person, now(), held)
    flash(_("E-postadressen är borttagen."))
    return redirect(url_for("reach_staff.show_reach", person_id=person_id), 303)
