"""Staff come in with a password and an app, and help participants with their PIN."""

import uuid
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import clock
from portal.db import apart, begin_writing, session
from portal.identity import sessions
from portal.identity.models import Person, StaffAccount
from portal.identity.people import person_queries
from portal.identity.signin import (
    attempts_service,
    cookie,
    desk_queries,
    forms,
    hashing,
    password_rules,
    pin_queries,
    pin_service,
    queries,
    rules,
    staff_service,
)
from portal.web.access import late, public, signed_in, staff, viewer
from portal.web.formats import local

staff_bp = Blueprint("signin_staff", __name__, url_prefix="/staff")


def _next() -> str:
    return rules.inside(request.values.get("next")) or "/staff"


# --- coming in -------------------------------------------------------------------------------------


@staff_bp.get("/sign-in")
@public
def show_sign_in() -> ResponseReturnValue:
    """Ask for e-mail, password and the app's code at once: nobody learns which of them was right."""
    return render_template("signin/staff_sign_in.html", form=forms.StaffForm(), next=_next())


@staff_bp.post("/sign-in")
@public
@late
def sign_in() -> ResponseReturnValue:
    """Let in a member of staff (S29)."""
    form, now = forms.StaffForm(), clock.now()
    if not form.validate_on_submit():
        return render_template("signin/staff_sign_in.html", form=form, next=_next()), 422
    email = form.email.data or ""
    account = queries.staff_account(session(), email)
    with apart() as counters:
        tries = staff_service.count_try(counters, email, request.remote_addr or "", now)
    if tries.over:
        return render_template("signin/staff_too_many.html", crowded=tries.crowded), 429
    step = _step(account, form, now)
    if account is None or step is None:
        with apart() as counters:
            attempts_service.count_failure(counters, now)
        form.reject()
        return render_template("signin/staff_sign_in.html", form=form, next=_next()), 422
    return _let_in(account, step, form)


def _step(account: StaffAccount | None, form: forms.StaffForm, now: datetime) -> int | None:
    """The step of the app's code when everything fits; the same work where there is no account (S15)."""
    stored, secret = (account.password_hash, account.totp_secret) if account else (None, "")
    fits = hashing.password_fits(stored, form.password.data or "")
    step = password_rules.matching_step(secret or password_rules.NOBODYS_SECRET, form.digits, now)
    return step if fits and secret else None


def _let_in(account: StaffAccount, step: int, form: forms.StaffForm) -> ResponseReturnValue:
    now, writing = clock.now(), begin_writing()
    attempts_service.hold(writing, request.remote_addr or "", rules.STAFF_GUESSES_FROM)
    try:
        staff_service.use_code(writing, account, step)
    except staff_service.CodeUsed:
        form.reject()
        return render_template("signin/staff_sign_in.html", form=form, next=_next()), 422
    staff_service.came_in(writing, request.remote_addr or "")
    token = staff_service.let_in(writing, account, now, sessions.lengths().longest)
    return cookie.enter(writing, token, now, _next())


@staff_bp.get("/password")
@signed_in
def show_password() -> ResponseReturnValue:
    """Choose another password: at the first sign-in, or whenever one likes."""
    account = queries.own_account(session(), viewer())
    form = forms.PasswordForm(email=account.email)
    return render_template("signin/password.html", form=form, first=account.password_temporary)


@staff_bp.post("/password")
@signed_in
@late
def change_password() -> ResponseReturnValue:
    """Take the new password when the present one fits."""
    account = queries.own_account(session(), viewer())
    form, first, now = forms.PasswordForm(email=account.email), account.password_temporary, clock.now()
    if not form.validate_on_submit():
        return render_template("signin/password.html", form=form, first=first), 422
    with apart() as counters:
        tries = staff_service.count_try(counters, account.email, request.remote_addr or "", now)
    if tries.over:
        return render_template("signin/staff_too_many.html", crowded=tries.crowded), 429
    if not hashing.password_fits(account.password_hash, form.password.data or ""):
        with apart() as counters:
            attempts_service.count_failure(counters, now)
        form.reject()
        return render_template("signin/password.html", form=form, first=first), 422
    stored = hashing.hash_password(form.new_password.data or "")
    change, writing = staff_service.Change(account.password_hash, stored), begin_writing()
    attempts_service.hold(writing, request.remote_addr or "", rules.STAFF_GUESSES_FROM)
    try:
        token = staff_service.change_password(writing, viewer(), change, now, sessions.lengths().longest)
    except sessions.Ended:
        return redirect(url_for("signin_staff.show_password"), 303)
    staff_service.came_in(writing, request.remote_addr or "")
    response = cookie.enter(writing, token, now, "/staff")
    flash(_("Du har ett nytt lösenord."))
    return response


# --- a participant's PIN ---------------------------------------------------------------------------


@staff_bp.get("/people/<uuid:person_id>/pin")
@staff("coach", "lead", "admin")
def show_pin(person_id: uuid.UUID) -> ResponseReturnValue:
    """Whether the person has a PIN, who waits to choose one, and the way to clear it."""
    person = pin_queries.person_for(session(), viewer(), person_id)
    return _pin_page(person)


def _pin_page(person: Person, *, gone: bool = False) -> str:
    now = clock.now()
    return render_template(
        "signin/staff_pin.html",
        person=person_queries.head(session(), viewer(), person, local(now).date()),
        state=pin_queries.state_of(session(), person),
        waiting=pin_queries.waiting(session(), person, now),
        confirmed_until=pin_queries.confirmed_until(session(), person, now),
        may_confirm=bool(viewer().roles & pin_queries.CONFIRMERS),
        at_the_desk=desk_queries.may_be_shown(session(), person, now),
        gone=gone,
    )


@staff_bp.post("/people/<uuid:person_id>/pin/confirm")
@staff("coach", "lead")
def confirm_pin(person_id: uuid.UUID) -> ResponseReturnValue:
    """Say that the person who waits is who they say, at the desk or on a call (S13)."""
    person = pin_queries.person_to_confirm(session(), viewer(), person_id)
    how = request.form.get("how", "")
    try:
        wish = uuid.UUID(request.form.get("wish", ""))
        if how not in pin_service.WAYS:
            raise ValueError(how)
        pin_service.confirm(session(), viewer(), person.id, request_id=wish, how=how, now=clock.now())
    except (ValueError, pin_service.NotWaiting):
        return _pin_page(person, gone=True), 422
    flash(_("Klart. Nu kan personen välja en pinkod i sin telefon."))
    return redirect(url_for("signin_staff.show_pin", person_id=person_id), 303)


@staff_bp.post("/people/<uuid:person_id>/pin/reset")
@staff("coach", "lead", "admin")
def reset_pin(person_id: uuid.UUID) -> ResponseReturnValue:
    """Clear the PIN, so that the person chooses a new one (S18)."""
    person = pin_queries.person_for(session(), viewer(), person_id)
    pin_service.reset(session(), viewer(), person.id, clock.now())
    flash(_("Pinkoden är borta. Personen är utloggad och väljer en ny."))
    return redirect(url_for("signin_staff.show_pin", person_id=person_id), 303)
