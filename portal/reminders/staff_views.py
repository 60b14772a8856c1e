"""A coach's pages of the SMS to one participant, and of those that did not arrive."""

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import clock, db
from portal.identity import scope
from portal.identity.models import Person
from portal.identity.people import person_queries
from portal.messaging import words as messaging_words
from portal.messaging.models import OutboxMessage
from portal.notices import service as notices
from portal.notices import words as notice_words
from portal.reminders import again_service, queries, service, trouble_queries, words
from portal.web.access import staff, viewer

staff_bp = Blueprint("reminders_staff", __name__, url_prefix="/staff")


@staff_bp.get("/people/<uuid:person_id>/messages")
@staff("coach", "lead")
def show_messages(person_id: uuid.UUID) -> ResponseReturnValue:
    """Every message to a participant, where it is, and what will be sent."""
    now = clock.now()
    found = queries.person_messages(db.session(), viewer(), person_id, now)
    return render_template(
        "reminders/messages.html",
        found=found,
        now=now,
        person=person_queries.head(
            db.session(), viewer(), found.person, now.astimezone(viewer().zone).date(), content=True
        ),
        kinds=notice_words.KINDS,
        planned_words=notice_words.PLANNED,
        state=messaging_words.state,
        tones=messaging_words.TONES,
        reason=messaging_words.reason,
        words=words,
    )


def _say_when(message: OutboxMessage, person: Person) -> None:
    """Say when what was just put leaves, or that it cannot."""
    until = notices.waits_until(db.session(), message, person, clock.now())
    too_late = until is not None and until >= message.expires_at
    flash(words.on_its_way(message, until), "sun" if too_late else "pine")


@staff_bp.post("/people/<uuid:person_id>/messages/remind")
@staff("coach", "lead")
def remind_now(person_id: uuid.UUID) -> ResponseReturnValue:
    """Remind of the next meeting now; pressing twice sends once."""
    session = db.session()
    person = scope.participant(session, viewer(), person_id, what="messages")
    try:
        made = service.send_now(session, person, clock.now())
        _say_when(made, person)
    except service.NoMeeting:
        flash(_("Det finns inget möte att påminna om."), "sun")
    except service.AlreadySent:
        flash(_("Du har redan skickat en påminnelse om det här mötet."), "sun")
    except service.NotReachable as told:
        flash(str(messaging_words.reason(told.code)), "ribbon")
    return redirect(url_for("reminders_staff.show_messages", person_id=person_id), 303)


@staff_bp.post("/people/<uuid:person_id>/messages/<uuid:message_id>/again")
@staff("coach", "lead")
def send_again(person_id: uuid.UUID, message_id: uuid.UUID) -> ResponseReturnValue:
    """Say the same once more; pressing twice sends once."""
    session = db.session()
    person = scope.participant(session, viewer(), person_id, what="messages")
    try:
        made = again_service.send_again(session, viewer(), person, message_id, clock.now())
        _say_when(made, person)
    except again_service.Hindered as told:
        flash(str(words.hindrance(told.code)), "sun")
    return redirect(url_for("reminders_staff.show_messages", person_id=person_id), 303)


@staff_bp.post("/people/<uuid:person_id>/messages/<uuid:message_id>/<any(arrived,left):decision>")
@staff("coach", "lead")
def decide(person_id: uuid.UUID, message_id: uuid.UUID, decision: str) -> ResponseReturnValue:
    """Say what is made of a message of which nobody knows whether it arrived."""
    session = db.session()
    person = scope.participant(session, viewer(), person_id, what="messages")
    try:
        again_service.decide(session, viewer(), person, message_id, decision, clock.now())
        flash(_("Sparat."))
    except again_service.NothingToDecide:
        flash(_("Det finns inget att bestämma om det meddelandet längre."), "sun")
    if "team" in request.form:
        return redirect(url_for("reminders_staff.show_trouble"), 303)
    return redirect(url_for("reminders_staff.show_messages", person_id=person_id), 303)


@staff_bp.get("/sending-today")
@staff("coach", "lead")
def show_trouble() -> ResponseReturnValue:
    """Which messages to the asker's participants did not arrive since yesterday, and what to do."""
    number = request.args.get("page", 1, type=int)
    return render_template(
        "reminders/trouble.html",
        found=trouble_queries.trouble(db.session(), viewer(), clock.now(), number=number),
        kinds=words.KINDS,
        state=messaging_words.state,
        tones=messaging_words.TONES,
        reason=messaging_words.reason,
        to_do=words.TO_DO,
    )
