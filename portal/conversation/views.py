"""The participant's conversation with their coach: read, write, ask to be rung up."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import clock
from portal.conversation import forms, rules, service, thread_queries, words
from portal.conversation.forms import LetterForm
from portal.db import session
from portal.identity.absence.words import told
from portal.organisation.queries import phone_of
from portal.web.access import participant, viewer
from portal.web.errors import Refused

bp = Blueprint("conversation", __name__)


@bp.get("/messages")
@participant(tier=2)
def show_thread() -> ResponseReturnValue:
    """What is new, a place to write, and what was written before."""
    return _page(None)


@bp.get("/messages/<uuid:message_id>")
@participant(tier=2)
def show_message(message_id: UUID) -> ResponseReturnValue:
    """One message, whole."""
    one = thread_queries.own_message(session(), viewer(), message_id)
    return render_template("conversation/message.html", one=one, words=words)


@bp.post("/messages")
@participant(tier=2)
def write() -> ResponseReturnValue:
    """Write to the coach."""
    form, asker = LetterForm(), viewer()
    form.offer(asker.language)
    if not form.validate_on_submit():
        return _page(form), 422
    letter = form.letter(asker.language)
    try:
        service.write(session(), asker, letter, clock.now(), upto=form.upto_number)
    except Refused as refused:
        form.form_errors = [words.refusal(refused)]
        return _page(form), 422
    return _back(_("Ditt meddelande är skickat."))


@bp.post("/messages/call")
@participant(tier=2)
def ask_call() -> ResponseReturnValue:
    """Ask to be rung up; the same tap again changes nothing."""
    when = request.form.get("when", "")
    try:
        service.ask_call(session(), viewer(), when if when in rules.TIMES else rules.SOON, clock.now())
    except Refused as refused:
        return _back(words.refusal(refused), "sun")
    return _back(_("Vi ringer dig."))


@bp.post("/messages/<uuid:message_id>/call-off")
@participant(tier=2)
def call_off(message_id: UUID) -> ResponseReturnValue:
    """Nobody need ring after all."""
    service.call_off(session(), viewer(), message_id, clock.now())
    return _back(_("Vi ringer inte. Du kan be oss igen när du vill."))


@bp.post("/messages/read")
@participant(tier=2)
def mark_read() -> ResponseReturnValue:
    """What stood on the page is read."""
    service.mark_read(session(), viewer(), forms.whole(request.form.get("upto")), clock.now())
    return _back(_("Bra. Då vet din coach att du har läst."))


def _page(form: LetterForm | None) -> str:
    asker, number = viewer(), request.args.get("page", type=int, default=1)
    thread = thread_queries.own_thread(session(), asker, clock.now(), number=number)
    if form is None:
        form = LetterForm(data=forms.fresh(thread.seen))
        form.offer(asker.language)
    return render_template(
        "conversation/thread.html",
        thread=thread,
        form=form,
        words=words,
        told=told,
        phone=phone_of(session(), asker),
    )


def _back(said: str, tone: str = "pine") -> ResponseReturnValue:
    flash(said, tone)
    return redirect(url_for("conversation.show_thread"), 303)
