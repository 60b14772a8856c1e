"""Staff say what they want to talk about at a meeting, and read what its participant does."""

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import clock
from portal.booking import queries, topic_rules, topic_service, words
from portal.booking.service import NotBooked
from portal.booking.shown_queries import Meeting
from portal.booking.time_service import TooLate
from portal.booking.topic_forms import StaffTopicsForm
from portal.booking.topic_queries import Topics, topics_of
from portal.db import session
from portal.identity.people.head_queries import headed
from portal.web.access import staff, viewer

staff_bp = Blueprint(
    "topics_staff", __name__, url_prefix="/staff/people/<uuid:person_id>/meetings/<uuid:meeting_id>/topics"
)


@staff_bp.get("")
@staff("coach", "lead")
def show_topics(person_id: uuid.UUID, meeting_id: uuid.UUID) -> ResponseReturnValue:
    """What both have said."""
    meeting, topics = _found(person_id, meeting_id)
    return _page(meeting, topics, StaffTopicsForm.of(topics.staff))


@staff_bp.post("")
@staff("coach", "lead")
def say_topics(person_id: uuid.UUID, meeting_id: uuid.UUID) -> ResponseReturnValue:
    """What staff want to talk about; the participant reads it in their language."""
    meeting, topics = _found(person_id, meeting_id)
    form = StaffTopicsForm()
    if not form.validate_on_submit() or form.overtaken(StaffTopicsForm.of(topics.staff)):
        return _page(meeting, topics, form), 422
    said = form.said()
    try:
        topic_service.say_for(session(), viewer(), meeting_id, said, clock.now())
        nothing = not said.codes and not said.words
        flash(
            _("Det du ville prata om är borttaget.")
            if nothing
            else _("Sparat. Personen ser det där mötet står.")
        )
    except NotBooked:
        flash(_("Mötet är avbokat."), "sun")
    except TooLate:
        flash(_("Mötet har redan börjat."), "sun")
    except topic_service.NotShown:
        flash(_("Personen ser inte det här mötet i portalen."), "sun")
    return redirect(url_for("booking_staff.show_meetings", person_id=person_id), 303)


def _found(person_id: uuid.UUID, meeting_id: uuid.UUID) -> tuple[Meeting, Topics]:
    meeting = queries.meeting_of(session(), viewer(), person_id, meeting_id, clock.now())
    return meeting, topics_of(session(), viewer(), [meeting]).get(meeting_id, Topics())


def _page(meeting: Meeting, topics: Topics, form: StaffTopicsForm) -> str:
    now = clock.now()
    return render_template(
        "booking/staff_topics.html",
        person=headed(session(), viewer(), meeting.person_id, now, what="meetings"),
        m=meeting,
        topics=topics,
        form=form,
        open=topic_rules.is_open(meeting.state, meeting.starts_at, now) and meeting.in_portal,
        words=words,
    )
