"""A coach's own hours: the week, what differs from it, and what can be booked because of it."""

import uuid
from datetime import date

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal import clock
from portal.availability import day_rules, queries, service
from portal.availability.forms import ExceptionForm, TermsForm, WeekForm
from portal.availability.outside.queries import own_calendars
from portal.availability.rooms import queries as room_queries
from portal.availability.rooms.rules import TWO
from portal.availability.words import WEEKDAYS, holiday_words
from portal.db import session
from portal.identity.absence.queries import days_off
from portal.organisation.words import MODES
from portal.web.access import staff, viewer

staff_bp = Blueprint("availability_staff", __name__, url_prefix="/staff/availability")

WORKING = ("coach", "lead", "translator")
"""Who has hours: those who meet people, and those who interpret for them."""
PREVIEWED = 8
"""Free times in the preview: about two days of them."""


def _page(
    week: WeekForm | None = None, exception: ExceptionForm | None = None, terms: TermsForm | None = None
) -> str:
    now, asker = clock.now(), viewer()
    held, today = queries.keeper(session(), asker, asker.person_id), _today()
    stored = queries.own_week(session(), asker)
    week = week or WeekForm.stored(row for row in stored if not row.over(today))
    return render_template(
        "availability/editor.html",
        week=week,
        rooms=_rooms(),
        ways=[(mode, MODES[mode]) for mode in week.offered(held.terms.modes)],
        over=[row for row in stored if row.over(today)],
        weekdays=WEEKDAYS,
        exceptions=queries.own_exceptions(session(), asker, today),
        absences=[days for days in days_off(session(), asker.person_id) if days.last >= today],
        exception=exception or ExceptionForm(formdata=None),
        terms=terms or TermsForm(formdata=None, data=queries.own_settings(session(), asker)),
        times=queries.free_times(session(), held, now)[:PREVIEWED],
        house_modes=held.terms.modes,
        mode_words=MODES,
        holidays=day_rules.holidays_ahead(held.calendar, today, held.terms.horizon_days),
        holiday_words=holiday_words,
        outside=own_calendars(session(), asker, now),
        clashes=current_app.extensions["clashes"](session(), asker, now),
    )


def _rooms() -> dict[str, str]:
    """The rooms that hours can be in, by id: a coach and a participant find a seat there."""
    found = room_queries.rooms(session(), viewer())
    return {str(room.id): room.name for room in found if room.seats >= TWO}


def _today() -> date:
    return clock.now().astimezone(viewer().zone).date()


def _saved() -> ResponseReturnValue:
    return redirect(url_for("availability_staff.show_hours"), 303)


@staff_bp.get("")
@staff(*WORKING)
def show_hours() -> ResponseReturnValue:
    """The editor, with the next free times as participants see them."""
    return _page()


@staff_bp.post("/week")
@staff(*WORKING)
def save_week() -> ResponseReturnValue:
    """Save the week, or give it back with one more row or with what must be mended."""
    form = WeekForm.typed(request.form)
    if "add" in request.form:
        return _page(week=form.add_row(request.form["add"]))
    week = form.read(_today(), _rooms())
    if week is None:
        return _page(week=form), 422
    service.set_week(session(), viewer(), week, today=_today())
    flash(_("Sparat."))
    return _saved()


@staff_bp.post("/week/<uuid:hours_id>/remove")
@staff(*WORKING)
def remove_hours(hours_id: uuid.UUID) -> ResponseReturnValue:
    """Hours whose days are over go from the list."""
    service.remove_hours(session(), viewer(), hours_id)
    flash(_("Tiden är borttagen."))
    return _saved()


@staff_bp.post("/exceptions")
@staff(*WORKING)
def add_exception() -> ResponseReturnValue:
    """Days that differ; meetings already booked on them stay, and are counted."""
    form, now = ExceptionForm(), clock.now()
    departure = form.departure(now.astimezone(viewer().zone).date(), viewer().zone)
    if departure is None:
        return _page(exception=form), 422
    service.add_exception(session(), viewer(), departure)
    booked = queries.own_booked_on(session(), viewer(), departure, now)
    flash(_("Sparat."))
    if booked:
        flash(
            ngettext(
                "%(num)s bokad tid finns kvar de dagarna. Den avbokas inte av sig själv.",
                "%(num)s bokade tider finns kvar de dagarna. De avbokas inte av sig själva.",
                booked,
            ),
            "sun",
        )
    return _saved()


@staff_bp.post("/exceptions/<uuid:exception_id>/remove")
@staff(*WORKING)
def remove_exception(exception_id: uuid.UUID) -> ResponseReturnValue:
    """The days follow the week again."""
    service.remove_exception(session(), viewer(), exception_id)
    flash(_("Dagarna följer veckan igen."))
    return _saved()


@staff_bp.post("/terms")
@staff("coach", "lead")
def save_terms() -> ResponseReturnValue:
    """Own length, lunch, most on a day, usual place, video link."""
    form = TermsForm()
    if not form.validate_on_submit():
        return _page(terms=form), 422
    service.set_terms(
        session(),
        viewer(),
        meeting_minutes=form.minutes.data,
        lunch=form.lunch,
        most_a_day=form.most.data,
        place=form.place.data or "",
        video=form.video.data or "",
    )
    flash(_("Sparat."))
    return _saved()
