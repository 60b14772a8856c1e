"""What staff do with one participant's meetings."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import clock
from portal.availability import wish_rules
from portal.availability.rooms.service import Unsuited
from portal.availability.rules import FreeTime, Span
from portal.availability.service import RoomTaken, Taken
from portal.availability.wish_rules import TimeWish
from portal.booking import (
    change_queries,
    course_service,
    queries,
    room_queries,
    room_words,
    rules,
    seen_service,
    service,
    words,
)
from portal.booking.back_rules import page_of
from portal.booking.forms import StaffForm, StaffMeetingForm, StaffReasonForm
from portal.booking.hold_service import CoachGone
from portal.booking.models import Appointment
from portal.booking.move_forms import MoveForm
from portal.booking.network.party_queries import choosable
from portal.booking.shown_queries import Meeting, Offer
from portal.booking.time_service import TooLate, Wish
from portal.booking.topic_queries import topics_of
from portal.db import session
from portal.identity import scope
from portal.identity.people.head_queries import headed
from portal.instruments.scale_rules import in_use
from portal.interpreting.order_queries import usual_wish
from portal.organisation.queries import rules_of
from portal.web.access import staff, viewer
from portal.web.errors import Refused
from portal.web.formats import local

staff_bp = Blueprint("booking_staff", __name__, url_prefix="/staff/people/<uuid:person_id>/meetings")

CLOSEST_SHOWN = 6
"""Free times that come closest to what a participant wished for."""
PAST_SHOWN = 8
"""Past meetings before "show older": a couple of months of them."""


def _to_list(person_id: uuid.UUID) -> ResponseReturnValue:
    return redirect(url_for("booking_staff.show_meetings", person_id=person_id), 303)


@staff_bp.get("")
@staff("coach", "lead")
def show_meetings(person_id: uuid.UUID) -> ResponseReturnValue:
    """Every meeting of one participant: those ahead first, then what has been."""
    now = clock.now()
    meetings = queries.person_meetings(session(), viewer(), person_id, now)
    past = [one for one in meetings if one.ends_at <= now]
    shown = past if "all" in request.args else past[:PAST_SHOWN]
    return render_template(
        "booking/person_meetings.html",
        person=headed(session(), viewer(), person_id, now, what="meetings"),
        ahead=[one for one in reversed(meetings) if one.ends_at > now],
        past=shown,
        hidden=len(past) - len(shown),
        scales=in_use(rules_of(session(), viewer())),
        today=local(now).date(),
        words=words,
        topics=topics_of(session(), viewer(), [one for one in meetings if one.ends_at > now] + shown),
    )


def done_with(person_id: uuid.UUID, back_to: str = "") -> ResponseReturnValue:
    """Back to where it began, else to the person's meetings, or the first page where those are closed now."""
    if back_to:
        return redirect(back_to, 303)
    if scope.reaches(session(), viewer(), person_id):
        return _to_list(person_id)
    return redirect("/staff", 303)


def _form_page(
    form: StaffMeetingForm,
    person_id: uuid.UUID,
    *,
    offer: Offer | None = None,
    moving: uuid.UUID | None = None,
    unusual: Sequence[str] = (),
) -> str:
    offer = offer or queries.staff_offer(session(), viewer(), person_id, clock.now(), moving)
    wish = wish_rules.read(request.args.get("wish", ""))
    return render_template(
        "booking/staff_form.html",
        form=form,
        person=headed(session(), viewer(), person_id, clock.now(), what="meetings"),
        offer=offer,
        closest=_closest(offer, wish),
        wish=wish_rules.write(wish) if wish else None,
        misses=lambda free: wish_rules.misses(free, wish, viewer().zone) if wish else 0,
        moving=moving,
        unusual=[words.UNUSUAL[code] for code in unusual],
        words=words,
        rooms=form.room_names,
        write_start=rules.write_start,
    )


def _offered(form: StaffMeetingForm, own: uuid.UUID | None = None) -> StaffMeetingForm:
    """The form with what can be chosen; `own`: the room in which the meeting is already."""
    form.offer(rules_of(session(), viewer()).modes)
    form.offer_rooms(room_queries.choosable(session(), viewer(), own))
    return form


def _refuse_room(
    form: StaffMeetingForm, refused: Refused, wish: Wish, meeting: Meeting | None = None
) -> None:
    """Say beside the field why the room is none for this meeting, and which ones are."""
    language = meeting.interpreter if meeting else wish.interpreter
    without = meeting.id if meeting else None
    free = room_queries.free_instead(session(), viewer(), wish, language, without=without)
    form.room.errors = [room_words.refused_words(refused, free)]


def _closest(offer: Offer | None, wish: TimeWish | None) -> list[FreeTime]:
    return wish_rules.closest(offer.times, wish, viewer().zone, CLOSEST_SHOWN) if offer and wish else []


def _given(meeting: Appointment, now: datetime, moved: uuid.UUID | None = None) -> None:
    """Another room may wait to hear of a new time that the participant sees (S33): the app wires who."""
    if meeting.in_portal:
        current_app.extensions["time_given"](session(), viewer(), meeting.person_id, moved, now)


@staff_bp.get("/book")
@staff("coach", "lead")
def choose_time(person_id: uuid.UUID) -> ResponseReturnValue:
    """A form for any time, with the next free ones to tap."""
    offer = queries.staff_offer(session(), viewer(), person_id, clock.now())
    form = _offered(StaffMeetingForm(data={"key": uuid.uuid4(), "back": _back()}))
    chosen = rules.read_start(request.args.get("at", ""))
    if offer is not None:
        start = chosen or clock.now()
        form.begin(Span(start, start + offer.length), viewer().zone, empty=chosen is None)
        form.prefer(next((one for one in offer.times if one.start == chosen), None))
        form.begin_wish(usual_wish(session(), person_id))
    return _form_page(form, person_id, offer=offer)


@staff_bp.post("/book")
@staff("coach", "lead")
def book_meeting(person_id: uuid.UUID) -> ResponseReturnValue:
    """Book the participant; what the coach does not offer only after that has been said."""
    form = _offered(StaffMeetingForm())
    scope.participant(session(), viewer(), person_id, what="meetings")
    now = clock.now()
    wish = form.wish(viewer().zone, now)
    if wish is None:
        return _form_page(form, person_id), 422
    try:
        made = service.book_for(session(), viewer(), person_id, wish, now, anyway=bool(form.anyway.data))
    except service.OutsideHours as refused:
        return _form_page(form, person_id, unusual=refused.reasons), 422
    except (RoomTaken, Unsuited) as refused:
        _refuse_room(form, refused, wish)
        return _form_page(form, person_id), 422
    except (Taken, TooLate, CoachGone, service.NoCoach) as refused:
        form.at.errors = [_why(refused)]
        return _form_page(form, person_id), 422
    if made.booked_at == now:
        # The same form once more has booked nothing.
        _given(made, now)
    flash(_("Mötet är bokat."))
    return done_with(person_id, form.back_to)


@staff_bp.get("/<uuid:meeting_id>/move")
@staff("coach", "lead")
def choose_new_time(person_id: uuid.UUID, meeting_id: uuid.UUID) -> ResponseReturnValue:
    """The meeting as it stands, to be changed."""
    meeting = queries.meeting_of(session(), viewer(), person_id, meeting_id, clock.now())
    form = _offered(MoveForm(data={"key": uuid.uuid4(), "back": _back()}), meeting.room_id)
    offer = queries.staff_offer(session(), viewer(), person_id, clock.now(), meeting_id)
    chosen = rules.read_start(request.args.get("at", ""))
    form.begin_from(meeting, viewer().zone, chosen)
    found = next((one for one in offer.times if one.start == chosen), None) if offer else None
    if offer is not None and found is not None and "room" in form and not offer.stays:
        form.room.data = str(found.room or "")
    return _form_page(form, person_id, offer=offer, moving=meeting_id)


@staff_bp.post("/<uuid:meeting_id>/move")
@staff("coach", "lead")
def move_meeting(person_id: uuid.UUID, meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Another time, way or place; the participant gets one neutral SMS."""
    now = clock.now()
    meeting = queries.meeting_of(session(), viewer(), person_id, meeting_id, now)
    form = _offered(MoveForm(), meeting.room_id)
    wish = form.wish(viewer().zone, now)
    if wish is None:
        return _form_page(form, person_id, moving=meeting_id), 422
    try:
        anyway = bool(form.anyway.data)
        moved = service.move_for(session(), viewer(), meeting_id, wish, now, anyway=anyway, seen=form.seen)
    except service.ChangedSince:
        _tell_changes(form, meeting_id)
        return _form_page(form, person_id, moving=meeting_id), 422
    except service.OutsideHours as refused:
        return _form_page(form, person_id, moving=meeting_id, unusual=refused.reasons), 422
    except (RoomTaken, Unsuited) as refused:
        _refuse_room(form, refused, wish, meeting)
        return _form_page(form, person_id, moving=meeting_id), 422
    except (Taken, TooLate, CoachGone, service.NotBooked) as refused:
        form.at.errors = [_why(refused)]
        return _form_page(form, person_id, moving=meeting_id), 422
    if moved.starts_at != meeting.starts_at:
        _given(moved, now, meeting_id)
    flash(_("Mötet är ändrat."))
    return done_with(person_id, form.back_to)


def _tell_changes(form: StaffForm, meeting_id: uuid.UUID) -> None:
    """Somebody has changed the meeting meanwhile: say what they did."""
    meeting = queries.meeting(session(), viewer(), meeting_id, clock.now(), kept=True)
    changes = change_queries.since(session(), meeting, form.seen or 0)
    form.overtaken(meeting, words.since_words(changes))


def _back() -> str:
    """The mark of the page to come back to, where the address carries one of ours."""
    mark = request.args.get("back", "")
    return mark if page_of(mark) else ""


@staff_bp.get("/<uuid:meeting_id>/cancel")
@staff("coach", "lead")
def ask_to_cancel(person_id: uuid.UUID, meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Ask once more."""
    meeting = queries.meeting_of(session(), viewer(), person_id, meeting_id, clock.now(), kept=True)
    form = StaffReasonForm(data={"back": _back(), "revision": meeting.revision})
    return _cancel_page(form, person_id, meeting_id)


@staff_bp.post("/<uuid:meeting_id>/cancel")
@staff("coach", "lead")
def cancel_meeting(person_id: uuid.UUID, meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Cancel for the participant, who gets one neutral SMS."""
    queries.meeting_of(session(), viewer(), person_id, meeting_id, clock.now(), kept=True)
    form = StaffReasonForm()
    if not form.validate_on_submit():
        return _cancel_page(form, person_id, meeting_id), 422
    try:
        service.cancel_for(
            session(), viewer(), meeting_id, form.reason.data or "", clock.now(), seen=form.seen
        )
    except service.ChangedSince:
        _tell_changes(form, meeting_id)
        return _cancel_page(form, person_id, meeting_id), 422
    except TooLate as refused:
        form.reason.errors = [_why(refused)]
        return _cancel_page(form, person_id, meeting_id), 422
    flash(_("Mötet är avbokat."))
    return done_with(person_id, form.back_to)


def _cancel_page(form: StaffReasonForm, person_id: uuid.UUID, meeting_id: uuid.UUID) -> str:
    reached = scope.reaches(session(), viewer(), person_id)
    return render_template(
        "booking/staff_cancel.html",
        form=form,
        person=headed(session(), viewer(), person_id, clock.now(), what="meetings") if reached else None,
        m=queries.meeting(session(), viewer(), meeting_id, clock.now(), kept=True),
    )


@staff_bp.post("/<uuid:meeting_id>/restore")
@staff("coach", "lead")
def restore_meeting(person_id: uuid.UUID, meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Undo a cancellation while the time is free."""
    meeting, form = queries.meeting_of(session(), viewer(), person_id, meeting_id, clock.now()), StaffForm()
    try:
        anyway = bool(form.anyway.data)
        restored = service.restore_for(session(), viewer(), meeting_id, clock.now(), anyway=anyway)
        flash(_("Mötet är bokat igen."))
        if meeting.room_id and not restored.room_id:
            flash(_("Rummet är inte ledigt längre. Mötet har inget rum nu."), "sun")
    except service.OutsideHours as refused:
        why = [words.UNUSUAL[code] for code in refused.reasons]
        person = headed(session(), viewer(), person_id, clock.now(), what="meetings")
        return render_template(
            "booking/staff_restore.html", person=person, m=meeting, form=form, unusual=why
        ), 422
    except (Taken, TooLate, CoachGone, service.NotTheirs) as refused:
        flash(_why(refused), "ribbon")
    return done_with(person_id, form.back_to)


@staff_bp.post("/<uuid:meeting_id>/seen")
@staff("coach", "lead")
def say_seen(person_id: uuid.UUID, meeting_id: uuid.UUID) -> ResponseReturnValue:
    """The coach has seen what the participant did to the meeting."""
    queries.meeting_of(session(), viewer(), person_id, meeting_id, clock.now())
    form = StaffForm()
    seen_service.saw(session(), viewer(), meeting_id, form.seen or 0, clock.now())
    return done_with(person_id, form.back_to)


@staff_bp.post("/<uuid:meeting_id>/take-over")
@staff("coach", "lead")
def take_over(person_id: uuid.UUID, meeting_id: uuid.UUID) -> ResponseReturnValue:
    """What stayed with a former coach goes to the present one."""
    queries.meeting_of(session(), viewer(), person_id, meeting_id, clock.now())
    try:
        course_service.take_over(session(), viewer(), meeting_id, clock.now())
        flash(_("Personens coach har mötet nu."))
    except (Taken, TooLate, CoachGone, service.NotBooked, service.NoCoach) as refused:
        flash(_why(refused), "ribbon")
    return _to_list(person_id)


def _why(refused: Refused) -> str:
    """The sentence that stands beside the field."""
    if isinstance(refused, Taken) and refused.subject_id:
        name = choosable(session(), viewer()).get(refused.subject_id)
        if name:
            taken = _("Tiden krockar med något annat i kalendern. Välj en annan tid.")
            return _("%(name)s är upptagen då.", name=name) + " " + taken
    return {
        RoomTaken: _("Rummet är upptaget då."),
        Taken: _("Tiden krockar med något annat i kalendern. Välj en annan tid."),
        TooLate: _("Den tiden har redan varit."),
        CoachGone: _("Coachen tar inte emot möten längre. Byt coach först."),
        service.NoCoach: _("Personen har ingen coach. Utse en coach först."),
        service.NotTheirs: _("Personen har en annan coach nu, eller är utskriven. Boka en ny tid."),
        service.NotBooked: _("Mötet är avbokat."),
    }[type(refused)]
