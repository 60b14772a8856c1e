"""What an admin sees of sending: whether messages leave (S55), who they come from, and a test."""

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from portal.clock import now
from portal.config import Settings
from portal.db import session
from portal.identity.people.forms import read_phone
from portal.messaging import words as sms
from portal.messaging.pace_rules import paces
from portal.notices import trial_service
from portal.ops import queries, rules, service, words
from portal.ops.forms import TrialForm
from portal.organisation import queries as organisations
from portal.organisation import words as names
from portal.senders import kind_of_sender
from portal.web.access import staff, viewer

staff_bp = Blueprint("ops_staff", __name__, url_prefix="/staff/sending")


def _page(form: TrialForm, code: int = 200) -> ResponseReturnValue:
    settings: Settings = current_app.config["STIGEN"]
    own = organisations.rules_of(session(), viewer())
    page = render_template(
        "ops/sending.html",
        hold=queries.hold(session(), viewer()),
        backlog=queries.backlog(session(), viewer(), paces(settings), now()),
        senders=rules.senders(settings, own.sms_provider),
        kind_of=kind_of_sender,
        words=words,
        sms=sms,
        providers=names.PROVIDERS,
        mail=settings.mail_provider,
        trials=queries.trials(session(), viewer(), now()),
        form=form,
    )
    return page, code


@staff_bp.get("")
@staff("admin")
def show_sending() -> ResponseReturnValue:
    """Whether messages leave, who they come from, and what became of the tests."""
    return _page(TrialForm())


@staff_bp.post("/test")
@staff("admin")
def send_test() -> ResponseReturnValue:
    """Send a test message to a number of one's own."""
    form, own = TrialForm(), organisations.rules_of(session(), viewer())
    number = form.validate() and read_phone(form.phone, foreign=own.foreign_numbers)
    if number and _sent(form, number):
        flash(_("Testet skickas. Läs in sidan igen om en stund."))
        return redirect(url_for("ops_staff.show_sending"), 303)
    return _page(form, 422)


@staff_bp.post("/test-mail")
@staff("admin")
def send_test_mail() -> ResponseReturnValue:
    """Send a test by e-mail to the address that one signs in with, where e-mail is set up."""
    settings: Settings = current_app.config["STIGEN"]
    if not settings.mail_provider:
        raise NotFound
    try:
        trial_service.send_mail(session(), viewer(), now())
        flash(_("Testet skickas. Läs in sidan igen om en stund."))
    except trial_service.TooMany:
        flash(_("Ni har skickat fem test på en timme. Vänta en timme."), "sun")
    return redirect(url_for("ops_staff.show_sending"), 303)


def _sent(form: TrialForm, number: str) -> bool:
    try:
        trial_service.send(session(), viewer(), number, now())
    except trial_service.NotOnesOwn:
        form.phone.errors = [_("Numret är inte ditt. Skriv ditt eget nummer.")]
    except trial_service.TooMany:
        form.phone.errors = [_("Ni har skickat fem test på en timme. Vänta en timme.")]
    return not form.phone.errors


@staff_bp.post("/release")
@staff("admin")
def release() -> ResponseReturnValue:
    """Let messages leave again."""
    if service.release(session(), viewer(), now()):
        flash(_("Meddelanden skickas igen."))
    return redirect(url_for("ops_staff.show_sending"), 303)
