"""The second door: the PIN, and choosing one on one's own phone while staff confirm."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import clock
from portal.db import apart, begin_writing, session
from portal.identity import sessions
from portal.identity.signin import (
    attempts_service,
    cookie,
    forms,
    hashing,
    pin_queries,
    pin_service,
    queries,
    rules,
    service,
)
from portal.web.access import late, participant, quiet, viewer

bp = Blueprint("pin", __name__, url_prefix="/pin")


def _next() -> str:
    return rules.inside(request.values.get("next")) or "/home"


def _page(template: str, **values: object) -> str:
    organisation = queries.own_organisation(session(), viewer())
    return render_template(f"signin/{template}.html", organisation=organisation, next=_next(), **values)


def _pin_key() -> bytes:
    key: bytes = current_app.config["STIGEN"].pin_key
    return key


@bp.get("")
@participant(tier=1)
def show_pin() -> ResponseReturnValue:
    """Ask for the PIN; lead on who has passed already, or has none."""
    if viewer().tier >= 2:
        return redirect(_next(), 303)
    state = pin_queries.own_state(session(), viewer())
    if not state.chosen:
        return redirect(url_for("signin.pin.show_choosing", next=_next()), 303)
    return _page("pin", form=forms.PinForm(), locked=state.locked)


@bp.post("")
@participant(tier=1)
@late
def give_pin() -> ResponseReturnValue:
    """Open the second door to whoever knows the PIN, in a new session (S13, S16)."""
    form, asker, now = forms.PinForm(), viewer(), clock.now()
    if not form.validate_on_submit():
        return _page("pin", form=form, locked=False), 422
    stored = queries.own_person(session(), asker).pin_hash
    if stored is None:
        return redirect(url_for("signin.pin.show_choosing", next=_next()), 303)
    with apart() as counters:
        tries = service.count_pin(counters, asker.person_id, request.remote_addr or "", now)
    if tries.over:
        return _page("too_many") if tries.crowded else _page("pin", form=form, locked=True), 429
    if hashing.pin_fits(stored, form.digits, _pin_key()):
        return _up(stored)
    with apart() as counters:
        attempts_service.count_failure(counters, now)
    if tries.left <= 0:
        return redirect(url_for("signin.pin.show_pin", next=_next()), 303)
    form.reject(tries.left)
    return _page("pin", form=form, locked=False), 422


def _up(stored: str) -> ResponseReturnValue:
    now, writing, address = clock.now(), begin_writing(), request.remote_addr or ""
    attempts_service.hold(writing, address, rules.PIN_GUESSES_FROM)
    try:
        token = service.step_up(writing, viewer(), stored, now, sessions.lengths().longest)
    except sessions.Ended:
        return redirect(url_for("signin.pin.show_pin", next=_next()), 303)
    service.went_up(writing, address)
    return cookie.enter(writing, token, now, _next())


@bp.get("/forgotten")
@participant(tier=1)
def show_forgotten() -> ResponseReturnValue:
    """What to do without the PIN."""
    return _page("pin_forgotten")


# --- choosing one ----------------------------------------------------------------------------------


@bp.get("/choose")
@participant(tier=1)
def show_choosing() -> ResponseReturnValue:
    """How a PIN is chosen; the number while one waits; the form when staff have said yes."""
    if pin_queries.own_state(session(), viewer()).chosen:
        return redirect(url_for("signin.pin.show_pin", next=_next()), 303)
    return _page("pin_choose", **_choosing())


def _choosing() -> dict[str, object]:
    wish = pin_queries.own_request(session(), viewer(), clock.now())
    return {"wish": wish, "form": _new_pin_form() if wish and wish.confirmed_at else None}


def _new_pin_form() -> forms.NewPinForm:
    return forms.NewPinForm(phone=queries.own_person(session(), viewer()).phone)


@bp.get("/choose/waiting")
@participant(tier=1)
@quiet
def show_waiting() -> ResponseReturnValue:
    """The part of the page that changes when staff have confirmed."""
    return _page("_waiting", **_choosing())


@bp.post("/choose/ask")
@participant(tier=1)
def ask_to_choose() -> ResponseReturnValue:
    """Begin to wait for staff."""
    if not pin_queries.own_state(session(), viewer()).chosen:
        pin_service.ask(session(), viewer(), clock.now())
    return redirect(url_for("signin.pin.show_choosing", next=_next()), 303)


@bp.post("/choose")
@participant(tier=1)
@late
def choose_pin() -> ResponseReturnValue:
    """Take the PIN that the person chose, and open the second door (S13)."""
    wish = pin_queries.own_request(session(), viewer(), clock.now())
    if wish is None or wish.confirmed_at is None:
        return redirect(url_for("signin.pin.show_choosing", next=_next()), 303)
    form = _new_pin_form()
    if not form.validate_on_submit():
        return _page("pin_choose", wish=wish, form=form), 422
    stored = hashing.hash_pin(form.digits, _pin_key())
    now, writing = clock.now(), begin_writing()
    try:
        pin_service.choose(writing, viewer(), stored, now)
    except (pin_service.NotWaiting, sessions.Ended):
        return redirect(url_for("signin.pin.show_choosing", next=_next()), 303)
    token = service.step_up(writing, viewer(), stored, now, sessions.lengths().longest)
    answer = cookie.enter(writing, token, now, _next())
    flash(_("Din pinkod är sparad."))
    return answer
