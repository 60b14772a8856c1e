"""A participant's conversation for staff: read, answer, record what came of it."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import clock
from portal.availability.wish_rules import write
from portal.conversation import forms, rules, service, thread_queries, words
from portal.conversation.forms import AnswerForm
from portal.conversation.thread_queries import Thread
from portal.db import session
from portal.identity.people import person_queries as people
from portal.messaging.words import reason
from portal.notices import service as notices
from portal.notices.rules import ON_THE_PHONE
from portal.web.access import staff, viewer
from portal.web.errors import Refused
from portal.web.forms import moment

staff_bp = Blueprint("conversation_staff", __name__, url_prefix="/staff/people/<uuid:person_id>/conversation")
DESK = ("coach", "lead")


@staff_bp.get("")
@staff(*DESK)
def show_thread(person_id: UUID) -> ResponseReturnValue:
    """What waits for an answer, a place to write, and all that was written."""
    return _page(_thread(person_id), None)


@staff_bp.post("")
@staff(*DESK)
def answer(person_id: UUID) -> ResponseReturnValue:
    """Write to the participant, which answers what the page showed."""
    thread, form = _thread(person_id), AnswerForm()
    form.offer_to(thread.person.language, rung=not thread.person.sms_unsafe)
    if not form.validate_on_submit():
        return _page(thread, form), 422
    letter, upto = form.letter(thread.person.language), form.upto_number if form.answers else 0
    try:
        service.answer(session(), viewer(), person_id, letter, upto=upto, now=clock.now())
    except Refused as refused:
        form.form_errors = [words.refusal(refused)]
        form.letter_id.data = forms.fresh(thread.seen)["letter_id"]
        return _page(thread, form), 422
    return _back(person_id, _("Meddelandet är skickat."))


@staff_bp.post("/<uuid:message_id>/close")
@staff(*DESK)
def close(person_id: UUID, message_id: UUID) -> ResponseReturnValue:
    """Record that somebody has rung, that a meeting is booked, or that no answer is needed."""
    outcome = request.form.get("outcome", "")
    try:
        service.close(session(), viewer(), person_id, message_id, outcome, clock.now())
    except service.Otherwise as refused:
        return _back(person_id, words.refusal(refused), "sun")
    return _back(person_id, _("Sparat."))


@staff_bp.post("/<uuid:message_id>/reopen")
@staff(*DESK)
def reopen(person_id: UUID, message_id: UUID) -> ResponseReturnValue:
    """Take back what was recorded by mistake."""
    recorded = moment(request.form.get("at", ""))
    if service.reopen(session(), viewer(), person_id, message_id, recorded, clock.now()):
        return _back(person_id, _("Meddelandet väntar på svar igen."))
    return _back(person_id, _("Det har ändrats sedan dess. Det går inte att ångra."), "sun")


@staff_bp.post("/<uuid:message_id>/take-back")
@staff(*DESK)
def take_back(person_id: UUID, message_id: UUID) -> ResponseReturnValue:
    """Take back one's own words while the participant has not read them."""
    try:
        service.take_back(session(), viewer(), person_id, message_id, clock.now())
    except service.Read as refused:
        return _back(person_id, words.refusal(refused), "sun")
    return _back(person_id, _("Meddelandet är borttaget."))


def _thread(person_id: UUID) -> Thread:
    number = request.args.get("page", type=int, default=1)
    return thread_queries.thread(session(), viewer(), person_id, number=number)


def _page(thread: Thread, form: AnswerForm | None) -> str:
    now, person = clock.now(), thread.person
    if form is None:
        form = AnswerForm(data=forms.fresh(thread.seen))
        form.offer_to(person.language, rung=not person.sms_unsafe)
    today, refusal = now.astimezone(viewer().zone).date(), notices.refusal(session(), person, now)
    return render_template(
        "conversation/staff_thread.html",
        thread=thread,
        person=people.head(session(), viewer(), person, today, content=True),
        form=form,
        words=words,
        write_wish=write,
        silent=reason(refusal),
        rung=refusal in ON_THE_PHONE,
        late=[one.id for one in thread.waiting if one.due_on and rules.is_late(one.due_on, today)],
        again=[one.id for one in thread.messages.items if rules.can_reopen(one.outcome, one.closed_at, now)],
    )


def _back(person_id: UUID, said: str, tone: str = "pine") -> ResponseReturnValue:
    flash(said, tone)
    return redirect(url_for("conversation_staff.show_thread", person_id=person_id), 303)
