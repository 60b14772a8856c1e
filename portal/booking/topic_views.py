"""A participant says what they want to talk about: a tap for each topic, and own words."""

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import clock
from portal.booking import queries, topic_rules, topic_service
from portal.booking.service import NotBooked
from portal.booking.time_service import TooLate
from portal.booking.topic_forms import OwnWordsForm
from portal.booking.topic_queries import topics_of
from portal.db import session
from portal.web.access import participant, viewer
from portal.web.errors import Refused

bp = Blueprint("topics", __name__, url_prefix="/meetings/<uuid:meeting_id>")


def _back(meeting_id: uuid.UUID) -> ResponseReturnValue:
    return redirect(url_for("booking.show_meeting", meeting_id=meeting_id, _anchor="own"), 303)


def _over(meeting_id: uuid.UUID, refused: Refused) -> ResponseReturnValue:
    late = isinstance(refused, TooLate)
    flash(_("Mötet har börjat. Säg det till din coach.") if late else _("Mötet är avbokat."), "sun")
    return redirect(url_for("booking.show_meeting", meeting_id=meeting_id), 303)


@bp.post("/topics")
@participant(tier=2)
def choose(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """One tap: this topic, or not this one after all."""
    add, remove = request.form.get("add", ""), request.form.get("remove", "")
    code = add or remove
    if code in topic_rules.TOPICS:
        try:
            topic_service.choose(session(), viewer(), meeting_id, code, clock.now(), chosen=bool(add))
        except (NotBooked, TooLate) as refused:
            return _over(meeting_id, refused)
    return _back(meeting_id)


@bp.get("/words")
@participant(tier=2)
def ask_words(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """What stands there in own words, to be written, changed or taken away."""
    meeting = queries.meeting(session(), viewer(), meeting_id, clock.now())
    if not topic_rules.is_open(meeting.state, meeting.starts_at, clock.now()):
        return _back(meeting_id)
    topics = topics_of(session(), viewer(), [meeting]).get(meeting_id)
    said = topics.own if topics else None
    form = OwnWordsForm(formdata=None, data={"words": said.text.text if said else ""})
    form.offer(viewer().language)
    return render_template("booking/topic_words.html", m=meeting, form=form, said=said)


@bp.post("/words")
@participant(tier=2)
def write_words(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Say it in own words; nothing takes away what stood there."""
    meeting, form = queries.meeting(session(), viewer(), meeting_id, clock.now()), OwnWordsForm()
    form.offer(viewer().language)
    if not form.validate_on_submit():
        return render_template("booking/topic_words.html", m=meeting, form=form, said=None), 422
    words = form.words.data or ""
    try:
        topic_service.write(
            session(), viewer(), meeting_id, words, form.language(viewer().language), clock.now()
        )
    except (NotBooked, TooLate) as refused:
        return _over(meeting_id, refused)
    flash(_("Sparat. Din coach ser det före mötet.") if words else _("Det du skrev är borttaget."))
    return _back(meeting_id)
