"""Pages of the demo alone: the phones, the clock, the gallery of parts."""

import uuid
from datetime import timedelta
from typing import cast

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal import clock, db
from portal.messaging.words import state
from portal.notices import trial_service
from portal.notices.recording_queries import words_of
from portal.ops import queries, service
from portal.ops.forms import AnswerForm
from portal.web.access import demo
from portal.web.gallery import sample
from portal.web.words import current_language

bp = Blueprint("demo", __name__, url_prefix="/dev")

MOVES = {"hour": timedelta(hours=1), "day": timedelta(days=1)}


@bp.get("/gallery")
@demo
def gallery() -> ResponseReturnValue:
    """Every part in every state, on one page."""
    return render_template("dev/gallery.html", **sample(current_language().code))


@bp.get("/phone")
@demo
def phones() -> ResponseReturnValue:
    """What has arrived on the made-up phones, and the demo's clock."""
    moment, session = clock.now(), db.session()
    found = queries.demo_phones(session)
    return render_template(
        "dev/phone.html",
        phones=found,
        forms={one.person_id: AnswerForm.of(one.number) for one in found},
        codes=queries.demo_codes(session, moment),
        letters=queries.demo_letters(session),
        now=moment,
        state=state,
        recorded=words_of(session, [message for one in found for message in one.messages]),
    )


@bp.post("/phone")
@demo
def text_us() -> ResponseReturnValue:
    """Send an SMS from a made-up phone, as a provider would tell of it."""
    form = AnswerForm()
    if form.validate():
        service.text_us(db.session(), form.number.data or "", form.words.data or "", clock.now())
    return redirect(url_for("demo.phones"), 303)


@bp.post("/phone/<uuid:call_id>/<any(answer, leave):what>")
@demo
def answer_call(call_id: uuid.UUID, what: str) -> ResponseReturnValue:
    """Answer a made-up phone that rings, or let it ring out, as a provider would tell of it."""
    trial_service.answer_call(db.session(), call_id, answered=what == "answer", now=clock.now())
    return redirect(url_for("demo.phones"), 303)


@bp.post("/clock/<any(hour, day, now):move>")
@demo
def move_clock(move: str) -> ResponseReturnValue:
    """Move the demo's clock forward, or back to the machine's time."""
    demo_clock = cast(clock.DemoClock, clock.source())
    if move == "now":
        demo_clock.reset()
    else:
        demo_clock.move(MOVES[move])
    return redirect(url_for("demo.phones"), 303)
