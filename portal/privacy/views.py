"""Who has looked at me, and everything about me: for the participant, behind the second door."""

from flask import Blueprint, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue

from portal import clock
from portal.db import apart, begin_writing, session
from portal.identity import sessions
from portal.identity.signin import attempts_service, forms, hashing, pin_queries, rules, service
from portal.identity.signin import queries as signin
from portal.privacy import looked_queries, record_service, words
from portal.privacy.record_queries import Record
from portal.privacy.record_words import say
from portal.web.access import late, participant, viewer

bp = Blueprint("privacy", __name__, url_prefix="/me")
MOST_PAGES = 10_000


@bp.get("/looked")
@participant(tier=2)
def show_looked() -> ResponseReturnValue:
    """Who has looked at me, when, and at what."""
    page = min(max(request.args.get("page", 1, type=int), 1), MOST_PAGES)
    looks = looked_queries.looks(session(), viewer(), page)
    return render_template("privacy/looked.html", looks=looks, words=words)


def _ask(form: forms.PinForm, *, locked: bool = False) -> str:
    organisation = signin.own_organisation(session(), viewer())
    return render_template("privacy/data.html", form=form, locked=locked, organisation=organisation)


@bp.get("/data")
@participant(tier=2)
def ask_data() -> ResponseReturnValue:
    """What one gets, what to think of, and the PIN once more."""
    return _ask(forms.PinForm(), locked=pin_queries.own_state(session(), viewer()).locked)


@bp.post("/data")
@participant(tier=2)
@late
def take_data() -> ResponseReturnValue:
    """Everything about me, to read or as a file, for whoever knows the PIN (S47)."""
    form, asker, now = forms.PinForm(), viewer(), clock.now()
    if not form.validate_on_submit():
        return _ask(form), 422
    stored = signin.own_person(session(), asker).pin_hash or ""
    with apart() as counters:
        tries = service.count_pin(counters, asker.person_id, request.remote_addr or "", now)
    if tries.over:
        return _ask(forms.PinForm(), locked=True), 429
    if not hashing.pin_fits(stored, form.digits, current_app.config["STIGEN"].pin_key):
        with apart() as counters:
            attempts_service.count_failure(counters, now)
        form.reject(tries.left)
        return _ask(form, locked=tries.left <= 0), 422
    return _hand_over(stored)


def _hand_over(stored: str) -> ResponseReturnValue:
    now, writing, address = clock.now(), begin_writing(), request.remote_addr or ""
    attempts_service.hold(writing, address, rules.PIN_GUESSES_FROM)
    try:
        record = record_service.own_record(writing, viewer(), stored, now)
    except sessions.Ended:
        return _ask(forms.PinForm()), 422
    service.went_up(writing, address)
    return answer(record) if request.form.get("how") == "file" else page("privacy/read.html", record)


def page(template: str, record: Record) -> str:
    """The record as a page."""
    return render_template(template, record=record, say=say, today=clock.now())


def answer(record: Record) -> ResponseReturnValue:
    """The record as a file."""
    packed = record_service.packed(record, page("privacy/file.html", record))
    response = make_response(packed)
    response.mimetype = "application/zip"
    response.headers["Content-Disposition"] = "attachment; filename=mina-uppgifter.zip"
    return response
