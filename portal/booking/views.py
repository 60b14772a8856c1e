"""A participant's meetings: look, choose, check, book, move, cancel, say "I am coming"."""

import uuid
from datetime import datetime

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import clock
from portal.availability.rules import PLACED
from portal.availability.service import Taken
from portal.availability.shown_rules import by_day
from portal.booking import queries, rules, service, topic_rules, words
from portal.booking.forms import BookForm, ReasonForm
from portal.booking.hold_service import CoachGone
from portal.booking.network.party_queries import company
from portal.booking.time_service import TooLate
from portal.booking.topic_queries import Topics, topics_of
from portal.db import session
from portal.organisation.queries import phone_of, rules_of
from portal.web import ics
from portal.web.access import neutral, participant, viewer
from portal.wording.words import TOLD

bp = Blueprint("booking", __name__)

DAYS_A_STEP = 5
"""Days with free times that each "more days" adds."""


def _to_meeting(meeting_id: uuid.UUID) -> ResponseReturnValue:
    return redirect(url_for("booking.show_meeting", meeting_id=meeting_id), 303)


def _call_us(code: int, *, near: bool = True, typed: str = "") -> ResponseReturnValue:
    phone = phone_of(session(), viewer())
    return render_template("booking/too_late.html", phone=phone, near=near, typed=typed, words=words), code


def _times(
    moving: uuid.UUID | None, *, was: datetime | None = None, problem: str = "", mode: str = ""
) -> ResponseReturnValue:
    offer = queries.offer(session(), viewer(), clock.now(), moving)
    more = request.args.get("more", 0, int)
    days = list(by_day(offer.fitting, viewer().zone).items()) if offer else []
    page = render_template(
        "booking/times.html",
        offer=offer,
        problem=problem,
        mode=mode or request.args.get("mode", ""),
        moving=moving,
        was=was,
        days=days[: DAYS_A_STEP * max(0, min(more, len(days)))],
        more=more + 1 if len(days) > DAYS_A_STEP * more else 0,
        phone=phone_of(session(), viewer()),
        write_start=rules.write_start,
        words=words,
    )
    return page, 422 if problem else 200


def _given(now: datetime, moved: uuid.UUID | None = None) -> None:
    """Another room may wait to hear that the participant has a new time: the app wires who."""
    current_app.extensions["time_given"](session(), viewer(), viewer().person_id, moved, now)


def _was(moving: uuid.UUID | None) -> datetime | None:
    """The time that a meeting has until it gets a new one."""
    return queries.meeting(session(), viewer(), moving, clock.now()).starts_at if moving else None


def _no_longer_free(moving: uuid.UUID | None, mode: str = "") -> ResponseReturnValue:
    problem = _("Tiden är inte ledig längre. Välj en av de här tiderna.")
    return _times(moving, was=_was(moving), problem=problem, mode=mode)


@bp.get("/meetings")
@participant(tier=1)
def show_meetings() -> ResponseReturnValue:
    """The next meeting first, what can be done with it, and the last few that are over."""
    own = queries.own_meetings(session(), viewer(), clock.now())
    groups = current_app.extensions["group_sessions"](session(), viewer(), clock.now())
    phone = phone_of(session(), viewer())
    return render_template("booking/meetings.html", own=own, words=words, phone=phone, groups=groups)


@bp.get("/meetings/times")
@participant(tier=1)
def choose_time() -> ResponseReturnValue:
    """The next few free times; more days behind a button."""
    return _times(None)


@bp.get("/meetings/book")
@participant(tier=1)
def check_time() -> ResponseReturnValue:
    """The chosen time once more, before it is booked; without one, the times to choose from."""
    if not request.args.get("at"):
        return redirect(url_for("booking.choose_time"), 303)
    form = BookForm(data={"at": request.args.get("at", ""), "key": uuid.uuid4()})
    form.mode.data = request.args.get("mode", "")
    return _check(form, None)


@bp.post("/meetings/book")
@participant(tier=1)
@neutral
def book_meeting() -> ResponseReturnValue:
    """Book the chosen time; the same form twice gives the same meeting."""
    form = BookForm()
    form.offer(rules_of(session(), viewer()).modes)
    starts_at, now = form.starts_at(), clock.now()
    if starts_at is None:
        return _no_longer_free(None, form.mode.data)
    if not form.validate_on_submit():
        return _check(form, None, code=422)
    try:
        meeting = service.book_own(session(), viewer(), form.wish(starts_at), now)
    except (service.NotFree, Taken):
        # The time may be there still, for other ways to meet.
        form.mode.errors = [_("Det går inte att ses så den tiden. Välj något annat.")]
        return _check(form, None, code=422)
    except (service.EnoughBooked, service.NoCoach):
        return _times(None, problem=_("Tiden kunde inte bokas."))
    if meeting.booked_at == now:
        # The same form once more has booked nothing.
        _given(now)
    flash(_("Mötet är bokat."))
    return _to_meeting(meeting.id)


@bp.get("/meetings/<uuid:meeting_id>")
@participant(tier=1)
def show_meeting(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """The receipt: one meeting as it stands, and what can be done with it."""
    return _meeting(meeting_id), 200


@bp.get("/meetings/<uuid:meeting_id>.ics")
@participant(tier=1)
def calendar_file(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """The meeting for the phone's own calendar, under a neutral title (S31)."""
    meeting = queries.meeting(session(), viewer(), meeting_id, clock.now())
    entry = ics.Entry(
        uid=meeting.uid,
        revision=meeting.revision,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        changed_at=meeting.changed_at,
        cancelled=meeting.state == rules.CANCELLED,
        title=_("Möte"),
    )
    answer = Response(ics.calendar_file(entry), mimetype="text/calendar")
    answer.headers["Content-Disposition"] = "attachment; filename=mote.ics"
    return answer


@bp.get("/meetings/<uuid:meeting_id>/move")
@participant(tier=1)
def choose_new_time(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Free times with the same coach; with `at`, the chosen one once more."""
    meeting = queries.meeting(session(), viewer(), meeting_id, clock.now())
    if meeting.state == rules.CANCELLED:
        return _to_meeting(meeting_id)
    if not meeting.can_change or not meeting.theirs:
        return _call_us(200, near=not meeting.can_change)
    if not meeting.can_move:
        return _meeting(meeting_id, _not_alone()), 200
    if "at" not in request.args:
        return _times(meeting_id, was=meeting.starts_at)
    form = BookForm(data={"at": request.args["at"], "mode": meeting.mode})
    return _check(form, meeting_id, was=meeting.starts_at)


@bp.post("/meetings/<uuid:meeting_id>/move")
@participant(tier=1)
@neutral
def move_meeting(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Take the new time; the old one is free in the same moment."""
    starts_at, now, was = BookForm().starts_at(), clock.now(), _was(meeting_id)
    try:
        if starts_at is None:
            raise service.NotFree
        service.move_own(session(), viewer(), meeting_id, starts_at, now)
    except (service.NotFree, Taken):
        return _no_longer_free(meeting_id)
    except service.NotBooked:
        return _meeting(meeting_id, _("Mötet är avbokat.")), 422
    except service.Several:
        return _meeting(meeting_id, _not_alone()), 422
    except TooLate:
        return _call_us(422)
    except service.NotTheirs:
        return _call_us(422, near=False)
    if starts_at != was:
        _given(now, meeting_id)
    flash(_("Du har bytt tid."))
    return _to_meeting(meeting_id)


def _not_alone() -> object:
    return words.SEVERAL if viewer().tier > 1 else words.NOT_ALONE


@bp.get("/meetings/<uuid:meeting_id>/cancel")
@participant(tier=1)
def ask_to_cancel(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Ask once more before the time is given away."""
    meeting = queries.meeting(session(), viewer(), meeting_id, clock.now())
    if meeting.state == rules.CANCELLED:
        return _to_meeting(meeting_id)
    if not meeting.can_change:
        return _call_us(200)
    return render_template("booking/cancel.html", m=meeting, form=ReasonForm())


@bp.post("/meetings/<uuid:meeting_id>/cancel")
@participant(tier=1)
def cancel_meeting(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Cancel, with or without a reason."""
    form = ReasonForm()
    meeting = queries.meeting(session(), viewer(), meeting_id, clock.now())
    if not form.validate_on_submit():
        return render_template("booking/cancel.html", m=meeting, form=form), 422
    try:
        service.cancel_own(session(), viewer(), meeting_id, form.reason.data or "", clock.now())
    except TooLate:
        return _call_us(422, typed=form.reason.data or "")
    flash(_("Mötet är avbokat."))
    return _to_meeting(meeting_id)


@bp.post("/meetings/<uuid:meeting_id>/restore")
@participant(tier=1)
def restore_meeting(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Undo a cancellation while the time is still free."""
    try:
        service.restore_own(session(), viewer(), meeting_id, clock.now())
    except Taken:
        return _meeting(meeting_id, _("Tiden är inte ledig längre. Du kan boka en ny tid.")), 422
    except service.NotFree:
        return _times(None, problem=_("Din coach är inte här den tiden längre. Välj en ny tid."))
    except service.EnoughBooked:
        return _meeting(meeting_id, _("Du har redan bokat så många möten som går.")), 422
    except service.NotBooked:
        return _meeting(meeting_id, _("Mötet är avbokat.")), 422
    except TooLate:
        return _call_us(422)
    except (service.NotTheirs, CoachGone):
        return _call_us(422, near=False)
    flash(_("Mötet är bokat igen."))
    return _to_meeting(meeting_id)


@bp.post("/meetings/<uuid:meeting_id>/confirm")
@participant(tier=1)
def confirm_meeting(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """ "I am coming"."""
    try:
        service.confirm(session(), viewer(), meeting_id, clock.now())
    except (service.NotBooked, TooLate):
        return _meeting(meeting_id, _("Det går inte att svara på det här mötet längre.")), 422
    flash(_("Tack! Vi har fått ditt svar."))
    return _to_meeting(meeting_id)


def _meeting(meeting_id: uuid.UUID, problem: object = "") -> str:
    meeting = queries.meeting(session(), viewer(), meeting_id, clock.now())
    return render_template(
        "booking/meeting.html",
        m=meeting,
        words=words,
        phone=phone_of(session(), viewer()),
        problem=problem,
        topics=topics_of(session(), viewer(), [meeting]).get(meeting_id, Topics()),
        can_say=topic_rules.is_open(meeting.state, meeting.starts_at, clock.now()),
        told=TOLD,
        company=company(session(), viewer(), meeting) if meeting.state == rules.BOOKED else None,
    )


def _check(
    form: BookForm, moving: uuid.UUID | None, *, was: datetime | None = None, code: int = 200
) -> ResponseReturnValue:
    """The chosen time once more; the free times when it cannot be had."""
    offer = queries.offer(session(), viewer(), clock.now(), moving)
    starts_at = form.starts_at()
    chosen = next((one for one in offer.times if one.start == starts_at), None) if offer else None
    if offer is None or chosen is None:
        return _no_longer_free(moving, form.mode.data)
    form.offer(chosen.modes)
    ways = {form.mode.data} if moving else set(chosen.modes)
    page = render_template(
        "booking/check.html",
        form=form,
        chosen=chosen,
        offer=offer,
        place=offer.place_at(chosen) if ways & set(PLACED) else "",
        only_there=ways <= set(PLACED),
        moving=moving,
        was=was,
        words=words,
    )
    return page, code
