"""Who was at a meeting: noted in one tap, or whole with actual times; a signature on paper."""

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import clock
from portal.attendance.queries import corrections_of
from portal.attendance.rules import Noted
from portal.booking import attendance_service as attendance
from portal.booking import queries, words
from portal.booking.attendance_forms import AttendanceForm, WholeAttendanceForm
from portal.booking.forms import StaffForm
from portal.booking.hold_service import CAUSE
from portal.booking.service import NotBooked
from portal.booking.shown_queries import Meeting
from portal.booking.staff_views import done_with
from portal.booking.time_service import TooLate
from portal.db import session
from portal.identity import scope
from portal.identity.people.head_queries import headed
from portal.web.access import staff, viewer
from portal.web.errors import Refused

staff_bp = Blueprint(
    "attendance_staff", __name__, url_prefix="/staff/people/<uuid:person_id>/meetings/<uuid:meeting_id>"
)
REFUSED = (attendance.TooEarly, attendance.NotedSince, attendance.NotThere, NotBooked, TooLate)


@staff_bp.post("/attendance")
@staff("coach", "lead")
def note_attendance(person_id: uuid.UUID, meeting_id: uuid.UUID) -> ResponseReturnValue:
    """One tap: came, did not come, or undo."""
    _meeting(person_id, meeting_id)
    form = AttendanceForm()
    if not form.validate_on_submit():
        flash(_("Välj om personen kom eller inte."), "ribbon")
        return done_with(person_id)
    noted = Noted(form.attendance.data or "")
    try:
        attendance.note_attendance(
            session(), viewer(), meeting_id, noted, clock.now(), seen=form.noted_seen()
        )
        flash(_noted_words(noted))
    except REFUSED as refused:
        flash(_why(refused), "ribbon")
    return done_with(person_id, form.back_to)


@staff_bp.get("/attendance")
@staff("coach", "lead")
def show(person_id: uuid.UUID, meeting_id: uuid.UUID) -> ResponseReturnValue:
    """All that stands of one meeting: what was noted, signed and corrected."""
    meeting, form = _meeting(person_id, meeting_id), WholeAttendanceForm()
    form.fill(meeting, viewer().zone)
    return _page(form, meeting)


@staff_bp.post("/attendance/whole")
@staff("coach", "lead")
def note_whole(person_id: uuid.UUID, meeting_id: uuid.UUID) -> ResponseReturnValue:
    """How it went, with actual times."""
    meeting, form = _meeting(person_id, meeting_id), WholeAttendanceForm()
    noted = form.read(meeting, viewer().zone)
    if noted is None:
        return _page(form, meeting), 422
    why = form.why.data or ""
    try:
        attendance.note_attendance(
            session(), viewer(), meeting_id, noted, clock.now(), seen=form.noted_seen(), why=why
        )
    except attendance.NotedSince as refused:
        form.form_errors = [_why(refused), _("Det du skrev står kvar. Skicka igen om det stämmer ändå.")]
        form.noted.data = meeting.attended_at.isoformat() if meeting.attended_at else ""
        return _page(form, meeting), 422
    except REFUSED as refused:
        form.form_errors = [_why(refused)]
        return _page(form, meeting), 422
    flash(_noted_words(noted))
    return redirect(form.back_to or url_for(".show", person_id=person_id, meeting_id=meeting_id), 303)


@staff_bp.post("/attendance/paper")
@staff("coach", "lead")
def sign_on_paper(person_id: uuid.UUID, meeting_id: uuid.UUID) -> ResponseReturnValue:
    """The participant has signed on paper."""
    _meeting(person_id, meeting_id)
    try:
        attendance.sign_on_paper(session(), viewer(), meeting_id, clock.now())
        flash(_("Noterat: personen har skrivit under på papper."))
    except REFUSED as refused:
        flash(_why(refused), "ribbon")
    return redirect(url_for(".show", person_id=person_id, meeting_id=meeting_id), 303)


@staff_bp.post("/attendance/paper/undo")
@staff("coach", "lead")
def unsign_paper(person_id: uuid.UUID, meeting_id: uuid.UUID) -> ResponseReturnValue:
    """It was the wrong meeting, or the wrong person."""
    _meeting(person_id, meeting_id)
    if attendance.unsign(session(), viewer(), meeting_id, clock.now()):
        flash(_("Underskriften är borttagen."))
    else:
        flash(_("Det går inte att ta bort underskriften längre."), "ribbon")
    return redirect(url_for(".show", person_id=person_id, meeting_id=meeting_id), 303)


def _meeting(person_id: uuid.UUID, meeting_id: uuid.UUID) -> Meeting:
    return queries.meeting_of(session(), viewer(), person_id, meeting_id, clock.now(), kept=True)


def _noted_words(noted: Noted) -> str:
    return _("Noterat: %(what)s.", what=str(words.ATTENDANCE[noted.state]).lower())


def _page(form: StaffForm, meeting: Meeting) -> str:
    reached = scope.reaches(session(), viewer(), meeting.person_id)
    corrected = corrections_of(session(), CAUSE, (meeting.id,), (meeting.person_id,))
    return render_template(
        "booking/staff_attendance.html",
        form=form,
        person=headed(session(), viewer(), meeting.person_id, clock.now(), what="meetings")
        if reached
        else None,
        m=meeting,
        corrections=corrected.get(meeting.id, ()),
        words=words,
    )


def _why(refused: Refused) -> str:
    """The sentence that stands beside the field."""
    return {
        attendance.NotedSince: _("Någon annan har noterat något nytt sedan dess. Det står kvar."),
        attendance.NotThere: _("Det står att personen inte kom. Ändra det först."),
        attendance.TooEarly: _("Mötet har inte börjat än."),
        NotBooked: _("Mötet är avbokat."),
        TooLate: _("Det är för länge sedan. Nu kan ingen skriva under längre."),
    }[type(refused)]
