"""A coach's page of the SMS to one participant."""

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import clock, db
from portal.identity import scope
from portal.identity.people import person_queries
from portal.messaging import words as messaging_words
from portal.notices import words as notice_words
from portal.reminders import queries, service
from portal.web.access import staff, viewer

staff_bp = Blueprint("reminders_staff", __name__, url_prefix="/staff")


@staff_bp.get("/people/<uuid:person_id>/messages")
@staff("coach", "lead")
def show_messages(person_id: uuid.UUID) -> ResponseReturnValue:
    """Every SMS to a participant, where it is, and what will be sent."""
    found = queries.person_messages(db.session(), viewer(), person_id, clock.now())
    return render_template(
        "reminders/messages.html",
        found=found,
        person=person_queries.head(
            db.session(), viewer(), found.person, clock.now().astimezone(viewer().zone).date(), content=True
        ),
        kinds=notice_words.KINDS,
        planned_words=notice_words.PLANNED,
        states=messaging_words.STATES,
        tones=messaging_words.TONES,
        reason=messaging_words.reason,
    )


@staff_bp.post("/people/<uuid:person_id>/messages/remind")
@staff("coach", "lead")
def remind_now(person_id: uuid.UUID) -> ResponseReturnValue:
    """Remind of the next meeting now; pressing twice sends once."""
    session = db.session()
    person = scope.participant(session, viewer(), person_id, what="messages")
    try:
        service.send_now(session, person, clock.now())
        flash(_("Påminnelsen skickas nu."))
    except service.NoMeeting:
        flash(_("Det finns inget möte att påminna om."), "sun")
    except service.AlreadySent:
        flash(_("Du har redan skickat en påminnelse om det här mötet."), "sun")
    except service.NotReachable as told:
        flash(str(messaging_words.reason(told.code)), "ribbon")
    return redirect(url_for("reminders_staff.show_messages", person_id=person_id), 303)
