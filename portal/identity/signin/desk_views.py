"""Coming in with a code from the coach's screen and the PIN, on any device (S34)."""

from flask import Blueprint, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import clock
from portal.db import apart, begin_writing, session
from portal.identity import sessions
from portal.identity.signin import (
    attempts_service,
    cookie,
    desk_queries,
    desk_service,
    forms,
    hashing,
    rules,
    service,
)
from portal.organisation import queries as organisations
from portal.organisation.models import Organisation
from portal.web.access import late, public

bp = Blueprint("desk", __name__, url_prefix="/<slug>/sign-in/coach")
Desk = forms.DeskForm | forms.DeskNewPinForm


def _page(organisation: Organisation, form: Desk) -> str:
    name = "desk_new" if isinstance(form, forms.DeskNewPinForm) else "desk"
    return render_template(f"signin/{name}.html", organisation=organisation, form=form, next=_next())


def _next() -> str:
    return rules.inside(request.values.get("next")) or ""


@bp.get("")
@public
def show_code_and_pin(slug: str) -> ResponseReturnValue:
    """Ask for both at once: nobody learns which of them was right."""
    return _page(organisations.by_slug(session(), slug), forms.DeskForm())


@bp.post("")
@public
@late
def give_code_and_pin(slug: str) -> ResponseReturnValue:
    """Let in whoever has the code and the PIN that belongs to it; a code alone opens nothing."""
    organisation, form = organisations.by_slug(session(), slug), forms.DeskForm()
    if not form.validate_on_submit():
        return _page(organisation, form), 422
    found, tries = _tried(organisation, form.code_digits)
    stored = found.pin_hash if found and not found.chooses_pin else None
    fits = hashing.pin_fits(stored, form.digits, _pin_key())
    if found is None or tries.over or not fits:
        return _refused(organisation, form, tries)
    return _let_in(found)


@bp.get("/pin")
@public
def show_choosing(slug: str) -> ResponseReturnValue:
    """Ask for the code and a PIN of one's own: the coach sits beside."""
    return _page(organisations.by_slug(session(), slug), forms.DeskNewPinForm())


@bp.post("/pin")
@public
@late
def choose_pin(slug: str) -> ResponseReturnValue:
    """Take the PIN that was chosen with a code that the coach showed for that, and let its owner in."""
    organisation, form = organisations.by_slug(session(), slug), forms.DeskNewPinForm()
    if not form.validate_on_submit():
        return _page(organisation, form), 422
    found, tries = _tried(organisation, form.code_digits)
    stored = hashing.hash_pin(form.digits, _pin_key())
    if found is None or tries.over or not found.chooses_pin or found.pin_hash:
        return _refused(organisation, form, tries)
    if form.guessable(found.phone):
        return _page(organisation, form), 422
    return _let_in(found, stored)


def _tried(organisation: Organisation, digits: str) -> tuple[desk_queries.Shown | None, service.Tries]:
    """Whose the code is, and what the try leaves."""
    now = clock.now()
    found = desk_queries.live(session(), organisation.id, digits, now)
    with apart() as counters:
        return found, desk_service.count_try(counters, found, request.remote_addr or "", now)


def _refused(organisation: Organisation, form: Desk, tries: service.Tries) -> ResponseReturnValue:
    with apart() as counters:
        attempts_service.count_failure(counters, clock.now())
    if tries.crowded:
        return render_template("signin/too_many.html", organisation=organisation), 429
    form.refuse()
    return _page(organisation, form), 422


def _let_in(found: desk_queries.Shown, new_pin_hash: str | None = None) -> ResponseReturnValue:
    now, writing, address = clock.now(), begin_writing(), request.remote_addr or ""
    attempts_service.hold(writing, address, rules.CODE_GUESSES_FROM)
    try:
        person_id = desk_service.redeem(writing, found, now, new_pin_hash=new_pin_hash)
    except service.CodeNotValid:
        # A double tap: the first one may have let this browser in; if it did not, home leads to the door.
        return redirect(_next() or "/home", 303)
    desk_service.came_in(writing, address)
    token = sessions.open_session(
        writing,
        person_id,
        roles=service.PARTICIPANT,
        tier=2,
        now=now,
        longest=sessions.lengths().longest,
    )
    answer = cookie.enter(writing, token, now, _next() or "/home")
    if new_pin_hash:
        flash(_("Din pinkod är sparad."))
    return answer


def _pin_key() -> bytes:
    key: bytes = current_app.config["STIGEN"].pin_key
    return key
